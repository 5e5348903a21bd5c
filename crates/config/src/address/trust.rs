//! Finds the trusted certificates and the client's own certificate in the settings of the credentials' source.

use crate::settings::environment::Variable;
use crate::settings::file::warn_if_readable;
use crate::settings::folders::Folders;
use crate::settings::half_set::HalfSet;
use crate::settings::values::Values;
use huaweicloud_core::{Config, ConfigBuilder, Error, ErrorKind};
use std::path::PathBuf;

/// The paths of files with certificates.
#[derive(Default)]
pub(crate) struct Trust {
    /// Certificate authorities that are trusted in addition to the authorities of the platform.
    authorities: Option<File>,
    /// The client's certificate and its key. One file may contain the certificate and the key.
    identity: Option<(File, File)>,
}

#[derive(Clone)]
struct File {
    /// The name of the setting that contains the path.
    name: &'static str,
    path: PathBuf,
}

impl Trust {
    /// Returns the files that the settings name. Returns an error if a setting turns off the check of certificates.
    pub(super) fn from_values(
        values: &Values<'_>,
        folders: &Folders,
        settings: Option<&Config>,
    ) -> Result<Self, Error> {
        let file = |found: &Variable| File {
            name: found.name,
            path: folders.expand(&found.value),
        };
        // If the program gives the HTTP client, the program decides which certificates are trusted.
        if settings.is_some_and(Config::has_http_client) {
            let set = [&values.authorities, &values.insecure, &values.verify];
            if set.into_iter().any(Option::is_some) {
                tracing::debug!(target: "huaweicloud", place = values.table.place, "the given HTTP client decides which certificates are trusted");
            }
            return Ok(Self::default());
        }
        refuse_blind_trust(values)?;
        let identity = match (&values.certificate, &values.key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((file(certificate), file(key))),
            // One file contains the certificate and the key.
            (Some(both), None) => Some((file(both), file(both))),
            (None, Some(key)) => {
                let (set, missing) = (vec![key.name], vec![values.table.family.certificate]);
                return Err(HalfSet { set, missing }.error(values.table.place));
            }
        };
        if let Some((_, key)) = &identity {
            warn_if_readable(&key.path);
        }
        Ok(Self {
            authorities: values.authorities.as_ref().map(file),
            identity: identity.filter(|_| !settings.is_some_and(Config::has_identity)),
        })
    }

    pub(crate) fn add_to(&self, mut builder: ConfigBuilder) -> ConfigBuilder {
        if let Some(file) = &self.authorities {
            builder = builder.root_certificate_file(&file.path);
        }
        if let Some((certificate, key)) = &self.identity {
            builder = builder.identity_files(&certificate.path, &key.path);
        }
        builder
    }

    /// Returns pairs for messages: the kind of the certificate, and the setting that names its file.
    pub(crate) fn origins(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let authorities = self.authorities.iter();
        let identity = self.identity.iter();
        let authorities = authorities.map(|file| ("root certificates", file.name));
        authorities.chain(identity.map(|(file, _)| ("client certificate", file.name)))
    }
}

/// Returns an error if the settings contain `verify: false` or `insecure: true`.
///
/// Without checks, anyone on the network path could read passwords. If the setting were ignored, the user would not
/// know that it has no effect.
fn refuse_blind_trust(values: &Values<'_>) -> Result<(), Error> {
    let place = values.table.place;
    for (found, blind) in [(&values.verify, false), (&values.insecure, true)] {
        let Some(found) = found else {
            continue;
        };
        if truth(found, place)? == blind {
            let name = found.name;
            let message = format!("{name} in {place} turns off the check of certificates");
            let authorities = values.table.family.authorities.first();
            let authorities = authorities.copied().unwrap_or("root_certificate_file()");
            return Err(Error::new(ErrorKind::Config, message).with_help(format!(
                "certificates are always checked: set the authority's certificate by {authorities}, and remove {name}"
            )));
        }
    }
    Ok(())
}

/// Parses a boolean as written in YAML 1.1 and in environment variables.
fn truth(found: &Variable, place: &str) -> Result<bool, Error> {
    match found.value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" | "y" | "t" => Ok(true),
        "false" | "no" | "off" | "0" | "n" | "f" => Ok(false),
        _ => {
            let message = format!("{} in {place} is neither true nor false", found.name);
            Err(Error::new(ErrorKind::Config, message).with_help("write true or false"))
        }
    }
}
