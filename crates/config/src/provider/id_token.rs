//! Reads an OpenID Connect ID token from a string or a file. Another program can renew the token in the file.

use crate::settings::file;
use huaweicloud_core::{Error, ErrorKind, Secret};
use std::path::PathBuf;
use std::time::SystemTime;

/// The source of an identity provider's ID token: a file or a string.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdToken {
    /// The token is in this file. Each fetch of a credential reads the file again, so another program can replace the
    /// token.
    File(PathBuf),
    /// The token is this string. The token cannot be renewed.
    Text(Secret),
}

impl IdToken {
    /// Returns the time of the last change of the file. `None` if the token is a string, or the time is unknown.
    pub(crate) fn changed(&self) -> Option<SystemTime> {
        match self {
            Self::Text(_) => None,
            Self::File(path) => file::last_change(path),
        }
    }

    pub(crate) async fn value(&self) -> Result<Secret, Error> {
        match self {
            Self::Text(token) => Ok(token.clone()),
            Self::File(path) => read_secret(path.clone()).await,
        }
    }
}

/// Reads a file that contains only a secret, and perhaps white space around the secret.
pub(super) async fn read_secret(path: PathBuf) -> Result<Secret, Error> {
    let wrong = |why: &str, path: &PathBuf| {
        let message = format!("the token file {} {why}", path.display());
        Error::new(ErrorKind::Credentials, message)
            .with_help("check the path, and that the file contains a token")
    };
    let file = path.clone();
    // The file can be on a slow network drive. A separate thread reads the file, so other tasks do not wait.
    let read = tokio::task::spawn_blocking(move || file::read_bytes(&file)).await;
    match read {
        Ok(Ok(bytes)) if bytes.len() as u64 > file::LARGEST => {
            Err(wrong("is larger than a token can be", &path))
        }
        Ok(Ok(bytes)) => match String::from_utf8(bytes).map(Secret::new) {
            Ok(text) if text.expose().trim().is_empty() => Err(wrong("is empty", &path)),
            Ok(text) if !text.expose().trim().bytes().all(is_of_token) => Err(wrong(
                "contains white space, a quotation mark or another character that a token cannot contain",
                &path,
            )),
            Ok(text) => Ok(Secret::new(text.expose().trim())),
            // The conversion error contains the bytes of the file, so it must not become the source of our error.
            Err(_) => Err(wrong("is not UTF-8 text", &path)),
        },
        Ok(Err(error)) => Err(wrong("cannot be read", &path).with_source(error)),
        Err(error) => Err(wrong("cannot be read", &path).with_source(error)),
    }
}

/// Returns whether a token can contain this byte. A service would refuse a token with white space or quotation marks.
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'')
}
