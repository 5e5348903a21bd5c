//! The kinds of credentials that settings can state.

use crate::settings::environment::Names;
use crate::settings::table::Table;

/// A kind of credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CredentialKind {
    AccessKey,
    Token,
    Password,
    IdentityProvider,
}

/// All kinds, in the order in which one place is searched for them.
pub(crate) const CREDENTIAL_KINDS: [CredentialKind; 4] = [
    CredentialKind::AccessKey,
    CredentialKind::Token,
    CredentialKind::Password,
    CredentialKind::IdentityProvider,
];

impl CredentialKind {
    /// The kind in words, for messages: `access key`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "access key",
            Self::Token => "token",
            Self::Password => "password",
            Self::IdentityProvider => "identity provider",
        }
    }

    /// The settings by which this kind is recognised, the usual one first.
    pub(crate) fn marks(self, table: &Table<'_>) -> [Names; 3] {
        let family = table.family;
        match self {
            Self::AccessKey => [family.access, family.secret, family.security_token],
            Self::Token => [family.token, &[], &[]],
            Self::Password => [family.user, family.user_id, family.password],
            Self::IdentityProvider => [family.provider_id, family.id_token_file, &[]],
        }
    }

    /// Whether the table has a setting of this kind.
    pub(crate) fn is_set(self, table: &Table<'_>) -> bool {
        self.marks(table).into_iter().any(|names| table.has(names))
    }
}
