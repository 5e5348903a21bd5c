//! Settings of one place, under the names that one kind of tools has given them.

use crate::environment::{Environment, Names, Variable, shown};
use crate::family::Family;
use huaweicloud_core::{Error, ErrorKind};

/// Variables of the environment, a cloud of `clouds.yaml`, a profile of a file.
pub(crate) struct Table<'a> {
    pub settings: &'a Environment,
    pub family: &'static Family,
    /// For people: `the environment`.
    pub place: &'a str,
}

impl Table<'_> {
    /// The first of these that is set; an empty one is not.
    pub(crate) fn first(&self, names: Names) -> Result<Option<Variable>, Error> {
        self.settings.first(names)
    }

    /// The same, without its name.
    pub(crate) fn text(&self, names: Names) -> Result<Option<String>, Error> {
        Ok(self.first(names)?.map(|found| found.value))
    }

    pub(crate) fn has(&self, names: Names) -> bool {
        self.settings.has(names)
    }

    /// Some are set, and others are missing that belong to them.
    pub(crate) fn half_set(&self, set: &[&Option<Variable>], missing: &[Names]) -> Error {
        let names: Vec<&str> = set
            .iter()
            .copied()
            .flatten()
            .map(|found| found.name)
            .collect();
        let missing: Vec<String> = missing.iter().map(|names| shown(names)).collect();
        let (set, missing) = (names.join(" and "), missing.join(" and "));
        let message = format!("{set} is set in {}, but {missing} is not", self.place);
        Error::new(ErrorKind::Credentials, message)
            .with_help(format!("set {missing}, or unset {set}"))
    }
}
