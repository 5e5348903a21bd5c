//! Keeps the OpenAPI transcripts below `openapi/` honest, and makes the clients from them.
//!
//! [`source`] reads the YAML of a service into one document that remembers where everything stands.

pub mod card;
pub mod facts;
pub mod files;
pub mod fingerprint;
pub mod generate;
pub mod lower;
pub mod model;
pub mod source;
pub mod surface;
