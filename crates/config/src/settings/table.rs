//! The settings of one place, under the names of one family of tools.

use super::environment::{Environment, Names, Variable};
use super::family::Family;
use huaweicloud_core::{Error, ErrorKind};
use std::time::Duration;

/// Variables of the environment, a cloud of `clouds.yaml`, a profile of a file.
pub(crate) struct Table<'a> {
    pub settings: &'a Environment,
    pub family: &'static Family,
    /// The place in words, for messages: `the environment`.
    pub place: &'a str,
    /// Whether the place is a file that was found in the current folder.
    pub is_in_current_folder: bool,
}

impl<'a> Table<'a> {
    /// The variables of one family of tools.
    pub(crate) fn of_variables(environment: &'a Environment, family: &'static Family) -> Self {
        Self {
            settings: environment,
            family,
            place: "the environment",
            is_in_current_folder: false,
        }
    }
}

impl Table<'_> {
    /// Whether one of these settings is set.
    pub(crate) fn has(&self, names: Names) -> bool {
        self.settings.has(names)
    }

    /// The first of these settings that is set. It must be a text of one line, without control characters.
    pub(super) fn line(&self, names: Names) -> Result<Option<Variable>, Error> {
        let is_line = |text: &str| !text.contains(char::is_control);
        let help = "write it on one line; check that no line break was copied with it";
        self.checked(
            names,
            is_line,
            "holds a line break or another control character",
            help,
        )
    }

    /// The same, for a name. Quotation marks around a name are a mistake.
    pub(crate) fn name(&self, names: Names) -> Result<Option<Variable>, Error> {
        self.line(names)?;
        let help = "remove the quotation marks: here they are a part of the value";
        self.checked(
            names,
            |text| !is_quoted(text),
            "stands in quotation marks",
            help,
        )
    }

    /// The same, for a text that goes into a header or a signature.
    pub(crate) fn word(&self, names: Names) -> Result<Option<Variable>, Error> {
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let why = "holds white space, a line break or another character that no key has";
        let help = "check that it was copied whole, and nothing with it";
        self.checked(names, is_word, why, help)?;
        self.name(names)
    }

    /// The same, for an id. If it is a name instead, the service would only refuse it.
    pub(super) fn id(&self, names: Names) -> Result<Option<Variable>, Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let help = "give the 32 hexadecimal digits that the console shows under \"API Credentials\", without white space";
        self.checked(
            names,
            |text| text.bytes().all(allowed),
            "is not an id",
            help,
        )
    }

    /// An error with the names of the setting and its place. It never shows the value.
    fn checked(
        &self,
        names: Names,
        is_right: impl Fn(&str) -> bool,
        why: &str,
        help: &'static str,
    ) -> Result<Option<Variable>, Error> {
        let found = self.settings.first(names)?;
        match found.as_ref().filter(|found| !is_right(&found.value)) {
            None => Ok(found),
            Some(wrong) => {
                let message = format!("{} in {} {why}", wrong.name, self.place);
                Err(Error::new(ErrorKind::Config, message).with_help(help))
            }
        }
    }
}

/// Some tools pass on the lines of a file unread, with the quotation marks.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    ['"', '\'']
        .iter()
        .any(|mark| text.len() > 1 && text.starts_with(*mark) && text.ends_with(*mark))
}

/// A number of seconds, as people write a duration.
pub(crate) fn whole_seconds(found: &Variable, place: &str) -> Result<Duration, Error> {
    found.value.parse().map(Duration::from_secs).map_err(|_| {
        let message = format!("{} in {place} is no number of seconds", found.name);
        Error::new(ErrorKind::Config, message).with_help("write a whole number such as 3600")
    })
}
