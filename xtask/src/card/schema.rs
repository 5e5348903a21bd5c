//! The facts of a schema, at every depth.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Fact, extensions, plain, yes};
use crate::facts::LIMITS;
use crate::model::strings;

/// What a card says of a schema besides its type and its limits.
const KEYWORDS: [&str; 4] = ["nullable", "readOnly", "writeOnly", "deprecated"];

/// Walks a schema and collects its facts.
pub struct Fields<'a> {
    document: &'a Value,
    /// What every place begins with: `request`, `200`.
    prefix: String,
    /// The components on the way here: a recursive one is named, not entered again.
    inside: Vec<String>,
    pub facts: Vec<Fact>,
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

    pub fn describe(&mut self, schema: &'a Value) -> Result<()> {
        self.schema("", schema)
    }

    fn add(&mut self, path: &str, name: &str, value: impl ToString) {
        let place = format!("{} {path}", self.prefix).trim_end().to_owned();
        self.facts.push(Fact {
            place,
            name: name.to_owned(),
            value: value.to_string(),
        });
    }

    fn schema(&mut self, path: &str, schema: &'a Value) -> Result<()> {
        if let Some(kind) = schema.get("type") {
            self.add(path, "type", kind_of(schema, &plain(kind)));
        }
        self.keywords(path, schema);
        self.options(path, schema);
        if let Some(reference) = schema["$ref"].as_str() {
            return self.component(path, reference);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.schema(path, part)?;
        }
        if let Some(items) = schema.get("items") {
            self.schema(&format!("{path}[]"), items)?;
        }
        match &schema["additionalProperties"] {
            entry @ Value::Object(_) => self.schema(&format!("{path}{{}}"), entry)?,
            Value::Bool(allowed) => {
                self.add(path, "further fields", if *allowed { "yes" } else { "no" })
            }
            _ => {}
        }
        self.properties(path, schema)
    }

    fn component(&mut self, path: &str, reference: &str) -> Result<()> {
        let name = reference.rsplit('/').next().unwrap_or(reference).to_owned();
        self.add(path, "schema", &name);
        if self.inside.contains(&name) {
            return Ok(());
        }
        let document = self.document;
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        let target = target.with_context(|| format!("{reference} leads nowhere"))?;
        self.inside.push(name);
        let result = self.schema(path, target);
        self.inside.pop();
        result
    }

    fn properties(&mut self, path: &str, schema: &'a Value) -> Result<()> {
        let required = strings(&schema["required"]);
        let mut properties: Vec<_> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .collect();
        properties.sort_by_key(|(name, _)| (*name).clone());
        for (name, property) in properties {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            self.add(
                &path,
                "mandatory",
                yes(&Value::Bool(required.contains(name))),
            );
            self.schema(&path, property)?;
        }
        Ok(())
    }

    fn keywords(&mut self, path: &str, schema: &Value) {
        for name in KEYWORDS.into_iter().chain(LIMITS) {
            if let Some(value) = schema.get(name) {
                self.add(path, name, plain(value));
            }
        }
        if let Some(default) = schema.get("default") {
            self.add(path, "default", default);
        }
        for (name, value) in extensions(schema) {
            // The names and meanings of options stand beside the options.
            if !name.starts_with("x-enum-") {
                self.add(path, name, plain(value));
            }
        }
    }

    fn options(&mut self, path: &str, schema: &Value) {
        let names = strings(&schema["x-enum-varnames"]);
        let values = schema["enum"].as_array().into_iter().flatten();
        for (index, value) in values.enumerate() {
            let name = names.get(index).map_or("", String::as_str);
            self.add(path, "option", format!("{value} {name}").trim_end());
        }
    }
}

/// `integer int64`; a password is a secret.
fn kind_of(schema: &Value, kind: &str) -> String {
    match schema["format"].as_str() {
        Some("password") => format!("{kind}, secret"),
        Some(format) => format!("{kind} {format}"),
        None => kind.to_owned(),
    }
}
