//! A profile of Huawei Cloud's command line (KooCLI), `~/.hcloud/config.json`, which Terraform's provider reads too.

use super::{Search, Source, ready};
use crate::context::Context;
use crate::credential::find::find_kind;
use crate::credential::kind::CredentialKind;
use crate::settings::environment::{Environment, Names};
use crate::settings::family::KOOCLI;
use crate::settings::file::{self, Contents};
use crate::settings::table::Table;
use huaweicloud_core::{BoxFuture, Error, ErrorKind};
use serde_json::Value;
use std::ffi::OsString;
use std::path::Path;

const FILE: Names = &["HW_SHARED_CONFIG_FILE"];
const NAME: Names = &["HW_PROFILE"];

pub(crate) struct KooCli;

impl Source for KooCli {
    fn name(&self) -> String {
        "the profile of HW_PROFILE in ~/.hcloud/config.json".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        context.environment.has(FILE)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(find_profile(context))
    }
}

fn find_profile(context: &Context) -> Result<Search, Error> {
    let named = context.environment.first(NAME)?.map(|found| found.value);
    let given = context.environment.first(FILE)?;
    let path = match &given {
        Some(path) => context.folders.expand(&path.value),
        None => match context.folders.in_home(".hcloud/config.json") {
            Some(path) => path,
            None => return nowhere(named, "there is no home directory".to_owned()),
        },
    };
    let text = match file::read_text(&path, given.is_some())? {
        Contents::Text(text) => text,
        Contents::Nothing(why) => return nowhere(named, why),
    };
    // The error's text may quote the file.
    let config: Value = serde_json::from_str(text.expose()).map_err(|error| {
        let (path, line) = (path.display(), error.line());
        Error::new(ErrorKind::Config, format!("{path}:{line} is not JSON"))
            .with_help("write it anew with `hcloud configure set`")
    })?;
    if config["authEncrypt"] == "true" || config["authEncrypt"] == true {
        return encrypted(&path, given.is_some() || named.is_some());
    }
    let current = || config["current"].as_str().map(str::to_owned);
    let name = named.clone().or_else(current);
    let name = name.unwrap_or_else(|| "default".to_owned());
    let profiles = config["profiles"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(profile) = profiles.iter().find(|profile| profile["name"] == *name) else {
        let why = format!("{} has no profile {name}", path.display());
        return nowhere(named, why);
    };
    profile_of(context, profile, &path, &name)
}

fn profile_of(
    context: &Context,
    profile: &Value,
    path: &Path,
    name: &str,
) -> Result<Search, Error> {
    let profile = profile.clone();
    let lookup = Environment::new(move |key| match &profile[key] {
        Value::String(text) => Some(OsString::from(text)),
        // As somebody may have written it by hand.
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    });
    let place = format!("the profile {name} of {}", path.display());
    let table = Table {
        settings: &lookup,
        family: &KOOCLI,
        place: &place,
    };
    Ok(
        match find_kind(CredentialKind::AccessKey, &table, context)? {
            Some(found) => {
                file::warn_if_readable(path);
                Search::Found(found)
            }
            None => Search::Nothing(format!("{place} has no access key")),
        },
    )
}

/// Who names a profile wants it, and not what another source has. The file of the official SDKs was asked before and has none either.
fn nowhere(named: Option<String>, nothing: String) -> Result<Search, Error> {
    match named {
        None => Ok(Search::Nothing(nothing)),
        Some(name) => Err(Error::new(
            ErrorKind::Credentials,
            format!("the profile {name} is asked for, but {nothing}, nor has ~/.huaweicloud/credentials such a one"),
        )
        .with_help("check HW_PROFILE, or unset it")),
    }
}

/// Only KooCLI itself can read it then.
fn encrypted(path: &Path, explicit: bool) -> Result<Search, Error> {
    let why = format!("{} is encrypted", path.display());
    let help = "run `hcloud configure set --cli-auth-encrypt=false`";
    if explicit {
        return Err(Error::new(ErrorKind::Credentials, why).with_help(help));
    }
    Ok(Search::Nothing(format!("{why} ({help})")))
}
