//! The input of the search for credentials: variables, folders, and choices of the program.

use crate::address::by_region::RegionAddresses;
use crate::settings::environment::{Environment, Names};
use crate::settings::folders::Folders;
use huaweicloud_core::{Config, ConfigBuilder};

/// The variable that names a cloud of `clouds.yaml`.
pub(crate) const CLOUD: Names = &["OS_CLOUD"];

pub(crate) struct Context {
    pub environment: Environment,
    /// The settings from `Loader::with_settings`. They override the values that this crate finds.
    pub settings: Option<Config>,
    pub folders: Folders,
    /// The addresses in `regions.yaml`.
    pub regions: RegionAddresses,
    /// The name of a cloud of `clouds.yaml`, from `Loader::with_cloud`.
    pub cloud: Option<String>,
    /// The name of a profile, from `Loader::with_profile`.
    pub profile: Option<String>,
    pub metadata: Metadata,
}

/// Whether this crate sends requests to the metadata service, and the address of the service.
#[derive(Default)]
pub(crate) enum Metadata {
    /// `HUAWEICLOUD_METADATA_DISABLED` and `HUAWEICLOUD_METADATA_ENDPOINT` decide. The default address is
    /// `http://169.254.169.254`.
    #[default]
    Usual,
    At(String),
    Off,
}

impl Context {
    /// Returns a builder with the settings of the program and the addresses in `regions.yaml`. An address in the
    /// settings overrides the file's address for the same service and region.
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
