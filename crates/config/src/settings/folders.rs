//! Finds the folders in which people and tools keep files with credentials.

use crate::settings::environment::Environment;
use std::path::{Path, PathBuf};

/// The folders in which this crate searches for files.
pub(crate) struct Folders {
    pub current: PathBuf,
    pub home: Option<PathBuf>,
    /// `~/.config`, or the folder that replaces it.
    pub config: Option<PathBuf>,
    pub system: PathBuf,
}

impl Folders {
    /// Returns the default folders of a program. The environment names the home directory.
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

    /// Replaces the home directory and the configuration folder.
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

    /// Returns the paths of a file in the order of OpenStack's tools, with all file extensions that these tools use.
    pub(crate) fn openstack(&self, name: &str) -> Vec<PathBuf> {
        let below = |folder: &Path| folder.join("openstack");
        let mut folders = vec![self.current.clone()];
        folders.extend(self.config.as_deref().map(below));
        // This crate also searches `~/.config` if `XDG_CONFIG_HOME` names another folder.
        folders.extend(self.in_home(".config").as_deref().map(below));
        folders.extend([below(&self.system.join("xdg")), below(&self.system)]);
        folders.dedup();
        let files = |folder: PathBuf| {
            ["yaml", "yml", "json"].map(|ending| folder.join(format!("{name}.{ending}")))
        };
        folders.into_iter().flat_map(files).collect()
    }

    /// Expands a path. `~/` at its start is the home directory.
    pub(crate) fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => Path::new(path).to_owned(),
        }
    }
}
