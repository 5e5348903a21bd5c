//! Unofficial client for Identity and Access Management (IAM) of Huawei Cloud and Open Telekom Cloud.
//!
//! Made from the published API pages; `openapi/iam` in the repository holds the transcript.
//! Methods are on [`Client`], types below [`types`].

use huaweicloud_core::{Config, Error, Session};

#[cfg(feature = "tokens")]
mod ext;
#[rustfmt::skip]
mod generated;

#[cfg(feature = "tokens")]
pub use ext::IssuedTokenExt;
pub use generated::*;

/// The client: cheap to clone, and every clone shares one pool of connections.
#[derive(Clone, Debug)]
pub struct Client {
    session: Session,
}

impl Client {
    /// A client for the region, project and credentials of `config`.
    /// # Errors
    /// When the configuration names no region that the service is known in, and no endpoint either.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Session::new(config, &operations::SERVICE).map(Self::from)
    }
    /// The session, to derive one for another project, region or endpoint from: `Client::from(client.session().with_project("..."))`.
    pub fn session(&self) -> &Session {
        &self.session
    }
}

impl From<Session> for Client {
    fn from(session: Session) -> Self {
        Self { session }
    }
}
