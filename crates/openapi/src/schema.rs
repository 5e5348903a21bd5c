//! Reads the types of a document: the component schemas that requests and answers use.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::enum_names::{Enumeration, enumeration};
use crate::reference::{component, escape, target};
use crate::value::{DocumentError, strings, text};

/// A component schema.
#[derive(Debug)]
pub struct Schema {
    /// The name of the component and of the Rust type.
    pub name: String,
    /// The description of the component.
    pub description: String,
    /// The form of the schema, such as an object with its fields.
    pub form: SchemaForm,
    /// Whether only requests, only answers, or both use the schema.
    pub direction: Direction,
    /// The chapter of the Rust type. `shared` if more than one chapter uses the type.
    pub chapter: String,
}

/// The form of a component schema, such as an object with its fields.
#[derive(Debug)]
pub enum SchemaForm {
    /// An object, with its fields in the order of the document.
    Object(Vec<Field>),
    /// A string or an integer with a list of options.
    Enumeration(Enumeration),
    /// A list. The JSON value is the schema of the list's elements.
    List(Value),
    /// A map from strings to values. The JSON value is the schema of the map's values, or `true` for any values.
    Map(Value),
    /// A string, a number or a boolean without a list of options.
    Scalar,
    /// Any JSON value.
    Free,
}

/// Whether only requests, only answers, or both use a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Only requests use the type.
    Request,
    /// Only answers use the type.
    Answer,
    /// Requests and answers use the type.
    Both,
}

impl Direction {
    /// Whether requests use the type.
    pub fn sent(self) -> bool {
        self != Direction::Answer
    }

    /// Whether answers use the type.
    pub fn received(self) -> bool {
        self != Direction::Request
    }
}

/// A property of an object.
#[derive(Debug)]
pub struct Field {
    /// The name of the property in JSON.
    pub name: String,
    /// The description of the property.
    pub description: String,
    /// Whether the list `required` of the object contains the property.
    pub required: bool,
    /// The schema of the property, as in the document.
    pub schema: Value,
}

impl Schema {
    /// The fields of an object. Empty if the schema is not an object with properties.
    pub fn fields(&self) -> &[Field] {
        match &self.form {
            SchemaForm::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Whether a field of this object is a secret. The fields of other components do not count.
    pub fn has_secret(&self) -> bool {
        self.fields().iter().any(Field::is_secret)
    }

    fn references(&self) -> impl Iterator<Item = &str> {
        let own = match &self.form {
            SchemaForm::List(element) | SchemaForm::Map(element) => element_reference(element),
            _ => None,
        };
        let fields = self.fields().iter();
        fields
            .filter_map(|field| element_reference(&field.schema))
            .chain(own)
    }
}

impl Field {
    /// Whether the field has the format `password`, or is a list or map of values with this format.
    pub fn is_secret(&self) -> bool {
        holds_secrets(&self.schema)
    }
}

/// Whether a schema has the format `password`, or is a list or map of values with this format.
pub(crate) fn holds_secrets(schema: &Value) -> bool {
    element(schema)["format"] == "password"
}

/// Returns the innermost schema of nested lists and maps.
fn element(schema: &Value) -> &Value {
    let further = || schema.get("additionalProperties");
    let inner = schema.get("items").or_else(further);
    let inner = inner.filter(|inner| inner.is_object());
    inner.map_or(schema, element)
}

pub(crate) fn element_reference(schema: &Value) -> Option<&str> {
    component(element(schema))
}

/// The names of all schemas that `root` uses directly or indirectly, and `root` itself.
pub fn reachable(schemas: &BTreeMap<String, Schema>, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = vec![root.to_owned()];
    while let Some(name) = queue.pop() {
        if let Some(schema) = schemas.get(&name)
            && found.insert(name)
        {
            queue.extend(schema.references().map(str::to_owned));
        }
    }
    found
}

/// Reads the component schemas with the names in `sent` and `received`, and all schemas that these schemas use.
pub(crate) fn read_reachable(
    document: &Value,
    sent: Vec<String>,
    received: Vec<String>,
) -> Result<BTreeMap<String, Schema>, DocumentError> {
    let all = read_all(document)?;
    let spread = |roots: Vec<String>| -> BTreeSet<String> {
        let reached = roots.iter().flat_map(|root| reachable(&all, root));
        reached.collect()
    };
    let (sent, received) = (spread(sent), spread(received));
    let mut kept = BTreeMap::new();
    for (name, mut schema) in all {
        schema.direction = match (sent.contains(&name), received.contains(&name)) {
            (true, true) => Direction::Both,
            (true, false) => Direction::Request,
            (false, true) => Direction::Answer,
            (false, false) => continue,
        };
        kept.insert(name, schema);
    }
    Ok(kept)
}

fn read_all(document: &Value) -> Result<BTreeMap<String, Schema>, DocumentError> {
    let components = document.pointer("/components/schemas");
    let components = components.and_then(Value::as_object).into_iter().flatten();
    let schemas = components.map(|(name, value)| {
        let form = SchemaForm::from_json(document, value).map_err(|reason| DocumentError {
            pointer: format!("/components/schemas/{}", escape(name)),
            reason,
        })?;
        let schema = Schema {
            name: name.clone(),
            description: text(value, "/description"),
            form,
            direction: Direction::Both,
            chapter: String::new(),
        };
        Ok((name.clone(), schema))
    });
    schemas.collect()
}

impl SchemaForm {
    fn from_json(document: &Value, value: &Value) -> Result<Self, String> {
        let value = target(document, value);
        match value["type"].as_str() {
            Some("object") if value.get("properties").is_some() => Ok(Self::Object(fields(value))),
            Some("object") if value.get("additionalProperties").is_some() => {
                Ok(Self::Map(value["additionalProperties"].clone()))
            }
            Some("object") | None => Ok(Self::Free),
            Some("array") => Ok(Self::List(value["items"].clone())),
            Some("string" | "integer") if value.get("enum").is_some() => {
                enumeration(value).map(Self::Enumeration)
            }
            Some(_) => Ok(Self::Scalar),
        }
    }
}

fn fields(value: &Value) -> Vec<Field> {
    let required = strings(&value["required"]);
    let properties = value["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, schema)| Field {
            name: name.clone(),
            description: text(schema, "/description"),
            required: required.contains(name),
            schema: schema.clone(),
        })
        .collect()
}
