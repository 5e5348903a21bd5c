//! Tests whether the cards show every tried change of a transcript (OpenAPI YAML files). A card lists the facts of one
//! part of a document, for reviewers. A part is an operation, a component or the service.
//!
//! [`changes`] lists the possible changes of a part: other values, other names, removed values, and new elements of
//! objects and lists. A change is *noticed* if the lines that differ between the old card and the new card show the
//! change. A removed line must contain the words in [`Change::gone`], and a new line must contain the words in
//! [`Change::new`]. These words are usually the names that lead to the fact, and its value.
//!
//! [`moved`] checks the opposite: if only the order or the wording changes, the cards must not change.

mod changes;
mod difference;
mod judge;
mod score;
mod still;
mod vary;

use std::fmt;

pub use changes::{changes, known};
pub use difference::difference;
pub use score::Score;
pub use still::moved;

use cards::{Part, Subject};
use transcript::Edit;

/// One change of one fact.
#[derive(Debug, Clone)]
pub struct Change {
    /// The key of the fact on a card, or another word for the kind of the fact, such as `path` or `new key`.
    pub kind: String,
    /// The JSON pointer of the fact in its part. If the fact is new, the pointer of the object or list that gets the
    /// fact.
    pub pointer: String,
    /// The edit of the part, or the new subject of the part.
    action: Action,
    /// The words that a removed line must contain. `None` if no line has to be removed.
    pub gone: Option<Vec<String>>,
    /// The words that a new line must contain. `None` if no line has to be new.
    pub new: Option<Vec<String>>,
}

#[derive(Debug, Clone)]
enum Action {
    Edit(Edit),
    Become(Subject),
}

impl Change {
    /// Returns whether the change only replaces a value by another value.
    pub fn is_of_a_value(&self) -> bool {
        matches!(self.action, Action::Edit(Edit::Set { .. }))
    }

    /// Returns the part with the change. `None` if the change is impossible.
    pub fn apply(&self, part: &Part) -> Option<Part> {
        let mut changed = part.clone();
        match &self.action {
            Action::Edit(edit) => drop(edit.apply(&mut changed.value)?),
            Action::Become(subject) => changed.subject = subject.clone(),
        }
        Some(changed)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |words: &Vec<String>| words.join(" ");
        match (&self.gone, &self.new) {
            (Some(gone), Some(new)) => write!(out, "{} becomes {}", words(gone), words(new)),
            (Some(gone), None) => write!(out, "{} is removed", words(gone)),
            (_, new) => write!(
                out,
                "{} is added",
                new.as_ref().map(words).unwrap_or_default()
            ),
        }
    }
}
