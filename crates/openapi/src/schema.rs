//! Types: the component schemas that requests and answers use.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::enum_names::{Enumeration, enumeration};
use crate::reference::{component, escape, target};
use crate::value::{DocumentError, strings, text};

/// One component schema.
#[derive(Debug)]
pub struct Schema {
    /// The name. The Rust type has the same name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The kind of the schema, with its content.
    pub form: SchemaForm,
    /// Whether requests, answers or both use it.
    pub direction: Direction,
    /// The chapter whose module has the type, or `shared`.
    pub chapter: String,
}

/// The kind of a component schema, with its content.
#[derive(Debug)]
pub enum SchemaForm {
    /// An object, with its fields in the page's order.
    Object(Vec<Field>),
    /// A list of options.
    Enumeration(Enumeration),
    /// A list of these elements.
    List(Value),
    /// A map from texts to these values.
    Map(Value),
    /// A text, a number or a boolean without a list of options.
    Scalar,
    /// Any JSON value.
    Free,
}

/// Whether requests, answers or both use a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Only in requests.
    Request,
    /// Only in answers.
    Answer,
    /// In both.
    Both,
}

impl Direction {
    /// True if requests use it.
    pub fn sent(self) -> bool {
        self != Direction::Answer
    }

    /// True if answers use it.
    pub fn received(self) -> bool {
        self != Direction::Request
    }
}

/// One property of an object.
#[derive(Debug)]
pub struct Field {
    /// The name in JSON.
    pub name: String,
    /// The description.
    pub description: String,
    /// Whether the page says that it is mandatory.
    pub required: bool,
    /// The schema as it is in the document.
    pub schema: Value,
}

impl Schema {
    /// The fields of an object. Empty for options.
    pub fn fields(&self) -> &[Field] {
        match &self.form {
            SchemaForm::Object(fields) => fields,
            _ => &[],
        }
    }

    /// True if a field of this object itself is a secret.
    pub fn has_secret(&self) -> bool {
        self.fields().iter().any(Field::is_secret)
    }

    /// The components that the schema refers to.
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
    /// True for `format: password`, also for a list or map of such values.
    pub fn is_secret(&self) -> bool {
        holds_secrets(&self.schema)
    }
}

/// Whether a value is a secret, or the elements of a list or map are.
pub(crate) fn holds_secrets(schema: &Value) -> bool {
    element(schema)["format"] == "password"
}

/// The innermost schema of nested lists and maps.
fn element(schema: &Value) -> &Value {
    let further = || schema.get("additionalProperties");
    let inner = schema.get("items").or_else(further);
    let inner = inner.filter(|inner| inner.is_object());
    inner.map_or(schema, element)
}

pub(crate) fn element_reference(schema: &Value) -> Option<&str> {
    component(element(schema))
}

/// The names of all schemas that `root` uses, with `root` itself.
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

/// The components that requests use, and the components that successes use.
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
