//! Reads the credential and the agency from the settings of one source.

use super::kind::CredentialKind;
use crate::login::{Account, Login};
use crate::provider::Agency;
use crate::settings::environment::{Names, Variable};
use crate::settings::half_set::HalfSet;
use crate::settings::values::Values;
use huaweicloud_core::{AccessKey, Token};
use std::time::Duration;

/// A credential in the settings of one source.
pub(super) enum Stated {
    AccessKey(AccessKey),
    Token(Token),
    Login(Login),
    IdentityProvider {
        id: String,
        /// The path of the file with the ID token, exactly as in the settings.
        file: String,
    },
}

type Setting<'a> = (&'a Option<Variable>, Names);

/// Returns the error for a source in which some of the settings in `all` are missing.
///
/// The error also lists the settings in `also_set` that are set. These settings are optional, but need all settings in
/// `all`.
fn half_set(all: &[Setting<'_>], also_set: &[&Option<Variable>]) -> HalfSet {
    let set = all
        .iter()
        .map(|(found, _)| *found)
        .chain(also_set.iter().copied());
    let missing = all.iter().filter(|(found, _)| found.is_none());
    HalfSet {
        set: set.flatten().map(|found| found.name).collect(),
        missing: missing.map(|(_, names)| *names).collect(),
    }
}

impl Stated {
    /// Reads the credential of this kind.
    ///
    /// If `for_agency` is `true`, the credential gets no project, and an access key gets no account. The agency has its
    /// own project and account.
    pub(super) fn from_values(
        kind: CredentialKind,
        values: &Values<'_>,
        for_agency: bool,
    ) -> Result<Self, HalfSet> {
        Ok(match kind {
            CredentialKind::AccessKey => Self::AccessKey(access_key(values, for_agency)?),
            CredentialKind::Token => Self::Token(token(values, for_agency)),
            CredentialKind::Password => Self::Login(login(values, for_agency)?),
            CredentialKind::IdentityProvider => identity_provider(values)?,
        })
    }
}

fn access_key(values: &Values<'_>, for_agency: bool) -> Result<AccessKey, HalfSet> {
    let family = values.table.family;
    let (Some(access), Some(secret)) = (&values.access, &values.secret) else {
        let all = [
            (&values.access, family.access),
            (&values.secret, family.secret),
        ];
        return Err(half_set(&all, &[&values.security_token]));
    };
    let mut key = AccessKey::new(&access.value, secret.value.as_str());
    if let Some(token) = &values.security_token {
        key = key.with_security_token(token.value.as_str());
    }
    if for_agency {
        return Ok(key);
    }
    if let Some(project) = &values.project_id {
        key = key.with_project(&project.value);
    }
    if let Some(domain) = values
        .domain_id
        .as_ref()
        .or(values.project_domain_id.as_ref())
    {
        key = key.with_domain(&domain.value);
    }
    Ok(key)
}

fn token(values: &Values<'_>, for_agency: bool) -> Token {
    let token = values.token.as_ref();
    let token = Token::new(token.map_or("", |found| found.value.as_str()));
    match &values.project_id {
        Some(project) if !for_agency => token.with_project(&project.value),
        _ => token,
    }
}

/// Reads the login and its project. If the id of the user is not set, the login needs the name and the account of the
/// user. A passcode always needs the id of the user.
fn login(values: &Values<'_>, for_agency: bool) -> Result<Login, HalfSet> {
    let family = values.table.family;
    let (user, id) = (&values.user, &values.user_id);
    // As in keystoneauth, an id overrides a name, and the account of the user overrides the account of the project.
    let own = account(&values.domain_name, &values.domain_id);
    let account = own.or_else(|| account(&values.project_domain_name, &values.project_domain_id));
    let mut missing = Vec::new();
    if user.is_none() && id.is_none() {
        missing.push(family.user);
    }
    if values.password.is_none() {
        missing.push(family.password);
    }
    if account.is_none() && id.is_none() {
        missing.push(family.domain_name);
    }
    if values.passcode.is_some() && id.is_none() {
        missing.push(family.user_id);
    }
    let login = match (user, id, account, &values.password) {
        _ if !missing.is_empty() => None,
        (_, Some(id), _, Some(password)) => {
            Some(Login::by_user_id(&id.value, password.value.as_str()))
        }
        (Some(user), _, Some(account), Some(password)) => {
            Some(Login::new(account, &user.value, password.value.as_str()))
        }
        _ => None,
    };
    let Some(mut login) = login else {
        let set = [
            user,
            id,
            &values.password,
            &values.passcode,
            &values.domain_name,
        ];
        let set = set.into_iter().flatten().map(|found| found.name).collect();
        return Err(HalfSet { set, missing });
    };
    if let (Some(code), Some(id)) = (&values.passcode, id) {
        login = login.with_passcode(&id.value, code.value.as_str());
    }
    Ok(match (&values.project_id, &values.project_name) {
        _ if for_agency => login,
        (Some(id), _) => login.with_project_id(&id.value),
        (None, Some(name)) => login.with_project_name(&name.value),
        (None, None) => login,
    })
}

fn identity_provider(values: &Values<'_>) -> Result<Stated, HalfSet> {
    match (&values.provider_id, &values.id_token_file) {
        (Some(id), Some(file)) => Ok(Stated::IdentityProvider {
            id: id.value.clone(),
            file: file.value.clone(),
        }),
        (id, file) => {
            let family = values.table.family;
            let all = [(id, family.provider_id), (file, family.id_token_file)];
            Err(half_set(&all, &[]))
        }
    }
}

/// Returns the agency that the settings name. Returns `None` if the settings name no agency.
///
/// `duration` is the lifetime of the agency's temporary keys.
pub(super) fn stated_agency(
    values: &Values<'_>,
    duration: Option<Duration>,
) -> Result<Option<Agency>, HalfSet> {
    let family = values.table.family;
    let account = account(&values.agency_domain_name, &values.agency_domain_id);
    let (name, account) = match (&values.agency, account) {
        (Some(name), Some(account)) => (name, account),
        (None, None) => return Ok(None),
        (name, _) => {
            let domain = match &values.agency_domain_name {
                None => &values.agency_domain_id,
                named => named,
            };
            let all = [(name, family.agency), (domain, family.agency_domain_name)];
            return Err(half_set(&all, &[]));
        }
    };
    let mut agency = Agency::new(account, &name.value);
    if let Some(duration) = duration {
        agency = agency.with_duration(duration);
    }
    Ok(Some(match &values.agency_project {
        Some(project) => agency.with_project_name(&project.value),
        None => agency,
    }))
}

/// Returns the account with this id, or the account with this name if `id` is `None`. Returns `None` if both are
/// `None`.
fn account(name: &Option<Variable>, id: &Option<Variable>) -> Option<Account> {
    let id = id.as_ref().map(|id| Account::Id(id.value.clone()));
    id.or_else(|| name.as_ref().map(|name| Account::Name(name.value.clone())))
}
