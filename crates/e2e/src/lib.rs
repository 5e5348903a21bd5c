//! The clients against the sandbox, through the front door.
//!
//! [`Recorder`] stands between a client and a server and keeps what went over
//! the wire; [`Document`] says whether that is what the documentation promises.

mod document;
#[path = "../../sandbox/tests/support/leaks.rs"]
pub mod leaks;
mod recorder;
pub mod soak;

pub use document::Document;
pub use recorder::{Exchange, Log, Recorder};

/// The README's examples are compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
