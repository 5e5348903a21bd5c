//! Loaders with the variables of a test instead of the process environment.

use huaweicloud_config::Loader;
use huaweicloud_core::{Config, Credential, Error};
use std::collections::BTreeMap;

pub fn loader(variables: &[(&str, &str)]) -> Loader {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    super::alone(Loader::new()).with_environment(move |name| variables.get(name).cloned())
}

pub async fn load(variables: &[(&str, &str)]) -> Result<Config, Error> {
    loader(variables).load().await
}

pub async fn credential(config: &Config) -> Credential {
    config.credentials().unwrap().credential().await.unwrap()
}
