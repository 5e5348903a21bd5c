//! What was noticed and what was not.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::{Change, Notice};
use transcript::Place;

/// How many changes of one kind there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub total: usize,
    /// Those that a card showed.
    pub by_card: usize,
    /// Those that the lint found.
    pub by_lint: usize,
}

impl Tally {
    /// Those that somebody noticed.
    pub fn noticed(self) -> usize {
        self.by_card + self.by_lint
    }

    fn count(&mut self, notice: Notice) {
        self.total += 1;
        match notice {
            Notice::Card => self.by_card += 1,
            Notice::Lint => self.by_lint += 1,
            Notice::Nobody => {}
        }
    }
}

/// A change that nobody noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnoticed {
    /// Its kind.
    pub kind: String,
    /// What was changed, for people.
    pub change: String,
    /// Where the fact is written.
    pub place: Place,
}

/// The mutation score of one or more documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// By kind of fact.
    pub kinds: BTreeMap<String, Tally>,
    /// What nobody noticed, in the order in which it was tried.
    pub unnoticed: Vec<Unnoticed>,
    /// Cards that moved though no fact had changed.
    pub moved: Vec<String>,
}

impl Score {
    /// Counts a change.
    pub fn count(&mut self, change: &Change, notice: Notice, place: Place) {
        let tally = self.kinds.entry(change.kind.clone()).or_default();
        tally.count(notice);
        if notice == Notice::Nobody {
            self.unnoticed.push(Unnoticed {
                kind: change.kind.clone(),
                change: change.to_string(),
                place,
            });
        }
    }

    /// The sum over all kinds.
    pub fn all(&self) -> Tally {
        let tallies = self.kinds.values();
        tallies.fold(Tally::default(), |sum, tally| Tally {
            total: sum.total + tally.total,
            by_card: sum.by_card + tally.by_card,
            by_lint: sum.by_lint + tally.by_lint,
        })
    }

    /// Whether every change was noticed, and nothing else.
    pub fn is_full(&self) -> bool {
        self.unnoticed.is_empty() && self.moved.is_empty()
    }
}

/// Keeps so many changes, chosen by the seed: one of each kind first. Their order stays.
pub fn sample(changes: Vec<Change>, size: usize, seed: u64) -> Vec<Change> {
    let mut order: Vec<usize> = (0..changes.len()).collect();
    Rng::with_seed(seed).shuffle(&mut order);
    let mut kinds = BTreeSet::new();
    let is_first = |at: &usize| {
        changes
            .get(*at)
            .is_some_and(|change| kinds.insert(&change.kind))
    };
    let (first, others): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_first);
    let kept: BTreeSet<usize> = first.into_iter().chain(others).take(size).collect();
    let numbered = changes.into_iter().enumerate();
    let kept = numbered.filter(|(at, _)| kept.contains(at));
    kept.map(|(_, change)| change).collect()
}
