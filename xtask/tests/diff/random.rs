//! Whatever happens to real transcripts, a comparison ends, is silent about what is equal, and about nothing else.

use std::collections::HashSet;
use std::sync::LazyLock;

use diff::{Store, compare, rules};
use proptest::prelude::*;
use serde_json::Value;
use transcript::Document;

use super::mutate::{Files, mutated, mutation, transcript};

const SERVICES: [&str; 3] = ["iam", "roma-link", "dcs"];

static TRANSCRIPTS: LazyLock<Vec<Files>> = LazyLock::new(|| SERVICES.map(transcript).to_vec());

fn store(files: Files) -> Option<Store> {
    Document::foreign("", files)
        .ok()
        .and_then(|document| Store::new(document).ok())
}

/// A value whose keys and lists have an order that means nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 32,
        cases: std::env::var("PROPTEST_CASES").map_or(24, |cases| cases.parse().unwrap()),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_mutation_is_never_silent(
        service in 0..SERVICES.len(),
        mutations in prop::collection::vec((any::<usize>(), mutation()), 1..4),
    ) {
        let files = &TRANSCRIPTS[service];
        let base = store(files.clone()).unwrap();
        let Some(head) = store(mutated(files, &mutations)) else {
            return Ok(());
        };
        prop_assert_eq!(compare(&head, &head).changes, []);
        for (one, two) in [(&base, &head), (&head, &base)] {
            let changes = compare(one, two).changes;
            let equal = sorted(one.value()) == sorted(two.value());
            prop_assert!(equal || !changes.is_empty(), "a change is silent");
            let known: HashSet<&str> = rules().iter().map(|rule| rule.name.as_str()).collect();
            for change in &changes {
                prop_assert!(known.contains(change.rule.as_str()), "{change:#?}");
                prop_assert!(change.place.line > 0 && !change.place.file.is_empty(), "{change:#?}");
                prop_assert!(change.before != change.after || change.before.is_null(), "{change:#?}");
            }
        }
    }
}
