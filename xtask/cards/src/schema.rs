//! The facts of a schema, at every depth.

use anyhow::Result;
use serde_json::Value;

use super::Fact;
use super::values::{Pair, keyword, leaves, plain, rest, yes};
use generator::facts::LIMITS;
use huaweicloud_openapi::reference::resolve;
use huaweicloud_openapi::strings;

/// What is shown by a line of its own making; everything else that a schema says is shown as it is written.
const SHOWN: [&str; 11] = [
    "$ref",
    "allOf",
    "type",
    "format",
    "items",
    "properties",
    "required",
    "enum",
    "x-enum-varnames",
    "default",
    "additionalProperties",
];

/// Walks a schema and collects its facts.
pub(super) struct Fields<'a> {
    document: &'a Value,
    /// What every place begins with: `request`, `200`.
    prefix: String,
    /// The components on the way here: a recursive one is named, not entered again.
    inside: Vec<String>,
    pub facts: Vec<Fact>,
}

/// A schema with all that `$ref` and `allOf` put in its place.
#[derive(Default)]
struct Layers<'a> {
    names: Vec<String>,
    schemas: Vec<&'a Value>,
}

impl<'a> Fields<'a> {
    pub fn new(document: &'a Value, prefix: &str) -> Self {
        Fields {
            document,
            prefix: prefix.to_owned(),
            inside: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Describes a schema; `first` are facts about the same place from elsewhere.
    pub fn describe(&mut self, schema: &'a Value, first: Vec<Pair>) -> Result<()> {
        self.schema("", schema, first)
    }

    fn schema(&mut self, path: &str, schema: &'a Value, first: Vec<Pair>) -> Result<()> {
        let depth = self.inside.len();
        let mut layers = Layers::default();
        self.layers(schema, &mut layers)?;
        let mut pairs = first;
        for name in &layers.names {
            pairs.push(("schema".to_owned(), name.clone()));
        }
        for layer in &layers.schemas {
            pairs.extend(own(layer));
        }
        pairs.sort_by_key(|(name, _)| rank(name));
        let place = format!("{} {path}", self.prefix).trim_end().to_owned();
        self.facts
            .extend(pairs.into_iter().map(|(name, value)| Fact {
                place: place.clone(),
                name,
                value,
            }));
        for layer in layers.schemas {
            self.below(path, layer)?;
        }
        self.inside.truncate(depth);
        Ok(())
    }

    fn layers(&mut self, schema: &'a Value, layers: &mut Layers<'a>) -> Result<()> {
        layers.schemas.push(schema);
        if let Some(reference) = schema["$ref"].as_str() {
            let name = component_name(reference).to_owned();
            layers.names.push(name.clone());
            if !self.inside.contains(&name) {
                let target = resolve(self.document, schema)?;
                self.inside.push(name);
                self.layers(target, layers)?;
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.layers(part, layers)?;
        }
        Ok(())
    }

    fn below(&mut self, path: &str, schema: &'a Value) -> Result<()> {
        if let Some(items) = schema.get("items") {
            self.schema(&format!("{path}[]"), items, Vec::new())?;
        }
        if schema["additionalProperties"].is_object() {
            let entries = &schema["additionalProperties"];
            self.schema(&format!("{path}{{}}"), entries, Vec::new())?;
        }
        let required = strings(&schema["required"]);
        let properties = schema["properties"].as_object().into_iter().flatten();
        let mut properties: Vec<_> = properties.collect();
        properties.sort_by_key(|(name, _)| *name);
        for (name, property) in properties {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let mandatory = yes(required.contains(name));
            self.schema(&path, property, vec![("mandatory".to_owned(), mandatory)])?;
        }
        Ok(())
    }
}

/// The last part of a reference.
pub(super) fn component_name(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// What a schema says of its own place.
fn own(schema: &Value) -> Vec<Pair> {
    let mut pairs = Vec::new();
    if let Some(kind) = schema.get("type") {
        pairs.push(("type".to_owned(), plain(kind)));
    }
    if let Some(format) = schema.get("format") {
        let secret = if format == "password" { ", secret" } else { "" };
        pairs.push(("format".to_owned(), plain(format) + secret));
    }
    if let Some(default) = schema.get("default") {
        pairs.extend(leaves("default", default));
    }
    if let Some(further) = schema
        .get("additionalProperties")
        .filter(|v| !v.is_object())
    {
        pairs.extend(keyword("additionalProperties", further));
    }
    pairs.extend(rest(schema, &SHOWN));
    pairs.extend(options(schema));
    pairs
}

/// The options with their Rust names, in the order of their values.
fn options(schema: &Value) -> Vec<Pair> {
    let names = strings(&schema["x-enum-varnames"]);
    let values = schema["enum"].as_array().into_iter().flatten();
    let mut options: Vec<_> = values.enumerate().collect();
    options.sort_by_key(|(_, value)| (value.as_i64(), value.as_str()));
    let lines = options.into_iter().map(|(index, value)| {
        let name = names.get(index).map_or("", String::as_str);
        let line = format!("{value} {name}");
        ("option".to_owned(), line.trim_end().to_owned())
    });
    lines.collect()
}

/// Lines about one place: first whether it must be there and what it is, then how far it goes, then what it may be.
fn rank(name: &str) -> usize {
    let first = [
        "mandatory",
        "component",
        "content",
        "schema",
        "type",
        "format",
        "nullable",
        "deprecated",
    ];
    let mut order = first.iter().chain(&LIMITS).chain(&["default"]);
    let extensions = first.len() + LIMITS.len() + 1;
    match order.position(|known| *known == name) {
        Some(position) => position,
        None if name == "option" => extensions + 1,
        None if name.starts_with("example") => extensions + 2,
        None => extensions,
    }
}
