//! The output of the xtask tools: findings and their formats, the terminal, and files that are compared or written.

pub mod files;
pub mod findings;
pub mod terminal;
