//! Finds the folders in which people and tools keep files with credentials.

use crate::settings::environment::Environment;
use std::path::{Path, PathBuf};

/// The folders in which this crate searches for files.
pub(crate) struct Folders {
    pub current: PathBuf,
    pub home: Option<PathBuf>,
    /// `~/.config`, or the folder in `XDG_CONFIG_HOME`.
    pub config: Option<PathBuf>,
    pub system: PathBuf,
}

impl Folders {
    /// Returns the default folders of a program. Variables name the home directory and the configuration folder.
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

    /// Returns the paths to search for a file, in the order and with the file extensions of OpenStack's tools.
    pub(crate) fn openstack(&self, name: &str) -> Vec<PathBuf> {
        let below = |folder: &Path| folder.join("openstack");
        let mut folders = vec![self.current.clone()];
        folders.extend(self.config.as_deref().map(below));
        // The search includes `~/.config/openstack` even if `XDG_CONFIG_HOME` names another folder.
        folders.extend(self.in_home(".config").as_deref().map(below));
        folders.extend([below(&self.system.join("xdg")), below(&self.system)]);
        folders.dedup();
        let files = |folder: PathBuf| {
            ["yaml", "yml", "json"].map(|ending| folder.join(format!("{name}.{ending}")))
        };
        folders.into_iter().flat_map(files).collect()
    }

    /// Replaces `~/` at the start of a path with the home directory.
    pub(crate) fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => Path::new(path).to_owned(),
        }
    }
}
