//! The passes that turn progenitor's output into the API that users see.
//!
//! Each does one thing to [`Code`] and takes what progenitor dropped from the
//! model.

mod constructors;
mod decoding;
mod derives;
mod docs;
mod enumerations;
mod errors;
mod field_order;
mod operations;
mod optional_collections;
mod params;
mod secrets;
mod session;
mod syntax;

use anyhow::Result;

pub use params::argument_name;
pub use syntax::doc;

use super::code::Code;
use crate::model::Api;

/// One pass.
pub struct Pass {
    /// Its name, for error texts.
    pub name: &'static str,
    /// What it does.
    pub apply: fn(&mut Code, &Api) -> Result<()>,
}

/// The passes, in the order in which they run.
pub const ALL: &[Pass] = &[
    Pass {
        name: "field_order",
        apply: field_order::apply,
    },
    Pass {
        name: "optional_collections",
        apply: optional_collections::apply,
    },
    Pass {
        name: "secrets",
        apply: secrets::apply,
    },
    Pass {
        name: "enumerations",
        apply: enumerations::apply,
    },
    Pass {
        name: "params",
        apply: params::apply,
    },
    Pass {
        name: "session",
        apply: session::apply,
    },
    Pass {
        name: "constructors",
        apply: constructors::apply,
    },
    Pass {
        name: "decoding",
        apply: decoding::apply,
    },
    Pass {
        name: "docs",
        apply: docs::apply,
    },
    Pass {
        name: "derives",
        apply: derives::apply,
    },
    Pass {
        name: "errors",
        apply: errors::apply,
    },
    Pass {
        name: "operations",
        apply: operations::apply,
    },
];

#[cfg(test)]
mod tests;
