//! Reads files with credentials. They are small.

use huaweicloud_core::{Error, ErrorKind, Secret};
use std::io::{ErrorKind as Io, Read as _};
use std::path::Path;
use std::time::SystemTime;

/// The largest size of a file with credentials, in bytes. A larger file is another kind of file.
pub(crate) const LARGEST: u64 = 4 << 20;

/// Some editors put this mark at the start of a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A value, or a text for messages that says why there is none.
pub(crate) enum Perhaps<T> {
    There(T),
    Nothing(String),
}

/// The text of a file, without a byte order mark. A file that was asked for explicitly must exist and be readable.
/// Another file that cannot be read is skipped with a warning, as in the tools of OpenStack: not each user may read
/// `/etc/openstack`.
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
            // If a folder above is closed to us, such as the home directory of another user, it is unknown whether the
            // file exists.
            let there = path.exists();
            match (explicit, there) {
                (true, true) => return wrong(why, READABLE),
                (true, false) => return wrong(why, "check the path that is given"),
                (false, true) => {
                    tracing::warn!(target: "huaweicloud", file = %shown, why, "this file is ignored, so its settings are not used; {READABLE}");
                }
                (false, false) => {}
            }
            Ok(Perhaps::Nothing(format!("{shown} {why}")))
        }
    }
}

/// The advice if a file exists and cannot be read.
const READABLE: &str = "make it a file that the user of this program can read, or remove it";

/// Reads at most one byte more than [`LARGEST`], because a device has no length and no end.
pub(crate) fn read_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The time of a file's last change, if it is known.
pub(crate) fn last_change(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        Io::NotFound | Io::NotADirectory => "does not exist".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}

/// Warns if others on this machine can read the secrets in this file.
#[cfg(unix)]
pub(crate) fn warn_if_readable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(found) = std::fs::metadata(path) else {
        return;
    };
    let (file, mode) = (path.display(), found.permissions().mode());
    if mode & 0o004 != 0 {
        tracing::warn!(target: "huaweicloud", %file, "everybody on this machine can read the credentials in this file; chmod 600 helps");
    } else if mode & 0o040 != 0 {
        tracing::warn!(target: "huaweicloud", %file, "a group of users can read the credentials in this file; chmod 600 helps");
    }
}

/// For platforms whose files have no such permissions.
#[cfg(not(unix))]
pub(crate) fn warn_if_readable(_: &Path) {}
