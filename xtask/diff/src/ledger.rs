//! What was found: each change once, with all operations that it concerns.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Change, Verdict};
use transcript::Place;

/// What makes two changes one.
type Key = (String, Place, bool, String, Verdict, Verdict);

/// A change, and the numbers of its operations.
#[derive(Debug)]
struct Entry {
    change: Change,
    /// The operation that its subject is told for.
    first: Option<usize>,
    operations: Vec<usize>,
}

/// The changes, and the operations by number.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    names: Vec<Rc<str>>,
    numbers: HashMap<Rc<str>, usize>,
    entries: Vec<Entry>,
    known: HashMap<Key, usize>,
}

impl Ledger {
    /// The number of an operation.
    pub fn operation(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name: Rc<str> = name.into();
        self.names.push(Rc::clone(&name));
        self.numbers.insert(name, self.names.len() - 1);
        self.names.len() - 1
    }

    /// Its place among the others, by name.
    pub fn rank(&self, operation: Option<usize>) -> Option<Rc<str>> {
        operation.and_then(|number| self.names.get(number)).cloned()
    }

    /// Writes down a change; of one that is there already, the operations are added. People read the subject that it has in
    /// the first of them.
    pub fn add(&mut self, change: Change, operations: &[Option<usize>]) {
        let values = format!("{} {}", change.before, change.after);
        let key = (
            change.rule.clone(),
            change.place.clone(),
            change.removed,
            values,
            change.wire,
            change.rust,
        );
        let next = self.entries.len();
        let index = *self.known.entry(key).or_insert(next);
        let first = operations.first().copied().flatten();
        let concerned = operations.iter().copied().flatten();
        if index == next {
            self.entries.push(Entry {
                change,
                first,
                operations: concerned.collect(),
            });
            return;
        }
        let entry = &mut self.entries[index];
        if let (Some(new), Some(old)) = (first, entry.first)
            && self.names[new] < self.names[old]
        {
            entry.change.subject = change.subject;
            entry.first = first;
        }
        entry.operations.extend(concerned);
    }

    /// All changes, with their operations by name.
    pub fn changes(self) -> Vec<Change> {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by_key(|number| &self.names[*number]);
        let mut ranks = vec![0; order.len()];
        for (rank, number) in order.iter().enumerate() {
            ranks[*number] = rank;
        }
        let named = self.entries.into_iter().map(|entry| {
            let mut concerned: Vec<usize> = entry
                .operations
                .iter()
                .map(|number| ranks[*number])
                .collect();
            concerned.sort_unstable();
            concerned.dedup();
            let names = concerned.iter().map(|rank| &self.names[order[*rank]]);
            Change {
                operations: names.cloned().collect(),
                ..entry.change
            }
        });
        named.collect()
    }
}
