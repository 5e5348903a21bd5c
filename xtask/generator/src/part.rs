//! Splits a service into parts that are generated in parallel: each chapter, and the types that several chapters share.
//!
//! A thread cannot send a syntax tree to another thread. So one thread makes the whole code of a part, from an excerpt
//! of the document. Different parts can use different threads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::model::{Api, Chapter, Enumeration, Operation, SHARED, Schema, SchemaForm, module_name};

pub struct Part<'a> {
    pub api: &'a Api,
    /// The chapter of the part. The part of the shared types has no chapter.
    pub chapter: Option<&'a Chapter>,
    /// The operations of the chapter, in the order of the document.
    pub operations: Vec<&'a Operation>,
    /// The object schemas of the part, by name.
    pub schemas: BTreeMap<&'a str, &'a Schema>,
    /// The enums of the part, each with its schema.
    pub enums: Vec<(&'a Schema, &'a Enumeration)>,
}

/// The excerpt of a document, from which progenitor generates a part.
pub struct Excerpt {
    pub document: Value,
    /// The types that the part uses but progenitor must not generate: enums, and types in other modules.
    pub elsewhere: BTreeSet<String>,
}

/// Returns one part for each chapter. If there are shared types, the last part contains these types.
pub fn split(api: &Api) -> Vec<Part<'_>> {
    let chapters = api.chapters.iter().map(Some).chain([None]);
    let empty = |chapter| Part {
        api,
        chapter,
        operations: Vec::new(),
        schemas: BTreeMap::new(),
        enums: Vec::new(),
    };
    let mut parts: Vec<Part<'_>> = chapters.map(empty).collect();
    let named = parts.iter().enumerate();
    let homes: HashMap<&str, usize> = named.map(|(index, part)| (part.name(), index)).collect();
    for operation in &api.operations {
        if let Some(home) = homes.get(operation.chapter.as_str()) {
            parts[*home].operations.push(operation);
        }
    }
    for schema in api.schemas.values() {
        let Some(home) = homes.get(schema.chapter.as_str()) else {
            continue;
        };
        match &schema.form {
            SchemaForm::Enumeration(of) => parts[*home].enums.push((schema, of)),
            SchemaForm::Object(_) => drop(parts[*home].schemas.insert(&schema.name, schema)),
            _ => {}
        }
    }
    let holds_types = |part: &Part<'_>| !part.schemas.is_empty() || !part.enums.is_empty();
    parts.retain(|part| part.chapter.is_some() || holds_types(part));
    parts
}

impl<'a> Part<'a> {
    fn name(&self) -> &'a str {
        self.chapter.map_or(SHARED, |chapter| &chapter.name)
    }

    pub fn module(&self) -> String {
        module_name(self.name())
    }

    /// Returns the object schema with this name.
    ///
    /// # Errors
    /// Fails if the part has no object schema with this name.
    pub fn schema(&self, name: &str) -> Result<&Schema> {
        let schema = self.schemas.get(name).copied();
        schema.with_context(|| {
            format!(
                "{}: the module {} has no object schema {name}",
                self.api.service,
                self.module()
            )
        })
    }

    /// Returns the part's excerpt of a lowered document. Types in [`Excerpt::elsewhere`] have empty schemas there.
    pub fn excerpt(&self, lowered: &Value) -> Excerpt {
        let paths = Value::Object(self.paths(lowered));
        let mut components = Components {
            part: self,
            lowered,
            found: Map::new(),
            elsewhere: BTreeSet::new(),
        };
        components.collect(&paths);
        for name in self.schemas.keys() {
            components.add("schemas", name);
        }
        let document = [
            ("openapi", lowered["openapi"].clone()),
            ("info", lowered["info"].clone()),
            ("paths", paths),
            ("components", Value::Object(components.found)),
        ];
        Excerpt {
            document: Value::from_iter(document),
            elsewhere: components.elsewhere,
        }
    }

    fn paths(&self, lowered: &Value) -> Map<String, Value> {
        let mut paths = Map::new();
        for operation in &self.operations {
            let item = &lowered["paths"][&operation.path];
            let method = operation.method.to_lowercase();
            let own = paths
                .entry(operation.path.clone())
                .or_insert_with(|| json!({}));
            own["parameters"] = item.get("parameters").cloned().unwrap_or_else(|| json!([]));
            own[&method] = item[&method].clone();
        }
        paths
    }
}

/// Follows the references from the operations and schemas of a part to all components that the part needs.
struct Components<'a> {
    part: &'a Part<'a>,
    lowered: &'a Value,
    found: Map<String, Value>,
    elsewhere: BTreeSet<String>,
}

impl Components<'_> {
    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str);
                let target = target.and_then(|reference| reference.strip_prefix("#/components/"));
                if let Some((kind, name)) = target.and_then(|target| target.split_once('/')) {
                    self.add(kind, name);
                }
                map.values().for_each(|inner| self.collect(inner));
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }

    fn add(&mut self, kind: &str, name: &str) {
        let of_kind = self.found.entry(kind).or_insert_with(|| json!({}));
        if of_kind.get(name).is_some() {
            return;
        }
        let elsewhere = kind == "schemas" && !self.part.schemas.contains_key(name);
        if elsewhere {
            // `with_replacement` makes typify use only the name of this type. The schema must exist, but can be empty.
            of_kind[name] = json!({});
            self.elsewhere.insert(name.to_owned());
            return;
        }
        let component = &self.lowered["components"][kind][name];
        of_kind[name] = component.clone();
        self.collect(component);
    }
}
