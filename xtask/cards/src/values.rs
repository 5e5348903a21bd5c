//! Values on one line, and objects as facts.

use serde_json::{Map, Value};

/// Keys whose texts explain and promise nothing. A card does not have them: rewording is no change of the contract.
pub(crate) const WORDING: [&str; 4] = ["advice", "description", "summary", "x-enum-descriptions"];

/// A name and its value.
pub(super) type Pair = (String, String);

/// A value on one line: text without quotes where it needs none, anything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_plain(text: &str) -> bool {
    let edges = text.starts_with(['"', ' ']) || text.ends_with(' ');
    !text.is_empty() && !edges && !text.contains(char::is_control)
}

pub(super) fn yes(condition: bool) -> String {
    if condition { "yes" } else { "no" }.to_owned()
}

/// The scalars of a value with their paths, as JSON; a list's elements are numbered. Sorted by keys.
pub(super) fn leaves(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let below = sorted(map)
                .into_iter()
                .flat_map(|(key, value)| leaves(&join(name, key), value));
            below.collect()
        }
        Value::Array(items) if !items.is_empty() => {
            let numbered = items.iter().enumerate();
            numbered
                .flat_map(|(number, item)| leaves(&format!("{name}[{number}]"), item))
                .collect()
        }
        scalar => vec![(name.to_owned(), scalar.to_string())],
    }
}

/// The members of an object, by their keys.
fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut all: Vec<_> = map.iter().collect();
    all.sort_by_key(|(key, _)| *key);
    all
}

fn join(name: &str, key: &str) -> String {
    if name.is_empty() {
        key.to_owned()
    } else {
        format!("{name}.{key}")
    }
}

/// A keyword or extension: one line for each scalar. A list of scalars is a set, whose order says nothing.
pub(super) fn keyword(name: &str, value: &Value) -> Vec<Pair> {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let below = sorted(map)
                .into_iter()
                .flat_map(|(key, value)| keyword(&join(name, key), value));
            below.collect()
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(is_scalar) => {
            let mut lines: Vec<Pair> = items
                .iter()
                .map(|item| (format!("{name}[]"), plain(item)))
                .collect();
            lines.sort();
            lines
        }
        Value::Array(items) if !items.is_empty() => leaves(name, value),
        scalar => vec![(name.to_owned(), plain(scalar))],
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// Everything an object says besides wording and the keys that somebody else shows.
pub(super) fn rest(object: &Value, shown: &[&str]) -> Vec<Pair> {
    let empty = Map::new();
    let object = object.as_object().unwrap_or(&empty);
    let mut pairs = Vec::new();
    for (key, value) in sorted(object) {
        match key.as_str() {
            key if shown.contains(&key) || WORDING.contains(&key) => {}
            "externalDocs" => pairs.extend(keyword("page", &value["url"])),
            "example" => pairs.extend(leaves("example", value)),
            key => pairs.extend(keyword(key, value)),
        }
    }
    pairs
}

/// The alternatives of a list of security requirements, sorted; `none` where there is none.
pub(super) fn requirements(list: &Value) -> Vec<Pair> {
    let listed = list.as_array().into_iter().flatten();
    let mut alternatives: Vec<String> = listed.map(requirement).collect();
    if alternatives.is_empty() {
        alternatives.push("none".to_owned());
    }
    alternatives.sort();
    let pairs = alternatives.into_iter();
    pairs
        .map(|alternative| ("security".to_owned(), alternative))
        .collect()
}

/// `token`, `token and key`, `login (read, write)`.
fn requirement(requirement: &Value) -> String {
    let schemes = requirement.as_object().into_iter().flatten();
    let mut schemes: Vec<String> = schemes
        .map(
            |(name, scopes)| match scopes.as_array().map(Vec::as_slice) {
                Some([]) => name.clone(),
                Some(scopes) => {
                    let scopes: Vec<String> = scopes.iter().map(plain).collect();
                    format!("{name} ({})", scopes.join(", "))
                }
                None => format!("{name} {scopes}"),
            },
        )
        .collect();
    schemes.sort();
    if schemes.is_empty() {
        return "optional".to_owned();
    }
    schemes.join(" and ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{keyword, leaves, plain, rest};

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = expected.iter();
        owned
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_value_is_one_line_that_shows_all_of_it() {
        assert_eq!(plain(&json!("a b")), "a b");
        assert_eq!(plain(&json!("a ")), "\"a \"");
        assert_eq!(plain(&json!("a\nb")), "\"a\\nb\"");
        assert_eq!(plain(&json!("")), "\"\"");
        assert_eq!(plain(&json!(1.5)), "1.5");
    }

    #[test]
    fn examples_are_numbered_and_sets_are_not() {
        let value = json!({"b": [2, 1], "a": {"c": null, "d": {}, "e": []}});
        assert_eq!(
            leaves("", &value),
            pairs(&[
                ("a.c", "null"),
                ("a.d", "{}"),
                ("a.e", "[]"),
                ("b[0]", "2"),
                ("b[1]", "1")
            ])
        );
        assert_eq!(
            keyword("x", &value),
            pairs(&[
                ("x.a.c", "null"),
                ("x.a.d", "{}"),
                ("x.a.e", "[]"),
                ("x.b[]", "1"),
                ("x.b[]", "2")
            ])
        );
    }

    #[test]
    fn nothing_but_wording_is_left_out() {
        let object = json!({"x-new": 1, "description": "d", "externalDocs": {"url": "u", "description": "d"}, "type": "string"});
        assert_eq!(
            rest(&object, &["type"]),
            pairs(&[("page", "u"), ("x-new", "1")])
        );
    }
}
