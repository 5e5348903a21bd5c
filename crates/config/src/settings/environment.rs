//! The source of variables: the process environment, or the values of a test.

use huaweicloud_core::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// A function from name to value. It also has the names of all variables, if they can be listed.
pub(crate) struct Environment {
    read: Box<Read>,
    names: Listed,
}

type Read = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// The names that are set.
enum Listed {
    Process,
    Given(Vec<String>),
    /// A function cannot list its names.
    Unknown,
}

/// A variable that is set. It has no `Debug`, because it may be a secret.
#[derive(Clone)]
pub(crate) struct Variable {
    pub name: &'static str,
    pub value: String,
}

/// Names for the same setting. The first name that is set is used.
pub(crate) type Names = &'static [&'static str];

/// For messages: the usual name, and a second one.
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

    /// The names that are set, if they can be listed.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.names {
            Listed::Process => std::env::vars_os()
                .filter_map(|(name, _)| name.into_string().ok())
                .collect(),
            Listed::Given(names) => names.clone(),
            Listed::Unknown => Vec::new(),
        }
    }

    /// The first of these variables that is set. An empty variable, or one of white space, counts as not set.
    pub(crate) fn first(&self, names: Names) -> Result<Option<Variable>, Error> {
        for name in names {
            if let Some(value) = self.value(name)? {
                return Ok(Some(Variable { name, value }));
            }
        }
        Ok(None)
    }

    /// The same for a path, which may be no valid text.
    pub(crate) fn path(&self, names: Names) -> Option<PathBuf> {
        let mut found = names.iter().filter_map(|name| (self.read)(name));
        found.find(|value| !is_blank(value)).map(PathBuf::from)
    }

    /// The variable of this name, if it is set.
    pub(crate) fn value(&self, name: &str) -> Result<Option<String>, Error> {
        let found = (self.read)(name).filter(|value| !is_blank(value));
        found
            .map(|value| value.into_string().map_err(|_| not_text(name)))
            .transpose()
    }

    /// Whether one of these variables is set, also if it is not readable.
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
