//! This test program has many modules, because linking many test programs takes long.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../cases/mod.rs"]
mod cases;
#[path = "../front_door/mod.rs"]
mod front_door;
#[path = "../source/split.rs"]
mod split;

mod cli;
mod extensions;
mod fresh;
mod lint;
mod lint_suffices;
mod mutations;
mod repository;
mod source;
mod words;
