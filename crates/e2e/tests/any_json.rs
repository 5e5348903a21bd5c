//! Decodes random JSON as the generated type of every component schema. The decoder returns a value or an error, and
//! never panics. The error does not show the string in the constant `PLANTED`. Decoding and encoding do not change a
//! value that the document allows. Only `null`, `[]` and `{}` can disappear or be added. The document is the merged
//! transcript of a service.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod types;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{TestRunner, contextualize_config};
use serde_json::{Map, Value, json};
use types::{Service, lost, services};

/// A string that is not part of any document, type or message.
const PLANTED: &str = "Planted-7";

fn runner(cases: u32) -> TestRunner {
    // `contextualize_config` reads the environment variable `PROPTEST_CASES`, which overrides `cases`.
    TestRunner::new(contextualize_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }))
}

fn text() -> BoxedStrategy<String> {
    let characters = prop::collection::vec(any::<char>(), 0..6);
    prop_oneof![
        characters.prop_map(|all| all.into_iter().collect()),
        "-?[0-9]{0,3}",
        Just(PLANTED.to_owned()),
    ]
    .boxed()
}

/// Returns a strategy for numbers that are exact in decimal notation: whole numbers, and eighths.
fn number() -> BoxedStrategy<Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
    ]
    .boxed()
}

fn scalar() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
    ]
    .boxed()
}

