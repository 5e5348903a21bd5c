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

    /// Returns whether the program or a variable sets one of the main settings of this source, such as `OS_CLOUD`. This
    /// method reads no files.
    ///
    /// If the method returns `true` for a source after the used source, the log lists that source.
    fn is_set(&self, context: &Context) -> bool;

    /// Returns the credentials, or the reason why the search uses no credentials of this source.
    ///
    /// An incomplete credential is an error, because the user wants to use this source, and not the next source.
    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>>;
}

/// The result of a search in one source.
pub(crate) enum Search {
    Found(Found),
    /// The reason why the search uses no credentials of this source, for messages.
    Nothing(String),
}

/// Returns a future that immediately has this result.
fn ready(search: Result<Search, Error>) -> BoxFuture<'static, Result<Search, Error>> {
    Box::pin(std::future::ready(search))
}
