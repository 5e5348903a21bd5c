//! Code for the end-to-end tests, in which the generated clients call the sandbox.
//!
//! [`Recorder`] is a proxy that records the exchanges between a client and a server. [`Document`] checks whether the
//! answer in an exchange agrees with the OpenAPI document of the service.

mod document;
#[path = "../../sandbox/tests/support/leaks.rs"]
pub mod leaks;
mod recorder;
pub mod soak;

pub use document::Document;
pub use recorder::{Exchange, Log, Recorder};

/// The doctests of this type compile the examples in the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
