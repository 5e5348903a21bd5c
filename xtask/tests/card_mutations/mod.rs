//! Does a reviewer of the cards see every change of a transcript, and nothing else?
//!
//! [`changes`] lists the changes of a part. Each value is changed, and removed. Each name is changed. Each object and
//! list gets a new element. A change is *noticed* if the lines that differ name it. The removed line has the names that
//! lead to the fact, and its old value. The new line has the same names, and the new value. [`moved`] checks the
//! opposite: another order, or other words, must not change a card.

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
    /// The key of the fact, or the kind of its name.
    pub kind: String,
    /// JSON pointer of the fact in its part.
    pub pointer: String,
    /// How to change the part.
    action: Action,
    /// The words of the removed line. `None` if the fact is new.
    pub gone: Option<Vec<String>>,
    /// The words of the new line. `None` if the fact is removed.
    pub new: Option<Vec<String>>,
}

#[derive(Debug, Clone)]
enum Action {
    Edit(Edit),
    Become(Subject),
}

impl Change {
    /// Whether only a value changes, so that a single line changes.
    pub fn is_of_a_value(&self) -> bool {
        matches!(self.action, Action::Edit(Edit::Set { .. }))
    }

    /// The part with the change, if it can be made.
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
            (Some(gone), None) => write!(out, "{} goes", words(gone)),
            (_, new) => write!(out, "{} comes", new.as_ref().map(words).unwrap_or_default()),
        }
    }
}
