//! The typed model of a merged document (see the crate's documentation): operations, types and addresses of a service.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error_code::{self, Hint};
use crate::operation::{self, Operation};
use crate::schema::{self, Schema};
use crate::value::{DocumentError, strings, text};

/// The name of the module for types that more than one chapter uses.
pub const SHARED: &str = "shared";

/// A service that a merged document describes.
#[derive(Debug)]
pub struct Api {
    /// The name of the service's folder, such as `roma-link`.
    pub service: String,
    /// `info.title`.
    pub title: String,
    /// The base addresses of the service, in the order of the document.
    pub servers: Vec<Server>,
    /// The chapters in the order of `tags`. For each chapter, the client crate has a module and a cargo feature.
    pub chapters: Vec<Chapter>,
    /// All operations, in the order of the document's paths. Within a path, the order is the order of `METHODS`.
    pub operations: Vec<Operation>,
    /// All component schemas that requests or success answers use, directly or indirectly. The key is the name.
    pub schemas: BTreeMap<String, Schema>,
    /// The advice for error codes, sorted by error code.
    pub hints: Vec<Hint>,
}

/// One entry of `servers`.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// The cloud of the address, from `x-cloud`: `huaweicloud` or `otc`.
    pub cloud: String,
    /// The base address. If the address depends on the region, it contains `{region}`.
    pub url: String,
    /// The values that the document lists for `{region}`. Without such a list, the regions in `x-regions`, if any.
    pub regions: Vec<String>,
}

/// A chapter of the documentation: a group of operations with the same tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The name of the tag and of the cargo feature, such as `access-keys`.
    pub name: String,
    /// The description of the tag.
    pub description: String,
}

impl Chapter {
    /// The name of the chapter's Rust module, such as `access_keys`.
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
    /// `paths`, an operation or a component schema has a wrong form. The error contains the JSON pointer of this value.
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

/// Sets the chapter of each type. If several chapters use the type, the chapter is `shared`.
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
