use std::fmt;
use std::str::FromStr;

/// A service that the sandbox speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Identity and access management.
    Iam,
    /// ROMA Connect device integration.
    RomaLink,
    /// Distributed Cache Service.
    Dcs,
    /// What an elastic cloud server and a container are asked for their credentials.
    Metadata,
}

impl Service {
    /// In the order in which everything by service is kept.
    pub const ALL: [Self; 4] = [Self::Iam, Self::RomaLink, Self::Dcs, Self::Metadata];

    /// `iam`, `roma-link`, `dcs` or `metadata`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::RomaLink => "roma-link",
            Self::Dcs => "dcs",
            Self::Metadata => "metadata",
        }
    }

    /// The API document, OpenAPI 3.0 as JSON.
    pub(crate) fn document(self) -> &'static str {
        match self {
            Self::Iam => crate::documents::IAM,
            Self::RomaLink => crate::documents::ROMA_LINK,
            Self::Dcs => crate::documents::DCS,
            Self::Metadata => crate::documents::METADATA,
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Service {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|service| service.name() == text);
        found.ok_or_else(|| {
            format!("`{text}` is no service; there are iam, roma-link, dcs and metadata")
        })
    }
}
