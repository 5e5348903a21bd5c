//! From the settings of one place to the credential that they state.

pub(crate) mod find;
pub(crate) mod kind;
mod stated;
