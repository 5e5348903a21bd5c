//! The header `User-Agent`. It contains this crate and its version, and the name of the application if the program set
//! one. It contains no data about the machine.

use crate::error::Error;
use http::HeaderValue;

const OURS: &str = concat!("huaweicloud-rust/", env!("CARGO_PKG_VERSION"));

/// The largest length of an application's name. It is enough for a product and a comment. Gateways refuse long headers.
const LONGEST: usize = 200;

/// Returns the value of the header `User-Agent`. Returns an error if `application` is empty or too long. Other
/// characters than printable ASCII, and spaces at the ends, are also errors.
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
    Error::config("user_agent is not a name that a header can contain").with_help(format!(
        "give a product and its version, such as app/1.0: at most {LONGEST} printable ASCII characters"
    ))
}
