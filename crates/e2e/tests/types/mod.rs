//! Lists the services with their documents and their generated types. Each type has a function that decodes JSON and
//! encodes the value again.

#![allow(
    dead_code,
    reason = "each test program uses only a part of this module"
)]

use huaweicloud_core::ShowSecrets;
use huaweicloud_core::decode::{DecodeError, LostField, from_answer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The JSON value after decoding and encoding, and the fields that the decoder lost.
type RoundTrip = Result<(Value, Vec<LostField>), DecodeError>;

/// The generated type of a component in the document.
pub struct Type {
    /// The use of the type: `answer`, `request`, `both`, or `option` for an enum.
    pub way: &'static str,
    pub name: &'static str,
    round_trip: fn(&[u8]) -> RoundTrip,
}

pub struct Service {
    pub name: &'static str,
    pub document: Value,
    pub types: Vec<Type>,
}

pub fn services() -> Vec<Service> {
    macro_rules! types {
        ($($way:ident $name:ident: $type:path,)*) => {
            vec![$(Type {
                way: stringify!($way),
                name: stringify!($name),
                round_trip: round_trip::<$type>,
            }),*]
        };
    }
    let service = |name, document, types| Service {
        name,
        document: serde_json::from_str(document).unwrap(),
        types,
    };
    macro_rules! all {
        ($($name:literal $module:ident;)*) => {
            vec![$(service(
                $name,
                huaweicloud::$module::OPENAPI,
                huaweicloud::$module::each_type!(types),
            )),*]
        };
    }
    huaweicloud::each_service!(all)
}

/// Decodes JSON as `T`, and encodes the value again.
fn round_trip<T: DeserializeOwned + Serialize>(json: &[u8]) -> RoundTrip {
    let (value, lost) = from_answer::<T>(json)?;
    Ok((serde_json::to_value(ShowSecrets(&value)).unwrap(), lost))
}

impl Type {
    /// Decodes JSON, and encodes the value again.
    pub fn round_trip(&self, json: &Value) -> Result<Value, DecodeError> {
        self.round_trip_with_lost(&json.to_string())
            .map(|(value, _)| value)
    }

    /// Like `round_trip`, but also returns the lost fields.
    pub fn round_trip_with_lost(&self, json: &str) -> RoundTrip {
        (self.round_trip)(json.as_bytes())
    }
}

impl Service {
    pub fn of(&self, name: &str) -> &Type {
        let found = self.types.iter().find(|known| known.name == name);
        found.unwrap_or_else(|| panic!("{}: no type was generated for {name}", self.name))
    }
}

/// Returns the paths of the values in `before` that `after` does not contain. A null is the same as no value.
pub fn lost(before: &Value, after: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    compare(before, after, "", &mut paths);
    paths
}

fn compare(before: &Value, after: &Value, path: &str, into: &mut Vec<String>) {
    match (before, after) {
        (Value::Null, _) => {}
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                let after = after.get(name).unwrap_or(&Value::Null);
                compare(value, after, &format!("{path}.{name}"), into);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                compare(before, after, &format!("{path}[{index}]"), into);
            }
        }
        (before, after) if before == after || same_number(before, after) => {}
        _ => into.push(path.to_owned()),
    }
}

/// Returns whether two values are the same number. For example, 1 and 1.0 are the same number.
fn same_number(before: &Value, after: &Value) -> bool {
    before
        .as_f64()
        .is_some_and(|before| Some(before) == after.as_f64())
}
