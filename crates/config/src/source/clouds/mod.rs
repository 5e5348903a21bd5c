//! Finds credentials in OpenStack's `clouds.yaml`. An entry of this file is called a cloud.

mod files;
mod profile;
mod region;

use super::{Search, Source, ready};
use crate::context::{CLOUD, Context};
use crate::credential::find::find_any;
use crate::credential::kind::kinds_in_order;
use crate::settings::environment::Environment;
use crate::settings::family::{CLOUDS, OS};
use crate::settings::file::{self, Perhaps};
use crate::settings::table::Table;
use crate::settings::yaml::Node;
use files::CloudFiles;
use huaweicloud_core::{BoxFuture, Error, ErrorKind};
use std::collections::BTreeMap;
use std::ffi::OsString;

/// The values of settings by their names, such as `auth.username`.
type Settings = BTreeMap<String, String>;

pub(crate) struct Clouds;

impl Source for Clouds {
    fn name(&self) -> String {
        "the cloud of OS_CLOUD in clouds.yaml".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        context.names_cloud()
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(find_cloud(context))
    }
}

fn find_cloud(context: &Context) -> Result<Search, Error> {
    let named = match &context.cloud {
        Some(name) => Some(name.clone()),
        None => context.environment.first(CLOUD)?.map(|found| found.value),
    };
    let mut files = match CloudFiles::open(context)? {
        Perhaps::There(files) => files,
        Perhaps::Nothing(nothing) => return nowhere(named.as_deref(), nothing),
    };
    let name = match &named {
        Some(name) => name.clone(),
        None => match only(&files, context)? {
            Perhaps::There(name) => name,
            Perhaps::Nothing(why) => return Ok(Search::Nothing(why)),
        },
    };
    let place = format!("the cloud {name} of {}", files.path.display());
    let own = files.cloud(&name)?;
    let cloud = profile::complete(context, &mut files, &own, &place)?;
    let cloud = region::choose(context, &own, cloud, &place)?;
    check_texts(&cloud, &place)?;
    let mut settings = cloud.flat();
    move_into_auth(&mut settings);
    add_variables(context, &mut settings, &files)?;
    fill_in_region(&mut settings, context, &place)?;
    let lookup = Environment::new(move |key| settings.get(key).map(OsString::from));
    let table = Table {
        settings: &lookup,
        family: &CLOUDS,
        place: &place,
        is_in_current_folder: files.is_in_current_folder,
    };
    // If neither the program nor `OS_CLOUD` names this cloud, perhaps only other programs use the cloud. So this
    // function skips the cloud if `kinds_in_order` refuses its settings, such as an unsupported login method.
    if named.is_none()
        && let Err(error) = kinds_in_order(&table)
    {
        return Ok(Search::Nothing(error.to_string()));
    }
    match find_any(&table, context)? {
        Some(found) => {
            if files.has_secret(&name) {
                file::warn_if_readable(&files.path);
            }
            Ok(Search::Found(found))
        }
        None => {
            let message = format!("{place} has no credentials that can be used here");
            if named.is_none() {
                return Ok(Search::Nothing(message));
            }
            Err(Error::new(ErrorKind::Credentials, message).with_help(
                "give its `auth` an access_key and a secret_key, a token, or a username, a password and a user_domain_name",
            ))
        }
    }
}

/// Returns the result of the search if there is no readable file. `nothing` is the reason. If a cloud is named, the
/// result is an error, so that no other source is used.
fn nowhere(name: Option<&str>, nothing: String) -> Result<Search, Error> {
    match name {
        None => Ok(Search::Nothing(nothing)),
        Some(name) => Err(Error::new(
            ErrorKind::Credentials,
            format!("the cloud {name} was requested, but {nothing}"),
        )
        .with_help("make the file, or remove the cloud's name from OS_CLOUD or the program")),
    }
}

/// Returns the name of the only cloud, or the reason why no cloud is used. If a variable names the file, and there are
/// several clouds, the result is an error.
///
/// As in OpenStack's tools, the only cloud is not used if a variable such as `OS_AUTH_URL` is set. Such a variable
/// describes another cloud.
fn only(files: &CloudFiles, context: &Context) -> Result<Perhaps<String>, Error> {
    let path = files.path.display();
    let described = [
        OS.auth_url,
        OS.user,
        OS.user_id,
        OS.project_id,
        OS.project_name,
    ];
    for names in described {
        if let Some(found) = context.environment.first(names)? {
            return Ok(Perhaps::Nothing(format!(
                "{} is set, so a cloud of {path} is used only if OS_CLOUD names it",
                found.name
            )));
        }
    }
    let names = files.names();
    match names.as_slice() {
        [only] => Ok(Perhaps::There((*only).to_owned())),
        [] => Ok(Perhaps::Nothing(format!("{path} has no clouds"))),
        several => {
            let several = several.join(", ");
            let message =
                format!("OS_CLOUD is not set, and {path} has more than one cloud: {several}");
            if !files.is_given {
                return Ok(Perhaps::Nothing(message));
            }
            let help = "set OS_CLOUD to one of them, or unset OS_CLIENT_CONFIG_FILE";
            Err(Error::new(ErrorKind::Credentials, message).with_help(help))
        }
    }
}

