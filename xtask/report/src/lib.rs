//! Output of the tools: findings and their formats, the terminal, and files that are written or compared.

pub mod files;
pub mod findings;
pub mod terminal;
