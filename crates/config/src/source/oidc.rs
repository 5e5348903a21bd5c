//! Finds the settings of an OpenID Connect provider and a trust agency in variables. The credentials are temporary
//! keys.

use super::{Search, Source, ready};
use crate::address::target::Target;
use crate::context::Context;
use crate::credential::find::Found;
use crate::credential::find::login_config;
use crate::provider::{IdToken, Oidc, OidcCredentials};
use crate::settings::environment::{Names, Variable};
use crate::settings::family::SDK;
use crate::settings::half_set::HalfSet;
use crate::settings::table::{Table, whole_seconds};
use huaweicloud_core::{BoxFuture, Error, Secret};
use std::sync::Arc;

const PROVIDER: Names = &["HUAWEICLOUD_OIDC_PROVIDER_URN"];
const AGENCY: Names = &["HUAWEICLOUD_OIDC_AGENCY_URN"];
const FILE: Names = &["HUAWEICLOUD_OIDC_TOKEN_FILE"];
const TOKEN: Names = &["HUAWEICLOUD_OIDC_ID_TOKEN"];
const SESSION: Names = &["HUAWEICLOUD_OIDC_SESSION_NAME"];
const DURATION: Names = &["HUAWEICLOUD_OIDC_DURATION_SECONDS"];
const POLICY: Names = &["HUAWEICLOUD_OIDC_POLICY"];
const POLICY_IDS: Names = &["HUAWEICLOUD_OIDC_POLICY_IDS"];

pub(crate) struct OidcVariables;

impl Source for OidcVariables {
    fn name(&self) -> String {
        "the OpenID Connect provider of HUAWEICLOUD_OIDC_PROVIDER_URN".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        [PROVIDER, AGENCY, FILE, TOKEN]
            .into_iter()
            .any(|names| context.environment.has(names))
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(self.search(context))
    }
}

impl OidcVariables {
    fn search(&self, context: &Context) -> Result<Search, Error> {
        if !self.is_set(context) {
            return Ok(Search::Nothing(format!("{} is not set", PROVIDER[0])));
        }
        let oidc = oidc(context)?;
        let target = Target::for_machine(context)?;
        let table = Table::of_variables(&context.environment, &SDK);
        target.check_addresses(context, &table)?;
        let credentials = OidcCredentials::new(&login_config(&target, context)?, oidc)?;
        Ok(Search::Found(Found {
            credentials: Arc::new(credentials),
            target: target.into(),
        }))
    }
}

fn oidc(context: &Context) -> Result<Oidc, Error> {
    let table = Table::of_variables(&context.environment, &SDK);
    let (provider, agency) = (table.name(PROVIDER)?, table.name(AGENCY)?);
    let (file, text) = (table.name(FILE)?, table.word(TOKEN)?);
    let token = match (&file, &text) {
        (Some(file), _) => Some(IdToken::File(context.folders.expand(&file.value))),
        (None, Some(text)) => Some(IdToken::Text(Secret::new(text.value.as_str()))),
        (None, None) => None,
    };
    let (Some(provider), Some(agency), Some(token)) = (&provider, &agency, token) else {
        return Err(half_set(&provider, &agency, &file, &text));
    };
    let mut oidc = Oidc::new(&provider.value, &agency.value, token);
    if let Some(name) = table.name(SESSION)? {
        oidc = oidc.with_session_name(name.value);
    }
    if let Some(seconds) = table.name(DURATION)? {
        oidc = oidc.with_duration(whole_seconds(&seconds, "the environment")?);
    }
    if let Some(policy) = context.environment.first(POLICY)? {
        oidc = oidc.with_policy(policy.value);
    }
    if let Some(ids) = table.name(POLICY_IDS)? {
        oidc = oidc.with_policy_ids(ids.value.split(',').map(str::trim));
    }
    Ok(oidc)
}

type Setting<'a> = &'a Option<Variable>;

fn half_set(
    provider: Setting<'_>,
    agency: Setting<'_>,
    file: Setting<'_>,
    text: Setting<'_>,
) -> Error {
    let found = [provider, agency, file, text];
    let set = found
        .into_iter()
        .flatten()
        .map(|found| found.name)
        .collect();
    let mut missing = Vec::new();
    if provider.is_none() {
        missing.push(PROVIDER);
    }
    if agency.is_none() {
        missing.push(AGENCY);
    }
    if file.is_none() && text.is_none() {
        missing.push(FILE);
    }
    HalfSet { set, missing }.error("the environment")
}
