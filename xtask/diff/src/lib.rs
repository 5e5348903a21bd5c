//! What the difference between two of our documents does to callers.
//!
//! `walk` compares both key by key along the grammar, and `table` judges each change for those who speak the protocol.
//! For callers in Rust, both sides are generated, and `rust` compares what callers can name.

mod dialect;
pub mod formats;
mod git;
mod rust;
mod sides;
mod table;
mod usage;
mod walk;

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use anyhow::Result;
use serde_json::Value;

use rust::{CodeChange, Surface};
use transcript::{Document, Place};
use walk::{Found, Walk};

pub use dialect::check;
pub use sides::{Comparison, of_revisions};
pub use table::{ROWS, Rule, rules};

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
    /// What differs in the generated code because of it: `before -> after`.
    pub code: Vec<String>,
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

/// Compares two documents of a service.
///
/// # Errors
/// When one of them is not in our dialect.
pub fn compare(base: &Document, head: &Document) -> Result<Findings> {
    check(base)?;
    check(head)?;
    let mut found = Walk::over(base, head);
    let mut warnings = BTreeSet::new();
    if base.value.to_string() != head.value.to_string() {
        let surface = |side: &Document| {
            let service = if side.service.is_empty() {
                "service"
            } else {
                &side.service
            };
            Surface::read(&generator::generate(service, &side.value, "")?.files)
        };
        match (surface(base), surface(head)) {
            (Ok(one), Ok(two)) => explain(&mut found, rust::compare(&one, &two), base, head),
            // Nobody can call what cannot be made, neither before nor after.
            (Err(one), Err(two)) => {
                warnings.insert(format!(
                    "{}: Rust code is not compared, because the generator refuses both sides; before: {one:#}; after: {two:#}",
                    head.root().place().file
                ));
            }
            (one, two) => {
                let text = |side: &Result<Surface>| match side {
                    Ok(_) => Value::from("generated"),
                    Err(error) => Value::from(format!("refused: {error:#}")),
                };
                let change = own(
                    "rust-unknown",
                    "Rust code",
                    text(&one),
                    text(&two),
                    head.root().place(),
                );
                found.push(Found {
                    change,
                    owners: Vec::new(),
                    claims: false,
                });
            }
        }
    }
    let mut changes: Vec<Change> = Vec::new();
    for Found { change, .. } in found {
        let same = |other: &&mut Change| {
            other.rule == change.rule
                && other.before == change.before
                && other.after == change.after
                && other.place == change.place
                && other.subject == change.subject
        };
        match changes.iter_mut().find(same) {
            Some(other) => {
                other.operations.extend(change.operations);
                other.operations.sort();
                other.operations.dedup();
                (other.wire, other.rust) =
                    (other.wire.max(change.wire), other.rust.max(change.rust));
            }
            None => changes.push(change),
        }
    }
    sort(&mut changes);
    Ok(Findings { changes, warnings })
}

/// A change that stands in the generated code alone.
fn own(rule: &str, subject: &str, before: Value, after: Value, place: Place) -> Change {
    let rust = rules()
        .iter()
        .find(|known| known.name == rule)
        .and_then(|rule| rule.rust);
    Change {
        rule: rule.to_owned(),
        wire: Verdict::Documentation,
        rust: rust.unwrap_or(Verdict::Breaking),
        operations: Vec::new(),
        place,
        removed: false,
        subject: subject.to_owned(),
        before,
        after,
        code: Vec::new(),
    }
}

/// Gives each change of the code to the changes of the document that explain it; the others are told on their own.
fn explain(found: &mut Vec<Found>, changes: Vec<CodeChange>, base: &Document, head: &Document) {
    let mut alone = Vec::new();
    for code in changes {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
        let line = format!("{} -> {}", text(&code.before), text(&code.after));
        let mut explained = false;
        for found in found.iter_mut().filter(|found| found.claims && !code.moved) {
            let fits = found.owners.iter().any(|(owner, member)| {
                // `ListDevicesParams` has the parameters of `list_devices`.
                let of = |name: &str| heck::ToUpperCamelCase::to_upper_camel_case(name);
                let same = *owner == code.owner || of(owner) + "Params" == code.owner;
                let all = member.as_ref().is_none_or(|member| {
                    code.members
                        .as_ref()
                        .is_none_or(|names| names.contains(member))
                });
                same && all
            });
            if fits {
                explained = true;
                found.change.rust = found.change.rust.max(code.verdict);
                found.change.code.push(line.clone());
            }
        }
        if !explained && code.verdict > Verdict::Documentation {
            let rule = match (code.moved, &code.before, &code.after) {
                (true, ..) => "rust-moved",
                (_, None, _) => "rust-added",
                (_, _, None) => "rust-removed",
                _ => "rust-changed",
            };
            let pointer = format!("/components/schemas/{}", code.owner);
            let node = head
                .root()
                .pointer(&pointer)
                .or(base.root().pointer(&pointer));
            let place = node.unwrap_or(head.root()).place();
            let value = |side: &Option<String>| side.clone().map_or(Value::Null, Value::from);
            let mut change = own(
                rule,
                &format!("Rust `{}`", code.owner),
                value(&code.before),
                value(&code.after),
                place,
            );
            change.rust = code.verdict;
            alone.push(Found {
                change,
                owners: Vec::new(),
                claims: false,
            });
        }
    }
    found.extend(alone);
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
