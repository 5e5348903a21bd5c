//! Files and variables of other tools, read as those tools read them.
//!
//! What their own readers say is recorded in `tests/data`, with the versions. An ordinary test holds us to it. The readers themselves are
//! fetched, which takes a minute, so their tests only run when they are asked for:
//!
//! `cargo test --package huaweicloud-config --test readers -- --ignored`
//!
//! With `HUAWEICLOUD_RECORD=1`, it writes new records. A test whose language or registry is not there says so and
//! passes. `HUAWEICLOUD_READERS_SEED` and `HUAWEICLOUD_READERS_COUNT` choose the cases that are made by mutation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clouds;
mod peer;
mod profiles;
mod proxies;

#[path = "../support/mod.rs"]
mod support;
