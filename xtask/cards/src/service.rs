//! The card of a service.

use serde_json::Value;

use super::Fact;
use super::values::{Pair, keyword, plain, requirements, rest};

/// What the cards of operations show, and what has a line of its own making here.
const SHOWN: [&str; 8] = [
    "openapi",
    "info",
    "servers",
    "security",
    "tags",
    "paths",
    "components",
    "x-error-codes",
];

pub(super) fn facts(document: &Value) -> Vec<Fact> {
    let mut pairs = keyword("openapi", &document["openapi"]);
    pairs.extend(rest(&document["info"], &[]));
    pairs.extend(rest(document, &SHOWN));
    pairs.extend(requirements(&document["security"]));
    let mut facts = at("service", pairs);
    for tag in sorted(&document["tags"], "name") {
        facts.extend(at("service", keyword("chapter", &tag["name"])));
        facts.extend(at(
            &format!("chapter {}", plain(&tag["name"])),
            rest(tag, &["name"]),
        ));
    }
    for server in sorted(&document["servers"], "url") {
        facts.extend(at("server", keyword("url", &server["url"])));
        facts.extend(at(
            &format!("server {}", plain(&server["url"])),
            about(server),
        ));
    }
    facts.extend(errors(&document["x-error-codes"]));
    facts
}

/// Each entry under its codes, so that a further one is lines of its own.
fn errors(catalogue: &Value) -> Vec<Fact> {
    let mut entries: Vec<(String, &Value)> = Vec::new();
    for entry in catalogue.as_array().into_iter().flatten() {
        let codes = entry["codes"].as_array().into_iter().flatten();
        let codes: Vec<String> = codes.map(plain).collect();
        entries.push((codes.join(" "), entry));
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut facts = Vec::new();
    for (codes, entry) in entries {
        facts.extend(at(
            "service",
            vec![("x-error-codes".to_owned(), codes.clone())],
        ));
        facts.extend(at(&format!("error {codes}"), rest(entry, &["codes"])));
    }
    facts
}

fn sorted<'a>(list: &'a Value, key: &str) -> Vec<&'a Value> {
    let mut items: Vec<&Value> = list.as_array().into_iter().flatten().collect();
    items.sort_by_key(|item| plain(&item[key]));
    items
}

fn at(place: &str, pairs: Vec<Pair>) -> Vec<Fact> {
    let facts = pairs.into_iter().map(|(name, value)| Fact {
        place: place.to_owned(),
        name,
        value,
    });
    facts.collect()
}

fn about(server: &Value) -> Vec<Pair> {
    let mut pairs = rest(server, &["url", "variables"]);
    let variables = server["variables"].as_object().into_iter().flatten();
    let mut variables: Vec<_> = variables.collect();
    variables.sort_by_key(|(name, _)| *name);
    for (name, variable) in variables {
        let about = rest(variable, &["enum"]);
        pairs.extend(
            about
                .into_iter()
                .map(|(key, value)| (format!("{name} {key}"), value)),
        );
        let options = variable["enum"].as_array().into_iter().flatten();
        let mut options: Vec<String> = options.map(plain).collect();
        options.sort();
        let option = format!("{name} option");
        pairs.extend(options.into_iter().map(|value| (option.clone(), value)));
    }
    pairs
}
