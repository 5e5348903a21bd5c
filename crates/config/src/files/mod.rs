//! Reading the files that credentials are in: small, local, and once, when a program starts.

pub(crate) mod ini;
pub(crate) mod yaml;

use huaweicloud_core::{Error, ErrorKind, Secret};
use std::io::ErrorKind as Io;
use std::path::Path;

/// Nobody keeps so many credentials; it is another file.
const LARGEST: u64 = 4 << 20;

/// What is in a file.
pub(crate) enum Contents {
    Text(Secret),
    /// There is none to be read; and why, for people.
    Nothing(String),
}

/// The text of a file. One that somebody asked for explicitly has to be there.
pub(crate) fn read(path: &Path, explicit: bool) -> Result<Contents, Error> {
    let shown = path.display();
    let why = match std::fs::metadata(path) {
        Ok(found) if found.len() > LARGEST => {
            return Err(Error::new(
                ErrorKind::Config,
                format!("{shown} is larger than {LARGEST} bytes"),
            )
            .with_help("check that it is the right file"));
        }
        Ok(_) => match std::fs::read_to_string(path) {
            Ok(text) => return Ok(Contents::Text(Secret::new(text))),
            Err(error) if error.kind() == Io::InvalidData => {
                return Err(
                    Error::new(ErrorKind::Config, format!("{shown} is not UTF-8 text"))
                        .with_help("save it as UTF-8"),
                );
            }
            Err(error) => reason(&error),
        },
        Err(error) => reason(&error),
    };
    if explicit {
        return Err(Error::new(ErrorKind::Config, format!("{shown} {why}"))
            .with_help("check the path in the environment"));
    }
    Ok(Contents::Nothing(format!("{shown} {why}")))
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        Io::NotFound | Io::NotADirectory => "does not exist".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}

/// Says so when everybody on this machine can read the credentials.
#[cfg(unix)]
pub(crate) fn warn_if_readable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o004;
    if std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & OTHERS != 0) {
        let file = path.display();
        tracing::warn!(target: "huaweicloud", %file, "everybody on this machine can read the credentials in this file; chmod 600 helps");
    }
}

/// Where files have no such permissions.
#[cfg(not(unix))]
pub(crate) fn warn_if_readable(_: &Path) {}
