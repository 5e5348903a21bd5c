//! Compares the Rust code that is generated from the older document with the code from the newer document.

use super::Verdict::{self, Additive as A, Breaking as B, Documentation as D};
use super::rust::{Form, Named, Surface};

/// A difference between the code from the older document and the code from the newer document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChange {
    /// The changed type, or the type that contains the changed item. For an item of an operation, the `operationId`.
    pub owner: String,
    /// The fields, variants or arguments that differ. Empty for a new or removed type, and for a constructor or free
    /// function whose arguments keep their names and types. `None` for any other item, such as a method of the client.
    pub members: Option<Vec<String>>,
    pub verdict: Verdict,
    /// The item before the change, as a line of Rust.
    pub before: Option<String>,
    /// The item after the change, as a line of Rust.
    pub after: Option<String>,
    /// Whether `before` and `after` are the old and the new path of the item, each with its feature.
    pub moved: bool,
}

pub fn compare(base: &Surface, head: &Surface) -> Vec<CodeChange> {
    let mut changes = Vec::new();
    for (key, old) in &base.items {
        let Some(new) = head.items.get(key) else {
            // If the whole type is removed, its fields and methods are not reported separately.
            if old.is_type() || head.has_owner(old) || !base.has_owner(old) {
                let verdict = if old.form == Form::Forbids { A } else { B };
                changes.push(change(Some(old), None, verdict));
            }
            continue;
        };
        let moved = old.module != new.module && !head.reaches(&old.module, new);
        // If an item does not need a feature any more, old code still compiles.
        let regated = old.feature != new.feature && new.feature.is_some();
        if (moved || regated) && (old.is_type() || old.is_method()) {
            let path = |named: &Named| {
                let feature = named.feature.iter();
                let feature: String = feature.map(|it| format!(" (feature {it})")).collect();
                let place = if named.is_method() {
                    "Client"
                } else {
                    &named.module
                };
                format!("{place}::{}{feature}", named.owner)
            };
            changes.push(CodeChange {
                before: Some(path(old)),
                after: Some(path(new)),
                moved: true,
                ..change(Some(old), Some(new), B)
            });
        }
        if let Some(verdict) = judge(old, new) {
            changes.push(change(Some(old), Some(new), verdict));
        }
    }
    for (key, new) in &head.items {
        if !base.items.contains_key(key)
            && (new.is_type() || base.has_owner(new) || !head.has_owner(new))
        {
            let may_grow = match base.items.get(&new.owner).map(|owner| &owner.form) {
                Some(Form::Type { may_grow }) => *may_grow,
                _ => true,
            };
            let verdict = match new.form {
                Form::Part if !may_grow => B,
                Form::Forbids => B,
                _ => A,
            };
            changes.push(change(None, Some(new), verdict));
        }
    }
    changes
}

fn change(old: Option<&Named>, new: Option<&Named>, verdict: Verdict) -> CodeChange {
    let either = new.or(old);
    CodeChange {
        owner: either.map(|named| named.owner.clone()).unwrap_or_default(),
        members: match (old, new) {
            (Some(old), Some(new)) => touched(old, new),
            // Only a change of the whole schema explains a new or removed type, except for a type `...Params`.
            _ if either.is_some_and(Named::is_type) => Some(Vec::new()),
            _ => either.and_then(|named| named.member.clone().map(|member| vec![member])),
        },
        verdict,
        before: old.map(|named| named.text.clone()),
        after: new.map(|named| named.text.clone()),
        moved: false,
    }
}

/// For a constructor or a free function, returns the arguments that are new, removed, or of another type. Ignores their
/// order. For any other item, returns the name of its field or variant, or `None` if the item has no such name.
fn touched(old: &Named, new: &Named) -> Option<Vec<String>> {
    match (&old.form, &new.form) {
        (Form::Function(old_arguments, _), Form::Function(arguments, _))
            if !old.is_method() && old.member.is_none() =>
        {
            let one = old_arguments.iter().filter(|it| !arguments.contains(it));
            let two = arguments.iter().filter(|it| !old_arguments.contains(it));
            Some(one.chain(two).map(|(name, _)| name.clone()).collect())
        }
        _ => new.member.clone().map(|member| vec![member]),
    }
}

/// Returns the effect of an item's change on callers, or `None` if there is no relevant change.
fn judge(old: &Named, new: &Named) -> Option<Verdict> {
    match (&old.form, &new.form) {
        (Form::Function(before, around), Form::Function(after, around_after)) => {
            let types = |all: &[(String, String)]| -> Vec<String> {
                all.iter().map(|(_, of)| of.clone()).collect()
            };
            if around != around_after || types(before) != types(after) {
                return Some(B);
            }
            if before == after {
                return None;
            }
            // If two arguments of the same type change places, old code still compiles, but exchanges the values.
            let place = |name: &str| after.iter().position(|(other, _)| other == name);
            let mut places = before.iter().enumerate();
            let swapped =
                places.any(|(at, (name, _))| place(name).is_some_and(|other| other != at));
            Some(if swapped { B } else { D })
        }
        (Form::Order(before), Form::Order(after)) => {
            let kept = |one: &[String], two: &[String]| -> Vec<String> {
                one.iter()
                    .filter(|name| two.contains(name))
                    .cloned()
                    .collect()
            };
            (kept(before, after) != kept(after, before)).then_some(B)
        }
        (Form::Type { .. }, Form::Type { .. }) if old.text == new.text => None,
        _ => (old.text != new.text).then_some(B),
    }
}
