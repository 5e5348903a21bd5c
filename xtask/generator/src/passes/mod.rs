//! Lists the passes, which turn progenitor's output into the API for users.
//!
//! Each pass changes or checks one aspect of [`Code`]. If progenitor's output lacks a fact, the pass uses the model.

mod constructors;
mod decoding;
mod derives;
pub mod docs;
mod encoding;
mod field_order;
mod optional_collections;
mod params;
mod secrets;
mod session;
mod syntax;

use anyhow::Result;

use super::{Code, Part};

/// The name of a pass for error messages, and its function.
pub type Pass = (&'static str, fn(&mut Code, &Part<'_>) -> Result<()>);

/// The passes, in the order in which they are applied.
pub const ALL: &[Pass] = &[
    ("field_order", field_order::apply),
    ("optional_collections", optional_collections::apply),
    ("secrets", secrets::apply),
    ("params", params::apply),
    ("session", session::apply),
    ("constructors", constructors::apply),
    ("decoding", decoding::apply),
    ("encoding", encoding::apply),
    ("docs", docs::apply),
    ("derives", derives::apply),
];

#[cfg(test)]
mod tests;
