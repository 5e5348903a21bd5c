//! Makes the value of the header `User-Agent`. The value contains `huaweicloud-rust` and the version of this crate. If
//! the program sets a name of the application, the value also contains that name. The value contains no data about the
//! machine.

use crate::error::Error;
use http::HeaderValue;

const OURS: &str = concat!("huaweicloud-rust/", env!("CARGO_PKG_VERSION"));

/// The largest length of an application's name, in bytes. Gateways refuse long headers.
const LONGEST: usize = 200;

/// Returns the value of the header `User-Agent`. Returns an error if `application` is empty, is too long, or has a
/// space at its start or its end. Also returns an error if `application` contains a character that is not printable
/// ASCII.
pub(crate) fn user_agent(application: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(name) = application else {
        return Ok(HeaderValue::from_static(OURS));
    };
    let printable = name.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if name.is_empty() || name.len() > LONGEST || name.trim() != name || !printable {
        return Err(wrong());
    }
    HeaderValue::try_from(format!("{OURS} {name}")).map_err(|_| wrong())
}

fn wrong() -> Error {
    Error::config("user_agent is not a valid name").with_help(format!(
        "give a product and its version, such as app/1.0: at most {LONGEST} printable ASCII characters, and no space at either end"
    ))
}
