use std::ops::Index;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The JSON fields of a record. A missing field counts as null. So the sandbox can read records of earlier versions,
/// which lack some fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Map<String, Value>);

static NULL: Value = Value::Null;

impl Index<&str> for Fields {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&NULL)
    }
}

impl Fields {
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Adds the fields of `other`. A field of `other` replaces an existing field with the same name.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn into_json(self) -> Value {
        Value::Object(self.0)
    }

    pub fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// Takes the members of an object. The result is empty for any other value.
impl From<Value> for Fields {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => Self(members),
            _ => Self::default(),
        }
    }
}
