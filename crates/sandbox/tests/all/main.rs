//! This program contains most integration tests of the sandbox, because linking many programs would take too much time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../support/leaks.rs"]
mod leaks;
#[path = "../support/mod.rs"]
mod support;

mod authentication;
mod dcs;
mod dcs_analysis;
mod dcs_backups;
mod dcs_diagnosis;
mod dcs_instances;
mod dcs_migration;
mod dcs_shards;
mod dcs_tasks;
mod devices;
mod faults;
mod link;
mod model;
mod program;
mod protocol;
mod temporary_keys;
mod upgrade;
