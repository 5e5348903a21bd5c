//! The mutation score: does a reviewer see every change of a transcript, and nothing else?
//!
//! [`changes()`] lists one change for each fact of a merged document, and [`Judge`] makes one at a time. A change is *noticed* when
//! the contract card of each operation that the fact belongs to differs in a line that names it (its owner, its name, and its old or
//! new value), or, where the document is no longer valid, when the lint has a finding at its place. That generated code would differ
//! never counts. The other side is [`moved`]: reordering and rewording must leave every card as it is.

mod affected;
mod changes;
mod edits;
mod judge;
mod names;
mod operations;
mod report;
mod schemas;
mod score;
mod still;
mod vary;

pub use changes::changes;
pub use judge::{Card, Judge, Notice, Render, lines};
pub use report::{json, text};
pub use score::{Score, Tally, Unnoticed, sample};
pub use still::moved;

use transcript::Edit;

/// One change of one fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which kind of fact: `type`, `limit maxLength`, `x-retry`.
    pub kind: String,
    /// JSON pointer of the fact in the document as it is.
    pub pointer: String,
    /// What to do, one after the other.
    pub edits: Vec<Edit>,
    /// How a line of a card names the fact.
    pub sign: Sign,
}

/// What a line must hold to name a fact: all of the words, and the old value (a line that goes) or the new one (a line that comes).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sign {
    /// The fact's name, and its owner's where the owner has one.
    pub words: Vec<String>,
    /// The old value; nothing when the fact is new.
    pub before: Option<String>,
    /// The new value; nothing when the fact goes.
    pub after: Option<String>,
}

impl Sign {
    fn of(words: &[&str]) -> Sign {
        Sign {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            before: None,
            after: None,
        }
    }

    fn from(mut self, before: impl ToString) -> Sign {
        self.before = Some(before.to_string());
        self
    }

    fn to(mut self, after: impl ToString) -> Sign {
        self.after = Some(after.to_string());
        self
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = self.sign.words.join(" ");
        match (&self.sign.before, &self.sign.after) {
            (Some(before), Some(after)) => {
                write!(out, "{}: {words} {before} becomes {after}", self.kind)
            }
            (Some(before), None) => write!(out, "{}: {words} {before} goes", self.kind),
            (None, Some(after)) => write!(out, "{}: {words} {after} comes", self.kind),
            (None, None) => write!(out, "{}: {words} changes", self.kind),
        }
    }
}
