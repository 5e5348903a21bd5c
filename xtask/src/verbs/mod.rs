//! The verbs of `cargo xtask`, one file each.

pub mod audit;
pub mod bench;
pub mod cargo;
pub mod changelog;
pub mod diff;
pub mod generate;
pub mod new;
