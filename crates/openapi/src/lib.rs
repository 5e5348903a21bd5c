//! The OpenAPI documents of the SDK, as one typed model.
//!
//! A merged document is read in two steps. [`nodes::Nodes`] finds every object along the [`grammar`], for tools that
//! judge a document. [`Api`] is the typed model, for tools that use one: the sandbox and the generator.
//!
//! Places are JSON pointers. The crate keeps the order of the given map. A tool that needs the order of the pages uses
//! `preserve_order` of `serde_json`.

mod api;
mod enum_names;
mod error_code;
pub mod extension;
#[allow(missing_docs, reason = "the names are keys of OpenAPI")]
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
