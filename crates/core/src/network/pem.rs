//! Certificates and keys in PEM format, as a string or in a file.

use crate::secret::Secret;
use std::path::PathBuf;

/// PEM data that the program has set. Only [`build`](crate::ConfigBuilder::build) reads and checks the data.
#[derive(Clone)]
pub(crate) struct Pem {
    what: &'static str,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Text(Secret),
    File(PathBuf),
}

impl Pem {
    pub(crate) fn text(what: &'static str, text: impl Into<Secret>) -> Self {
        Self {
            what,
            source: Source::Text(text.into()),
        }
    }

    pub(crate) fn file(what: &'static str, path: PathBuf) -> Self {
        Self {
            what,
            source: Source::File(path),
        }
    }
}

#[cfg(feature = "rustls")]
mod read {
    use super::{Pem, Source};
    use crate::error::Error;
    use crate::secret::Secret;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    impl Pem {
        /// Returns all certificates. If there is no certificate, returns an error.
        pub(in crate::network) fn certificates(
            &self,
        ) -> Result<Vec<CertificateDer<'static>>, Error> {
            let text = self.text_or_file()?;
            let mut found = Vec::new();
            for entry in CertificateDer::pem_slice_iter(text.expose().as_bytes()) {
                let number = found.len() + 1;
                // The error of the parser is dropped, because it quotes the PEM data.
                found.push(entry.map_err(|_| self.wrong_entry(number))?);
            }
            match found.is_empty() {
                true => Err(self.wrong("contain no certificate")),
                false => Ok(found),
            }
        }

        pub(in crate::network) fn key(&self) -> Result<PrivateKeyDer<'static>, Error> {
            let text = self.text_or_file()?;
            PrivateKeyDer::from_pem_slice(text.expose().as_bytes()).map_err(|_| {
                self.wrong("is no key in PEM").with_help(
                    "give an unencrypted key: PKCS#8 (-----BEGIN PRIVATE KEY-----), PKCS#1 or SEC1",
                )
            })
        }

        fn text_or_file(&self) -> Result<Secret, Error> {
            match &self.source {
                Source::Text(text) => Ok(text.clone()),
                Source::File(path) => std::fs::read_to_string(path)
                    .map(Secret::new)
                    .map_err(|error| {
                        self.wrong("cannot be read").with_source(error).with_help(
                            "check the path and the permissions of the file; the file must contain PEM text",
                        )
                    }),
            }
        }

        pub(in crate::network) fn wrong_entry(&self, number: usize) -> Error {
            self.wrong(&format!("have an entry {number} that is not a certificate"))
        }

        /// Makes an error with the name of the PEM data. If the PEM data is in a file, the error contains the path of
        /// the file.
        pub(in crate::network) fn wrong(&self, why: &str) -> Error {
            let place = match &self.source {
                Source::Text(_) => String::new(),
                Source::File(path) => format!(" in `{}`", path.display()),
            };
            Error::config(format!("the {}{place} {why}", self.what)).with_help(
                "give PEM: text that contains a line such as -----BEGIN CERTIFICATE-----",
            )
        }
    }
}
