//! The data from which the sources of credentials read settings.

use crate::address::by_region::RegionAddresses;
use crate::settings::environment::{Environment, Names};
use crate::settings::folders::Folders;
use huaweicloud_core::{Config, ConfigBuilder};

/// The variable that names a cloud of `clouds.yaml`.
pub(crate) const CLOUD: Names = &["OS_CLOUD"];

/// The environment, the folders, and the choices of the program.
pub(crate) struct Context {
    pub environment: Environment,
    /// Settings of the program. They override the values that this crate finds.
    pub settings: Option<Config>,
    pub folders: Folders,
    /// The content of `regions.yaml`.
    pub regions: RegionAddresses,
    /// The cloud of `clouds.yaml` that the program names.
    pub cloud: Option<String>,
    /// The profile that the program names.
    pub profile: Option<String>,
    pub metadata: Metadata,
}

/// Whether this crate sends requests to the metadata service, and to which address.
#[derive(Default)]
pub(crate) enum Metadata {
    /// The environment decides. If no variable is set, the requests go to the usual address.
    #[default]
    Usual,
    At(String),
    Off,
}

impl Context {
    /// Returns a builder with the settings of the program. Addresses of `regions.yaml` are added if the settings do not
    /// have them.
    pub(crate) fn builder(&self) -> ConfigBuilder {
        let settings = self.settings.as_ref();
        let builder = settings.map_or_else(Config::builder, Config::to_builder);
        self.regions.add_to(builder, settings)
    }

    /// Returns whether the program or `OS_CLOUD` names a cloud of `clouds.yaml`.
    pub(crate) fn names_cloud(&self) -> bool {
        self.cloud.is_some() || self.environment.has(CLOUD)
    }
}
