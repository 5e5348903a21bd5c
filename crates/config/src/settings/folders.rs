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

    /// Where OpenStack's tools look for a file, with any ending that they know, in their order.
    pub(crate) fn openstack(&self, name: &str) -> Vec<PathBuf> {
        let below = |folder: &Path| folder.join("openstack");
        let mut folders = vec![self.current.clone()];
        folders.extend(self.config.as_deref().map(below));
        // Also if XDG_CONFIG_HOME is elsewhere.
        folders.extend(self.in_home(".config").as_deref().map(below));
        folders.extend([below(&self.system.join("xdg")), below(&self.system)]);
        folders.dedup();
        let files = |folder: PathBuf| {
            ["yaml", "yml", "json"].map(|ending| folder.join(format!("{name}.{ending}")))
        };
        folders.into_iter().flat_map(files).collect()
    }

    /// A path as people write it: `~/` is the home directory.
    pub(crate) fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => Path::new(path).to_owned(),
        }
    }
}
