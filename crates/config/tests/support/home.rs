//! A temporary home directory with configuration files.

use huaweicloud_config::Loader;
use huaweicloud_core::{AccessKey, Config, Credential, Error};
use std::path::PathBuf;

pub const CLOUDS: &str = ".config/openstack/clouds.yaml";
pub const SECURE: &str = ".config/openstack/secure.yaml";
pub const PROFILE: &str = ".huaweicloud/credentials";
pub const KOOCLI: &str = ".hcloud/config.json";

/// A temporary home directory. Dropping this value deletes the directory.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = home.path(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn loader(&self, variables: &[(&'static str, &str)]) -> Loader {
        let variables: Vec<(&str, String)> = variables
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        super::alone(Loader::new())
            .with_home_dir(self.0.path())
            .with_environment(move |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.clone())
            })
    }

    pub async fn load(&self, variables: &[(&'static str, &str)]) -> Result<Config, Error> {
        self.loader(variables).load().await
    }
}

pub async fn key(config: &Config) -> AccessKey {
    match config.credentials().unwrap().credential().await.unwrap() {
        Credential::AccessKey(key) => key,
        other => panic!("{other:?}"),
    }
}
