//! Types: the component schemas that requests and answers reach.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{Operation, identifier, reference, strings, text};

/// One component schema.
#[derive(Debug)]
pub struct Schema {
    /// Its name, which is also the Rust type's.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it is.
    pub kind: Kind,
    /// Which way it travels.
    pub direction: Direction,
    /// The chapter whose module holds it, or `shared`.
    pub chapter: String,
}

/// What a component schema is.
#[derive(Debug)]
pub enum Kind {
    /// An object, with its fields in the page's order.
    Object(Vec<Field>),
    /// A list of options.
    Enumeration(Enumeration),
}

/// Which way a type travels.
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
    /// True when requests hold it.
    pub fn sent(self) -> bool {
        self != Direction::Answer
    }

    /// True when answers hold it.
    pub fn received(self) -> bool {
        self != Direction::Request
    }
}

/// One property of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Whether the page calls it mandatory.
    pub required: bool,
    /// Its schema, as the document has it.
    pub schema: Value,
}

/// The options of a string or integer.
#[derive(Debug)]
pub struct Enumeration {
    /// True for integers, false for strings.
    pub integer: bool,
    /// The documented options.
    pub choices: Vec<Choice>,
}

/// One documented option.
#[derive(Debug)]
pub struct Choice {
    /// Its value on the wire.
    pub value: Value,
    /// Its Rust name.
    pub name: String,
    /// What it means.
    pub description: String,
}

impl Schema {
    /// The fields of an object; none for options.
    pub fn fields(&self) -> &[Field] {
        match &self.kind {
            Kind::Object(fields) => fields,
            Kind::Enumeration(_) => &[],
        }
    }

    /// True when a field of its own, at this level, is a secret.
    pub fn has_secret(&self) -> bool {
        self.fields().iter().any(Field::is_secret)
    }

    /// The components that its fields name.
    fn references(&self) -> impl Iterator<Item = &str> {
        self.fields()
            .iter()
            .filter_map(|field| element_reference(&field.schema))
    }
}

impl Field {
    /// True for `format: password`, alone or as the elements of a list or map.
    pub fn is_secret(&self) -> bool {
        element(&self.schema)["format"] == "password"
    }
}

/// The innermost schema of nested lists and maps.
fn element(schema: &Value) -> &Value {
    let inner = schema
        .get("items")
        .or_else(|| schema.get("additionalProperties"));
    inner
        .filter(|inner| inner.is_object())
        .map_or(schema, element)
}

fn element_reference(schema: &Value) -> Option<&str> {
    reference(element(schema))
}

/// The names of all schemas that `root` holds, itself included.
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

pub(super) fn read_reachable(
    document: &Value,
    operations: &[Operation],
) -> Result<BTreeMap<String, Schema>> {
    let all = read_all(document)?;
    let sent = spread(&all, operations, |operation| {
        let body = operation.body.iter().map(|body| body.schema.clone());
        let parameters = operation
            .parameters
            .iter()
            .filter_map(|p| element_reference(&p.schema));
        body.chain(parameters.map(str::to_owned)).collect()
    });
    let received = spread(&all, operations, |operation| {
        operation
            .success
            .iter()
            .filter_map(|success| success.schema.clone())
            .collect()
    });
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

fn spread(
    schemas: &BTreeMap<String, Schema>,
    operations: &[Operation],
    roots: impl Fn(&Operation) -> Vec<String>,
) -> BTreeSet<String> {
    let roots = operations.iter().flat_map(roots);
    roots.flat_map(|root| reachable(schemas, &root)).collect()
}

fn read_all(document: &Value) -> Result<BTreeMap<String, Schema>> {
    let components = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let components = components.context("the document has no components")?;
    components
        .iter()
        .map(|(name, value)| {
            let schema = read(name, value).with_context(|| format!("schema {name}"))?;
            Ok((name.clone(), schema))
        })
        .collect()
}

fn read(name: &str, value: &Value) -> Result<Schema> {
    identifier(name)?;
    let kind = match value["type"].as_str() {
        Some("object") => Kind::Object(fields(value)),
        Some("string" | "integer") if value.get("enum").is_some() => {
            Kind::Enumeration(enumeration(value)?)
        }
        other => bail!("a component of type {other:?} without options is not supported"),
    };
    Ok(Schema {
        name: name.to_owned(),
        description: text(value, "/description"),
        kind,
        direction: Direction::Both,
        chapter: String::new(),
    })
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

fn enumeration(value: &Value) -> Result<Enumeration> {
    let names = strings(&value["x-enum-varnames"]);
    let descriptions = strings(&value["x-enum-descriptions"]);
    let values = value["enum"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if values.len() != names.len() || values.len() != descriptions.len() {
        bail!("enum, x-enum-varnames and x-enum-descriptions are not of one length");
    }
    names.iter().try_for_each(|name| identifier(name))?;
    let choices = values.iter().zip(names).zip(descriptions);
    Ok(Enumeration {
        integer: value["type"] == "integer",
        choices: choices
            .map(|((value, name), description)| Choice {
                value: value.clone(),
                name,
                description,
            })
            .collect(),
    })
}
