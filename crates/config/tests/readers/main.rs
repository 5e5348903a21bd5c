//! Compares how this crate and other tools read the files and variables of those tools.
//!
//! The folder `tests/data` contains records of the other tools' results, with the versions of the tools. Ordinary tests
//! compare this crate with the records. The record for `NO_PROXY` is in `crates/core/tests/data`, and a test of
//! `huaweicloud-core` uses this record. The ignored tests install and run the tools themselves, which takes a minute:
//!
//! `cargo test --package huaweicloud-config --test readers -- --ignored`
//!
//! With `HUAWEICLOUD_RECORD=1`, this command writes new records. If Python, Go or a package registry is not available,
//! the test reports this fact and passes. The test of `clouds.yaml` also makes new cases: it changes recorded cases at
//! random. `HUAWEICLOUD_READERS_SEED` and `HUAWEICLOUD_READERS_COUNT` set the seed and the number of these cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clouds;
mod peer;
mod profiles;
mod proxies;

#[path = "../support/mod.rs"]
mod support;
