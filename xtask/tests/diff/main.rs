//! Tests how `diff` judges the changes of documents. The tests use the library `diff` and the program `xtask`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod documents;
mod front_door;
mod grammar;
#[path = "../mutate/mod.rs"]
#[allow(dead_code)]
mod mutate;
mod random;
mod revisions;
mod rust;
mod shared;
mod strange;
