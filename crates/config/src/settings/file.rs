//! Reading the files that credentials are in: small, local, and once, when a program starts.

use huaweicloud_core::{Error, ErrorKind, Secret};
use std::io::{ErrorKind as Io, Read as _};
use std::path::Path;

/// Nobody keeps so many credentials; it is another file.
pub(crate) const LARGEST: u64 = 4 << 20;

/// What some editors begin a text with.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What is in a file.
pub(crate) enum Contents {
    Text(Secret),
    /// There is none to be read; and why, for people.
    Nothing(String),
}

/// The text of a file, without a byte order mark. One that somebody asked for explicitly has to be there, and readable; another one that is
/// there and cannot be read is passed over with a warning, as OpenStack's tools do it, whose `/etc/openstack` is not for everybody.
pub(crate) fn read_text(path: &Path, explicit: bool) -> Result<Contents, Error> {
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
                Ok(Contents::Text(Secret::new(plain)))
            }
            Err(_) => wrong("is not UTF-8 text".to_owned(), "save it as UTF-8"),
        },
        Err(error) => {
            let why = reason(&error);
            // Below a folder that is closed to us, such as the home directory of another user, nobody can tell what is there.
            let there = path.exists();
            match (explicit, there) {
                (true, true) => return wrong(why, READABLE),
                (true, false) => return wrong(why, "check the path that is given"),
                (false, true) => {
                    tracing::warn!(target: "huaweicloud", file = %shown, why, "this file is passed over, so what it says does not count; {READABLE}");
                }
                (false, false) => {}
            }
            Ok(Contents::Nothing(format!("{shown} {why}")))
        }
    }
}

/// What helps where a file is there and cannot be read.
const READABLE: &str = "make it a file that the user of this program can read, or remove it";

/// At most one more than [`LARGEST`], whatever is there: a device has no length and no end.
pub(crate) fn read_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
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
