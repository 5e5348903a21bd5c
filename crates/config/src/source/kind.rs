//! The kinds of credentials that settings can spell out.

use super::{Context, Found, agency};
use crate::environment::{Names, Variable};
use crate::login::{Account, Login};
use crate::place::Place;
use crate::provider::{IdToken, IdentityProviderCredentials, PasswordCredentials};
use crate::table::Table;
use huaweicloud_core::{AccessKey, Config, Error, ErrorKind, ProvideCredential, Token};
use std::sync::Arc;

/// A kind of credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    AccessKey,
    Token,
    Password,
    IdentityProvider,
}

/// In the order in which one place is asked for them.
pub(super) const KINDS: [Kind; 4] = [
    Kind::AccessKey,
    Kind::Token,
    Kind::Password,
    Kind::IdentityProvider,
];

impl Kind {
    /// `access key`
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "access key",
            Self::Token => "token",
            Self::Password => "password",
            Self::IdentityProvider => "identity provider",
        }
    }

    /// The settings by which this kind is recognised, the usual one first.
    pub(super) fn marks(self, table: &Table<'_>) -> [Names; 3] {
        let family = table.family;
        match self {
            Self::AccessKey => [family.access, family.secret, family.security_token],
            Self::Token => [family.token, &[], &[]],
            Self::Password => [family.user, family.user_id, family.password],
            Self::IdentityProvider => [family.provider_id, family.id_token_file, &[]],
        }
    }

    pub(super) fn is_set(self, table: &Table<'_>) -> bool {
        self.marks(table).into_iter().any(|names| table.has(names))
    }

    /// The credentials of this kind that the table spells out, acting as an agency if it names one.
    pub(super) fn find(self, table: &Table<'_>, context: &Context) -> Result<Option<Found>, Error> {
        if !self.is_set(table) {
            return Ok(None);
        }
        let place = Place::find(context, Some(table))?;
        let place = match self {
            Self::IdentityProvider => place.with_ids(table)?,
            _ => place,
        };
        let agency = agency::named(table, &place, context)?;
        let caller: Arc<dyn ProvideCredential> = match self {
            Self::AccessKey => Arc::new(access_key(table, agency.is_some())?),
            Self::Token => Arc::new(token(table, agency.is_some())?),
            Self::Password => {
                let login = login(table)?;
                let login = if agency.is_some() {
                    located(table, &place, context).map(|()| login)
                } else {
                    scoped(login, table, &place, context)
                };
                Arc::new(PasswordCredentials::new(&config(&place, context)?, login?)?)
            }
            Self::IdentityProvider => Arc::new(identity_provider(table, &place, context)?),
        };
        let credentials = match agency {
            Some(agency) => agency::assumed(&config(&place, context)?, caller, agency)?,
            None => caller,
        };
        Ok(Some(Found {
            credentials,
            place: place.into(),
        }))
    }
}

/// For logging in: without credentials of its own.
pub(super) fn config(place: &Place, context: &Context) -> Result<Config, Error> {
    let settings = context.settings.as_ref();
    place.build(place.add_to(context.builder(), settings))
}

/// The project and the account are the caller's own, so that an agency has others.
fn access_key(table: &Table<'_>, for_agency: bool) -> Result<AccessKey, Error> {
    let family = table.family;
    let access = table.word(family.access)?;
    let secret = table.word(family.secret)?;
    let security_token = table.word(family.security_token)?;
    let (Some(access), Some(secret)) = (&access, &secret) else {
        let missing = missing(&[(&access, family.access), (&secret, family.secret)]);
        return Err(table.half_set(&[&access, &secret, &security_token], &missing));
    };
    let mut key = AccessKey::new(&access.value, secret.value.as_str());
    if let Some(token) = security_token {
        key = key.with_security_token(token.value);
    }
    if for_agency {
        return Ok(key);
    }
    if let Some(project) = table.id(family.project_id)? {
        key = key.with_project(project.value);
    }
    if let Some(domain) = table.id(family.domain_id)? {
        key = key.with_domain(domain.value);
    }
    Ok(key)
}

fn token(table: &Table<'_>, for_agency: bool) -> Result<Token, Error> {
    let token = table.word(table.family.token)?;
    let token = Token::new(token.map(|found| found.value).unwrap_or_default());
    Ok(match table.id(table.family.project_id)? {
        Some(project) if !for_agency => token.with_project(project.value),
        _ => token,
    })
}

