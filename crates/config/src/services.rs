//! The names of the services that have clients.
// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.

/// Sorted.
pub(crate) const SERVICES: [&str; 3] = [
    "dcs",
    "iam",
    "roma-link",
];
