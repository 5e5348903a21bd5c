//! The names of the services that have clients.
// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.

/// For each service, sorted: its name, the variable with its address, and its name in the official SDKs.
pub(crate) const SERVICES: [(&str, &str, &str); 3] = [
    ("dcs", "HUAWEICLOUD_ENDPOINT_DCS", "DCS"),
    ("iam", "HUAWEICLOUD_ENDPOINT_IAM", "IAM"),
    ("roma-link", "HUAWEICLOUD_ENDPOINT_ROMA_LINK", "ROMA"),
];
