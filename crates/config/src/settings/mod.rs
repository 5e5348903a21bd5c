//! Reads settings from variables and files, and lists the names that tools use for these settings.

pub(crate) mod environment;
pub(crate) mod family;
pub(crate) mod file;
pub(crate) mod folders;
pub(crate) mod half_set;
pub(crate) mod ini;
pub(crate) mod table;
pub(crate) mod values;
pub(crate) mod yaml;