/// Returns a strategy for any JSON value. Most of the field names in the value come from the documents.
fn any_json(names: Vec<String>) -> impl Strategy<Value = Value> {
    let name = prop_oneof![9 => prop::sample::select(names), 1 => text()].boxed();
    scalar().prop_recursive(6, 64, 6, move |inner| {
        let members = prop::collection::vec((name.clone(), inner.clone()), 0..6);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            3 => members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Collects the names of all properties in a document.
fn names(value: &Value, into: &mut BTreeSet<String>) {
    if let Some(properties) = value["properties"].as_object() {
        into.extend(properties.keys().cloned());
    }
    match value {
        Value::Object(map) => map.values().for_each(|value| names(value, into)),
        Value::Array(items) => items.iter().for_each(|value| names(value, into)),
        _ => {}
    }
}

#[test]
fn every_type_decodes_or_refuses_any_json() {
    let services = services();
    let mut known = BTreeSet::new();
    services
        .iter()
        .for_each(|service| names(&service.document, &mut known));
    let strategy = any_json(known.into_iter().collect());
    let result = runner(256).run(&strategy, |json| {
        for service in &services {
            for of in &service.types {
                let name = format!("{} {}", service.name, of.name);
                match of.round_trip(&json) {
                    Ok(once) => {
                        let again = of.round_trip(&once).unwrap();
                        prop_assert_eq!(settled(&again), settled(&once), "{}", name);
                    }
                    Err(error) => {
                        let shown = format!("{error} {error:?}");
                        prop_assert!(!shown.contains(PLANTED), "{}: {}", name, shown);
                    }
                }
            }
        }
        Ok(())
    });
    result.unwrap();
}

/// Returns a strategy for values of a schema. The strategy ignores limits such as `maxLength`. If the schema is an
/// enum, some of the values are not in its list.
fn allowed(service: &Service, schema: &Value, depth: u32) -> BoxedStrategy<Value> {
    let reference = schema
        .get("$ref")
        .or_else(|| schema.pointer("/allOf/0/$ref"));
    if let Some(reference) = reference {
        let target = reference.as_str().unwrap().trim_start_matches('#');
        return allowed(
            service,
            service.document.pointer(target).unwrap(),
            depth + 1,
        );
    }
    let listed = schema["enum"].as_array().cloned().unwrap_or_default();
    let plain = match schema["type"].as_str().unwrap_or_default() {
        "string" => text().prop_map(Value::from).boxed(),
        "integer" if schema["format"] == "int32" => any::<i32>().prop_map(Value::from).boxed(),
        "integer" => any::<i64>().prop_map(Value::from).boxed(),
        "number" => any::<i16>()
            .prop_map(|eighths| Value::from(f64::from(eighths) / 8.0))
            .boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "array" => list(service, &schema["items"], depth),
        "object" => object(service, schema, depth),
        "" if schema["additionalProperties"] == true => scalar(),
        other => panic!("{}: no values of type {other:?}: {schema}", service.name),
    };
    match listed.is_empty() {
        true => plain,
        false => prop_oneof![3 => prop::sample::select(listed), 1 => plain].boxed(),
    }
}

/// Returns a strategy for lists without the elements `{}` and `[]`. The decoder can remove the element `{}` from a
/// list.
fn list(service: &Service, items: &Value, depth: u32) -> BoxedStrategy<Value> {
    // If `depth` is at least 6, the depth of an element can be more than 6. At such a depth, an object without required
    // fields is always empty. The filter below would reject each such object, so the list has no elements.
    if depth >= 6 {
        return Just(json!([])).boxed();
    }
    let filled = |value: &Value| *value != json!({}) && *value != json!([]);
    let element = allowed(service, items, depth).prop_filter("the element is empty", filled);
    prop::collection::vec(element, 0..=3)
        .prop_map(Value::Array)
        .boxed()
}

fn object(service: &Service, schema: &Value, depth: u32) -> BoxedStrategy<Value> {
    let Some(properties) = schema["properties"]
        .as_object()
        .filter(|all| !all.is_empty())
    else {
        return map(service, &schema["additionalProperties"], depth);
    };
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut members: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    for (name, schema) in properties {
        let value = match (required.contains(&json!(name)), depth > 6) {
            (true, _) => allowed(service, schema, depth).prop_map(Some).boxed(),
            (false, true) => Just(None).boxed(),
            (false, false) => prop::option::of(allowed(service, schema, depth)).boxed(),
        };
        let name = name.clone();
        members = (members, value)
            .prop_map(move |(mut members, value)| {
                members.extend(value.map(|value| (name.clone(), value)));
                members
            })
            .boxed();
    }
    members.prop_map(Value::Object).boxed()
}

fn map(service: &Service, values: &Value, depth: u32) -> BoxedStrategy<Value> {
    let value = match values {
        Value::Object(schema) if !schema.is_empty() => allowed(service, values, depth),
        _ => scalar(),
    };
    let members = prop::collection::vec((text(), value), 0..3);
    members
        .prop_map(|members| Value::Object(members.into_iter().collect()))
        .boxed()
}

/// Removes all fields with `null`, `[]` or `{}` from a value. Decoding and encoding can add or remove such fields. For
/// example, the encoder writes an absent list as `[]`.
fn without_nothing(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), without_nothing(value)))
            .filter(|(_, value)| !is_nothing(value))
            .collect(),
        Value::Array(items) => items.iter().map(without_nothing).collect(),
        other => other.clone(),
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || *value == json!([]) || *value == json!({})
}

/// Removes all fields and list elements with `null`, `[]` or `{}` from a value. If all fields of an object are unknown,
/// the first round trip can return `{}` for the object. The second round trip can then remove the object, because the
/// decoder treats `{}` as an absent value.
fn settled(value: &Value) -> Value {
    match value {
        Value::Object(map) => without_nothing(
            &map.iter()
                .map(|(name, value)| (name.clone(), settled(value)))
                .collect(),
        ),
        Value::Array(items) => items
            .iter()
            .map(settled)
            .filter(|value| !is_nothing(value))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn decoding_and_encoding_keep_allowed_values() {
    for service in services() {
        let schemas = &service.document["components"]["schemas"];
        for of in &service.types {
            let strategy = allowed(&service, &schemas[of.name], 0);
            let result = runner(24).run(&strategy, |before| {
                let after = of.round_trip(&before);
                let after = after.map_err(|error| TestCaseError::fail(error.to_string()))?;
                let (before, after) = (without_nothing(&before), without_nothing(&after));
                prop_assert_eq!(lost(&before, &after), Vec::<String>::new(), "lost");
                prop_assert_eq!(lost(&after, &before), Vec::<String>::new(), "invented");
                Ok(())
            });
            if let Err(error) = result {
                panic!("{} {}: {error}", service.name, of.name);
            }
        }
    }
}
