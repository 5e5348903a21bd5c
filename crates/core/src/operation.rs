//! The types with which generated code describes services and their operations.
//!
//! The fields are private, and `const fn` methods set them. So a later version of this crate can add fields, and older
//! generated crates still compile.

use http::Method;

/// A service, as its OpenAPI document describes it.
#[derive(Debug)]
pub struct Service {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) servers: &'static [Server],
    pub(crate) hints: &'static [Hint],
}

impl Service {
    /// Makes a service from its short name and its display name. The short name, such as `roma-link`, is also used in
    /// [`crate::ConfigBuilder::endpoint`] and in the name of the generated crate.
    pub const fn new(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            servers: &[],
            hints: &[],
        }
    }

    /// Sets the addresses of the service, for each cloud.
    #[must_use]
    pub const fn with_servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the advice for the documented error codes of the service. `hints` must be sorted by code.
    #[must_use]
    pub const fn with_hints(mut self, hints: &'static [Hint]) -> Self {
        self.hints = hints;
        self
    }

    /// The short name of the service.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The display name of the service.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// The addresses of the service, for each cloud.
    pub const fn servers(&self) -> &'static [Server] {
        self.servers
    }

    /// The advice for the documented error codes of the service, sorted by code.
    pub const fn hints(&self) -> &'static [Hint] {
        self.hints
    }
}

/// Advice for an error code.
///
/// [`Service::hints`] returns the hints of a service, which come from its OpenAPI document. This crate also contains
/// hints for the error codes of the gateway, through which all services are called. [`Error::hint`](crate::Error::hint)
/// finds the hint for an error. Usually, the `Display` output of an error with a hint ends with the advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub(crate) code: &'static str,
    pub(crate) advice: &'static str,
    pub(crate) transient: bool,
}

impl Hint {
    /// Makes a hint from an error code and its advice.
    pub const fn new(code: &'static str, advice: &'static str) -> Self {
        Self {
            code,
            advice,
            transient: false,
        }
    }

    /// Marks the error code as transient: the documentation advises the caller to try again later.
    #[must_use]
    pub const fn that_passes(mut self) -> Self {
        self.transient = true;
        self
    }

    /// The error code, such as `DCS.4026`. In hints, the codes of the gateway begin with `APIGW.`. In answers, they can
    /// also begin with `APIG.` or `APIC.`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The advice, such as "check the name of the instance". It can follow a semicolon: it has no capital letter at the
    /// start and no full stop at the end.
    pub const fn advice(&self) -> &'static str {
        self.advice
    }

    /// Returns whether the error code is transient: the documentation advises the caller to try again later.
    ///
    /// After status 500, the client retries a safe operation only if the error code is transient.
    pub const fn is_transient(&self) -> bool {
        self.transient
    }
}

/// One address of a service. It can contain the placeholder `{region}`.
#[derive(Debug)]
pub struct Server {
    pub(crate) cloud: &'static str,
    pub(crate) url: &'static str,
    pub(crate) regions: &'static [&'static str],
}

impl Server {
    /// Makes an address of the cloud `huaweicloud` or `otc`. The address can contain the placeholder `{region}`.
    pub const fn new(cloud: &'static str, url: &'static str) -> Self {
        Self {
            cloud,
            url,
            regions: &[],
        }
    }

    /// Sets the regions of the address. If the address contains `{region}`, they are the regions in which the service
    /// is documented. If the address is fixed, they are the regions in which the address is used.
    #[must_use]
    pub const fn with_regions(mut self, regions: &'static [&'static str]) -> Self {
        self.regions = regions;
        self
    }

    /// The cloud: `huaweicloud` or `otc`.
    pub const fn cloud(&self) -> &'static str {
        self.cloud
    }

    /// The address. It can contain the placeholder `{region}`.
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// The regions of the address, as [`with_regions`](Self::with_regions) describes them.
    ///
    /// If the address contains `{region}`, or if the service has no other address, an empty list means all regions. In
    /// all other cases, an empty list means the region in the host name.
    pub const fn regions(&self) -> &'static [&'static str] {
        self.regions
    }
}

