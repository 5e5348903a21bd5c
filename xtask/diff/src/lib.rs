//! What the difference between two OpenAPI documents does to callers.
//!
//! Both documents are walked operation by operation, references followed (`shape` has the canonical form of a schema).
//! What changes there is named by a rule of one table ([`rules()`]) and judged from two chairs: of whoever speaks the
//! protocol, and of whoever calls the Rust client that our generator makes. Whatever is left is wording, and `rest` finds
//! it by comparing the documents key by key, so that no change is silent.

mod body;
mod choices;
mod document;
mod elements;
pub mod formats;
mod git;
mod keywords;
mod ledger;
mod limits;
mod operation;
mod pairs;
mod parameters;
mod passwords;
mod paths;
mod properties;
mod reach;
mod responses;
mod rest;
mod rules;
mod schema;
mod security;
mod servers;
mod shape;
mod side;
mod sides;
mod spot;
mod structure;
mod table;
mod types;
mod walk;

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use transcript::Place;

pub use rules::{Rule, rules};
pub use side::Store;
pub use sides::{Comparison, of_revisions};

/// What a change does to a caller, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing.
    Documentation,
    /// There is more, or less is asked, and who does not care need not.
    Additive,
    /// A caller of before may fail.
    Breaking,
}

impl Verdict {
    /// All of them, worst first.
    pub const ALL: [Verdict; 3] = [Verdict::Breaking, Verdict::Additive, Verdict::Documentation];

    /// Its name: `breaking`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Documentation => "documentation",
            Verdict::Additive => "additive",
            Verdict::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The name of its rule; one of [`rules()`].
    pub rule: String,
    /// What it does to whoever speaks the protocol.
    pub wire: Verdict,
    /// What it does to callers of the Rust client that is generated from the document.
    pub rust: Verdict,
    /// Each `GET /path` that it concerns, as the newer document has it, sorted; none for what concerns no operation alone.
    pub operations: Vec<Rc<str>>,
    /// Where it stands in the newer document, or in the older one where it was removed.
    pub place: Place,
    /// Whether `place` is in the older document.
    pub removed: bool,
    /// What has changed, for people: ``request body `tags[].name` ``.
    pub subject: String,
    /// What it was; null where there was nothing.
    pub before: Value,
    /// What it is; null where there is nothing.
    pub after: Value,
}

impl Change {
    /// The worse of the two verdicts.
    pub fn verdict(&self) -> Verdict {
        self.wire.max(self.rust)
    }
}

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Findings {
    /// The changes, worst first, then by place.
    pub changes: Vec<Change>,
    /// What could not be compared, and why.
    pub warnings: BTreeSet<String>,
}

/// Compares two documents.
pub fn compare(base: &Store, head: &Store) -> Findings {
    let mut walk = walk::Walk::new(base, head);
    walk.documents();
    walk.finish()
}

/// Worst first, then as a reader meets them.
fn sort(changes: &mut [Change]) {
    changes.sort_by(|left, right| {
        let verdicts = (right.verdict(), left.verdict());
        let order = verdicts.0.cmp(&verdicts.1);
        order
            .then_with(|| left.place.cmp(&right.place))
            .then_with(|| left.rule.cmp(&right.rule))
            .then_with(|| left.operations.first().cmp(&right.operations.first()))
    });
}
