//! The places of credentials. Each module has one kind of place.

pub(crate) mod clouds;
pub(crate) mod container;
pub(crate) mod koocli;
pub(crate) mod machine;
pub(crate) mod oidc;
pub(crate) mod profile;
pub(crate) mod variables;

use crate::context::Context;
use crate::credential::find::Found;
use huaweicloud_core::{BoxFuture, Error};

/// A place of credentials.
pub(crate) trait Source: Send + Sync {
    /// The name of the place, for messages: `the access key in HW_ACCESS_KEY`.
    fn name(&self) -> String;

    /// Whether the user named this place. The log lists later sources for which this is true.
    fn is_set(&self, context: &Context) -> bool;

    /// The credentials, or the reason why there are none. An incomplete credential is an error, because the user
    /// meant this source, and not the next one.
    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>>;
}

/// The result of a search in one source.
pub(crate) enum Search {
    Found(Found),
    /// The reason why the source has none, for messages.
    Nothing(String),
}

/// The result of a search that does not wait.
fn ready(search: Result<Search, Error>) -> BoxFuture<'static, Result<Search, Error>> {
    Box::pin(std::future::ready(search))
}