/// A name needs its account, an id does not; a code needs the id.
fn login(table: &Table<'_>) -> Result<Login, Error> {
    let family = table.family;
    let (user, id) = (table.first(family.user)?, table.first(family.user_id)?);
    let password = table.first(family.password)?;
    let passcode = table.first(family.passcode)?;
    let domain = (
        table.first(family.domain_name)?,
        table.first(family.domain_id)?,
    );
    let account = match (&domain.0, &domain.1) {
        (Some(name), _) => Some(Account::Name(name.value.clone())),
        (None, Some(id)) => Some(Account::Id(id.value.clone())),
        (None, None) => None,
    };
    let mut missing = Vec::new();
    if user.is_none() && id.is_none() {
        missing.push(family.user);
    }
    if password.is_none() {
        missing.push(family.password);
    }
    if account.is_none() && id.is_none() {
        missing.push(family.domain_name);
    }
    if passcode.is_some() && id.is_none() {
        missing.push(family.user_id);
    }
    let set = [&user, &id, &password, &passcode, &domain.0];
    let (Some(password), true) = (&password, missing.is_empty()) else {
        return Err(table.half_set(&set, &missing));
    };
    let password = password.value.as_str();
    let login = match (&user, &id, account) {
        (Some(user), _, Some(account)) => Login::new(account, &user.value, password),
        (_, Some(id), _) => Login::by_user_id(&id.value, password),
        _ => return Err(table.half_set(&set, &[family.user])),
    };
    Ok(match (passcode, id) {
        (Some(code), Some(id)) => login.with_passcode(id.value, code.value),
        _ => login,
    })
}

/// For the project that is named, else for the one that every region has under its own name.
fn scoped(
    login: Login,
    table: &Table<'_>,
    place: &Place,
    context: &Context,
) -> Result<Login, Error> {
    located(table, place, context)?;
    let settings = context.settings.as_ref();
    if let Some(id) = settings.and_then(Config::project_id) {
        return Ok(login.with_project_id(id));
    }
    if let Some(id) = table.id(table.family.project_id)? {
        return Ok(login.with_project_id(id.value));
    }
    let region = settings.and_then(Config::region).or(place.region());
    let name = table.text(table.family.project_name)?;
    Ok(match name.or_else(|| region.map(str::to_owned)) {
        Some(name) => login.with_project_name(name),
        None => login,
    })
}

/// Refuses a password without a place: it would go to the first cloud of the list.
fn located(table: &Table<'_>, place: &Place, context: &Context) -> Result<(), Error> {
    let settings = context.settings.as_ref();
    let region = settings.and_then(Config::region).or(place.region());
    let iam = settings.and_then(|given| given.endpoint("iam"));
    if region.is_some() || iam.is_some() || place.has_endpoint("iam") {
        return Ok(());
    }
    let user = table.first(table.family.user)?;
    let id = table.first(table.family.user_id)?;
    let name = user.or(id).map_or("the password", |found| found.name);
    let usual = |names: Names| names.first().copied().unwrap_or_default();
    let (url, region) = (usual(table.family.auth_url), usual(table.family.region));
    let message = format!(
        "{name} is set in {}, but nothing says where its IAM is",
        table.place
    );
    Err(Error::new(ErrorKind::Credentials, message).with_help(format!("set {url} or {region}")))
}

fn identity_provider(
    table: &Table<'_>,
    place: &Place,
    context: &Context,
) -> Result<IdentityProviderCredentials, Error> {
    let family = table.family;
    let id = table.first(family.provider_id)?;
    let file = table.first(family.id_token_file)?;
    let (Some(id), Some(file)) = (&id, &file) else {
        let missing = missing(&[(&id, family.provider_id), (&file, family.id_token_file)]);
        return Err(table.half_set(&[&id, &file], &missing));
    };
    let token = IdToken::File(context.folders.expand(&file.value));
    IdentityProviderCredentials::new(&config(place, context)?, &id.value, token)
}

/// The names of those that are not set.
fn missing(pairs: &[(&Option<Variable>, Names)]) -> Vec<Names> {
    let missing = pairs.iter().filter(|(found, _)| found.is_none());
    missing.map(|(_, names)| *names).collect()
}
