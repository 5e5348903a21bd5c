//! What those who depend on the clients have for their tests, and the examples that they start from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod given;
mod recorder;
#[path = "../support/mod.rs"]
mod support;