/// States whether the client can retry a request if the result of the request is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A second execution does no harm. Examples are reading, writing the same value again, and issuing a token.
    Safe,
    /// A second execution can do harm. So the client retries a request only if the service certainly did not execute
    /// it.
    Unsafe,
}

/// An operation, as the OpenAPI document of its service describes it. Generated code contains one `static` for each
/// operation.
#[derive(Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) official_id: &'static str,
    pub(crate) service: &'static Service,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) retry: Retry,
    pub(crate) secret: bool,
    pub(crate) authenticated: bool,
    pub(crate) success: &'static [u16],
    pub(crate) page: &'static str,
}

impl Operation {
    /// Makes an operation that needs credentials, is unsafe to retry, and succeeds with status 200.
    ///
    /// `id` is the name in this SDK, such as `show_device`. `path` is a template, such as `/v2/{project_id}/instances`.
    pub const fn new(
        service: &'static Service,
        id: &'static str,
        method: Method,
        path: &'static str,
    ) -> Self {
        Self {
            id,
            official_id: "",
            service,
            method,
            path,
            retry: Retry::Unsafe,
            secret: false,
            authenticated: true,
            success: &[200],
            page: "",
        }
    }

    /// Sets the name of the operation in the official SDKs, such as `ShowDevice`. If the official SDKs do not contain
    /// the operation, this is the name on the documentation page.
    #[must_use]
    pub const fn with_official_id(mut self, official_id: &'static str) -> Self {
        self.official_id = official_id;
        self
    }

    /// Sets whether a second execution of the operation is safe.
    #[must_use]
    pub const fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Marks that the request or the answer can contain a secret. For such an operation,
    /// [`Error::raw_body`](crate::Error::raw_body) returns no body.
    #[must_use]
    pub const fn with_secrets(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Marks that the operation needs no credentials.
    #[must_use]
    pub const fn without_credentials(mut self) -> Self {
        self.authenticated = false;
        self
    }

    /// Sets the documented statuses of successful answers.
    #[must_use]
    pub const fn with_success(mut self, success: &'static [u16]) -> Self {
        self.success = success;
        self
    }

    /// Sets the address of the documentation page.
    #[must_use]
    pub const fn with_page(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    /// The name of the operation in this SDK, such as `show_device`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The name of the operation in the official SDKs, such as `ShowDevice`. If the official SDKs do not contain the
    /// operation, this is the name on the documentation page.
    pub const fn official_id(&self) -> &'static str {
        self.official_id
    }

    /// The service of the operation.
    pub const fn service(&self) -> &'static Service {
        self.service
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path template, such as `/v2/{project_id}/instances`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Whether a second execution of the operation is safe.
    pub const fn retry(&self) -> Retry {
        self.retry
    }

    /// Whether the request or the answer can contain a secret. If so, [`Error::raw_body`](crate::Error::raw_body)
    /// returns no body.
    pub const fn has_secrets(&self) -> bool {
        self.secret
    }

    /// Whether the operation needs credentials.
    pub const fn needs_credentials(&self) -> bool {
        self.authenticated
    }

    /// The documented statuses of successful answers.
    pub const fn success(&self) -> &'static [u16] {
        self.success
    }

    /// The address of the documentation page. Empty if the operation has no documentation page.
    pub const fn page(&self) -> &'static str {
        self.page
    }

    /// Returns whether the operation deletes exactly one resource. Such an operation has the method DELETE, and its
    /// path ends with the name or id of the resource. `{project_id}` is not the id of such a resource.
    pub(crate) fn deletes_one_thing(&self) -> bool {
        self.method == Method::DELETE
            && self.path.ends_with('}')
            && !self.path.ends_with("/{project_id}")
    }
}
