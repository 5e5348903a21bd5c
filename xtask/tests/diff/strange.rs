//! Puts unusual values at each JSON pointer of a document. `diff` must report a change, or must return an error with
//! the position. `diff` must not panic.

use diff::{Side, compare};
use serde_json::{Value, json};
use transcript::escape;

use super::documents::{BASE, EVERYTHING, read};

/// Collects the JSON pointers of all nodes except the document itself.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (escape(key), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in entries {
        let at = format!("{at}/{key}");
        pointers(value, &at, found);
        found.push(at);
    }
}

#[test]
fn an_unusual_value_at_any_position_is_refused_or_compared() {
    let mut places = Vec::new();
    pointers(&EVERYTHING, "", &mut places);
    let strange = [
        json!(null),
        json!(true),
        json!(5),
        json!("x"),
        json!(""),
        json!([]),
        json!({}),
        json!([5]),
        json!({"$ref": 5}),
        json!({"$ref": "#/components/schemas/Thing"}),
    ];
    let protocol = |document: &Value| Side::of_protocol(read(document.to_string()));
    let without_code = protocol(&EVERYTHING).unwrap();
    let (mut refused, mut compared) = (0, 0);
    for place in &places {
        for value in &strange {
            let mut changed = EVERYTHING.clone();
            *changed.pointer_mut(place).unwrap() = value.clone();
            if changed == *EVERYTHING {
                continue;
            }
            // Generating code takes most of the time, so the test generates code for only about one of 40 documents.
            let (base, side) = match compared % 40 {
                0 => (&*BASE, Side::new(read(changed.to_string()))),
                _ => (&without_code, protocol(&changed)),
            };
            match side {
                Err(error) => {
                    refused += 1;
                    let error = error.to_string();
                    assert!(
                        error.starts_with("api.yaml:1:") && error.contains("oasdiff"),
                        "{error}"
                    );
                }
                Ok(other) => {
                    compared += 1;
                    for (base, head) in [(base, &other), (&other, base)] {
                        let changes = compare(base, head).changes;
                        assert!(
                            !changes.is_empty(),
                            "{place} = {value}: no change is reported"
                        );
                        let unjudged = changes.iter().find(|change| change.rule.name == "unjudged");
                        assert!(unjudged.is_none(), "{place} = {value}: {unjudged:#?}");
                    }
                }
            }
        }
    }
    assert!(
        refused > places.len() && compared > places.len(),
        "{refused} and {compared} of {}",
        places.len()
    );
}
