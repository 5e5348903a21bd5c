//! The API documents that the sandbox speaks.

pub(crate) const IAM: &str = include_str!("../stub/iam.json");
pub(crate) const ROMA_LINK: &str = include_str!("../stub/roma-link.json");
pub(crate) const DCS: &str = include_str!("../stub/dcs.json");
