//! What the difference between two of our documents does to callers.
//!
//! `walk` compares both key by key along the grammar, and `table` judges each change for those who speak the protocol.
//! For callers in Rust, both sides are generated, and `rust` compares what callers can name.

mod code_changes;
mod dialect;
pub mod formats;
mod git;
mod rust;
mod sides;
mod spot;
mod table;
mod usage;
mod values;
mod walk;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::OnceLock;

use anyhow::Result;
use huaweicloud_openapi::grammar::ObjectKind;
use serde_json::Value;

use code_changes::CodeChange;
use dialect::check;
use rust::Surface;
use transcript::{Document, Place};
use walk::{Found, Walk};

pub use sides::{Comparison, of_revisions};
pub use table::{Direction, Rule, rules};

/// What a change does to a caller, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing.
    Documentation,
    /// Something is new, and calls of before work as they did.
    Additive,
    /// A call of before may fail.
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
    /// Its rule; one of [`rules()`].
    pub rule: &'static Rule,
    /// What it does to callers who speak the protocol.
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

/// One side of a comparison: a document in our dialect, and what callers in Rust see of it.
#[derive(Debug)]
pub struct Side {
    document: Document,
    /// Made when it is needed: most documents are the same on both sides.
    surface: OnceLock<Result<Surface, String>>,
}

impl Side {
    /// Takes a document.
    ///
    /// # Errors
    /// When it is not in our dialect.
    pub fn new(document: Document) -> Result<Side> {
        check(&document)?;
        let surface = OnceLock::new();
        Ok(Side { document, surface })
    }

    /// Takes a document whose callers in Rust are not asked for: nothing is generated, which takes most of the time.
    ///
    /// # Errors
    /// When it is not in our dialect.
    pub fn of_protocol(document: Document) -> Result<Side> {
        let side = Side::new(document)?;
        side.surface
            .get_or_init(|| Err("it is not asked for".to_owned()));
        Ok(side)
    }

    /// The public items of the generated code, or why there are none.
    fn surface(&self) -> Result<&Surface, &String> {
        let make = || {
            let service = match self.document.service.as_str() {
                "" => "service",
                name => name,
            };
            // Lint refuses first what the generator panics on, but nobody has linted these.
            let generate = || generator::generate(service, &self.document.value, "");
            let made = catch_unwind(AssertUnwindSafe(generate));
            let made = made.map_err(|_| "the generator panicked".to_owned())?;
            let surface = made.and_then(|made| Surface::from_files(&made.files));
            surface.map_err(|error| format!("{error:#}"))
        };
        self.surface.get_or_init(make).as_ref()
    }
}

/// Compares two documents of a service.
pub fn compare(base: &Side, head: &Side) -> Findings {
    let mut walk = Walk::over(&base.document, &head.document);
    let mut warnings = BTreeSet::new();
    // The order of fields counts for the code.
    let text = |side: &Side| side.document.value.to_string();
    if text(base) != text(head) {
        let place = head.document.root().place();
        match (base.surface(), head.surface()) {
            (Ok(one), Ok(two)) => explain(&mut walk, code_changes::compare(one, two)),
            // Nobody can call what cannot be made, neither before nor after.
            (Err(one), Err(two)) => {
                warnings.insert(format!(
                    "{}: Rust code is not compared, because the generator refuses both sides; before: {one}; after: {two}",
                    place.file
                ));
            }
            (one, two) => {
                let text = |side: Result<&Surface, &String>| match side {
                    Ok(_) => Value::from("generated"),
                    Err(error) => Value::from(format!("refused: {error}")),
                };
                let change = alone("rust-unknown", "Rust code", (text(one), text(two)), place);
                walk.found.extend(change.map(unclaimed));
            }
        }
    }
    let mut changes = merged(walk.found.into_iter().map(|found| found.change));
    sort(&mut changes);
    Findings { changes, warnings }
}

/// The same change of several operations is told once.
fn merged(found: impl Iterator<Item = Change>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut known = HashMap::new();
    for change in found {
        let values = (change.before.to_string(), change.after.to_string());
        let name = change.rule.name.as_str();
        let key = (name, change.place.clone(), change.subject.clone(), values);
        let at = *known.entry(key).or_insert(changes.len());
        match changes.get_mut(at) {
            Some(other) => {
                other.operations.extend(change.operations);
                other.operations.sort();
                other.operations.dedup();
                let verdicts = (change.wire, change.rust);
                (other.wire, other.rust) = (other.wire.max(verdicts.0), other.rust.max(verdicts.1));
                let new = change.code.into_iter();
                let new: Vec<String> = new.filter(|line| !other.code.contains(line)).collect();
                other.code.extend(new);
            }
            None => changes.push(change),
        }
    }
    changes
}

