//! The model of a merged document: the operations, types and addresses of a service.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error_code::{self, Hint};
use crate::operation::{self, Operation};
use crate::schema::{self, Schema};
use crate::value::{DocumentError, strings, text};

/// The name of the module for types that more than one chapter uses.
pub const SHARED: &str = "shared";

/// One service, as its merged document describes it.
#[derive(Debug)]
pub struct Api {
    /// The name of the folder: `roma-link`.
    pub service: String,
    /// `info.title`.
    pub title: String,
    /// The addresses of the service, in the document's order.
    pub servers: Vec<Server>,
    /// The chapters in the order of `tags`. Each chapter is a module and a feature.
    pub chapters: Vec<Chapter>,
    /// Every operation, in the document's order.
    pub operations: Vec<Operation>,
    /// Every schema that a request or a success answer uses.
    pub schemas: BTreeMap<String, Schema>,
    /// The advice for each error code, sorted by code.
    pub hints: Vec<Hint>,
}

/// One entry of `servers`.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// `x-cloud`: `huaweicloud` or `otc`.
    pub cloud: String,
    /// The address. A variable region is written as `{region}`.
    pub url: String,
    /// The possible values of `{region}`, or those of `x-regions`. Empty if the address has no region.
    pub regions: Vec<String>,
}

/// One chapter of the documentation.
#[derive(Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The tag and feature: `access-keys`.
    pub name: String,
    /// The description of the tag.
    pub description: String,
}

impl Chapter {
    /// The Rust module of the chapter: `access_keys`.
    pub fn module(&self) -> String {
        module_name(&self.name)
    }
}

/// The name of the Rust module for a chapter.
pub fn module_name(chapter: &str) -> String {
    chapter.replace('-', "_")
}

impl Api {
    /// Reads the model from a merged document that lint has accepted.
    ///
    /// # Errors
    ///
    /// The error names the position that does not have the expected form.
    pub fn from_document(service: &str, document: &Value) -> Result<Self, DocumentError> {
        let operations = operation::read_all(document)?;
        let roots = |of: fn(&Operation) -> Vec<String>| operations.iter().flat_map(of).collect();
        let (sent, received) = (roots(Operation::sent), roots(Operation::received));
        let mut schemas = schema::read_reachable(document, sent, received)?;
        place_in_chapters(&mut schemas, &operations);
        let listed = |key: &str| document[key].as_array().into_iter().flatten();
        let mut api = Self {
            service: service.to_owned(),
            title: text(document, "/info/title"),
            servers: listed("servers").map(server).collect(),
            chapters: listed("tags").map(chapter).collect(),
            operations,
            schemas,
            hints: error_code::read_all(document),
        };
        for index in 0..api.operations.len() {
            let secret = api.carries_secret(&api.operations[index]);
            api.operations[index].secret = secret;
        }
        Ok(api)
    }

    fn carries_secret(&self, operation: &Operation) -> bool {
        let carried = operation.sent().into_iter().chain(operation.received());
        operation.secret
            || carried
                .flat_map(|root| schema::reachable(&self.schemas, &root))
                .any(|name| self.schemas.get(&name).is_some_and(Schema::has_secret))
    }
}

/// If only one chapter uses a type, the type is in the module of that chapter. Otherwise it is in `shared`.
fn place_in_chapters(schemas: &mut BTreeMap<String, Schema>, operations: &[Operation]) {
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations {
        for root in operation.sent().into_iter().chain(operation.received()) {
            for name in schema::reachable(schemas, &root) {
                let chapters = users.entry(name).or_default();
                chapters.insert(operation.chapter.clone());
            }
        }
    }
    for (name, chapters) in users {
        if let (Some(schema), Some(first)) = (schemas.get_mut(&name), chapters.first()) {
            let is_shared = chapters.len() > 1;
            schema.chapter = if is_shared { SHARED } else { first }.to_owned();
        }
    }
}

fn server(value: &Value) -> Server {
    let regions = value.pointer("/variables/region/enum");
    let regions = regions.or_else(|| value.get("x-regions"));
    Server {
        cloud: text(value, "/x-cloud"),
        regions: regions.map(strings).unwrap_or_default(),
        url: text(value, "/url"),
    }
}

fn chapter(tag: &Value) -> Chapter {
    Chapter {
        name: text(tag, "/name"),
        description: text(tag, "/description"),
    }
}
