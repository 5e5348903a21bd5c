//! Searches the sources of credentials, and makes a configuration from the result.

use crate::address::by_region::RegionAddresses;
use crate::address::names;
use crate::address::target::Target;
use crate::chain::find_first;
use crate::context::{Context, Metadata};
use crate::credential::find::Found;
use crate::lookup::Lookup;
use crate::settings::environment::Environment;
use crate::settings::folders::Folders;
use huaweicloud_core::{Config, Error};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Makes a configuration in the same way as [`load`](crate::load). With a `Loader`, the program can also replace the
/// environment, and give settings that override the found values.
///
/// ```no_run
/// use huaweicloud_core::Config;
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), huaweicloud_core::Error> {
/// let settings = Config::builder().region("eu-nl").timeout(Duration::from_secs(20)).build()?;
/// let config = huaweicloud_config::Loader::new().with_settings(settings).load().await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Loader {
    environment: Environment,
    settings: Option<Config>,
    home: Option<PathBuf>,
    current: Option<PathBuf>,
    system: Option<PathBuf>,
    cloud: Option<String>,
    profile: Option<String>,
    metadata: Metadata,
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

/// The output does not contain the environment, because the environment contains secrets.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Loader {
    /// Creates a loader that reads the process environment when [`load`](Self::load) is called.
    pub fn new() -> Self {
        Self {
            environment: Environment::process(),
            settings: None,
            home: None,
            current: None,
            system: None,
            cloud: None,
            profile: None,
            metadata: Metadata::Usual,
        }
    }

    /// Uses the function `read` instead of the process environment. The loader calls `read` with the name of a variable
    /// to get its value.
    pub fn with_environment<V: Into<OsString>>(
        mut self,
        read: impl Fn(&str) -> Option<V> + Send + Sync + 'static,
    ) -> Self {
        self.environment = Environment::new(move |name| read(name).map(Into::into));
        self
    }

    /// Uses these variables instead of the process environment.
    ///
    /// If a variable such as `HUAWEICLOUD_ENDPOINT_ECS` is for an unknown service, [`load`](Self::load) returns an
    /// error. The same rule applies to the process environment, but not to
    /// [`with_environment`](Self::with_environment).
    pub fn with_variables<N: Into<String>, V: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        self.environment = Environment::given(variables.collect());
        self
    }

    /// Uses these settings. They override the values that the loader finds.
    ///
    /// The limits, the retry settings and the HTTP client of these settings also apply to the login. If these settings
    /// contain credentials, the loader does not search for other credentials.
    pub fn with_settings(mut self, settings: Config) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Uses this cloud of `clouds.yaml`. This method overrides `OS_CLOUD`. Credentials in an earlier row of the
    /// [crate's table](crate) have priority over the cloud. Credentials in `OS_` variables do not have this priority.
    pub fn with_cloud(mut self, name: impl Into<String>) -> Self {
        self.cloud = Some(name.into());
        self
    }

    /// Uses this profile of `~/.huaweicloud/credentials`. This method overrides `HUAWEICLOUD_PROFILE` and `HW_PROFILE`.
    /// Credentials in an earlier row of the [crate's table](crate) have priority over the profile.
    pub fn with_profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Sets the home directory. The loader then ignores `HOME`, `USERPROFILE` and `XDG_CONFIG_HOME`.
    pub fn with_home_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.home = Some(path.into());
        self
    }

    /// Sets the first folder in which the loader searches for `clouds.yaml`. The default is the current folder.
    pub fn with_current_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.current = Some(path.into());
        self
    }

    /// Sets the folder with the settings of the machine. The default is `/etc`. If the loader finds no `clouds.yaml` in
    /// other folders, it searches `xdg/openstack` and `openstack` below this folder.
    pub fn with_system_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.system = Some(path.into());
        self
    }

    /// Sets the address of the metadata service, for example in a test. `HUAWEICLOUD_METADATA_ENDPOINT` and
    /// `HUAWEICLOUD_METADATA_DISABLED` then have no effect.
    pub fn with_metadata_endpoint(mut self, address: impl Into<String>) -> Self {
        self.metadata = Metadata::At(address.into());
        self
    }

    /// Sends no requests to the metadata service.
    pub fn without_metadata(mut self) -> Self {
        self.metadata = Metadata::Off;
        self
    }

    /// Returns the configuration. The [crate's documentation](crate) lists the sources in the order of the search.
    ///
    /// # Errors
    /// The same errors as for [`load`](crate::load).
    pub async fn load(self) -> Result<Config, Error> {
        let context = self.context()?;
        let settings = context.settings.as_ref();
        names::check(&context.environment, settings)?;
        let Found {
            credentials,
            target,
        } = match settings.and_then(Config::credentials) {
            Some(given) => Found {
                credentials: Arc::clone(given),
                target: Target::for_given(&context)?.into(),
            },
            None => find_first(&context).await?,
        };
        let config = target.build(target.add_to(context.builder(), settings))?;
        let mut lookup = Lookup::new(&config, credentials);
        if let Some(name) = target.project_name() {
            lookup = lookup.with_project_name(name);
        }
        Ok(config.with_credentials(lookup))
    }

    fn context(self) -> Result<Context, Error> {
        let mut folders = Folders::usual(&self.environment);
        if let Some(home) = self.home {
            folders = folders.with_home(home);
        }
        folders.current = self.current.unwrap_or(folders.current);
        folders.system = self.system.unwrap_or(folders.system);
        Ok(Context {
            regions: RegionAddresses::in_file(&self.environment, &folders)?,
            environment: self.environment,
            settings: self.settings,
            folders,
            cloud: self.cloud,
            profile: self.profile,
            metadata: self.metadata,
        })
    }
}
