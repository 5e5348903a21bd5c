//! Counts the changes that cards show (noticed changes), and the changes that cards do not show.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Change;
use super::changes::{changes, known};
use super::judge::is_named;
use super::still::moved;
use cards::Render;
use cards::parts;
use transcript::{Document, Place};

/// A change that no card shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnoticed {
    /// The description of the change.
    pub change: String,
    /// The position of the fact in the transcript.
    pub place: Place,
}

/// The mutation score of one or more documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// For each kind of fact, the number of noticed changes and the number of all changes.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// The changes that no card shows, in the order of their parts.
    pub unnoticed: Vec<Unnoticed>,
    /// A message for each difference between the cards of two documents with the same facts.
    pub moved: Vec<String>,
}

impl Score {
    /// Tries the changes that [`changes`] lists for each part of a document, and adds the results to the score. Also
    /// adds the messages of [`moved`].
    pub fn count(&mut self, document: &Document, render: Render) {
        let parts = parts(&document.value);
        let known = known(&parts);
        let judged: Vec<Vec<(Change, Option<Place>)>> = parts
            .par_iter()
            .map(|part| {
                let before = render(part);
                let judge = |change: Change| {
                    let after = change.apply(part).map(|part| render(&part));
                    let noticed = after.is_some_and(|after| is_named(&before, &after, &change));
                    let pointer = || format!("{}{}", part.pointer(), change.pointer);
                    let place = (!noticed).then(|| document.place(&pointer()));
                    (change, place)
                };
                changes(part, &known).into_par_iter().map(judge).collect()
            })
            .collect();
        for (change, place) in judged.into_iter().flatten() {
            let tally = self.kinds.entry(change.kind.clone()).or_default();
            tally.0 += usize::from(place.is_none());
            tally.1 += 1;
            let change = change.to_string();
            self.unnoticed
                .extend(place.map(|place| Unnoticed { change, place }));
        }
        self.moved.extend(moved(document, 0, render));
    }

    /// Returns the number of noticed changes and the number of all changes.
    pub fn all(&self) -> (usize, usize) {
        let tallies = self.kinds.values();
        tallies.fold((0, 0), |sum, tally| (sum.0 + tally.0, sum.1 + tally.1))
    }

    /// Returns whether cards show every tried change, and do not change if no fact changes.
    pub fn is_full(&self) -> bool {
        self.unnoticed.is_empty() && self.moved.is_empty()
    }
}
