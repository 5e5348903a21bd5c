//! Makes the error for a setting that needs another setting, if the other setting is missing.

use super::environment::{Names, shown};
use huaweicloud_core::{Error, ErrorKind};

/// The settings that are set, and the settings that are missing.
pub(crate) struct HalfSet {
    pub set: Vec<&'static str>,
    pub missing: Vec<Names>,
}

impl HalfSet {
    /// Returns the error for the settings of one source. `place` is the name of the source, such as `the environment`.
    pub(crate) fn error(&self, place: &str) -> Error {
        let missing: Vec<String> = self.missing.iter().map(|names| shown(names)).collect();
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        let verb = |count| if count == 1 { "is" } else { "are" };
        let (is_set, is_missing) = (verb(self.set.len()), verb(missing.len()));
        let (set, missing) = (listed(&self.set), listed(&missing));
        let message = format!("{set} {is_set} set in {place}, but {missing} {is_missing} not");
        Error::new(ErrorKind::Credentials, message)
            .with_help(format!("set {missing}, or unset {set}"))
    }
}

/// Joins names for messages, such as `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
