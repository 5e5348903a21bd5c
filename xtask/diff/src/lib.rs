//! Compares two OpenAPI documents of this project, and decides how each change affects callers.
//!
//! The module `walk` compares the documents key by key. The module `table` defines a rule for each possible change, and
//! the effects of the change. For callers in Rust, `rust` lists the public items of the generated code, and
//! `code_changes` compares these items.

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

/// The effect of a change on a caller, from the mildest to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The change has no effect on callers.
    Documentation,
    /// The interface changes, but old calls still work, and old code still compiles.
    Additive,
    /// An old call can fail or have another effect, or the compiler can refuse old code.
    Breaking,
}

impl Verdict {
    /// All verdicts, from the worst to the mildest.
    pub const ALL: [Verdict; 3] = [Verdict::Breaking, Verdict::Additive, Verdict::Documentation];

    /// Returns the name of the verdict, such as `breaking`.
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

/// A difference between two documents, and its effect on callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The rule of the change: one of [`rules()`].
    pub rule: &'static Rule,
    /// The effect on callers who use HTTP directly.
    pub wire: Verdict,
    /// The effect on callers of the generated Rust client.
    pub rust: Verdict,
    /// The operations that the change concerns, such as `GET /path`, sorted. The list can be empty. If the method or
    /// the path of an operation has changed, the list contains the new method and path.
    pub operations: Vec<Rc<str>>,
    /// The position in the newer document, or in the older document if `removed` is `true`.
    pub place: Place,
    /// `true` if `place` is a position in the older document.
    pub removed: bool,
    /// The subject of the change, for people: ``request body `tags[].name` ``.
    pub subject: String,
    /// The old value, or null if there was no value.
    pub before: Value,
    /// The new value, or null if there is no value any more.
    pub after: Value,
    /// The differences of the generated code that the change explains: `before -> after`.
    pub code: Vec<String>,
}

impl Change {
    /// Returns the worse of the verdicts `wire` and `rust`.
    pub fn verdict(&self) -> Verdict {
        self.wire.max(self.rust)
    }
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Findings {
    /// The changes, from the worst to the mildest, then by position.
    pub changes: Vec<Change>,
    /// A message for each changed document that the generator refuses on both sides, with the two reasons.
    pub warnings: BTreeSet<String>,
}

/// One side of a comparison: an OpenAPI document, and the Rust code that is generated from the document.
#[derive(Debug)]
pub struct Side {
    document: Document,
    /// The generator runs at the first use, because two equal documents need no generated code.
    surface: OnceLock<Result<Surface, String>>,
}

impl Side {
    /// Creates a side from a document.
    ///
    /// # Errors
    /// If the OpenAPI version, a key, a type or a reference in the document does not follow `openapi/README.md`.
    pub fn new(document: Document) -> Result<Side> {
        check(&document)?;
        let surface = OnceLock::new();
        Ok(Side { document, surface })
    }

    /// Creates a side without Rust code. The comparison is much faster, because the generator does not run.
    ///
    /// # Errors
    /// If [`Side::new`] refuses the document.
    pub fn of_protocol(document: Document) -> Result<Side> {
        let side = Side::new(document)?;
        side.surface
            .get_or_init(|| Err("the Rust code is not compared".to_owned()));
        Ok(side)
    }

    /// Returns the public items of the generated code, or the reason why the code cannot be generated.
    fn surface(&self) -> Result<&Surface, &String> {
        let make = || {
            let service = match self.document.service.as_str() {
                "" => "service",
                name => name,
            };
            // Constructs that lint refuses can make the generator panic. `diff` does not run lint.
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
    // The order of fields changes the code, but `Value::eq` ignores the order. So JSON strings are compared.
    let text = |side: &Side| side.document.value.to_string();
    if text(base) != text(head) {
        let place = head.document.root().place();
        match (base.surface(), head.surface()) {
            (Ok(one), Ok(two)) => explain(&mut walk, code_changes::compare(one, two)),
            // If the generator refuses both sides, there are no callers in Rust.
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

/// Merges equal changes of several operations into one change.
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

/// Creates a change that belongs to no key, with the verdicts of rule `name`. If the rule is missing, returns `None`.
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

/// Adds each difference of the code to the changes of the document that explain the difference. If no change explains a
/// difference that affects callers, the difference becomes a change of its own.
fn explain(walk: &mut Walk<'_>, changes: Vec<CodeChange>) {
    // The struct `ListDevicesParams` has the parameters of `list_devices`.
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
        // A new first parameter adds the struct `...Params`, and the removal of the last parameter removes the struct.
        let touches = |member: &Option<String>| match (member, &code.members) {
            (Some(member), Some(names)) => {
                names.contains(member) || names.is_empty() && code.owner.ends_with("Params")
            }
            _ => true,
        };
        let owned = by_owner.get(&code.owner).into_iter().flatten();
        // Only a change of the key `tags` (the chapter) explains that an item has another module or feature.
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

fn sort(changes: &mut [Change]) {
    changes.sort_by(|left, right| {
        let order = right.verdict().cmp(&left.verdict());
        order
            .then_with(|| left.place.cmp(&right.place))
            .then_with(|| left.rule.name.cmp(&right.rule.name))
            .then_with(|| left.operations.first().cmp(&right.operations.first()))
    });
}
