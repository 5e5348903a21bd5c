//! The sources of credentials. Each module contains one kind of source.

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

/// A source of credentials.
pub(crate) trait Source: Send + Sync {
    /// Returns the name of the source for messages, such as `the access key in HW_ACCESS_KEY`.
    fn name(&self) -> String;

    /// Returns whether a setting of this source is set. The log lists the sources after the used source for which this
    /// method returns `true`.
    fn is_set(&self, context: &Context) -> bool;

    /// Returns the credentials, or the reason why the source has no credentials.
    ///
    /// An incomplete credential is an error, because the user wants to use this source, and not the next source.
    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>>;
}

/// The result of a search in one source.
pub(crate) enum Search {
    Found(Found),
    /// The reason why the source has no credentials, for messages.
    Nothing(String),
}

/// Returns a future that immediately has this result.
fn ready(search: Result<Search, Error>) -> BoxFuture<'static, Result<Search, Error>> {
    Box::pin(std::future::ready(search))
}
