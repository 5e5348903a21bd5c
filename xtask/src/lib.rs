//! `cargo xtask`: the verbs and their arguments. The crates beside this one do the work.

pub mod cli;
pub mod list;
pub mod verbs;
