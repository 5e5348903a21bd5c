//! Checks of the names, ids and times of a configuration.

use crate::error::Error;
use std::time::Duration;

/// Returns an error if `id` is empty, or contains characters other than ASCII letters, digits, `-` and `_`. `None` is
/// valid.
pub(crate) fn check_id(name: &str, id: Option<&str>) -> Result<(), Error> {
    match id {
        Some(id)
            if id.is_empty()
                || !id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') =>
        {
            let error = Error::config(format!("{name} is not an id"));
            Err(error.with_help("give the 32 hexadecimal digits that the console shows under \"API Credentials\", not the name"))
        }
        _ => Ok(()),
    }
}

/// Returns the short name of a service, in which words are separated by hyphens. `service` can also be the name of the
/// Rust module, which has underscores.
pub(crate) fn short_name(service: &str) -> String {
    service.replace('_', "-")
}

/// Returns an error if a time is zero.
pub(crate) fn check_times(times: &[(&str, Option<Duration>)]) -> Result<(), Error> {
    match times.iter().find(|(_, time)| *time == Some(Duration::ZERO)) {
        Some((name, _)) => {
            Err(Error::config(format!("{name} is zero")).with_help("give it at least a second"))
        }
        None => Ok(()),
    }
}

/// Returns an error if `region` is not valid. The region becomes part of a host name, so only some characters are
/// allowed.
pub(crate) fn check_region(region: &str) -> Result<(), Error> {
    if is_region(region) {
        return Ok(());
    }
    let shown: String = region
        .chars()
        .filter(|c| !c.is_control())
        .take(40)
        .collect();
    let lower = shown.to_ascii_lowercase().replace('_', "-");
    let help = if is_region(&lower) {
        format!("did you mean {lower}?")
    } else {
        "give the id of a region, such as eu-de or cn-north-4".to_owned()
    };
    Err(Error::config(format!("`{shown}` is not a region")).with_help(help))
}

fn is_region(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= 40 && text.bytes().all(allowed)
}
