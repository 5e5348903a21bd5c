//! This program contains all integration tests of the crate that do not need their own process. Linking one program
//! takes less time than linking many programs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../support/model.rs"]
mod model;
#[path = "../support/reference.rs"]
mod reference;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/variants.rs"]
mod variants;

mod answers;
mod arrival;
mod call;
mod config;
mod decode;
mod decode_any;
mod download;
mod errors;
mod failover;
mod intercept;
mod json;
mod known_defects;
mod options;
mod pages;
mod proxy;
mod refusals;
mod retry;
mod runtime;
mod sent_is_signed;
mod shapes;
mod sign;
mod sign_reference;
mod streams;
mod uploads;
mod waits;
mod wire;
