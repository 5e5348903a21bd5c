//! What changes of a document mean: every rule, in both directions, through the library and through the front door.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod documents;
mod front_door;
mod kinds;
#[path = "../mutate/mod.rs"]
#[allow(dead_code)]
mod mutate;
mod plain;
mod random;
mod references;
mod revisions;
mod schemas;
mod shared;
mod special;

use std::collections::BTreeSet;

/// Every rule has an example that triggers it, and no example triggers what is no rule.
#[test]
fn every_rule_has_an_example() {
    let examples: BTreeSet<String> = schemas::triggered()
        .into_iter()
        .chain(plain::triggered())
        .collect();
    let rules: BTreeSet<String> = diff::rules().iter().map(|rule| rule.name.clone()).collect();
    let without: Vec<&String> = rules.difference(&examples).collect();
    let unknown: Vec<&String> = examples.difference(&rules).collect();
    assert!(without.is_empty(), "rules without an example: {without:#?}");
    assert!(unknown.is_empty(), "names that are no rules: {unknown:#?}");
    assert_eq!(rules.len(), diff::rules().len(), "a name is used twice");
}
