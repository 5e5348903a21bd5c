//! Lists the possible changes of a part of a document. A part is an operation, a component or the service. A change
//! renames, replaces, removes or adds a fact.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::vary::{text, vary};
use super::{Action, Change};
use cards::keys::{Keys, is_opaque, is_wording, label};
use cards::values::{component, items, shown};
use cards::{Part, Spot, Subject};
use transcript::{Edit, METHODS, escape};

/// Scalar values from the document: one value for each pair of an object kind and a key. If another object of this kind
/// lacks the key, a change adds the key with this value.
pub type Known = BTreeMap<(&'static str, String), Value>;

/// Collects the [`Known`] values from the objects of the parts. Omits `false`, and explanations such as `summary`.
pub fn known(parts: &[Part]) -> Known {
    let mut known = Known::new();
    for part in parts {
        part.walk(&mut |spot| {
            let Some(kind) = kind(spot) else { return };
            for (key, value) in spot.value.as_object().into_iter().flatten() {
                if is_scalar(value) && value != false && !is_wording(key) {
                    let known = known.entry((kind, key.clone()));
                    known.or_insert_with(|| value.clone());
                }
            }
        });
    }
    known
}

fn kind(spot: &Spot<'_>) -> Option<&'static str> {
    let is_object = spot.keys == Keys::Grammar && spot.value.is_object();
    let has = |key: &str| is_object && spot.value.get(key).is_some();
    let kinds = [
        ("operationId", "operation"),
        ("in", "parameter"),
        ("type", "schema"),
        ("allOf", "schema"),
    ];
    let known = kinds.into_iter().find(|(key, _)| has(key));
    known.map(|(_, kind)| kind)
}

/// Returns all changes of a part: the changes of its subject, the changes of its facts, and the additions of facts.
pub fn changes(part: &Part, known: &Known) -> Vec<Change> {
    let mut list = names(part);
    part.walk(&mut |spot| {
        if !spot.pointer.is_empty() {
            present(spot, &mut list);
        }
        absent(spot, known, &mut list);
    });
    list
}

/// Returns the changes of the subject of a part. A component gets another name. An operation gets another path segment
/// or another method. The service has no such change.
fn names(part: &Part) -> Vec<Change> {
    let mut list = Vec::new();
    let mut rename = |kind: &str, subject, gone: String, new: String| {
        list.push(Change {
            kind: kind.to_owned(),
            pointer: String::new(),
            action: Action::Become(subject),
            gone: Some(vec![gone]),
            new: Some(vec![new]),
        });
    };
    match &part.subject {
        Subject::Service => {}
        Subject::Component { section, name } => {
            let (section, new) = (section.clone(), text(name));
            let old = name.clone();
            let name = new.clone();
            rename(
                "component name",
                Subject::Component { section, name },
                old,
                new,
            );
        }
        Subject::Operation { path, method } => {
            let segments: Vec<&str> = path.split('/').collect();
            for (number, old) in segments.iter().enumerate().skip(1) {
                let new = match old.strip_suffix('}') {
                    Some(name) => format!("{}}}", text(name)),
                    None => text(old),
                };
                let mut changed = segments.clone();
                changed.splice(number..=number, [new.as_str()]);
                let (path, method) = (changed.join("/"), method.clone());
                let subject = Subject::Operation { path, method };
                rename("path", subject, (*old).to_owned(), new);
            }
            let other = METHODS.iter().find(|other| *other != method);
            let (old, other) = (method, other.copied().unwrap_or_default());
            let (path, method) = (path.clone(), other.to_owned());
            let new = Subject::Operation { path, method };
            rename("method", new, old.to_uppercase(), other.to_uppercase());
        }
    }
    list
}

/// Adds the changes of an existing fact: another name, another value, and the removal.
fn present(spot: &Spot<'_>, list: &mut Vec<Change>) {
    let pointer = spot.pointer.clone();
    let above = spot.words.get(..spot.above).unwrap_or_default();
    if spot.holder != Keys::Grammar && !spot.listed {
        // `text` would change the status 200 to 201, which can already exist. So the new name ends in an `x`.
        let new = format!("{}x", spot.key);
        let renamed = |name: &str| Some([above, &[name.to_owned()]].concat());
        list.push(Change {
            kind: "name".to_owned(),
            pointer: pointer.clone(),
            gone: renamed(spot.key),
            new: renamed(&new),
            action: Action::Edit(Edit::Rename {
                pointer: pointer.clone(),
                to: new,
            }),
        });
    }
    let mut gone = spot.words.clone();
    if is_scalar(spot.value) {
        let new = vary(spot.value);
        gone = fact(spot, spot.key, spot.value);
        let leaf = deepest(&new);
        list.push(Change {
            kind: fact_kind(spot),
            pointer: pointer.clone(),
            gone: Some(gone.clone()).filter(|_| !is_silent(spot, spot.value)),
            new: Some(fact(spot, spot.key, leaf)).filter(|_| !is_silent(spot, leaf)),
            action: Action::Edit(Edit::Set {
                pointer: pointer.clone(),
                value: new,
            }),
        });
    }
    // If no line of a card names the value, the list does not contain the removal of the value.
    if gone.is_empty() || is_silent(spot, spot.value) {
        return;
    }
    list.push(Change {
        kind: fact_kind(spot),
        pointer: pointer.clone(),
        gone: Some(gone),
        new: None,
        action: Action::Edit(Edit::Remove { pointer }),
    });
}

/// Returns whether the fact is `required: false`. Cards do not show this fact, because it is the default.
fn is_silent(spot: &Spot<'_>, value: &Value) -> bool {
    spot.holder == Keys::Grammar && spot.key == "required" && value == false
}

/// Adds changes that insert a missing fact: a key, an entry of a map, or an element of a list.
fn absent(spot: &Spot<'_>, known: &Known, list: &mut Vec<Change>) {
    let mut come = |kind: &str, segment: &str, value: Value, new: Vec<String>| {
        let at = usize::MAX;
        let pointer = format!("{}/{}", spot.pointer, escape(segment));
        list.push(Change {
            kind: kind.to_owned(),
            pointer: spot.pointer.clone(),
            gone: None,
            new: Some(new),
            action: Action::Edit(Edit::Insert { pointer, at, value }),
        });
    };
    let named = |name: &str| [spot.words.as_slice(), &[name.to_owned()]].concat();
    match (spot.value, spot.keys) {
        (Value::Object(map), Keys::Grammar) if !map.contains_key("$ref") => {
            let value = json!("added");
            let new = [named("x-added"), vec!["added".to_owned()]].concat();
            come("new key", "x-added", value, new);
            for ((_, key), value) in known.iter().filter(|((of, _), _)| Some(*of) == kind(spot)) {
                if !map.contains_key(key) && key != "$ref" {
                    come(label(key), key, value.clone(), fact(spot, key, value));
                }
            }
        }
        (Value::Object(map), Keys::Names | Keys::Any) => {
            if let Some(value) = map.values().next() {
                come("name", "added", value.clone(), named("added"));
            }
        }
        (Value::Array(items), keys) if !items.is_empty() => {
            let is_ours = keys == Keys::Grammar;
            let first = items.first().filter(|_| is_ours);
            let value = first.map_or_else(|| json!("added"), another);
            let new = match is_scalar(&value) && is_ours {
                true => fact(spot, spot.key, &value),
                false => named("added"),
            };
            come(&fact_kind(spot), &items.len().to_string(), value, new);
        }
        _ => {}
    }
}

/// Returns a copy of an element. In the copy, the keys `$ref`, `name`, `url` and `codes` have other values. If the
/// element is not an object, returns the string `added`.
fn another(element: &Value) -> Value {
    let mut new = element.clone();
    let Some(map) = new.as_object_mut() else {
        return json!("added");
    };
    for (key, value) in map {
        match key.as_str() {
            "$ref" => *value = json!("#/components/none/added"),
            "name" | "url" => *value = json!("added"),
            "codes" => *value = json!(["added"]),
            _ => {}
        }
    }
    new
}

fn fact_kind(spot: &Spot<'_>) -> String {
    match spot.holder {
        Keys::Any => "value".to_owned(),
        _ if is_opaque(spot.key) || spot.holder == Keys::Grammar => label(spot.key).to_owned(),
        _ => "name".to_owned(),
    }
}

/// Returns whether a line of a card shows the values of this key without the key.
fn is_without_key(key: &str) -> bool {
    let is_named = matches!(key, "operationId" | "x-enum-varnames" | "codes" | "value");
    is_named || matches!(key, "type" | "format" | "$ref" | "name" | "in" | "url")
}

/// Returns the words of the card line that shows a fact: the names that lead to the fact, the key, and the value. If
/// the line omits the key or the value, the words also omit it.
fn fact(spot: &Spot<'_>, key: &str, value: &Value) -> Vec<String> {
    let mut words = spot.words.clone();
    // The last word can be the name of a list element. If the fact is this name or an error code, `value` replaces
    // the last word.
    let own = [named(spot.value), shown(spot.value)];
    if key == "codes" || words.last().is_some_and(|last| own.contains(last)) {
        words.pop();
    }
    if spot.keys == Keys::Grammar && !is_without_key(key) {
        words.push(label(key).to_owned());
    }
    words.push(match (key, value) {
        (_, Value::Bool(true)) => return words,
        // The line about an empty list of security scopes or schemes has no word for the value.
        (_, Value::Array(_)) if words.iter().any(|word| word == "security") => return words,
        ("$ref", value) => named(value),
        (_, value) => shown(value),
    });
    words
}

/// Returns the name of the component that a reference refers to. Returns any other string unchanged.
fn named(value: &Value) -> String {
    component(value.as_str().unwrap_or_default()).to_owned()
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

fn deepest(value: &Value) -> &Value {
    let below = value.as_object().and_then(|map| map.values().next());
    below.or_else(|| items(value).next()).map_or(value, deepest)
}
