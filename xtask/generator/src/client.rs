//! Writes the struct `Client` and its constructors. The modules of the chapters add the methods of the operations.
//!
//! The code is the same for every service. Only its comments contain the name and the title of the service.

use syn::{File, parse_quote};

use super::{GeneratedFile, file};

use crate::model::Api;

pub fn file(api: &Api) -> GeneratedFile {
    let title = "The client and its constructors.";
    file::module(api, "client", title, definition(api).items)
}

fn definition(api: &Api) -> File {
    let docs = format!(
        " The client of {}. A clone is cheap, and all clones share one pool of connections.",
        api.title
    );
    parse_quote! {
        use std::time::Duration;

        use huaweicloud_core::{CallOptions, Config, Error, ProvideCredential, RetryPolicy, Session};

        use super::operations::SERVICE;

        #[doc = #docs]
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(super) session: Session,
        }

        impl Client {
            /// A client for the region, project and credentials of `config`.
            ///
            /// # Errors
            ///
            /// The configuration has no endpoint of the service, and no region in which the
            /// service has a documented endpoint.
            pub fn new(config: &Config) -> Result<Self, Error> {
                Session::new(config, &SERVICE).map(Self::from)
            }

            /// The same client for another project.
            #[must_use]
            pub fn with_project(&self, id: impl Into<String>) -> Self {
                self.session.with_project(id).into()
            }

            /// The same client for another region.
            ///
            /// # Errors
            ///
            /// The service has no documented endpoint in the region. Or the configuration gives
            /// the endpoint, so that the region cannot change it.
            pub fn with_region(&self, region: &str) -> Result<Self, Error> {
                self.session.with_region(region).map(Self::from)
            }

            /// The same client for another address of the service.
            ///
            /// # Errors
            ///
            /// The text is not a base address (`https://host`, with a port or a path if needed), or
            /// several of them, separated by commas.
            pub fn with_endpoint(&self, url: &str) -> Result<Self, Error> {
                self.session.with_endpoint(url).map(Self::from)
            }

            /// The same client for another caller.
            #[must_use]
            pub fn with_credentials(&self, credentials: impl ProvideCredential) -> Self {
                self.session.with_credentials(credentials).into()
            }

            /// The same client with other limits. Limits that `options` does not set stay.
            #[must_use]
            pub fn with_options(&self, options: CallOptions) -> Self {
                self.session.with_options(options).into()
            }

            /// The same client with another time for a whole call.
            #[must_use]
            pub fn with_timeout(&self, timeout: Duration) -> Self {
                self.session.with_timeout(timeout).into()
            }

            /// The same client with another retry policy.
            #[must_use]
            pub fn with_retry(&self, policy: RetryPolicy) -> Self {
                self.session.with_retry(policy).into()
            }

            /// The session that sends the requests. Use it for operations that are not generated.
            pub fn session(&self) -> &Session {
                &self.session
            }
        }

        impl From<Session> for Client {
            fn from(session: Session) -> Self {
                Self { session }
            }
        }
    }
}
