//! A profile of the official SDKs' file, `~/.huaweicloud/credentials`.

use super::kind::KINDS;
use super::{Answer, Context, Source, ready};
use crate::environment::{Environment, Names};
use crate::family::PROFILE;
use crate::files::{self, Contents, ini};
use crate::table::Table;
use huaweicloud_core::{BoxFuture, Error, ErrorKind};
use std::ffi::OsString;

const FILE: Names = &["HUAWEICLOUD_SDK_CREDENTIALS_FILE"];
const NAME: Names = &["HUAWEICLOUD_PROFILE", "HW_PROFILE"];
/// What the official SDKs read, for services with projects and without, and the usual name elsewhere.
const USUAL: [&str; 3] = ["basic", "global", "default"];

pub(super) struct Profile;

impl Source for Profile {
    fn name(&self) -> String {
        "the profile of HUAWEICLOUD_PROFILE in ~/.huaweicloud/credentials".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        context.profile.is_some()
            || context.environment.has(FILE)
            || context.environment.has(&["HUAWEICLOUD_PROFILE"])
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>> {
        ready(read(context))
    }
}

fn read(context: &Context) -> Result<Answer, Error> {
    let given = context.environment.first(FILE)?;
    let path = match &given {
        Some(path) => context.folders.expand(&path.value),
        None => match context.folders.in_home(".huaweicloud/credentials") {
            Some(path) => path,
            None => return Ok(Answer::Nothing("there is no home directory".to_owned())),
        },
    };
    let text = match files::read(&path, given.is_some())? {
        Contents::Text(text) => text,
        Contents::Nothing(why) => return Ok(Answer::Nothing(why)),
    };
    let mut sections = ini::parse(&path, text.expose())?;
    let Some(name) = name(context, |name| sections.contains_key(name))? else {
        let (path, found) = (path.display(), names(&sections));
        return Ok(Answer::Nothing(format!(
            "{path} has none of the profiles {} (it has: {found})",
            USUAL.join(", ")
        )));
    };
    let Some(section) = sections.remove(&name) else {
        let found = names(&sections);
        let message = format!("{} has no profile {name}", path.display());
        return Err(Error::new(ErrorKind::Credentials, message)
            .with_help(format!("set HUAWEICLOUD_PROFILE to one of: {found}")));
    };
    let place = format!("the profile {name} of {}", path.display());
    let lookup = Environment::new(move |key| section.get(key).map(OsString::from));
    let table = Table {
        settings: &lookup,
        family: &PROFILE,
        place: &place,
    };
    for kind in KINDS {
        if let Some(found) = kind.find(&table, context)? {
            files::warn_if_readable(&path);
            return Ok(Answer::Found(found));
        }
    }
    Err(Error::new(
        ErrorKind::Credentials,
        format!("{place} has no credentials"),
    )
    .with_help("give it ak and sk, or idp_id and id_token_file"))
}

/// The profile that is asked for, else the first usual one. `HW_PROFILE` names profiles of another file too, so that it counts only
/// where this file has one of that name.
fn name(context: &Context, has: impl Fn(&str) -> bool) -> Result<Option<String>, Error> {
    if let Some(name) = &context.profile {
        return Ok(Some(name.clone()));
    }
    if let Some(found) = context.environment.first(NAME)?
        && (found.name == NAME[0] || has(&found.value))
    {
        return Ok(Some(found.value));
    }
    Ok(USUAL
        .iter()
        .find(|name| has(name))
        .map(|name| (*name).to_owned()))
}

fn names(sections: &ini::Sections) -> String {
    let names: Vec<&str> = sections.keys().map(String::as_str).collect();
    names.join(", ")
}
