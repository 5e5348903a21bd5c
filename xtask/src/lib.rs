//! Keeps the OpenAPI transcripts below `openapi/` honest, and makes the clients from them.
//!
//! [`source`] finds the transcripts, whose YAML the crate `transcript` reads into one document that remembers where everything
//! stands, [`lint`] judges it, [`model`] and [`lower`] prepare it, [`generate`] makes the code, and [`files`] brings it to disk.
//! [`audit`] compares saved documentation pages with the transcripts. [`card`] and [`surface`] show a reviewer what a
//! change does to the contract and to the Rust API, and [`diff`] whom it breaks.

pub mod audit;
pub mod card;
pub mod cli;
pub mod diff;
pub mod facts;
pub mod files;
pub mod generate;
pub mod lint;
pub mod list;
pub mod lower;
pub mod model;
pub mod mutate;
pub mod output;
mod rust;
pub mod source;
pub mod surface;
pub mod text;
pub mod verbs;
