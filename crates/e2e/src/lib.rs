//! End-to-end tests: the generated clients call the sandbox through their public APIs.
//!
//! [`Recorder`] is a proxy between a client and a server that records the exchanges. [`Document`] checks whether the
//! exchanges agree with the documentation.

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
