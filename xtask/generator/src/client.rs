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
        " The client of {}. A clone needs little time and memory, and shares the connections of the client.",
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
            /// Makes a client with the region, the project and the credentials of `config`.
            ///
            /// # Errors
            ///
            /// Fails if the configuration has no endpoint of the service, and no region in which the
            /// service has a documented endpoint.
            pub fn new(config: &Config) -> Result<Self, Error> {
                Session::new(config, &SERVICE).map(Self::from)
            }

            /// Returns a copy of the client for another project.
            #[must_use]
            pub fn with_project(&self, id: impl Into<String>) -> Self {
                self.session.with_project(id).into()
            }

            /// Returns a copy of the client for another region.
            ///
            /// # Errors
            ///
            /// Fails if the service has no documented endpoint in the region. Also fails if the
            /// configuration sets the endpoint for all regions.
            pub fn with_region(&self, region: &str) -> Result<Self, Error> {
                self.session.with_region(region).map(Self::from)
            }

            /// Returns a copy of the client for another address of the service.
            ///
            /// # Errors
            ///
            /// Fails if `url` is not a base address, such as `https://host:8443/path`, or a list of
            /// base addresses that are separated by commas.
            pub fn with_endpoint(&self, url: &str) -> Result<Self, Error> {
                self.session.with_endpoint(url).map(Self::from)
            }

            /// Returns a copy of the client with other credentials.
            #[must_use]
            pub fn with_credentials(&self, credentials: impl ProvideCredential) -> Self {
                self.session.with_credentials(credentials).into()
            }

            /// Returns a copy of the client with other options for its calls. If `options` does not
            /// set an option, the copy has the value of this client.
            #[must_use]
            pub fn with_options(&self, options: CallOptions) -> Self {
                self.session.with_options(options).into()
            }

            /// Returns a copy of the client with another time limit for a whole call.
            #[must_use]
            pub fn with_timeout(&self, timeout: Duration) -> Self {
                self.session.with_timeout(timeout).into()
            }

            /// Returns a copy of the client with another retry policy.
            #[must_use]
            pub fn with_retry(&self, policy: RetryPolicy) -> Self {
                self.session.with_retry(policy).into()
            }

            /// Returns the session that sends the requests. Use the session to call operations that
            /// this crate does not contain.
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
