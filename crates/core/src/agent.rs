//! The header `User-Agent`: this crate and its version, and the application's name if there is one. It says nothing
//! about the machine.

use crate::error::Error;
use http::HeaderValue;

const OURS: &str = concat!("huaweicloud-rust/", env!("CARGO_PKG_VERSION"));

/// This length is enough for a product and a comment. Gateways refuse long headers.
const LONGEST: usize = 200;

/// The header's value.
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
    Error::config("user_agent is not a name that a header can carry").with_help(format!(
        "give a product and its version, such as app/1.0: at most {LONGEST} printable ASCII characters"
    ))
}
