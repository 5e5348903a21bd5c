//! Finds the credentials of a profile in `~/.huaweicloud/credentials`, the file of the official SDKs.

use super::{Search, Source, ready};
use crate::context::Context;
use crate::credential::find::find_any;
use crate::settings::environment::{Environment, Names};
use crate::settings::family::PROFILE;
use crate::settings::file::{self, Perhaps};
use crate::settings::ini;
use crate::settings::table::Table;
use huaweicloud_core::{BoxFuture, Error, ErrorKind};
use std::ffi::OsString;

const FILE: Names = &["HUAWEICLOUD_SDK_CREDENTIALS_FILE"];
const NAME: Names = &["HUAWEICLOUD_PROFILE", "HW_PROFILE"];
/// If neither the program nor a variable names a profile, the first of these profiles that exists is used.
///
/// The official SDKs use `basic` for services with projects, and `global` for services without projects. Other tools
/// use `default`.
const USUAL: [&str; 3] = ["basic", "global", "default"];

pub(crate) struct Profile;

impl Source for Profile {
    fn name(&self) -> String {
        "the profile of HUAWEICLOUD_PROFILE in ~/.huaweicloud/credentials".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        context.profile.is_some()
            || context.environment.has(FILE)
            || context.environment.has(&["HUAWEICLOUD_PROFILE"])
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(find_profile(context))
    }
}

fn find_profile(context: &Context) -> Result<Search, Error> {
    let asked = asked(context)?;
    let given = context.environment.first(FILE)?;
    let path = match &given {
        Some(path) => context.folders.expand(&path.value),
        None => match context.folders.in_home(".huaweicloud/credentials") {
            Some(path) => path,
            None => return nowhere(asked, "there is no home directory".to_owned()),
        },
    };
    let text = match file::read_text(&path, given.is_some())? {
        Perhaps::There(text) => text,
        Perhaps::Nothing(why) => return nowhere(asked, why),
    };
    let mut sections = ini::parse(&path, text.expose())?;
    let usual = || USUAL.into_iter().find(|name| sections.contains_key(*name));
    let Some(name) = asked
        .as_ref()
        .map(|asked| asked.name.as_str())
        .or_else(usual)
    else {
        let (path, found) = (path.display(), names(&sections));
        let message = format!(
            "{path} has none of the profiles {} (it has: {found})",
            USUAL.join(", ")
        );
        // If a variable names the file, the search must not continue with another source.
        if given.is_some() {
            let help = "set HUAWEICLOUD_PROFILE to one of its profiles";
            return Err(Error::new(ErrorKind::Credentials, message).with_help(help));
        }
        return Ok(Search::Nothing(message));
    };
    let name = name.to_owned();
    let Some(section) = sections.remove(&name) else {
        let message = format!("{} has no profile {name}", path.display());
        if asked.is_some_and(|asked| !asked.here) {
            return Ok(Search::Nothing(message));
        }
        let help = match sections.is_empty() {
            true => "add the profile to the file".to_owned(),
            false => format!("use one of these profiles: {}", names(&sections)),
        };
        return Err(Error::new(ErrorKind::Credentials, message).with_help(help));
    };
    let place = format!("the profile {name} of {}", path.display());
    let lookup = Environment::new(move |key| section.get(key).map(OsString::from));
    let table = Table {
        settings: &lookup,
        family: &PROFILE,
        place: &place,
        is_in_current_folder: false,
    };
    if let Some(found) = find_any(&table, context)? {
        file::warn_if_readable(&path);
        return Ok(Search::Found(found));
    }
    Err(Error::new(
        ErrorKind::Credentials,
        format!("{place} has no credentials"),
    )
    .with_help("give it ak and sk, or idp_id and id_token_file"))
}

/// A profile that the program or a variable names.
struct Asked {
    name: String,
    /// `true` if the profile must be in this file. `false` if the profile can also be in the file of KooCLI.
    here: bool,
}

/// Returns the profile that the program or a variable names. No other profile is used instead.
///
/// `HW_PROFILE` can also name a profile of KooCLI, Huawei Cloud's command line. Its file is the next source.
fn asked(context: &Context) -> Result<Option<Asked>, Error> {
    if let Some(name) = &context.profile {
        let (name, here) = (name.clone(), true);
        return Ok(Some(Asked { name, here }));
    }
    let found = context.environment.first(NAME)?;
    Ok(found.map(|found| Asked {
        here: found.name == NAME[0],
        name: found.value,
    }))
}

/// Returns the result of the search if there is no readable file. `nothing` is the reason. If `asked` is a profile that
/// must be in this file, the result is an error.
fn nowhere(asked: Option<Asked>, nothing: String) -> Result<Search, Error> {
    match asked {
        Some(Asked { name, here: true }) => Err(Error::new(
            ErrorKind::Credentials,
            format!("the profile {name} was requested, but {nothing}"),
        )
        .with_help(
            "make the file, or remove the profile's name from HUAWEICLOUD_PROFILE or the program",
        )),
        _ => Ok(Search::Nothing(nothing)),
    }
}

/// Lists the names of the profiles, for messages.
fn names(sections: &ini::Sections) -> String {
    if sections.is_empty() {
        return "no profiles".to_owned();
    }
    let names: Vec<&str> = sections.keys().map(String::as_str).collect();
    names.join(", ")
}
