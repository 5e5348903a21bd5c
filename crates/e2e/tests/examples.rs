//! Every documented example of an answer is decoded by the generated type, and
//! nothing of it is lost; every documented example of a request is decoded and
//! sent back the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

use std::collections::BTreeSet;

use huaweicloud::{dcs, iam, roma_link};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Decodes JSON as `T` and encodes it again.
fn round_trip<T: DeserializeOwned + Serialize>(json: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<T>(json).map(|value| serde_json::to_value(value).unwrap())
}

type RoundTrip = fn(&str) -> Result<Value, serde_json::Error>;

/// Component schemas and the types that were generated for them.
fn types(service: &str) -> Vec<(&'static str, RoundTrip)> {
    macro_rules! types {
        ($service:ident: $($name:ident)*) => {
            vec![$((stringify!($name), round_trip::<$service::types::$name> as RoundTrip)),*]
        };
    }
    match service {
        "iam" => types!(iam:
            CreateTokenRequest IssuedToken ProjectList CreateTemporaryAccessKeyRequest TemporaryAccessKey),
        "roma-link" => types!(roma_link:
            CreateDeviceRequest UpdateDeviceRequest Device DeviceList ResetDeviceAuthenticationRequest DeviceAuthentication
            CreateProductRequest Product ProductList ResetProductAuthenticationRequest ProductAuthentication),
        _ => types!(dcs:
            CreateInstanceRequest InstanceCreation InstanceList Instance
            ChangeInstancePasswordRequest InstancePasswordChange ResetInstancePasswordRequest InstancePasswordReset),
    }
}

/// The examples of a media type: its `example`, or the values of its `examples`.
fn examples(content: &Value) -> Vec<&Value> {
    let many = content["examples"].as_object().into_iter().flatten();
    content
        .get("example")
        .into_iter()
        .chain(many.map(|(_, example)| &example["value"]))
        .collect()
}

/// Schema name and example of each request and each success answer.
fn documented(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let answers = operation["responses"].as_object().unwrap().iter();
            let success = answers
                .filter(|(status, _)| status.starts_with('2'))
                .map(|(_, answer)| answer);
            for body in success.chain(operation.get("requestBody")) {
                let content = &body["content"]["application/json"];
                if let Some(reference) = content["schema"]["$ref"].as_str() {
                    let name = reference.rsplit('/').next().unwrap();
                    found.extend(
                        examples(content)
                            .into_iter()
                            .map(|example| (name.to_owned(), example.clone())),
                    );
                }
            }
        }
    }
    found
}

/// What of `before` is not in `after`, by path. A null is the same as nothing.
fn lost(before: &Value, after: &Value, path: &str, into: &mut Vec<String>) {
    match (before, after) {
        (Value::Null, _) => {}
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                lost(
                    value,
                    after.get(name).unwrap_or(&Value::Null),
                    &format!("{path}.{name}"),
                    into,
                );
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                lost(before, after, &format!("{path}[{index}]"), into);
            }
        }
        (before, after) if before == after || same_number(before, after) => {}
        _ => into.push(path.to_owned()),
    }
}

/// 1 and 1.0 are one number.
fn same_number(before: &Value, after: &Value) -> bool {
    before
        .as_f64()
        .is_some_and(|before| Some(before) == after.as_f64())
}

#[test]
fn every_example_survives_the_generated_types() {
    for (service, document) in [
        ("iam", iam::OPENAPI),
        ("roma-link", roma_link::OPENAPI),
        ("dcs", dcs::OPENAPI),
    ] {
        let document: Value = serde_json::from_str(document).unwrap();
        let (types, mut seen) = (types(service), BTreeSet::new());
        for (name, example) in documented(&document) {
            let found = types.iter().find(|(known, _)| *known == name);
            let (known, round_trip) =
                found.unwrap_or_else(|| panic!("{service}: add {name} to this test"));
            seen.insert(*known);
            let after = round_trip(&example.to_string())
                .unwrap_or_else(|error| panic!("{service} {name}: {error}"));
            let mut missing = Vec::new();
            lost(&example, &after, "", &mut missing);
            assert!(missing.is_empty(), "{service} {name} loses {missing:?}");
        }
        let unused: Vec<_> = types
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !seen.contains(*name))
            .collect();
        assert!(unused.is_empty(), "{service}: no example uses {unused:?}");
    }
}

/// Turns one scalar of a documented answer into another kind of scalar, `null`
/// or `{}`, at every place in turn: the answer is still taken.
#[test]
fn no_scalar_of_another_kind_rejects_an_answer() {
    for (service, document) in [
        ("iam", iam::OPENAPI),
        ("roma-link", roma_link::OPENAPI),
        ("dcs", dcs::OPENAPI),
    ] {
        let document: Value = serde_json::from_str(document).unwrap();
        let types = types(service);
        for (name, example) in documented(&document)
            .into_iter()
            .filter(|(name, _)| !name.ends_with("Request"))
        {
            let (_, round_trip) = types.iter().find(|(known, _)| *known == name).unwrap();
            let mut places = Vec::new();
            scalars(&example, String::new(), &mut places);
            for place in places {
                for other in [
                    "null",
                    "{}",
                    "\"text\"",
                    "\"7\"",
                    "7",
                    "7.5",
                    "true",
                    "-1",
                    "99999999999999999999999",
                ] {
                    let mut changed = example.clone();
                    *changed.pointer_mut(&place).unwrap() = serde_json::from_str(other).unwrap();
                    let result = round_trip(&changed.to_string());
                    assert!(
                        result.is_ok(),
                        "{service} {name}: {place} as {other}: {}",
                        result.unwrap_err()
                    );
                }
            }
        }
    }
}

/// The JSON pointers of all scalars.
fn scalars(value: &Value, at: String, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                scalars(
                    inner,
                    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    into,
                );
            }
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, inner)| scalars(inner, format!("{at}/{index}"), into));
        }
        // What a null stands for is not known: it may be an object.
        Value::Null => {}
        _ => into.push(at),
    }
}
