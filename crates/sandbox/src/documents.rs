//! The API documents that the sandbox speaks: those that the clients are made from.

pub(crate) use huaweicloud_dcs::OPENAPI as DCS;
pub(crate) use huaweicloud_iam::OPENAPI as IAM;
pub(crate) use huaweicloud_roma_link::OPENAPI as ROMA_LINK;

/// Our own: no service documents it so.
pub(crate) const METADATA: &str = include_str!("metadata.json");
