//! Checks the names that the user chooses for a skeleton.

use anyhow::{Result, bail};

use lint::names::is_keyword;

/// Names that a service cannot have, because Rust, cargo or the workspace uses them.
const TAKEN: [&str; 17] = [
    "alloc",
    "bench",
    "config",
    "core",
    "default",
    "e2e",
    "huaweicloud",
    "metrics",
    "openapi",
    "opentelemetry",
    "sandbox",
    "schemars",
    "serde-full",
    "std",
    "test",
    "test-util",
    "transcript",
];

/// The maximum length of a name. Every operating system supports folder and crate names of this length.
const LONGEST: usize = 40;

/// Refuses a name that cannot be the name of a folder, crate, module and feature.
pub fn service(name: &str) -> Result<()> {
    kebab(name, "service")?;
    if is_keyword(name) || TAKEN.contains(&name) {
        bail!(
            "`{name}` is already used by Rust, cargo or this workspace; the service becomes a crate, a module and a feature with its name, so add a word to the name"
        );
    }
    Ok(())
}

/// Accepts `^[a-z][a-z0-9]*(-[a-z0-9]+)*$` with at most `LONGEST` characters.
pub fn kebab(name: &str, what: &str) -> Result<()> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part = |part: &str| !part.is_empty() && part.bytes().all(letter);
    let begins = name.starts_with(|char: char| char.is_ascii_lowercase());
    if !begins || !name.split('-').all(part) {
        bail!("`{name}` is not a valid name of a {what}: write it in kebab-case, like `roma-link`");
    }
    if name.len() > LONGEST {
        bail!(
            "the name of a {what} has at most {LONGEST} characters, `{name}` has {}: shorten it",
            name.len()
        );
    }
    Ok(())
}

/// Refuses a title that is blank or contains control characters, such as line breaks and tabs.
pub fn title(title: &str) -> Result<()> {
    if title.trim().is_empty() {
        bail!("the title is blank; name the service as its documentation does, or omit --title");
    }
    if title.chars().any(char::is_control) {
        bail!("the title {title:?} is not one line of text; write it without line breaks and tabs");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
