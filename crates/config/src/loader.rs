//! Asks the sources, and makes a configuration of what they say.

use crate::environment::Environment;
use crate::place::Place;
use crate::source::{Answer, Context, Found, Source, chain};
use huaweicloud_core::{Config, Error, ErrorKind};
use std::ffi::OsString;
use std::fmt;

/// Finds a configuration as [`load`](crate::load) does, with settings that go before what is found, or in another environment.
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
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

/// Without the environment, which holds secrets.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Loader {
    /// Looks into the process environment, when [`load`](Self::load) is called.
    pub fn new() -> Self {
        Self {
            environment: Environment::process(),
            settings: None,
        }
    }

    /// Asks this function for variables, instead of the process environment.
    pub fn with_environment<V: Into<OsString>>(
        mut self,
        read: impl Fn(&str) -> Option<V> + Send + Sync + 'static,
    ) -> Self {
        self.environment = Environment::new(move |name| read(name).map(Into::into));
        self
    }

    /// Starts with these settings: whatever they say goes before what is found, and all else (limits, retries, the HTTP client)
    /// stays as it is, for logging in too. If they have credentials, no others are looked for.
    pub fn with_settings(mut self, settings: Config) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Asks the sources in the order that the [crate's documentation](crate) lists.
    ///
    /// # Errors
    /// As [`load`](crate::load).
    pub async fn load(self) -> Result<Config, Error> {
        let context = Context {
            environment: self.environment,
            settings: self.settings,
        };
        let settings = context.settings.as_ref();
        let builder = settings.map_or_else(Config::builder, Config::to_builder);
        if settings.and_then(Config::credentials).is_some() {
            let place = Place::find(&context.environment, None)?;
            return place.build(place.add_to(builder, settings));
        }
        let Found { credentials, place } = first(&chain(), &context).await?;
        place.build(place.add_to(builder, settings).credentials(credentials))
    }
}

/// The first source that answers.
async fn first(sources: &[Box<dyn Source>], context: &Context) -> Result<Found, Error> {
    let mut nothing = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        match source.find(context).await? {
            Answer::Found(found) => {
                tell(&**source, &sources[index + 1..], context);
                return Ok(found);
            }
            Answer::Nothing(why) => nothing.push(format!("{}: {why}", source.name())),
        }
    }
    let message = format!("no credentials found; {}", nothing.join("; "));
    Err(Error::new(ErrorKind::Credentials, message).with_help(
        "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or another of these with what belongs to it",
    ))
}

/// Says which source was taken, and which others would have answered: the question when the wrong account is used.
fn tell(taken: &dyn Source, later: &[Box<dyn Source>], context: &Context) {
    let passed: Vec<String> = later
        .iter()
        .filter(|source| source.is_set(context))
        .map(|source| source.name())
        .collect();
    let taken = taken.name();
    if passed.is_empty() {
        tracing::debug!(target: "huaweicloud", taken, "credentials found");
    } else {
        let passed = passed.join(", ");
        tracing::debug!(target: "huaweicloud", taken, passed_over = passed, "credentials found in more than one place");
    }
}
