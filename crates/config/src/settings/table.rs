//! Reads settings of one source by the names of one family of tools, and checks the values.

use super::environment::{Environment, Names, Variable};
use super::family::Family;
use huaweicloud_core::{Error, ErrorKind};
use std::time::Duration;

/// The settings of one source: variables of the environment, a cloud of `clouds.yaml`, or a profile of a file.
pub(crate) struct Table<'a> {
    pub settings: &'a Environment,
    pub family: &'static Family,
    /// The source in words, for messages, such as `the environment`.
    pub place: &'a str,
    /// Whether this crate found a file of the source in the current folder.
    pub is_in_current_folder: bool,
}

impl<'a> Table<'a> {
    /// Returns the table of the variables of one family of tools.
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
    /// Returns whether one of these settings is set.
    pub(crate) fn has(&self, names: Names) -> bool {
        self.settings.has(names)
    }

    /// Returns the first of these settings that is set. The value must be one line without control characters.
    pub(super) fn line(&self, names: Names) -> Result<Option<Variable>, Error> {
        let is_line = |text: &str| !text.contains(char::is_control);
        let help = "write it on one line; check that no line break was copied with it";
        self.checked(
            names,
            is_line,
            "contains a line break or another control character",
            help,
        )
    }

    /// Returns the first of these settings that is set. The value is a name, an address or a path.
    ///
    /// The value must be one line without control characters. Quotation marks around the value are an error.
    pub(crate) fn name(&self, names: Names) -> Result<Option<Variable>, Error> {
        self.line(names)?;
        let help = "remove the quotation marks: here they are a part of the value";
        self.checked(
            names,
            |text| !is_quoted(text),
            "is in quotation marks",
            help,
        )
    }

    /// Returns the first of these settings that is set. The value is a key, a token or a passcode.
    ///
    /// The value must be one word of printable ASCII characters. Quotation marks around the word are an error.
    pub(crate) fn word(&self, names: Names) -> Result<Option<Variable>, Error> {
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let why = "contains white space, a line break or another character that this value cannot contain";
        let help = "check that the value was copied completely, and that nothing else was copied";
        self.checked(names, is_word, why, help)?;
        self.name(names)
    }

    /// Returns the first of these settings that is set. The value is an id.
    ///
    /// The value must consist of ASCII letters, digits, hyphens and underscores. A value with another character is
    /// probably a name, and the service would refuse a name.
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

    /// Returns the first of these settings that is set, or an error if its value is wrong.
    ///
    /// The error names the setting and its source, but never shows the value.
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

/// Returns whether a value is in quotation marks. Some tools pass the lines of a file to a program without removing the
/// quotation marks.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    ['"', '\'']
        .iter()
        .any(|mark| text.len() > 1 && text.starts_with(*mark) && text.ends_with(*mark))
}

/// Parses a duration, which is a whole number of seconds.
pub(crate) fn whole_seconds(found: &Variable, place: &str) -> Result<Duration, Error> {
    found.value.parse().map(Duration::from_secs).map_err(|_| {
        let message = format!("{} in {place} is not a number of seconds", found.name);
        Error::new(ErrorKind::Config, message).with_help("write a whole number such as 3600")
    })
}
