//! Settings of one place, under the names that one kind of tools has given them.

use crate::settings::environment::{Environment, Names, Variable, shown};
use crate::settings::family::Family;
use huaweicloud_core::{Error, ErrorKind};
use std::time::Duration;

/// Variables of the environment, a cloud of `clouds.yaml`, a profile of a file.
pub(crate) struct Table<'a> {
    pub settings: &'a Environment,
    pub family: &'static Family,
    /// For people: `the environment`.
    pub place: &'a str,
}

impl Table<'_> {
    /// The first of these that is set; an empty one is not.
    pub(crate) fn text(&self, names: Names) -> Result<Option<Variable>, Error> {
        self.settings.first(names)
    }

    /// The same, where it is an id: a name, or one with a line break, would only be refused by the service.
    pub(crate) fn id(&self, names: Names) -> Result<Option<Variable>, Error> {
        let found = self.text(names)?;
        let wrong = |found: &&Variable| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            !found.value.bytes().all(allowed)
        };
        match found.as_ref().filter(wrong) {
            None => Ok(found),
            Some(wrong) => Err(Error::new(
                ErrorKind::Config,
                format!("{} in {} is not an id", wrong.name, self.place),
            )
            .with_help("give the 32 hexadecimal digits that the console shows under \"API Credentials\", without white space")),
        }
    }

    /// The same, where a header has to carry it, or it is signed with. Said here, because a call does not know where it was.
    pub(crate) fn word(&self, names: Names) -> Result<Option<Variable>, Error> {
        let found = self.text(names)?;
        let wrong = |found: &&Variable| !found.value.bytes().all(|byte| byte.is_ascii_graphic());
        match found.as_ref().filter(wrong) {
            None => Ok(found),
            Some(wrong) => {
                let message = format!(
                    "{} in {} holds white space, a line break or another character that no key has",
                    wrong.name, self.place
                );
                Err(Error::new(ErrorKind::Credentials, message)
                    .with_help("check that it was copied whole, and nothing with it"))
            }
        }
    }

    pub(crate) fn has(&self, names: Names) -> bool {
        self.settings.has(names)
    }

    /// Some are set, and others are missing that belong to them.
    pub(crate) fn half_set(&self, set: &[&Option<Variable>], missing: &[Names]) -> Error {
        let set = set.iter().copied().flatten().map(|found| found.name);
        let missing = missing.iter().map(|names| shown(names)).collect();
        half_set(set.collect(), missing, self.place)
    }
}

/// The same, for what no family has names for.
pub(crate) fn half_set(set: Vec<&str>, missing: Vec<String>, place: &str) -> Error {
    let verb = |count| if count == 1 { "is" } else { "are" };
    let (is_set, is_missing) = (verb(set.len()), verb(missing.len()));
    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
    let (set, missing) = (listed(&set), listed(&missing));
    let message = format!("{set} {is_set} set in {place}, but {missing} {is_missing} not");
    Error::new(ErrorKind::Credentials, message).with_help(format!("set {missing}, or unset {set}"))
}

/// `a, b and c`
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A number of seconds, as people write a duration.
pub(crate) fn whole_seconds(found: &Variable, place: &str) -> Result<Duration, Error> {
    found.value.parse().map(Duration::from_secs).map_err(|_| {
        let message = format!("{} in {place} is no number of seconds", found.name);
        Error::new(ErrorKind::Config, message).with_help("write a whole number such as 3600")
    })
}
