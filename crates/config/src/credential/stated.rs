//! What the settings of one place state, before anybody is asked.

use super::kind::CredentialKind;
use crate::login::{Account, Login};
use crate::settings::environment::{Names, Variable};
use crate::settings::table::Table;
use huaweicloud_core::{AccessKey, Error, Token};

/// The credential in the words of its place.
pub(super) enum Stated {
    AccessKey(AccessKey),
    Token(Token),
    Login(Login),
    IdentityProvider {
        id: String,
        /// The path of the ID token's file, as it is written.
        file: String,
    },
}

impl Stated {
    /// The credential of this kind. Project and account of a caller that acts as an agency stay out: the agency has others.
    pub(super) fn from_table(
        kind: CredentialKind,
        table: &Table<'_>,
        for_agency: bool,
    ) -> Result<Self, Error> {
        Ok(match kind {
            CredentialKind::AccessKey => Self::AccessKey(access_key(table, for_agency)?),
            CredentialKind::Token => Self::Token(token(table, for_agency)?),
            CredentialKind::Password => Self::Login(login(table, for_agency)?),
            CredentialKind::IdentityProvider => identity_provider(table)?,
        })
    }
}

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

/// The login for the project that is named. A user's name needs its account, an id does not; a passcode needs the id.
fn login(table: &Table<'_>, for_agency: bool) -> Result<Login, Error> {
    let family = table.family;
    let (user, id) = (table.text(family.user)?, table.text(family.user_id)?);
    let password = table.text(family.password)?;
    let passcode = table.text(family.passcode)?;
    let domain = account(table, family.domain_name, family.domain_id)?;
    let (domain_name, account) = domain.unzip();
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
    let set = [&user, &id, &password, &passcode, &domain_name];
    let (Some(password), true) = (&password, missing.is_empty()) else {
        return Err(table.half_set(&set, &missing));
    };
    let password = password.value.as_str();
    let mut login = match (&user, &id, account) {
        (Some(user), _, Some(account)) => Login::new(account, &user.value, password),
        (_, Some(id), _) => Login::by_user_id(&id.value, password),
        _ => return Err(table.half_set(&set, &[family.user])),
    };
    if let (Some(code), Some(id)) = (passcode, id) {
        login = login.with_passcode(id.value, code.value);
    }
    if for_agency {
        return Ok(login);
    }
    if let Some(id) = table.id(family.project_id)? {
        return Ok(login.with_project_id(id.value));
    }
    Ok(match table.text(family.project_name)? {
        Some(name) => login.with_project_name(name.value),
        None => login,
    })
}

fn identity_provider(table: &Table<'_>) -> Result<Stated, Error> {
    let family = table.family;
    let id = table.text(family.provider_id)?;
    let file = table.text(family.id_token_file)?;
    match (&id, &file) {
        (Some(id), Some(file)) => Ok(Stated::IdentityProvider {
            id: id.value.clone(),
            file: file.value.clone(),
        }),
        _ => {
            let missing = missing(&[(&id, family.provider_id), (&file, family.id_token_file)]);
            Err(table.half_set(&[&id, &file], &missing))
        }
    }
}

/// An account by its name, else by its id, with the setting that says it.
pub(super) fn account(
    table: &Table<'_>,
    names: Names,
    ids: Names,
) -> Result<Option<(Variable, Account)>, Error> {
    if let Some(name) = table.text(names)? {
        let account = Account::Name(name.value.clone());
        return Ok(Some((name, account)));
    }
    let id = table.text(ids)?;
    Ok(id.map(|id| {
        let account = Account::Id(id.value.clone());
        (id, account)
    }))
}

/// The names of the settings that are not set.
fn missing(pairs: &[(&Option<Variable>, Names)]) -> Vec<Names> {
    let missing = pairs.iter().filter(|(found, _)| found.is_none());
    missing.map(|(_, names)| *names).collect()
}
