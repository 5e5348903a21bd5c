//! This program contains most integration tests of the crate, because linking many programs would take too much time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod identity;
mod load;
mod logins;
mod metadata;
mod password;
mod place;
mod service_names;
mod strange;
mod tell;
