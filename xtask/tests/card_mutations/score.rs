//! Counts the noticed and the missed changes.

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
    /// The change, for people.
    pub change: String,
    /// The place of the fact.
    pub place: Place,
}

/// The mutation score of one or more documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// By kind of fact: the noticed changes, and all changes.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// The missed changes, in their order.
    pub unnoticed: Vec<Unnoticed>,
    /// Lines of cards that changed without a changed fact.
    pub moved: Vec<String>,
}

impl Score {
    /// Tries every change of a document.
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

    /// The number of noticed changes, and of all changes.
    pub fn all(&self) -> (usize, usize) {
        let tallies = self.kinds.values();
        tallies.fold((0, 0), |sum, tally| (sum.0 + tally.0, sum.1 + tally.1))
    }

    /// Whether every change was noticed, and no line changed without one.
    pub fn is_full(&self) -> bool {
        self.unnoticed.is_empty() && self.moved.is_empty()
    }
}
