//! What generated code says about services and their operations.
//!
//! The fields are private, and `const fn` sets them. So a later core can add fields, and older generated crates still
//! compile.

use http::Method;

/// A service, as its document describes it.
#[derive(Debug)]
pub struct Service {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) servers: &'static [Server],
    pub(crate) hints: &'static [Hint],
}

impl Service {
    /// A service by its short name, as in the crate's and in [`crate::ConfigBuilder::endpoint`] (`roma-link`), and the name that people
    /// read.
    pub const fn new(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            servers: &[],
            hints: &[],
        }
    }

    /// Where it can be reached, by cloud.
    #[must_use]
    pub const fn with_servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
        self
    }

    /// What to do about the error codes of its catalogue, sorted by code.
    #[must_use]
    pub const fn with_hints(mut self, hints: &'static [Hint]) -> Self {
        self.hints = hints;
        self
    }

    /// The short name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name that people read.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// Where it can be reached, by cloud.
    pub const fn servers(&self) -> &'static [Server] {
        self.servers
    }

    /// What to do about the error codes of its catalogue, sorted by code.
    pub const fn hints(&self) -> &'static [Hint] {
        self.hints
    }
}

/// What to do about an error code.
///
/// A service has its own in [`Service::hints`], from its document; the codes of the gateway that stands before all services are
/// known here. [`Error::hint`](crate::Error::hint) finds the one for an error, and `Display` ends in its advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub(crate) code: &'static str,
    pub(crate) advice: &'static str,
    pub(crate) transient: bool,
}

impl Hint {
    /// A code, as the catalogue has it, and what to do.
    pub const fn new(code: &'static str, advice: &'static str) -> Self {
        Self {
            code,
            advice,
            transient: false,
        }
    }

    /// The catalogue tells the caller to try again later.
    #[must_use]
    pub const fn that_passes(mut self) -> Self {
        self.transient = true;
        self
    }

    /// The code: `DCS.4026`. The gateway's begin with `APIGW.` here, though an answer may begin them with `APIG.` or `APIC.`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What to do, in words that can follow a semicolon: "check ...", without a capital and a full stop.
    pub const fn advice(&self) -> &'static str {
        self.advice
    }

    /// Whether the catalogue tells the caller to try again later: the same request may succeed then. An answer of HTTP 500 to a
    /// safe operation is repeated where this is set, and nowhere else.
    pub const fn is_transient(&self) -> bool {
        self.transient
    }
}

/// One address pattern of a service.
#[derive(Debug)]
pub struct Server {
    pub(crate) cloud: &'static str,
    pub(crate) url: &'static str,
    pub(crate) regions: &'static [&'static str],
}

impl Server {
    /// An address of `huaweicloud` or `otc`; it may hold `{region}`.
    pub const fn new(cloud: &'static str, url: &'static str) -> Self {
        Self {
            cloud,
            url,
            regions: &[],
        }
    }

    /// The regions where the service is documented, or that this fixed address serves.
    #[must_use]
    pub const fn with_regions(mut self, regions: &'static [&'static str]) -> Self {
        self.regions = regions;
        self
    }

    /// `huaweicloud` or `otc`.
    pub const fn cloud(&self) -> &'static str {
        self.cloud
    }

    /// The address; may hold `{region}`.
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// The regions where the service is documented, or that this fixed address serves. Empty for an address with `{region}`: any
    /// region. Empty for a fixed address: the region that its host names, or all if the service has no other address.
    pub const fn regions(&self) -> &'static [&'static str] {
        self.regions
    }
}

/// Whether a request may be repeated when nobody knows what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A repeat changes nothing more: reading, and writing the same again.
    Safe,
    /// A repeat may act twice: it is made only where the first one was surely not executed.
    Unsafe,
}

/// One operation, as its document describes it. Generated code holds one `static` for each.
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
    /// An operation that needs credentials, must not be repeated, and answers with status 200.
    ///
    /// `id` is our name (`show_device`), `path` a template (`/v2/{project_id}/instances`).
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

    /// The official SDKs' name: `ShowDevice`.
    #[must_use]
    pub const fn with_official_id(mut self, official_id: &'static str) -> Self {
        self.official_id = official_id;
        self
    }

    /// Whether it may be repeated.
    #[must_use]
    pub const fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The request or the answer carries a secret: errors withhold the raw body.
    #[must_use]
    pub const fn with_secrets(mut self) -> Self {
        self.secret = true;
        self
    }

    /// It needs no credentials.
    #[must_use]
    pub const fn without_credentials(mut self) -> Self {
        self.authenticated = false;
        self
    }

    /// The documented statuses of success.
    #[must_use]
    pub const fn with_success(mut self, success: &'static [u16]) -> Self {
        self.success = success;
        self
    }

    /// The address of the documentation's page.
    #[must_use]
    pub const fn with_page(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    /// Our name: `show_device`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The official SDKs' name: `ShowDevice`. Empty if they have none.
    pub const fn official_id(&self) -> &'static str {
        self.official_id
    }

    /// The service that it belongs to.
    pub const fn service(&self) -> &'static Service {
        self.service
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path's template: `/v2/{project_id}/instances`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Whether it may be repeated.
    pub const fn retry(&self) -> Retry {
        self.retry
    }

    /// Whether the request or the answer carries a secret; then errors withhold the raw body.
    pub const fn has_secrets(&self) -> bool {
        self.secret
    }

    /// Whether it needs credentials.
    pub const fn needs_credentials(&self) -> bool {
        self.authenticated
    }

    /// The documented statuses of success.
    pub const fn success(&self) -> &'static [u16] {
        self.success
    }

    /// The address of the documentation's page; empty if there is none.
    pub const fn page(&self) -> &'static str {
        self.page
    }

    /// Whether it deletes one thing, which its path names at the end.
    pub(crate) fn deletes_one_thing(&self) -> bool {
        self.method == Method::DELETE
            && self.path.ends_with('}')
            && !self.path.ends_with("/{project_id}")
    }
}
