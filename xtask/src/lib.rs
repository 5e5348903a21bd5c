//! `cargo xtask`: the verbs (subcommands) and their arguments. The crates in the subfolders of `xtask` do the work.

pub mod cli;
pub mod list;
pub mod verbs;
