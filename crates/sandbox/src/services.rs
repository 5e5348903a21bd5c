//! The services that the sandbox implements.
// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.

use serde::Serialize;

/// A service that the sandbox implements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Service {
    /// The service `dcs`.
    Dcs,
    /// The service `iam`.
    Iam,
    /// The service `roma-link`.
    RomaLink,
    /// The metadata service of a server or a container.
    Metadata,
}

impl Service {
    /// All services in alphabetical order, and then the metadata service.
    pub const ALL: [Self; 4] = [
        Self::Dcs,
        Self::Iam,
        Self::RomaLink,
        Self::Metadata,
    ];

    /// The name in kebab-case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dcs => "dcs",
            Self::Iam => "iam",
            Self::RomaLink => "roma-link",
            Self::Metadata => "metadata",
        }
    }

    /// The API document, OpenAPI 3.0 as JSON.
    pub(crate) fn document(self) -> &'static str {
        match self {
            Self::Dcs => huaweicloud_dcs::OPENAPI,
            Self::Iam => huaweicloud_iam::OPENAPI,
            Self::RomaLink => huaweicloud_roma_link::OPENAPI,
            Self::Metadata => include_str!("metadata.json"),
        }
    }
}

/// The base address of each service.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Addresses {
    /// Base address of `dcs`, such as `http://127.0.0.1:41234`.
    pub dcs: String,
    /// Base address of `iam`, such as `http://127.0.0.1:41234`.
    pub iam: String,
    /// Base address of `roma-link`, such as `http://127.0.0.1:41234`.
    pub roma_link: String,
    /// Base address of `metadata`, such as `http://127.0.0.1:41234`.
    pub metadata: String,
}

impl Addresses {
    pub(crate) fn new(mut address: impl FnMut(Service) -> String) -> Self {
        Self {
            dcs: address(Service::Dcs),
            iam: address(Service::Iam),
            roma_link: address(Service::RomaLink),
            metadata: address(Service::Metadata),
        }
    }
}
