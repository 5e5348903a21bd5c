//! Where the files are that people and tools keep credentials in.

use crate::settings::environment::Environment;
use std::path::{Path, PathBuf};

/// The folders that files are looked for in.
pub(crate) struct Folders {
    pub current: PathBuf,
    pub home: Option<PathBuf>,
    /// `~/.config`, or what stands for it.
    pub config: Option<PathBuf>,
    pub system: PathBuf,
}

impl Folders {
    /// Those that a program has by itself; the home directory is what the environment says.
    pub(crate) fn usual(environment: &Environment) -> Self {
        let home = environment.path(&["HOME", "USERPROFILE"]);
        let config = environment.path(&["XDG_CONFIG_HOME"]);
        Self {
            current: PathBuf::from("."),
            config: config.or_else(|| home.as_ref().map(|home| home.join(".config"))),
            home,
            system: PathBuf::from("/etc"),
        }
    }

    /// With another home directory, and what is below it.
    pub(crate) fn with_home(self, home: PathBuf) -> Self {
        Self {
            config: Some(home.join(".config")),
            home: Some(home),
            ..self
        }
    }

    pub(crate) fn in_home(&self, path: &str) -> Option<PathBuf> {
        Some(self.home.as_ref()?.join(path))
    }

    /// Where OpenStack's tools look for a file, in their order.
    pub(crate) fn openstack(&self, file: &str) -> Vec<PathBuf> {
        let user = self.config.as_ref().map(|config| config.join("openstack"));
        let system = self.system.join("openstack");
        let folders = [Some(self.current.clone()), user, Some(system)];
        folders
            .into_iter()
            .flatten()
            .map(|folder| folder.join(file))
            .collect()
    }

    /// A path as people write it: `~/` is the home directory.
    pub(crate) fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => Path::new(path).to_owned(),
        }
    }
}
