//! Reads variables from the process environment, from a function, or from given values.

use huaweicloud_core::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Named values: variables, the settings of a cloud in `clouds.yaml`, or the settings of a profile.
pub(crate) struct Environment {
    read: Box<Read>,
    names: Listed,
}

type Read = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// The source for the list of names.
enum Listed {
    Process,
    Given(Vec<String>),
    /// A function reads the variables. A function cannot list the names.
    Unknown,
}

/// A variable or another setting that is set. The type has no `Debug`, because the value can be a secret.
#[derive(Clone)]
pub(crate) struct Variable {
    pub name: &'static str,
    pub value: String,
}

/// The alternative names of one setting, or the names of several related settings. [`Environment::first`] uses the
/// first name that is set.
pub(crate) type Names = &'static [&'static str];

/// Returns the first two names of a setting, for messages.
pub(crate) fn shown(names: Names) -> String {
    names[..names.len().min(2)].join(" or ")
}

impl Environment {
    pub(crate) fn new(read: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self {
            read: Box::new(read),
            names: Listed::Unknown,
        }
    }

    pub(crate) fn process() -> Self {
        Self {
            read: Box::new(|name| std::env::var_os(name)),
            names: Listed::Process,
        }
    }

    pub(crate) fn given(variables: BTreeMap<String, OsString>) -> Self {
        Self {
            names: Listed::Given(variables.keys().cloned().collect()),
            read: Box::new(move |name| variables.get(name).cloned()),
        }
    }

    /// Returns the names of all variables, even of empty variables. Skips names that are not UTF-8. If the names cannot
    /// be listed, returns an empty list.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.names {
            Listed::Process => std::env::vars_os()
                .filter_map(|(name, _)| name.into_string().ok())
                .collect(),
            Listed::Given(names) => names.clone(),
            Listed::Unknown => Vec::new(),
        }
    }

    /// Returns the first of these variables that is set. A variable that is empty or contains only white space counts
    /// as not set.
    pub(crate) fn first(&self, names: Names) -> Result<Option<Variable>, Error> {
        for name in names {
            if let Some(value) = self.value(name)? {
                return Ok(Some(Variable { name, value }));
            }
        }
        Ok(None)
    }

    /// Returns the first of these variables that is set, as a path. A path can contain bytes that are not UTF-8.
    pub(crate) fn path(&self, names: Names) -> Option<PathBuf> {
        let mut found = names.iter().filter_map(|name| (self.read)(name));
        found.find(|value| !is_blank(value)).map(PathBuf::from)
    }

    /// Returns the value of the variable with this name, if the variable is set.
    pub(crate) fn value(&self, name: &str) -> Result<Option<String>, Error> {
        let found = (self.read)(name).filter(|value| !is_blank(value));
        found
            .map(|value| value.into_string().map_err(|_| not_text(name)))
            .transpose()
    }

    /// Returns whether one of these variables is set, even if its value is not UTF-8.
    pub(crate) fn has(&self, names: Names) -> bool {
        names
            .iter()
            .any(|name| (self.read)(name).is_some_and(|value| !is_blank(&value)))
    }
}

fn is_blank(value: &OsStr) -> bool {
    value.to_str().is_some_and(|text| text.trim().is_empty())
}

fn not_text(name: &str) -> Error {
    Error::new(ErrorKind::Config, format!("{name} is not UTF-8 text"))
        .with_help("set it again in a UTF-8 terminal")
}