/// If settings in `BEFORE` or `BEHIND` are outside of `auth`, moves them into `auth`.
///
/// As in openstacksdk, a setting in `BEFORE` overrides the setting with the same name inside `auth`. A setting in
/// `BEHIND` does not.
fn move_into_auth(settings: &mut Settings) {
    const BEFORE: [&str; 13] = [
        "domain_id",
        "domain_name",
        "user_domain_id",
        "user_domain_name",
        "project_domain_id",
        "project_domain_name",
        "project_id",
        "project_name",
        "tenant_id",
        "tenant_name",
        "token",
        "auth_token",
        "passcode",
    ];
    const BEHIND: [&str; 14] = [
        "auth_url",
        "username",
        "user_name",
        "user_id",
        "password",
        "default_domain_id",
        "default_domain_name",
        "agency_name",
        "target_agency_name",
        "agency_domain_name",
        "target_domain_name",
        "delegated_project",
        "access_key_id",
        "access_key_secret",
    ];
    for name in BEFORE {
        if let Some(value) = settings.remove(name) {
            settings.insert(format!("auth.{name}"), value);
        }
    }
    for name in BEHIND {
        if let Some(value) = settings.remove(name) {
            settings.entry(format!("auth.{name}")).or_insert(value);
        }
    }
}

/// Adds the password and the certificate authorities from variables. A setting of the cloud overrides the variable.
fn add_variables(
    context: &Context,
    settings: &mut Settings,
    files: &CloudFiles,
) -> Result<(), Error> {
    if !settings.contains_key("auth.password")
        && let Some(found) = context.environment.first(OS.password)?
    {
        if files.is_in_current_folder {
            let file = files.path.display();
            tracing::warn!(target: "huaweicloud", %file, "OS_PASSWORD can be sent to the address of a cloud, and a file of this cloud is in the current folder; if that file is not yours, remove it");
        }
        settings.insert("auth.password".to_owned(), found.value);
    }
    if let Some(found) = context.environment.first(OS.authorities)? {
        settings.entry("cacert".to_owned()).or_insert(found.value);
    }
    Ok(())
}

/// In the cloud's `auth_url`, such as `https://iam.{region_name}.otc.t-systems.com`, replaces `{region_name}` by the
/// region. If the address then still contains a brace, returns an error.
fn fill_in_region(settings: &mut Settings, context: &Context, place: &str) -> Result<(), Error> {
    let region = match settings.get("region_name") {
        Some(region) => Some(region.clone()),
        None => region::asked(context)?.map(|(_, region)| region),
    };
    let Some(url) = settings.get_mut("auth.auth_url") else {
        return Ok(());
    };
    if let Some(region) = &region {
        *url = url.replace("{region_name}", region);
    }
    if url.contains(['{', '}']) {
        let message =
            format!("auth.auth_url in {place} contains a variable in braces with an unknown value");
        return Err(Error::new(ErrorKind::Config, message)
            .with_help("write the full address, or use {region_name} in it and set region_name"));
    }
    Ok(())
}

/// Returns an error if OpenStack's tools would change the unquoted value of a setting in `READ_AS_TEXT`. These tools
/// read such a value as a number, a boolean or a date: `0123` becomes 83.
///
/// Also returns an error if a setting in `READ_AS_TEXT` or `ALSO_TEXTS` is a list or a mapping. Without this error, the
/// client could use another login method or another user.
fn check_texts(cloud: &Node, place: &str) -> Result<(), Error> {
    const READ_AS_TEXT: [&str; 8] = [
        "username",
        "user_id",
        "password",
        "user_domain_name",
        "domain_name",
        "project_domain_name",
        "project_name",
        "tenant_name",
    ];
    const ALSO_TEXTS: [&str; 10] = [
        "auth_type",
        "auth_plugin",
        "auth_url",
        "token",
        "access_key",
        "ak",
        "secret_key",
        "sk",
        "project_id",
        "region_name",
    ];
    let auth = cloud.get("auth");
    for (prefix, settings) in [("auth.", auth), ("", Some(cloud))] {
        for name in READ_AS_TEXT.iter().chain(&ALSO_TEXTS) {
            let found = settings.and_then(|settings| settings.get(name));
            if let Some(Node::List(_) | Node::Map(_)) = found {
                let message = format!("{prefix}{name} in {place} is a list or a mapping");
                let help =
                    "write one string, in quotation marks if it contains a bracket or a brace";
                return Err(Error::new(ErrorKind::Config, message).with_help(help));
            }
        }
        for name in READ_AS_TEXT {
            let found = settings.and_then(|settings| settings.get(name));
            if let Some(Node::Ambiguous(_)) = found {
                let message = format!(
                    "{prefix}{name} in {place} is a number, a date or a boolean in YAML 1.1"
                );
                return Err(Error::new(ErrorKind::Config, message)
                    .with_help("write it in quotation marks; without them other tools change it"));
            }
        }
    }
    Ok(())
}
