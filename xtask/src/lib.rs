//! Keeps the OpenAPI transcripts below `openapi/` honest, and makes the clients from them.
//!
//! [`source`] reads the YAML of a service into one document that remembers where everything stands, [`lint`]
//! judges it.

pub mod cli;
pub mod lint;
pub mod list;
pub mod output;
pub mod source;
