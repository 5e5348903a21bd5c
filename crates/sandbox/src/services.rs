//! The documents of the services, as their clients have them.
// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.

/// Name and OpenAPI document of each service, sorted by name.
pub(crate) static DOCUMENTS: [(&str, &str); 3] = [
    ("dcs", huaweicloud_dcs::OPENAPI),
    ("iam", huaweicloud_iam::OPENAPI),
    ("roma-link", huaweicloud_roma_link::OPENAPI),
];
