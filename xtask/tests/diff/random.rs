//! Compares transcripts with randomly changed copies. If more than the order of keys and list elements differs, `diff`
//! must report a change. If `diff` compares a copy with itself, `diff` must report nothing.

use std::sync::LazyLock;

use diff::{Side, compare};
use proptest::prelude::*;
use serde_json::Value;
use transcript::Document;

use super::mutate::{Files, mutated, mutation, transcript};

const SERVICES: [&str; 3] = ["iam", "roma-link", "dcs"];

static TRANSCRIPTS: LazyLock<Vec<Files>> = LazyLock::new(|| SERVICES.map(transcript).to_vec());

/// Returns the document in the form that [`compare`] needs, and its sorted value. Returns `None` if the loader or
/// `diff` refuses the files.
fn side(files: Files) -> Option<(Side, Value)> {
    let document = Document::from_files("", files).ok()?;
    let value = sorted(&document.value);
    Some((Side::new(document).ok()?, value))
}

/// Returns a value with sorted keys and lists, because the test ignores their order.
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
        // In limits such as `maximum`, `diff` treats 1.0 and 1 as equal. So this function converts 1.0 to 1.
        Value::Number(number) => match number
            .as_f64()
            .filter(|_| !number.is_u64() && !number.is_i64())
        {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e15 => Value::from(whole as i64),
            _ => value.clone(),
        },
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
    fn mutations_that_change_more_than_the_order_are_reported(
        service in 0..SERVICES.len(),
        mutations in prop::collection::vec((any::<usize>(), mutation()), 1..4),
    ) {
        let files = &TRANSCRIPTS[service];
        let base = side(files.clone()).unwrap();
        let Some(head) = side(mutated(files, &mutations)) else {
            return Ok(());
        };
        prop_assert_eq!(compare(&head.0, &head.0).changes, []);
        for (one, two) in [(&base, &head), (&head, &base)] {
            let changes = compare(&one.0, &two.0).changes;
            prop_assert!(one.1 == two.1 || !changes.is_empty(), "a change is not reported");
            for change in &changes {
                prop_assert!(change.rule.name != "unjudged", "{change:#?}");
                prop_assert!(change.place.line > 0 && !change.place.file.is_empty(), "{change:#?}");
                prop_assert!(change.before != change.after || change.before.is_null(), "{change:#?}");
            }
        }
    }
}
