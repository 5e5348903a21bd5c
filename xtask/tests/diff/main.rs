//! What changes of a document mean: each key of the grammar, in both directions, through the library and through the front door.

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
