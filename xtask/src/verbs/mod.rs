//! The verbs (subcommands) of `cargo xtask`. Each verb has its own file.

pub mod audit;
pub mod bench;
pub mod cargo;
pub mod changelog;
pub mod diff;
pub mod generate;
pub mod new;
