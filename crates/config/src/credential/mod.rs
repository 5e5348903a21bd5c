//! Reads the settings of one source, and makes the credential that they contain.

pub(crate) mod find;
pub(crate) mod kind;
mod stated;