/// A change that no key tells, with the verdicts of its rule.
fn alone(name: &str, subject: &str, values: (Value, Value), place: Place) -> Option<Change> {
    let rule = table::rule(name)?;
    Some(Change {
        rule,
        wire: rule.requests,
        rust: rule.rust.unwrap_or(Verdict::Documentation),
        operations: Vec::new(),
        place,
        removed: values.1.is_null(),
        subject: subject.to_owned(),
        before: values.0,
        after: values.1,
        code: Vec::new(),
    })
}

fn unclaimed(change: Change) -> Found {
    let owners = Vec::new();
    Found { change, owners }
}

/// Gives each change of the code to the changes of the document that explain it; the others are told on their own.
fn explain(walk: &mut Walk<'_>, changes: Vec<CodeChange>) {
    // `ListDevicesParams` has the parameters of `list_devices`.
    let params = |id: &str| heck::ToUpperCamelCase::to_upper_camel_case(id) + "Params";
    let mut by_owner: HashMap<String, Vec<(usize, Option<String>)>> = HashMap::new();
    for (index, found) in walk.found.iter().enumerate() {
        for (owner, member) in &found.owners {
            for name in [owner.clone(), params(owner)] {
                by_owner
                    .entry(name)
                    .or_default()
                    .push((index, member.clone()));
            }
        }
    }
    let concerns = std::mem::take(&mut walk.concerns).into_iter();
    let concerns: HashMap<String, _> = concerns
        .flat_map(|(name, entry)| [(params(&name), entry.clone()), (name, entry)])
        .collect();
    for code in changes {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
        let line = format!("{} -> {}", text(&code.before), text(&code.after));
        // The first parameter brings the whole type of the parameters.
        let touches = |member: &Option<String>| match (member, &code.members) {
            (Some(member), Some(names)) => {
                names.contains(member) || names.is_empty() && code.owner.ends_with("Params")
            }
            _ => true,
        };
        let owned = by_owner.get(&code.owner).into_iter().flatten();
        // The chapter of an operation moves its method, and nothing else explains a move.
        let moves = |index: &usize| {
            let key = walk
                .found
                .get(*index)
                .and_then(|found| found.change.rule.key);
            key == Some((ObjectKind::Operation, "tags"))
        };
        let fitting = owned
            .filter(|(_, member)| touches(member))
            .map(|(index, _)| *index);
        let fitting: HashSet<usize> = fitting
            .filter(|index| !code.moved || moves(index))
            .collect();
        for index in &fitting {
            if let Some(found) = walk.found.get_mut(*index) {
                found.change.rust = found.change.rust.max(code.verdict);
                found.change.code.push(line.clone());
            }
        }
        if fitting.is_empty() && code.verdict > Verdict::Documentation {
            let name = match (code.moved, &code.before, &code.after) {
                (true, ..) => "rust-moved",
                (_, None, _) => "rust-added",
                (_, _, None) => "rust-removed",
                _ => "rust-changed",
            };
            let concerned = concerns.get(&code.owner);
            let place = concerned
                .map_or(walk.head.root(), |(_, node)| *node)
                .place();
            let value = |side: Option<String>| side.map_or(Value::Null, Value::from);
            let subject = format!("Rust `{}`", code.owner);
            let values = (value(code.before), value(code.after));
            let change = alone(name, &subject, values, place).map(|change| Change {
                rust: code.verdict,
                removed: false,
                operations: concerned
                    .into_iter()
                    .flat_map(|(routes, _)| routes.iter().cloned())
                    .collect(),
                ..change
            });
            walk.found.extend(change.map(unclaimed));
        }
    }
}

/// Worst first, then as a reader meets them.
fn sort(changes: &mut [Change]) {
    changes.sort_by(|left, right| {
        let order = right.verdict().cmp(&left.verdict());
        order
            .then_with(|| left.place.cmp(&right.place))
            .then_with(|| left.rule.name.cmp(&right.rule.name))
            .then_with(|| left.operations.first().cmp(&right.operations.first()))
    });
}
