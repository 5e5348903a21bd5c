//! The data that sources may read.

use crate::address::by_region::RegionAddresses;
use crate::settings::environment::{Environment, Names};
use crate::settings::folders::Folders;
use huaweicloud_core::{Config, ConfigBuilder};

/// The name of the variable that names a cloud of `clouds.yaml`.
pub(crate) const CLOUD: Names = &["OS_CLOUD"];

/// The environment, the folders, and the wishes of the program.
pub(crate) struct Context {
    pub environment: Environment,
    /// Settings that override the findings.
    pub settings: Option<Config>,
    pub folders: Folders,
    /// The content of `regions.yaml`.
    pub regions: RegionAddresses,
    /// The cloud of `clouds.yaml` and the profile that the program names.
    pub cloud: Option<String>,
    pub profile: Option<String>,
    pub metadata: Metadata,
}

/// Whether the metadata service is asked, and its address.
#[derive(Default)]
pub(crate) enum Metadata {
    /// As the environment says. Without a variable, at the usual address.
    #[default]
    Usual,
    At(String),
    Off,
}

impl Context {
    /// The settings, with the values that come after them and before every place.
    pub(crate) fn builder(&self) -> ConfigBuilder {
        let settings = self.settings.as_ref();
        let builder = settings.map_or_else(Config::builder, Config::to_builder);
        self.regions.add_to(builder, settings)
    }

    /// Whether the program or `OS_CLOUD` names a cloud of `clouds.yaml`.
    pub(crate) fn names_cloud(&self) -> bool {
        self.cloud.is_some() || self.environment.has(CLOUD)
    }
}
