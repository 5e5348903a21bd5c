//! What the generator knows of a service: its operations and types, read from
//! the merged document before anything is lowered.
//!
//! progenitor drops extensions, enum names, defaults and limits. The passes
//! over its output take them from here.

mod hint;
mod operation;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

pub use hint::Hint;
pub use operation::{Body, Operation, Page, Parameter, Place, Success, is_safe};
pub use schema::{Choice, Direction, Enumeration, Field, Kind, Schema, reachable};

/// The module of the types that more than one chapter uses.
pub const SHARED: &str = "shared";

/// One service, as its merged document describes it.
#[derive(Debug)]
pub struct Api {
    /// The folder's name: `roma-link`.
    pub service: String,
    /// `info.title`.
    pub title: String,
    /// Where the service is reached, in the document's order.
    pub servers: Vec<Server>,
    /// The chapters, each a module and a feature, in the order of `tags`.
    pub chapters: Vec<Chapter>,
    /// Every operation, in the document's order.
    pub operations: Vec<Operation>,
    /// Every schema that an operation's request or success answer reaches.
    pub schemas: BTreeMap<String, Schema>,
    /// What to do about each error code, sorted by code.
    pub hints: Vec<Hint>,
}

/// One entry of `servers`.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// `x-cloud`: `huaweicloud` or `otc`.
    pub cloud: String,
    /// The address, with `{region}` where it varies.
    pub url: String,
    /// The regions that `{region}` may stand for, or those of `x-regions`; empty where the address has none.
    pub regions: Vec<String>,
}

/// One chapter of the documentation.
#[derive(Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The tag and feature: `access-keys`.
    pub name: String,
    /// What the tag says of it.
    pub description: String,
}

impl Chapter {
    /// The Rust module of the chapter: `access_keys`.
    pub fn module(&self) -> String {
        module_name(&self.name)
    }
}

/// The Rust module of a chapter's name.
pub fn module_name(chapter: &str) -> String {
    chapter.replace('-', "_")
}

impl Api {
    /// Reads the model out of a merged document that lint has passed.
    ///
    /// # Errors
    ///
    /// Names the operation or schema that is not of the expected form.
    pub fn read(service: &str, document: &Value) -> Result<Api> {
        let operations = operation::read_all(document)?;
        let mut schemas = schema::read_reachable(document, &operations)?;
        place_in_chapters(&mut schemas, &operations);
        let mut api = Api {
            service: service.to_owned(),
            title: text(document, "/info/title"),
            servers: servers(document)?,
            chapters: chapters(document)?,
            operations,
            schemas,
            hints: hint::read_all(document),
        };
        for index in 0..api.operations.len() {
            let secret = api.carries_secret(&api.operations[index]);
            api.operations[index].secret = secret;
        }
        Ok(api)
    }

    fn carries_secret(&self, operation: &Operation) -> bool {
        let bodies = operation.body.iter().map(|body| body.schema.clone());
        let answers = operation.success.iter().filter_map(|s| s.schema.clone());
        operation.secret
            || bodies
                .chain(answers)
                .flat_map(|root| schema::reachable(&self.schemas, &root))
                .any(|name| self.schemas.get(&name).is_some_and(Schema::has_secret))
    }
}

/// A type lives in the one chapter that uses it, else in `shared`.
fn place_in_chapters(schemas: &mut BTreeMap<String, Schema>, operations: &[Operation]) {
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations {
        for root in operation.roots() {
            for name in schema::reachable(schemas, &root) {
                users
                    .entry(name)
                    .or_default()
                    .insert(operation.chapter.clone());
            }
        }
    }
    for (name, chapters) in users {
        if let (Some(schema), Some(first)) = (schemas.get_mut(&name), chapters.first()) {
            let home = if chapters.len() == 1 {
                first.as_str()
            } else {
                SHARED
            };
            schema.chapter = home.to_owned();
        }
    }
}

fn servers(document: &Value) -> Result<Vec<Server>> {
    let listed = document["servers"]
        .as_array()
        .context("the document has no servers")?;
    listed.iter().map(server).collect()
}

fn server(value: &Value) -> Result<Server> {
    let url = text(value, "/url");
    if url.matches('{').count() > usize::from(url.contains("{region}")) {
        bail!("server {url}: only the variable {{region}} is known");
    }
    let regions = value
        .pointer("/variables/region/enum")
        .or_else(|| value.get("x-regions"));
    Ok(Server {
        cloud: text(value, "/x-cloud"),
        regions: regions.map(strings).unwrap_or_default(),
        url,
    })
}

fn chapters(document: &Value) -> Result<Vec<Chapter>> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(chapter).collect()
}

fn chapter(tag: &Value) -> Result<Chapter> {
    let chapter = Chapter {
        name: text(tag, "/name"),
        description: text(tag, "/description"),
    };
    identifier(&chapter.module()).with_context(|| format!("the tag `{}`", chapter.name))?;
    Ok(chapter)
}

/// A name that becomes an identifier: what lint has let through is one.
fn identifier(name: &str) -> Result<()> {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => Ok(()),
        Err(_) => bail!("`{name}` cannot be a name in Rust"),
    }
}

/// The text at a JSON pointer, trimmed; empty when there is none.
pub fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default().trim().to_owned()
}

/// The strings of an array; empty for anything else.
pub fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Follows a `$ref` within the document; a value without one is its own target.
///
/// # Errors
///
/// Names a reference that leads nowhere.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value> {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
        return Ok(value);
    };
    let pointer = reference.strip_prefix('#').unwrap_or(reference);
    document
        .pointer(pointer)
        .with_context(|| format!("{reference} leads nowhere"))
}

/// The component's name that a schema refers to, directly or by the idiom
/// `allOf: [{$ref: ...}]` that gives a reference its own description.
pub fn reference(schema: &Value) -> Option<&str> {
    let target = schema
        .get("$ref")
        .or_else(|| schema.pointer("/allOf/0/$ref"))?;
    target.as_str()?.strip_prefix("#/components/schemas/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tag_that_names_no_module_is_an_error() {
        for name in ["", "-", "2fa", "users/all"] {
            let document = json!({"tags": [{"name": name}]});
            let error = chapters(&document).unwrap_err();
            assert_eq!(error.to_string(), format!("the tag `{name}`"));
        }
    }
}
