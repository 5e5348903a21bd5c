//! Finds and reads `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`.

use crate::context::Context;
use crate::settings::environment::Names;
use crate::settings::file::{self, Perhaps};
use crate::settings::yaml::{self, Node};
use huaweicloud_core::{Error, ErrorKind};
use std::path::{Path, PathBuf};

const CLOUDS_FILE: Names = &["OS_CLIENT_CONFIG_FILE"];
const SECURE_FILE: Names = &["OS_CLIENT_SECURE_FILE"];
const PUBLIC_FILE: Names = &["OS_CLIENT_VENDOR_FILE"];

/// The names of settings that are secrets. Other users should not be able to read a file with a secret.
const SECRETS: [&str; 10] = [
    "password",
    "passcode",
    "token",
    "auth_token",
    "secret_key",
    "access_key_secret",
    "sk",
    "security_token",
    "application_credential_secret",
    "client_secret",
];

/// The clouds of `clouds.yaml`. The settings in `secure.yaml` override the settings in `clouds.yaml`.
pub(super) struct CloudFiles {
    pub path: PathBuf,
    /// Whether a variable names the file.
    pub is_given: bool,
    /// Whether one of the files was found in the current folder. Another person could have written this file.
    pub is_in_current_folder: bool,
    /// The clouds in the file at `path`, without the settings of a second file.
    own: Node,
    clouds: Node,
}

struct Opened {
    path: PathBuf,
    is_given: bool,
    /// Whether the file was found in the current folder.
    is_in_current_folder: bool,
    document: Node,
}

impl Opened {
    /// Logs a warning if this file is in the current folder, and adds settings to the file `main` in another folder.
    fn warn_if_over(&self, main: &Path) {
        if self.is_in_current_folder && self.path.parent() != main.parent() {
            let (file, other) = (self.path.display(), main.display());
            tracing::warn!(target: "huaweicloud", %file, %other, "this file in the current folder adds settings to another file; if this file is not yours, remove it");
        }
    }
}

impl CloudFiles {
    /// Opens the files. If there is no file, returns the reason.
    pub(super) fn open(context: &Context) -> Result<Perhaps<Self>, Error> {
        let secure = open(context, SECURE_FILE, "secure")?;
        if let Perhaps::There(secure) = &secure {
            file::warn_if_readable(&secure.path);
        }
        let (main, over) = match (open(context, CLOUDS_FILE, "clouds")?, secure) {
            (Perhaps::There(main), Perhaps::There(secure)) => (main, Some(secure)),
            (Perhaps::There(main), Perhaps::Nothing(_)) => (main, None),
            // If there is no `clouds.yaml`, `secure.yaml` alone can contain the clouds.
            (Perhaps::Nothing(_), Perhaps::There(secure)) => (secure, None),
            (Perhaps::Nothing(why), Perhaps::Nothing(_)) => return Ok(Perhaps::Nothing(why)),
        };
        let own = main.document.get("clouds").cloned().unwrap_or_default();
        let mut clouds = own.clone();
        if let Some(over) = over
            .as_ref()
            .and_then(|secure| secure.document.get("clouds"))
        {
            clouds.overlay(over);
        }
        let over_is_here = over.as_ref().is_some_and(|over| over.is_in_current_folder);
        if let Some(over) = &over {
            over.warn_if_over(&main.path);
        }
        Ok(Perhaps::There(Self {
            is_in_current_folder: main.is_in_current_folder || over_is_here,
            path: main.path,
            is_given: main.is_given,
            own,
            clouds,
        }))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.clouds.keys()
    }

    pub(super) fn cloud(&self, name: &str) -> Result<Node, Error> {
        self.clouds.get(name).cloned().ok_or_else(|| {
            let message = format!("{} has no cloud {name}", self.path.display());
            let help = match self.names().as_slice() {
                [] => "the file contains no clouds: add clouds under the key `clouds`".to_owned(),
                names => format!("set OS_CLOUD to one of its clouds: {}", names.join(", ")),
            };
            Error::new(ErrorKind::Credentials, message).with_help(help)
        })
    }

    /// Returns whether the file at `path` contains a secret of this cloud. A secret in a second file does not count.
    pub(super) fn has_secret(&self, name: &str) -> bool {
        let own = self.own.get(name).map(Node::flat).unwrap_or_default();
        own.keys().any(|key| {
            let name = key.rsplit('.').next().unwrap_or_default();
            SECRETS.contains(&name)
        })
    }
}

/// A profile of `clouds-public.yaml`.
pub(super) struct PublicCloud {
    pub settings: Node,
    pub is_in_current_folder: bool,
}

/// Returns the profile with this name, or `None` if there is no such profile. `main` is the file that contains the
/// user's cloud.
pub(super) fn public_cloud(
    context: &Context,
    name: &str,
    main: &Path,
) -> Result<Option<PublicCloud>, Error> {
    let Perhaps::There(opened) = open(context, PUBLIC_FILE, "clouds-public")? else {
        return Ok(None);
    };
    let public = opened.document.get("public-clouds");
    let Some(settings) = public.and_then(|public| public.get(name)) else {
        return Ok(None);
    };
    opened.warn_if_over(main);
    Ok(Some(PublicCloud {
        settings: settings.clone(),
        is_in_current_folder: opened.is_in_current_folder,
    }))
}

/// Opens the file that the variable names. If the variable is not set, opens the first readable file with this name. If
/// there is no such file, returns the reason.
fn open(context: &Context, variable: Names, name: &str) -> Result<Perhaps<Opened>, Error> {
    let given = context.environment.first(variable)?;
    let is_given = given.is_some();
    let places = match given {
        Some(path) => vec![context.folders.expand(&path.value)],
        None => context.folders.openstack(name),
    };
    let mut nothing = Vec::new();
    for path in places {
        match file::read_text(&path, is_given)? {
            Perhaps::There(text) => {
                let document = yaml::parse(&path, text.expose())?.with_plain_keys();
                // If a key appears twice, it is not clear which value is meant.
                if let Some(key) = document.repeated_key() {
                    let message = format!("{key} occurs twice in a mapping of {}", path.display());
                    return Err(Error::new(ErrorKind::Config, message).with_help(
                        "keep one of them: a hyphen and an underscore have the same meaning",
                    ));
                }
                let here = context.folders.current.as_path();
                return Ok(Perhaps::There(Opened {
                    is_in_current_folder: !is_given && path.parent() == Some(here),
                    path,
                    is_given,
                    document,
                }));
            }
            Perhaps::Nothing(why) if is_usual(&path) || path.exists() => nothing.push(why),
            Perhaps::Nothing(_) => {}
        }
    }
    Ok(Perhaps::Nothing(nothing.join(", ")))
}

/// Returns whether messages list this path even if the file does not exist.
///
/// Messages do not list missing files that end in `.yml` or `.json`, or missing files in `/etc/xdg/openstack`.
fn is_usual(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml")
        && !path.components().any(|part| part.as_os_str() == "xdg")
}
