//! A cloud of OpenStack's `clouds.yaml`, with what `secure.yaml` and `clouds-public.yaml` add to it.

use super::{Search, Source, ready};
use crate::context::{CLOUD, Context};
use crate::credential::find::find_kind;
use crate::credential::kind::CREDENTIAL_KINDS;
use crate::settings::environment::{Environment, Names};
use crate::settings::family::{CLOUDS, OS};
use crate::settings::file::{self, Contents};
use crate::settings::table::Table;
use crate::settings::yaml::{self, Node};
use huaweicloud_core::{BoxFuture, Error, ErrorKind};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

const CLOUDS_FILE: Names = &["OS_CLIENT_CONFIG_FILE"];
const SECURE_FILE: Names = &["OS_CLIENT_SECURE_FILE"];
const PUBLIC_FILE: Names = &["OS_CLIENT_VENDOR_FILE"];

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
    let name = match &context.cloud {
        Some(name) => Some(name.clone()),
        None => context.environment.first(CLOUD)?.map(|found| found.value),
    };
    let (path, clouds) = match open(context, CLOUDS_FILE, "clouds.yaml", "clouds")? {
        Ok(found) => found,
        Err(nothing) => return nowhere(name.as_deref(), nothing),
    };
    let named = name.is_some();
    let Some(name) = name.or_else(|| only(&clouds)) else {
        let path = path.display();
        return Ok(Search::Nothing(match names(&clouds).as_str() {
            "" => format!("{path} has no clouds"),
            names => format!("OS_CLOUD is not set, and {path} has more than one cloud: {names}"),
        }));
    };
    let mut settings = settings(context, &name, &path, &clouds)?;
    // What many keep out of the file.
    for (place, names) in [("auth.password", OS.password), ("cacert", OS.authorities)] {
        if let Some(found) = context.environment.first(names)? {
            settings.entry(place.to_owned()).or_insert(found.value);
        }
    }
    let place = format!("the cloud {name} of {}", path.display());
    let lookup = Environment::new(move |key| settings.get(key).map(OsString::from));
    let table = Table {
        settings: &lookup,
        family: &CLOUDS,
        place: &place,
    };
    for kind in CREDENTIAL_KINDS {
        if let Some(found) = find_kind(kind, &table, context)? {
            file::warn_if_readable(&path);
            return Ok(Search::Found(found));
        }
    }
    // Of another kind, perhaps, and for other programs.
    let message = format!("{place} has no credentials that can be used here");
    if !named {
        return Ok(Search::Nothing(message));
    }
    Err(Error::new(ErrorKind::Credentials, message).with_help(
        "give its `auth` an access_key and a secret_key, a token, or a username, a password and a user_domain_name",
    ))
}

/// Who names a cloud wants it, and not what another source has.
fn nowhere(name: Option<&str>, nothing: String) -> Result<Search, Error> {
    match name {
        None => Ok(Search::Nothing(nothing)),
        Some(name) => Err(Error::new(
            ErrorKind::Credentials,
            format!("the cloud {name} is asked for, but {nothing}"),
        )
        .with_help("make the file, or unset OS_CLOUD")),
    }
}

/// The clouds of the first file of this name that there is, or where it was looked for.
fn open(
    context: &Context,
    variable: Names,
    file: &str,
    key: &str,
) -> Result<Result<(PathBuf, Node), String>, Error> {
    let given = context.environment.first(variable)?;
    let explicit = given.is_some();
    let places = match given {
        Some(path) => vec![context.folders.expand(&path.value)],
        None => context.folders.openstack(file),
    };
    let mut nothing = Vec::new();
    for path in places {
        match file::read_text(&path, explicit)? {
            Contents::Text(text) => {
                let document = yaml::parse(&path, text.expose())?;
                let clouds = document.get(key).cloned().unwrap_or_default();
                return Ok(Ok((path, clouds)));
            }
            Contents::Nothing(why) => nothing.push(why),
        }
    }
    Ok(Err(nothing.join(", ")))
}

fn only(clouds: &Node) -> Option<String> {
    match clouds.keys().as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    }
}

fn names(clouds: &Node) -> String {
    clouds.keys().join(", ")
}

/// Everything that is said of the cloud: by itself, else by `secure.yaml`, else by the public cloud that it is one of.
fn settings(
    context: &Context,
    name: &str,
    path: &std::path::Path,
    clouds: &Node,
) -> Result<BTreeMap<String, String>, Error> {
    let Some(cloud) = clouds.get(name) else {
        let message = format!("{} has no cloud {name}", path.display());
        let help = match names(clouds).as_str() {
            "" => "it has none at all: list them under `clouds`".to_owned(),
            names => format!("set OS_CLOUD to one of its clouds: {names}"),
        };
        return Err(Error::new(ErrorKind::Credentials, message).with_help(help));
    };
    let mut settings = cloud.flat();
    if let Ok((path, secure)) = open(context, SECURE_FILE, "secure.yaml", "clouds")? {
        file::warn_if_readable(&path);
        add(&mut settings, secure.get(name));
    }
    if let Some(profile) = settings.get("profile").cloned()
        && let Ok((_, public)) = open(context, PUBLIC_FILE, "clouds-public.yaml", "public-clouds")?
    {
        add(&mut settings, public.get(&profile));
    }
    Ok(settings)
}

fn add(settings: &mut BTreeMap<String, String>, more: Option<&Node>) {
    for (key, value) in more.map(Node::flat).unwrap_or_default() {
        settings.entry(key).or_insert(value);
    }
}
