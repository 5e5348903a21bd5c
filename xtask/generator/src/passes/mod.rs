//! The passes that turn progenitor's output into the API that users see.
//!
//! Each does one thing to [`Code`] and takes what progenitor dropped from the
//! model.

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

/// One pass.
pub struct Pass {
    /// Its name, for error texts.
    pub name: &'static str,
    /// What it does.
    pub apply: fn(&mut Code, &Part<'_>) -> Result<()>,
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
        name: "encoding",
        apply: encoding::apply,
    },
    Pass {
        name: "docs",
        apply: docs::apply,
    },
    Pass {
        name: "derives",
        apply: derives::apply,
    },
];

#[cfg(test)]
mod tests;
