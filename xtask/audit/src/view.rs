//! Reads a schema of a transcript (OpenAPI YAML files of a service), and the component that the schema refers to.

use serde_json::Value;

use transcript::{Document, escape};

/// A schema, and the target of its reference, if the schema has a reference.
#[derive(Clone)]
pub struct View<'a> {
    document: &'a Document,
    own: &'a Value,
    /// The JSON pointer of the schema, not of its target.
    pub pointer: String,
    target: Option<(&'a Value, String)>,
}

impl<'a> View<'a> {
    /// Returns the schema at a JSON pointer, with the target of its reference.
    pub fn at(document: &'a Document, pointer: String) -> Option<Self> {
        let own = document.value.pointer(&pointer)?;
        let reference = own.get("$ref").or(own.pointer("/allOf/0/$ref"));
        let target = reference
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'));
        let target =
            target.and_then(|target| Some((document.value.pointer(target)?, target.to_owned())));
        Some(View {
            document,
            own,
            pointer,
            target,
        })
    }

    /// Returns the value of a keyword. If the schema does not have the keyword, returns the value from the target.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        let behind = || self.target.as_ref().and_then(|(target, _)| target.get(key));
        self.own.get(key).or_else(behind)
    }

    /// Returns the pointer of a keyword in the schema or target. If the keyword is missing, returns `self.pointer`.
    pub fn place_of(&self, key: &str) -> String {
        let there = |value: &Value| value.get(key).is_some();
        match &self.target {
            _ if there(self.own) => format!("{}/{key}", self.pointer),
            Some((target, pointer)) if there(target) => format!("{pointer}/{key}"),
            _ => self.pointer.clone(),
        }
    }

    /// Returns the JSON pointer of the schema that has the fields: the target of the reference, or the schema itself.
    pub fn home(&self) -> &str {
        self.target
            .as_ref()
            .map_or(&self.pointer, |(_, pointer)| pointer)
    }

    pub fn kind(&self) -> Option<&'a str> {
        self.get("type").and_then(Value::as_str)
    }

    /// Returns the schema of the elements of a list or map.
    pub fn element(&self) -> Option<View<'a>> {
        let key = ["items", "additionalProperties"]
            .into_iter()
            .find(|key| self.get(key).is_some_and(Value::is_object))?;
        View::at(self.document, self.place_of(key))
    }

    pub fn fields(&self) -> Vec<(&'a str, View<'a>)> {
        let properties = self.get("properties").and_then(Value::as_object);
        let home = self.place_of("properties");
        let names = properties.into_iter().flat_map(|map| map.keys());
        names
            .filter_map(|name| {
                let view = View::at(self.document, format!("{home}/{}", escape(name)))?;
                Some((name.as_str(), view))
            })
            .collect()
    }

    pub fn requires(&self, name: &str) -> bool {
        let listed = self.get("required").and_then(Value::as_array);
        listed.is_some_and(|listed| listed.iter().any(|known| known == name))
    }

    pub fn limit(&self, key: &str) -> Option<i128> {
        let value = self.get(key)?;
        value
            .as_i64()
            .map(i128::from)
            .or_else(|| value.as_u64().map(i128::from))
    }
}

/// Returns the JSON pointer of the target of a reference. If there is no reference, returns the pointer unchanged.
pub fn resolved(root: &Value, pointer: String) -> String {
    let value = root.pointer(&pointer);
    let reference = value
        .and_then(|value| value.get("$ref"))
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(pointer.clone(), str::to_owned)
}
