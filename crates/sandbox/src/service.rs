/// A service that the sandbox speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Iam,
    RomaLink,
    Dcs,
}

impl Service {
    pub const ALL: [Self; 3] = [Self::Iam, Self::RomaLink, Self::Dcs];

    pub fn name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::RomaLink => "roma-link",
            Self::Dcs => "dcs",
        }
    }

    /// The API document, OpenAPI 3.0 as JSON.
    pub fn document(self) -> &'static str {
        match self {
            Self::Iam => crate::documents::IAM,
            Self::RomaLink => crate::documents::ROMA_LINK,
            Self::Dcs => crate::documents::DCS,
        }
    }
}
