//! One test program for most of the tests that do not need their own process. Linking takes the largest part of the
//! build time, so these tests share one program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../wire/calls.rs"]
mod calls;
#[path = "../wire/given.rs"]
mod given;
#[path = "../support/mod.rs"]
mod support;
#[path = "../types/mod.rs"]
mod types;

mod concurrent;
mod credentials;
mod dcs;
mod dcs_accounts;
mod dcs_analysis;
mod dcs_backups;
mod dcs_instances;
mod dcs_migration;
mod dcs_network;
mod dcs_parameters;
mod dcs_sessions;
mod dcs_shards;
mod dcs_tasks;
mod examples;
mod link;
mod link_files_and_commands;
mod link_groups_and_rules;
mod official_names;
mod older_clients;
mod recorder;
mod regions;
mod sandbox_config;
mod secrets;
mod send;
mod side_by_side;
mod signing;
mod soak;
mod waits;
