//! Finds the key of a profile in `~/.hcloud/config.json`, the file of Huawei Cloud's command line (KooCLI). Huawei
//! Cloud's Terraform provider also reads this file.

use super::{Search, Source, ready};
use crate::context::Context;
use crate::credential::find::find_kind;
use crate::credential::kind::CredentialKind;
use crate::settings::environment::{Environment, Names};
use crate::settings::family::KOOCLI;
use crate::settings::file::{self, Perhaps};
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

/// The profile that `HW_PROFILE` names, and whether `HW_SHARED_CONFIG_FILE` names the file. If one of these variables
/// is set, missing credentials are an error.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    profile: Option<&'a str>,
    file: bool,
}

fn find_profile(context: &Context) -> Result<Search, Error> {
    let named = context.environment.first(NAME)?.map(|found| found.value);
    let given = context.environment.first(FILE)?;
    let wanted = Wanted {
        profile: named.as_deref(),
        file: given.is_some(),
    };
    let path = match &given {
        Some(path) => context.folders.expand(&path.value),
        None => match context.folders.in_home(".hcloud/config.json") {
            Some(path) => path,
            None => return wanted.nothing("there is no home directory".to_owned()),
        },
    };
    let text = match file::read_text(&path, given.is_some())? {
        Perhaps::There(text) => text,
        Perhaps::Nothing(why) => return wanted.nothing(why),
    };
    // The message does not show the parser's error, because this error could quote the file.
    let config: Value = serde_json::from_str(text.expose()).map_err(|error| {
        let (path, line) = (path.display(), error.line());
        Error::new(ErrorKind::Config, format!("{path}:{line} is not JSON"))
            .with_help("write it again with `hcloud configure set`")
    })?;
    if config["authEncrypt"] == "true" || config["authEncrypt"] == true {
        return encrypted(&path, wanted);
    }
    let current = || config["current"].as_str().map(str::to_owned);
    let name = named.clone().or_else(current);
    let name = name.unwrap_or_else(|| "default".to_owned());
    let profiles = config["profiles"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(profile) = profiles.iter().find(|profile| profile["name"] == *name) else {
        return wanted.nothing(format!("{} has no profile {name}", path.display()));
    };
    let place = format!("the profile {name} of {}", path.display());
    profile_key(context, profile, wanted, &path, &place)
}

/// Finds the key of a profile: its own access key, or the temporary key of a single sign-on.
fn profile_key(
    context: &Context,
    profile: &Value,
    wanted: Wanted<'_>,
    path: &Path,
    place: &str,
) -> Result<Search, Error> {
    let mode = profile["mode"].as_str().unwrap_or_default().trim();
    let keys = match mode.to_ascii_lowercase().as_str() {
        "" | "aksk" => profile.clone(),
        "sso" => profile["ssoAuth"]["stsToken"].clone(),
        _ => {
            // The message shows the mode only if it is a short word. A user could have put a secret here by mistake.
            let is_word = mode.len() <= 40 && mode.bytes().all(|b| b.is_ascii_alphanumeric());
            let mode = if is_word { mode } else { "(not shown)" };
            let why = format!("{place} has the mode {mode}, which is not supported here");
            return wanted.nothing(why);
        }
    };
    let profile = profile.clone();
    let lookup = Environment::new(move |name| {
        let is_key = KOOCLI.access.contains(&name)
            || KOOCLI.secret.contains(&name)
            || KOOCLI.security_token.contains(&name);
        match if is_key { &keys[name] } else { &profile[name] } {
            Value::String(text) => Some(OsString::from(text)),
            // A user who edits the file by hand can write a number.
            Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        }
    });
    let table = Table {
        settings: &lookup,
        family: &KOOCLI,
        place,
        is_in_current_folder: false,
    };
    match find_kind(CredentialKind::AccessKey, &table, context)? {
        Some(found) => {
            file::warn_if_readable(path);
            Ok(Search::Found(found))
        }
        None if mode.eq_ignore_ascii_case("sso") => wanted.nothing(format!(
            "{place} has no keys of a single sign-on (`hcloud configure sso` gets them)"
        )),
        None => wanted.nothing(format!("{place} has no access key")),
    }
}

impl Wanted<'_> {
    /// Returns the result if this source has no credentials. `why` is the reason.
    ///
    /// If a variable names the profile or the file, the result is an error.
    fn nothing(self, why: String) -> Result<Search, Error> {
        let (message, help) = match (self.profile, self.file) {
            (Some(name), _) => (
                format!(
                    "the profile {name} was requested, but {why}, and the file of the official SDKs (~/.huaweicloud/credentials by default) does not contain this profile"
                ),
                "check HW_PROFILE, or unset it",
            ),
            (None, true) => (
                why,
                "set HW_PROFILE to a profile with an access key, or unset HW_SHARED_CONFIG_FILE",
            ),
            (None, false) => return Ok(Search::Nothing(why)),
        };
        Err(Error::new(ErrorKind::Credentials, message).with_help(help))
    }
}

/// Returns the result for an encrypted file, which only KooCLI itself can read.
fn encrypted(path: &Path, wanted: Wanted<'_>) -> Result<Search, Error> {
    let why = format!("{} is encrypted", path.display());
    let help = "run `hcloud configure set --cli-auth-encrypt=false`";
    if wanted.file || wanted.profile.is_some() {
        return Err(Error::new(ErrorKind::Credentials, why).with_help(help));
    }
    Ok(Search::Nothing(format!("{why} ({help})")))
}
