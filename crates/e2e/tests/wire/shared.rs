//! Collects the answers that several operations can return. Each of these operations decodes the answer, and the
//! snapshot shows the answer once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The decoded forms of an answer. Each form has a list of its operations.
type Outcomes = BTreeMap<String, Vec<String>>;

/// The outer key is the name of a response component. The inner key is the title of an answer. The value contains the
/// decoded forms of this answer.
#[derive(Default)]
pub struct Shared(BTreeMap<String, BTreeMap<String, Outcomes>>);

impl Shared {
    /// Adds the decoded form of an answer, for one operation. `lines` describes this form.
    pub fn add(&mut self, component: &str, title: &str, lines: String, operation: &str) {
        let answers = self.0.entry(component.to_owned()).or_default();
        let outcomes = answers.entry(title.to_owned()).or_default();
        outcomes
            .entry(lines)
            .or_default()
            .push(operation.to_owned());
    }

    /// Returns the text of the snapshot for each response component. For each answer, the most frequent form comes
    /// first. For each further form, the text contains its operations, and only the lines that differ from the first
    /// form.
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
