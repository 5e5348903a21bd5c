//! Reads files with settings or credentials, and warns if other users can read the credentials.

use huaweicloud_core::{Error, ErrorKind, Secret};
use std::io::{ErrorKind as Io, Read as _};
use std::path::Path;
use std::time::SystemTime;

/// The largest size of a file with settings or credentials, in bytes. A larger file is probably the wrong file.
pub(crate) const LARGEST: u64 = 4 << 20;

/// Some editors write this mark at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A value, or a message that explains why there is no value.
pub(crate) enum Perhaps<T> {
    There(T),
    Nothing(String),
}

/// Reads a file, and removes the byte order mark.
///
/// If `explicit` is `true`, the file must exist and must be readable. A file that is too large or not UTF-8 is always
/// an error.
///
/// If `explicit` is `false`, the file can be missing. If the file exists but cannot be read, the function logs a
/// warning and skips the file. OpenStack's tools also skip the file, because not every user can read `/etc/openstack`.
pub(crate) fn read_text(path: &Path, explicit: bool) -> Result<Perhaps<Secret>, Error> {
    let shown = path.display();
    let wrong = |why: String, help: &'static str| {
        Err(Error::new(ErrorKind::Config, format!("{shown} {why}")).with_help(help))
    };
    match read_bytes(path) {
        Ok(bytes) if bytes.len() as u64 > LARGEST => wrong(
            format!("is larger than {LARGEST} bytes"),
            "check that it is the right file",
        ),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => {
                let text = Secret::new(text);
                let plain = text.expose().trim_start_matches(BYTE_ORDER_MARK);
                Ok(Perhaps::There(Secret::new(plain)))
            }
            Err(_) => wrong("is not UTF-8 text".to_owned(), "save it as UTF-8"),
        },
        Err(error) => {
            let why = reason(&error);
            // The result is also `false` if the user cannot open a parent folder, such as another user's home
            // directory.
            let there = path.exists();
            match (explicit, there) {
                (true, true) => return wrong(why, READABLE),
                (true, false) => return wrong(why, "check the path"),
                (false, true) => {
                    tracing::warn!(target: "huaweicloud", file = %shown, why, "this file is ignored, so its settings are not used; {READABLE}");
                }
                (false, false) => {}
            }
            Ok(Perhaps::Nothing(format!("{shown} {why}")))
        }
    }
}

/// The help if a file exists but cannot be read.
const READABLE: &str = "make it a file that the user of this program can read, or remove it";

/// Reads at most one byte more than [`LARGEST`], because a device file has no length and no end.
pub(crate) fn read_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the time of the last change of a file, if the time is known.
pub(crate) fn last_change(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        Io::NotFound | Io::NotADirectory => "does not exist".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}

/// Logs a warning if other users of this machine can read the secrets in this file.
#[cfg(unix)]
pub(crate) fn warn_if_readable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(found) = std::fs::metadata(path) else {
        return;
    };
    let (file, mode) = (path.display(), found.permissions().mode());
    if mode & 0o004 != 0 {
        tracing::warn!(target: "huaweicloud", %file, "everybody on this machine can read the credentials in this file; run chmod 600 on the file");
    } else if mode & 0o040 != 0 {
        tracing::warn!(target: "huaweicloud", %file, "a group of users can read the credentials in this file; run chmod 600 on the file");
    }
}

/// Does nothing, because files of this platform do not have Unix permissions.
#[cfg(not(unix))]
pub(crate) fn warn_if_readable(_: &Path) {}
