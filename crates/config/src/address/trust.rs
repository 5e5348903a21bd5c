//! Finds the files with certificate authorities and with the client's certificate. The source of the credentials names
//! these files.

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
    /// The file with certificate authorities that the client trusts in addition to the authorities of the platform.
    authorities: Option<File>,
    /// The files of the client's certificate and of its key. Both can be the same file.
    identity: Option<(File, File)>,
}

#[derive(Clone)]
struct File {
    /// The name of the setting that contains the path.
    name: &'static str,
    path: PathBuf,
}

impl Trust {
    /// Returns the files that `values` name. Returns an error if a value turns off the check of certificates.
    ///
    /// If `settings` contain a client certificate, the result contains no client certificate.
    ///
    /// If the program sets the HTTP client, this function ignores the values. The HTTP client then decides which
    /// certificates are trusted.
    pub(super) fn from_values(
        values: &Values<'_>,
        folders: &Folders,
        settings: Option<&Config>,
    ) -> Result<Self, Error> {
        let file = |found: &Variable| File {
            name: found.name,
            path: folders.expand(&found.value),
        };
        if settings.is_some_and(Config::has_http_client) {
            let set = [&values.authorities, &values.insecure, &values.verify];
            if set.into_iter().any(Option::is_some) {
                tracing::debug!(target: "huaweicloud", place = values.table.place, "the settings for certificates are ignored, because the program sets the HTTP client");
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
/// Without the check of certificates, an attacker on the network path could read passwords. Without this error, the
/// user would not know that the setting has no effect.
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
                "certificates are always checked: remove {name}, and set the file of the certificate authority with {authorities}"
            )));
        }
    }
    Ok(())
}

/// Parses a boolean. Accepts the forms of YAML 1.1, and also `1`, `0`, `t` and `f`.
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
