//! Reads the settings of one place, and makes the credential that they state.

pub(crate) mod find;
pub(crate) mod kind;
mod stated;
