//! Reads the OpenAPI documents of the SDK as a typed model, and checks values against the schemas of a document.
//!
//! A merged document is the OpenAPI document of a whole service, made from the service's YAML files. [`nodes::Nodes`]
//! lists all objects of a merged document according to the [`grammar`]. Lint, the check of the YAML files, uses this
//! list. [`Api`] is the typed model of a merged document. The sandbox and the generator use this model.
//!
//! In this crate, the position of a value means its JSON pointer. The order of the document means the order of the keys
//! in the `serde_json` maps. With `serde_json`'s feature `preserve_order`, this is the order of keys in the YAML files.

mod api;
mod enum_names;
mod error_code;
pub mod extension;
#[allow(missing_docs, reason = "most names are names of OpenAPI")]
pub mod grammar;
pub mod name_rules;
pub mod nodes;
mod operation;
mod password_rule;
pub mod reference;
mod schema;
pub mod validity;
mod value;

pub use api::{Api, Chapter, SHARED, Server, module_name};
pub use enum_names::{Choice, Enumeration};
pub use error_code::Hint;
pub use operation::{
    Content, METHODS, Operation, Page, Parameter, ParameterLocation, RequestBody, Success, is_safe,
};
pub use password_rule::{CharacterClass, PasswordRule};
pub use schema::{Direction, Field, Schema, SchemaForm, reachable};
pub use value::{DocumentError, strings, text};
