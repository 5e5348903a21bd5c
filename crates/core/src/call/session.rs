//! The session of a client. Every call uses a session.

use super::answer::{
    Expected, RawResponse, read_file, read_json, read_open, read_open_optional, read_optional_file,
};
use super::download::Download;
use super::execution::Execution;
use super::failure::late;
use super::future::Call;
use super::meter::Meter;
use super::request::Request;
use super::runtime::check_runtime;
use super::state::SessionState;
use crate::check::check_id;
use crate::config::Config;
use crate::credential::{BoxFuture, ProvideCredential};
use crate::decode::Lenient;
use crate::endpoint::resolve;
use crate::error::{Error, ErrorKind};
use crate::operation::Service;
use crate::options::CallOptions;
use crate::parse_address::parse_all;
use crate::recent::Recent;
use crate::region::by_region;
use crate::retry::RetryPolicy;
use serde::de::DeserializeOwned;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// The access of a client to one service, with an address, credentials and a project. Cloning a session is cheap.
#[derive(Clone)]
pub struct Session(Arc<SessionState>);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("service", &self.0.service.name)
            .field("endpoints", &self.0.endpoints.all().collect::<Vec<_>>())
            .field("region", &self.0.region)
            .field("project_id", &self.0.project_id)
            .field("credentials", &self.0.credentials)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Makes a session for a service, with the region, the project and the credentials of the configuration.
    ///
    /// # Errors
    /// Fails if the client cannot determine the address of the service. If the region is missing or unknown, the error
    /// lists the documented regions.
    pub fn new(config: &Config, service: &'static Service) -> Result<Self, Error> {
        Ok(Self(Arc::new(SessionState {
            config: config.clone(),
            service,
            endpoints: resolve(config, service, config.region())?.into(),
            region: config.region().map(str::to_owned),
            project_id: config.project_id().map(str::to_owned),
            credentials: config.credentials().cloned(),
            clock: Arc::default(),
            recent: Arc::default(),
            options: CallOptions::new(),
        })))
    }

    fn with(&self, change: impl FnOnce(&mut SessionState)) -> Self {
        let mut inner = (*self.0).clone();
        change(&mut inner);
        Self(Arc::new(inner))
    }

    /// Returns a copy of this session for another project.
    #[must_use]
    pub fn with_project(&self, id: impl Into<String>) -> Self {
        self.with(|inner| inner.project_id = Some(id.into()))
    }

    /// Returns a copy of this session for another region. The copy uses the address that the configuration sets for
    /// that region, or the documented address.
    ///
    /// # Errors
    /// Fails if the service has no address in that region. Also fails if the configuration sets the address of the
    /// service for all regions. Such an address can be a test server, so the client must not send requests to another
    /// address.
    pub fn with_region(&self, region: &str) -> Result<Self, Error> {
        let name = self.0.service.name;
        if self.0.config.endpoint(name).is_some() {
            let error = Error::config(format!(
                "the endpoint of {name} is set for all regions, so another region cannot change it"
            ));
            return Err(error.with_help("use with_endpoint()"));
        }
        let endpoints = by_region(&self.0.config, self.0.service, region)?;
        Ok(self.with(|inner| {
            inner.endpoints = endpoints.into();
            inner.region = Some(region.to_owned());
        }))
    }

    /// Returns a copy of this session for another address. `url` contains one or several addresses, separated by
    /// commas, in the order of preference: see [`ConfigBuilder::endpoints`](crate::ConfigBuilder::endpoints).
    ///
    /// An address must not end with the version of the API: see
    /// [`ConfigBuilder::endpoint`](crate::ConfigBuilder::endpoint).
    ///
    /// # Errors
    /// Fails if an address is not an `http` or `https` URL, or has parts other than host, port and path. Also fails if
    /// the path contains an empty segment.
    pub fn with_endpoint(&self, url: &str) -> Result<Self, Error> {
        let endpoints = parse_all(self.0.service.name, url)?;
        Ok(self.with(|inner| inner.endpoints = endpoints.into()))
    }

    /// Returns a copy of this session with other credentials.
    #[must_use]
    pub fn with_credentials(&self, credentials: impl ProvideCredential) -> Self {
        self.with(|inner| inner.credentials = Some(Arc::new(credentials)))
    }

    /// Returns a copy of this session with other limits. If `options` does not set a limit, the copy keeps the limit of
    /// this session.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        self.with(|inner| inner.options = options.or(std::mem::take(&mut inner.options)))
    }

    /// Returns a copy of this session with another time limit for a whole call. This method is a short form of
    /// [`with_options`](Self::with_options).
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with_options(CallOptions::new().timeout(timeout))
    }

    /// Returns a copy of this session with another retry policy. This method is a short form of
    /// [`with_options`](Self::with_options).
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with_options(CallOptions::new().retry(policy))
    }

    /// Returns the service's address, without a slash at its end. If there are several addresses, returns the address
    /// that the next request tries first.
    pub fn endpoint(&self) -> &str {
        self.0.endpoints.current()
    }

    /// Returns the region. Returns `None` if no region is known.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// Returns the project that was set. If the result is `None`, the credential can still contain a project.
    pub fn project_id(&self) -> Option<&str> {
        self.0.project_id.as_deref()
    }

    /// Returns the service of this session.
    pub fn service(&self) -> &'static Service {
        self.0.service
    }

    /// Makes a call of an operation that returns a JSON body.
    ///
    /// # Errors
    /// [`ErrorKind`] lists the reasons why a call can fail.
    pub fn send<T: DeserializeOwned>(&self, request: Request) -> Call<T> {
        Call::new(self.measured(request, Expected::Object), read_json)
    }

    /// Like [`send`](Self::send), but an answer with a documented status can have no body.
    ///
    /// # Errors
    /// The errors are those of [`send`](Self::send).
    pub fn send_optional<T: DeserializeOwned>(&self, request: Request) -> Call<Option<T>> {
        Call::new(self.measured(request, Expected::ObjectOrNothing), read_json)
    }

    /// Makes a call of an operation that returns JSON without documented fields. The JSON is a list, a map, a scalar,
    /// or a value of any type.
    ///
    /// The client searches the body for signs of an error, such as `error_code`, even after a success status. If the
    /// body is larger than 256 KiB, the client cannot search the body, and the call fails.
    ///
    /// # Errors
    /// The errors are those of [`send`](Self::send).
    pub fn send_open<T: Lenient>(&self, request: Request) -> Call<T> {
        let call = self.measured(request, Expected::Open);
        Call::new(call, read_open)
    }

    /// Like [`send_open`](Self::send_open), but an answer with a documented status can have no body.
    ///
    /// # Errors
    /// The errors are those of [`send`](Self::send).
    pub fn send_open_optional<T: Lenient>(&self, request: Request) -> Call<Option<T>> {
        let call = self.measured(request, Expected::OpenOrNothing);
        Call::new(call, read_open_optional)
    }

    /// Makes a call of an operation that returns a file. The call can succeed before the whole file has arrived.
    ///
    /// # Errors
    /// The errors are those of [`send`](Self::send).
    pub fn download(&self, request: Request) -> Call<Download> {
        let call = self.measured(request.for_file(), Expected::File);
        Call::new(call, read_file)
    }

    /// Like [`download`](Self::download), but the answer can have status 204 and no file.
    ///
    /// # Errors
    /// The errors are those of [`send`](Self::send).
    pub fn download_optional(&self, request: Request) -> Call<Option<Download>> {
        let call = self.measured(request.for_file(), Expected::FileOrNothing);
        Call::new(call, read_optional_file)
    }

    /// Makes a call of an operation that returns no body.
    ///
    /// # Errors
    /// The errors are those of [`send`](Self::send).
    pub fn send_empty(&self, request: Request) -> Call<()> {
        Call::new(self.measured(request, Expected::Nothing), read_json)
    }

    /// Returns the recent actions of the session.
    pub(crate) fn recent(&self) -> &Recent {
        &self.0.recent
    }

    /// Makes a call, and does not decode the body of the answer.
    ///
    /// The caller must decode the body, and then stop the returned [`Meter`]. The future is in a `Box`, so it is
    /// compiled once, in this crate. Without the `Box`, each crate that awaits the call would compile the future again.
    /// The `Box` also keeps the futures of callers small.
    pub(crate) fn measured(
        &self,
        mut request: Request,
        expected: Expected,
    ) -> BoxFuture<'static, (Meter, Result<RawResponse, Error>)> {
        let session = self.clone();
        Box::pin(async move {
            let meter = Meter::start(request.operation);
            let tap = request.take_tap();
            let result = session.traced(request, expected).await;
            if let (Some(tap), Ok(answer)) = (tap, &result) {
                let _ = tap.set(answer.body.clone());
            }
            (meter, result)
        })
    }

    async fn traced(&self, request: Request, expected: Expected) -> Result<RawResponse, Error> {
        let operation = request.operation;
        let span = tracing::info_span!(
            target: "huaweicloud",
            "huaweicloud::call",
            operation = operation.id,
            service = operation.service.name,
            attempt = tracing::field::Empty,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
        );
        let mut attempts = 0;
        let result = match check_runtime() {
            Ok(()) => {
                self.within_limits(request, expected, span, &mut attempts)
                    .await
            }
            Err(error) => Err(error),
        };
        result.map_err(|error| error.of_call(operation, attempts))
    }

    async fn within_limits(
        &self,
        request: Request,
        expected: Expected,
        span: tracing::Span,
        attempts: &mut u32,
    ) -> Result<RawResponse, Error> {
        check_id("project_id", self.0.project_id.as_deref())?;
        let limits = self.0.options.limits(&self.0.config)?;
        let operation = request.operation;
        let result = {
            // The call is pinned here, because `timeout` would copy a future that it takes by value.
            let call = async {
                let mut execution =
                    Execution::new(&self.0, limits, request, expected, &mut *attempts)?;
                execution.run().await
            };
            tokio::time::timeout(limits.timeout, pin!(call.instrument(span))).await
        };
        match result {
            Ok(result) => result,
            Err(_) if *attempts == 0 && operation.authenticated => Err(unsent(limits.timeout)),
            Err(_) => {
                let (route, endpoint) = (self.0.config.route(), self.0.endpoints.current());
                Err(route.explain(late(limits.timeout, operation.retry), endpoint))
            }
        }
    }
}

/// Makes the error of a call that reached its time limit before a request was ready. The service is not the cause.
fn unsent(timeout: Duration) -> Error {
    let message = format!("nothing was sent: no credential or project within {timeout:?}");
    let mut error = Error::new(ErrorKind::Timeout, message).with_help(
        "check that IAM, or the issuer of the credentials, can be reached, or set a longer timeout",
    );
    error.set_retryable(true);
    error
}
