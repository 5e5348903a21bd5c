//! The kinds of credentials that settings can contain, and the login method that settings can request.

use crate::settings::environment::{Names, Variable};
use crate::settings::table::Table;
use huaweicloud_core::{Error, ErrorKind};

/// A kind of credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CredentialKind {
    AccessKey,
    Token,
    Password,
    IdentityProvider,
}

/// All kinds, in the default order of the search.
pub(crate) const CREDENTIAL_KINDS: [CredentialKind; 4] = [
    CredentialKind::AccessKey,
    CredentialKind::Token,
    CredentialKind::Password,
    CredentialKind::IdentityProvider,
];

impl CredentialKind {
    /// Returns the name of the kind for messages, such as `access key`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "access key",
            Self::Token => "token",
            Self::Password => "password",
            Self::IdentityProvider => "identity provider",
        }
    }

    /// Returns the settings by which [`is_set`](Self::is_set) detects this kind, each with all its names. Messages show
    /// the first name of the first setting.
    pub(crate) fn marks(self, table: &Table<'_>) -> [Names; 3] {
        let family = table.family;
        match self {
            Self::AccessKey => [family.access, family.secret, family.security_token],
            Self::Token => [family.token, &[], &[]],
            Self::Password => [family.user, family.user_id, family.password],
            Self::IdentityProvider => [family.provider_id, family.id_token_file, &[]],
        }
    }

    /// Returns whether the table contains a setting of this kind.
    pub(crate) fn is_set(self, table: &Table<'_>) -> bool {
        self.marks(table).into_iter().any(|names| table.has(names))
    }
}

/// Returns the kinds of credentials to search for in a source, in the order of the search.
///
/// If the settings state a login method, the result is only the kind of this method. Otherwise the result is all kinds.
///
/// # Errors
/// The settings request a method or an identity that is not supported. Or the settings state a method, but contain only
/// credentials of other kinds.
pub(crate) fn kinds_in_order(table: &Table<'_>) -> Result<Vec<CredentialKind>, Error> {
    let family = table.family;
    if let Some(other) = table.settings.first(family.other_scopes)? {
        return Err(other_identity(&other, table));
    }
    let Some(method) = table.settings.first(family.method)? else {
        if let Some(other) = table.settings.first(family.other_credentials)? {
            return Err(other_identity(&other, table));
        }
        let mut kinds = CREDENTIAL_KINDS.to_vec();
        // If all settings of an identity provider are set, the official SDKs prefer the identity provider to an access
        // key.
        if table.has(family.provider_id) && table.has(family.id_token_file) {
            kinds.rotate_right(1);
        }
        // Only the families of OpenStack's tools have names for the method. If a user is set and no method is stated,
        // these tools log in with the password, even if a token is set.
        let prefers_password = !family.method.is_empty();
        if prefers_password && (table.has(family.user) || table.has(family.user_id)) {
            kinds.swap(1, 2);
        }
        return Ok(kinds);
    };
    let kind = kind_of_method(&method, table)?;
    let others = CREDENTIAL_KINDS
        .into_iter()
        .any(|other| other.is_set(table));
    if others && !kind.is_set(table) {
        let usual = kind.marks(table)[0].first().copied().unwrap_or_default();
        let message = format!(
            "{} in {} requires login by {}, but {usual} is not set",
            method.name,
            table.place,
            kind.name()
        );
        let help = format!(
            "set {usual} and the other settings of this login, or remove {}",
            method.name
        );
        return Err(Error::new(ErrorKind::Credentials, message).with_help(help));
    }
    Ok(vec![kind])
}

/// Returns the error for a setting that requests an identity that this crate does not support.
///
/// Without this error, calls would act as the user, with other permissions.
fn other_identity(setting: &Variable, table: &Table<'_>) -> Error {
    let message = format!(
        "{} in {} requests an identity that is not supported",
        setting.name, table.place
    );
    let help = format!("remove {} if calls must act as the user", setting.name);
    Error::new(ErrorKind::Credentials, message).with_help(help)
}

fn kind_of_method(method: &Variable, table: &Table<'_>) -> Result<CredentialKind, Error> {
    match method.value.trim() {
        "password" | "v3password" => return Ok(CredentialKind::Password),
        "token" | "v3token" => return Ok(CredentialKind::Token),
        "aksk" | "v3aksk" => return Ok(CredentialKind::AccessKey),
        // This method combines the methods that the settings in `method_parts` list.
        "v3multifactor" if has_known_parts(table)? => return Ok(CredentialKind::Password),
        _ => {}
    }
    // The message shows only a short word, because a user could have put a secret here by mistake.
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let shown = match method.value.trim() {
        text if text.len() <= 40 && text.chars().all(is_word) => text,
        _ => "(not shown)",
    };
    let message = format!(
        "{} has no credentials that can be used here: {} selects the method {shown}, which is not supported",
        table.place, method.name
    );
    Err(Error::new(ErrorKind::Credentials, message).with_help(
        "select the method password or token and set its credentials, or set an access key and select no method",
    ))
}

/// Returns whether the methods that `v3multifactor` combines are supported: `v3password`, and perhaps `v3totp`, which
/// is the code of a virtual MFA device.
fn has_known_parts(table: &Table<'_>) -> Result<bool, Error> {
    let mut parts = Vec::new();
    for name in table.family.method_parts {
        if let Some(found) = table.settings.value(name)? {
            parts.extend(found.split(',').map(|part| part.trim().to_owned()));
        }
    }
    let known = |part: &String| matches!(part.as_str(), "v3password" | "v3totp");
    Ok(parts.iter().any(|part| part == "v3password") && parts.iter().all(known))
}
