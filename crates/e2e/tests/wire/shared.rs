//! Answers that operations share: each is decoded by every operation that has it, and told once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What became of an answer, and the operations to which it became this.
type Outcomes = BTreeMap<String, Vec<String>>;

/// By response: what each of its answers is called, and what became of it.
#[derive(Default)]
pub struct Shared(BTreeMap<String, BTreeMap<String, Outcomes>>);

impl Shared {
    /// What one operation made of an answer.
    pub fn add(&mut self, component: &str, title: &str, lines: String, operation: &str) {
        let answers = self.0.entry(component.to_owned()).or_default();
        let outcomes = answers.entry(title.to_owned()).or_default();
        outcomes
            .entry(lines)
            .or_default()
            .push(operation.to_owned());
    }

    /// A text for each response. What most operations made of an answer comes first, then what others made of it that differs.
    pub fn told(self) -> Vec<String> {
        let responses = self.0.into_iter();
        responses
            .map(|(component, answers)| {
                let mut text = format!("response {component}\n");
                for outcomes in answers.into_values() {
                    let mut outcomes: Vec<_> = outcomes.into_iter().collect();
                    outcomes.sort_by_key(|(_, operations)| Reverse(operations.len()));
                    let mut outcomes = outcomes.iter();
                    let most = outcomes.next().map_or("", |(lines, _)| lines);
                    text += most;
                    for (lines, operations) in outcomes {
                        text += &format!("  but to {}\n", operations.join(", "));
                        let other = |line: &&str| !most.lines().any(|known| known == *line);
                        let others = lines
                            .split_inclusive('\n')
                            .filter(|line| other(&line.trim_end()));
                        text.extend(others);
                    }
                }
                text
            })
            .collect()
    }
}
