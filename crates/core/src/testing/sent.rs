//! The body of a recorded request. A test can compare two bodies. `Debug` does not show the values in a body.

use crate::secret::ShowSecrets;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use zeroize::Zeroizing;

/// The body of a request.
///
/// Two bodies can be compared. JSON is compared by its values, so spaces and the order of the fields do not matter.
/// `Debug` masks every value, so a failed assertion prints no secret.
///
/// ```
/// use huaweicloud_core::testing::SentBody;
/// use serde_json::json;
///
/// let body = SentBody::json(&json!({"name": "cache", "password": "hunter2", "port": 6379}));
/// assert_eq!(body, SentBody::json(&json!({"port": 6379, "password": "hunter2", "name": "cache"})));
/// assert_eq!(format!("{body:?}"), r#"{"name": text(5), "password": text(7), "port": number}"#);
/// ```
#[derive(Clone)]
pub struct SentBody {
    bytes: Zeroizing<Vec<u8>>,
}

impl SentBody {
    /// Makes the body of a request from a value. The body contains the secrets of the value unmasked.
    ///
    /// # Panics
    /// Panics if the value cannot be written as JSON. An example is a map with keys that are structs.
    #[track_caller]
    pub fn json(body: &(impl Serialize + ?Sized)) -> Self {
        let written = serde_json::to_vec(&ShowSecrets(body));
        assert!(written.is_ok(), "the body cannot be written as JSON");
        Self::new(written.unwrap_or_default())
    }

    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Zeroizing::new(bytes),
        }
    }

    /// Returns the bytes, including the secrets.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether the body is empty.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the JSON pointers of the values that differ between the two bodies. The pointer `""` means the whole
    /// body. The list is empty if the bodies are equal. In a pointer, `***` replaces a name that may be a secret.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        match (self.value(), other.value()) {
            (Some(own), Some(other)) => {
                let mut found = Vec::new();
                compare(Some(&own), Some(&other), String::new(), &mut found);
                found
            }
            _ if self.bytes == other.bytes => Vec::new(),
            _ => vec![String::new()],
        }
    }

    fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.bytes).ok()
    }
}

impl PartialEq for SentBody {
    fn eq(&self, other: &Self) -> bool {
        self.differences(other).is_empty()
    }
}

fn compare(own: Option<&Value>, other: Option<&Value>, at: String, found: &mut Vec<String>) {
    match (own, other) {
        (Some(Value::Object(own)), Some(Value::Object(other))) => {
            let added = other.keys().filter(|name| !own.contains_key(*name));
            for name in own.keys().chain(added) {
                let at = format!("{at}/{}", shown_name(name));
                compare(own.get(name), other.get(name), at, found);
            }
        }
        (Some(Value::Array(own)), Some(Value::Array(other))) => {
            for index in 0..own.len().max(other.len()) {
                let at = format!("{at}/{index}");
                compare(own.get(index), other.get(index), at, found);
            }
        }
        (own, other) if own == other => {}
        _ => found.push(at),
    }
}

/// Returns the name if it looks like a documented field name: at most 40 letters, digits and underscores, with at most
/// two digits. Otherwise returns `***`, because the name may be a map key that the caller chose.
fn shown_name(name: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    match name.len() <= 40 && digits <= 2 && name.bytes().all(is_plain) {
        true => name,
        false => "***",
    }
}

impl fmt::Debug for SentBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => masked(&value, f),
            None => write!(f, "{} bytes", self.bytes.len()),
        }
    }
}

fn masked(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(_) => f.write_str("bool"),
        Value::Number(_) => f.write_str("number"),
        Value::String(text) => write!(f, "text({})", text.chars().count()),
        Value::Array(list) => {
            f.write_str("[")?;
            for (index, value) in list.iter().enumerate() {
                f.write_str(if index == 0 { "" } else { ", " })?;
                masked(value, f)?;
            }
            f.write_str("]")
        }
        Value::Object(map) => {
            f.write_str("{")?;
            for (index, (name, value)) in map.iter().enumerate() {
                f.write_str(if index == 0 { "" } else { ", " })?;
                write!(f, "\"{}\": ", shown_name(name))?;
                masked(value, f)?;
            }
            f.write_str("}")
        }
    }
}
