//! Whom to trust, and as whom to come, where the credentials' own place says it.

use crate::settings::environment::{Names, Variable};
use crate::settings::folders::Folders;
use crate::settings::table::Table;
use huaweicloud_core::{Config, ConfigBuilder, Error, ErrorKind};
use std::path::PathBuf;

/// Files with certificates.
#[derive(Default)]
pub(crate) struct Trust {
    /// Authorities besides the platform's.
    authorities: Option<File>,
    /// The client's certificate and its key, which may be in one file.
    identity: Option<(File, File)>,
}

#[derive(Clone)]
struct File {
    /// Where the path was found.
    name: &'static str,
    path: PathBuf,
}

impl Trust {
    /// What the table says. Nobody is trusted unchecked: who asks for that gets an error.
    pub(crate) fn find(
        table: &Table<'_>,
        folders: &Folders,
        settings: Option<&Config>,
    ) -> Result<Self, Error> {
        let family = table.family;
        let file = |names: Names| -> Result<Option<File>, Error> {
            Ok(table.text(names)?.map(|found| File {
                name: found.name,
                path: folders.expand(&found.value),
            }))
        };
        // Its trust is the program's own business.
        if settings.is_some_and(Config::has_http_client) {
            let set = [family.authorities, family.insecure, family.verify];
            if set.into_iter().any(|names| table.has(names)) {
                tracing::debug!(target: "huaweicloud", place = table.place, "certificates are the given HTTP client's business");
            }
            return Ok(Self::default());
        }
        refuse_blind_trust(table)?;
        let identity = match (file(family.certificate)?, file(family.key)?) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate, key)),
            // One file holds both.
            (Some(both), None) => Some((both.clone(), both)),
            (None, Some(_)) => {
                let key = table.text(family.key)?;
                return Err(table.half_set(&[&key], &[family.certificate]));
            }
        };
        Ok(Self {
            authorities: file(family.authorities)?,
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

    /// What was found, and where, for people.
    pub(crate) fn origins(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let authorities = self.authorities.iter();
        let identity = self.identity.iter();
        let authorities = authorities.map(|file| ("root certificates", file.name));
        authorities.chain(identity.map(|(file, _)| ("client certificate", file.name)))
    }
}

/// `verify: false` and `insecure: true`: neither done, which would hand passwords to whoever sits in between, nor passed over.
fn refuse_blind_trust(table: &Table<'_>) -> Result<(), Error> {
    for (names, blind) in [(table.family.verify, false), (table.family.insecure, true)] {
        let Some(found) = table.text(names)? else {
            continue;
        };
        if truth(&found, table)? == blind {
            let message = format!(
                "{} in {} asks for connections to anybody, without a look at certificates",
                found.name, table.place
            );
            let authorities = table.family.authorities.first();
            let authorities = authorities.copied().unwrap_or("root_certificate_file()");
            return Err(Error::new(ErrorKind::Config, message).with_help(format!(
                "certificates are always checked: give the authority's by {authorities} and leave {} out",
                found.name
            )));
        }
    }
    Ok(())
}

/// As YAML 1.1 and environment variables say it.
fn truth(found: &Variable, table: &Table<'_>) -> Result<bool, Error> {
    match found.value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => {
            let message = format!(
                "{} in {} is neither true nor false",
                found.name, table.place
            );
            Err(Error::new(ErrorKind::Config, message).with_help("write true or false"))
        }
    }
}
