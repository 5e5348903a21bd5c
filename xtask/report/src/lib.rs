//! Writes the output of the xtask tools: findings in several formats, messages on the terminal, and generated files.

pub mod files;
pub mod findings;
pub mod terminal;
