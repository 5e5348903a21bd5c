//! The places where credentials may be, in their order. One file holds one kind of place.

mod agency;
mod clouds;
mod container;
mod kind;
mod koocli;
mod machine;
mod oidc;
mod profile;
mod variables;

use crate::environment::Environment;
use crate::family::{HW, OS, OTC, SDK};
use crate::folders::Folders;
use crate::place::Place;
use crate::regions::Regions;
pub(crate) use agency::check_used;
use huaweicloud_core::{BoxFuture, Config, ConfigBuilder, Error, ProvideCredential};
use kind::Kind;
use std::sync::Arc;
use variables::Variables;

/// A place where credentials may be.
pub(crate) trait Source: Send + Sync {
    /// What it is asked for, for people: `the access key in HW_ACCESS_KEY`.
    fn name(&self) -> String;

    /// Whether anything is there, for telling which ones were not asked.
    fn is_set(&self, context: &Context) -> bool;

    /// The credentials, or why there are none. Half of some is an error, because nobody wants the next source then.
    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>>;
}

/// What sources may look at.
pub(crate) struct Context {
    pub environment: Environment,
    /// Settings that go before what is found.
    pub settings: Option<Config>,
    pub folders: Folders,
    /// What `regions.yaml` says.
    pub regions: Regions,
    /// The cloud of `clouds.yaml` and the profile that were asked for by name.
    pub cloud: Option<String>,
    pub profile: Option<String>,
    pub metadata: Metadata,
}

impl Context {
    /// The settings, with what goes behind them and before every place.
    pub(crate) fn builder(&self) -> ConfigBuilder {
        let settings = self.settings.as_ref();
        let builder = settings.map_or_else(Config::builder, Config::to_builder);
        self.regions.add_to(builder, settings)
    }
}

/// Whether and where the metadata service is asked.
#[derive(Default)]
pub(crate) enum Metadata {
    /// As the environment says, else at its usual address.
    #[default]
    Usual,
    At(String),
    Off,
}

/// What a source says.
pub(crate) enum Answer {
    Found(Found),
    /// None; and why, for people.
    Nothing(String),
}

/// Credentials, and what else is known where they were.
pub(crate) struct Found {
    pub credentials: Arc<dyn ProvideCredential>,
    pub place: Box<Place>,
}

/// All sources, in the order in which they are asked.
pub(crate) fn chain() -> Vec<Box<dyn Source>> {
    let variables = |kind, family| Box::new(Variables(kind, family)) as Box<dyn Source>;
    vec![
        variables(Kind::AccessKey, &SDK),
        variables(Kind::AccessKey, &HW),
        variables(Kind::AccessKey, &OTC),
        variables(Kind::AccessKey, &OS),
        variables(Kind::Token, &OS),
        variables(Kind::Token, &HW),
        variables(Kind::Password, &OS),
        variables(Kind::Password, &HW),
        Box::new(clouds::Clouds),
        Box::new(profile::Profile),
        Box::new(koocli::KooCli),
        Box::new(oidc::OidcVariables),
        variables(Kind::IdentityProvider, &SDK),
        Box::new(container::Container),
        Box::new(machine::Machine),
    ]
}

/// An answer that needs no waiting.
fn ready(answer: Result<Answer, Error>) -> BoxFuture<'static, Result<Answer, Error>> {
    Box::pin(std::future::ready(answer))
}
