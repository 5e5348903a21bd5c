//! The types by which generated code describes services and their operations.
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
    /// A service by its short name and its display name. The short name (`roma-link`) is also the name in
    /// [`crate::ConfigBuilder::endpoint`] and in the crate's name.
    pub const fn new(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            servers: &[],
            hints: &[],
        }
    }

    /// Sets the addresses of the service, by cloud.
    #[must_use]
    pub const fn with_servers(mut self, servers: &'static [Server]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the advice for the error codes of its catalogue, sorted by code.
    #[must_use]
    pub const fn with_hints(mut self, hints: &'static [Hint]) -> Self {
        self.hints = hints;
        self
    }

    /// The short name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The display name.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// The addresses of the service, by cloud.
    pub const fn servers(&self) -> &'static [Server] {
        self.servers
    }

    /// The advice for the error codes of its catalogue, sorted by code.
    pub const fn hints(&self) -> &'static [Hint] {
        self.hints
    }
}

/// Advice for an error code.
///
/// The hints of a service are in [`Service::hints`]. They come from its document. This crate itself knows the codes of
/// the gateway in front of all services. [`Error::hint`](crate::Error::hint) finds the hint for an error, and `Display`
/// ends with its advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub(crate) code: &'static str,
    pub(crate) advice: &'static str,
    pub(crate) transient: bool,
}

impl Hint {
    /// A code of the catalogue, and the advice.
    pub const fn new(code: &'static str, advice: &'static str) -> Self {
        Self {
            code,
            advice,
            transient: false,
        }
    }

    /// Marks a code for which the catalogue advises another try later.
    #[must_use]
    pub const fn that_passes(mut self) -> Self {
        self.transient = true;
        self
    }

    /// The code, such as `DCS.4026`. The gateway's codes begin with `APIGW.` here. In an answer they can also begin
    /// with `APIG.` or `APIC.`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The advice, in words that can follow a semicolon: "check ...", without a capital letter and a full stop.
    pub const fn advice(&self) -> &'static str {
        self.advice
    }

    /// Whether the catalogue advises another try later: the same request may succeed then.
    ///
    /// If a safe operation gets HTTP 500, it is repeated only if this is set.
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
    /// An address of `huaweicloud` or `otc`. It may contain `{region}`.
    pub const fn new(cloud: &'static str, url: &'static str) -> Self {
        Self {
            cloud,
            url,
            regions: &[],
        }
    }

    /// Sets the regions where the service is documented, or the regions of this fixed address.
    #[must_use]
    pub const fn with_regions(mut self, regions: &'static [&'static str]) -> Self {
        self.regions = regions;
        self
    }

    /// The cloud: `huaweicloud` or `otc`.
    pub const fn cloud(&self) -> &'static str {
        self.cloud
    }

    /// The address. It may contain `{region}`.
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// The regions where the service is documented, or the regions of this fixed address.
    ///
    /// Empty for an address with `{region}`: any region. Empty for a fixed address: the region in its host name. If the
    /// service has no other address, all regions.
    pub const fn regions(&self) -> &'static [&'static str] {
        self.regions
    }
}

/// Whether a request may be repeated if its result is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A repeat changes nothing more. Examples are reading, and writing the same value again.
    Safe,
    /// A repeat may act twice. So a request is repeated only if it was certainly not executed.
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
    /// `id` is the name in this SDK (`show_device`), `path` a template (`/v2/{project_id}/instances`).
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

    /// Sets the name in the official SDKs: `ShowDevice`.
    #[must_use]
    pub const fn with_official_id(mut self, official_id: &'static str) -> Self {
        self.official_id = official_id;
        self
    }

    /// Sets whether it may be repeated.
    #[must_use]
    pub const fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Marks that the request or the answer carries a secret. Errors then withhold the raw body.
    #[must_use]
    pub const fn with_secrets(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Marks that it needs no credentials.
    #[must_use]
    pub const fn without_credentials(mut self) -> Self {
        self.authenticated = false;
        self
    }

    /// Sets the documented statuses of success.
    #[must_use]
    pub const fn with_success(mut self, success: &'static [u16]) -> Self {
        self.success = success;
        self
    }

    /// Sets the address of the documentation's page.
    #[must_use]
    pub const fn with_page(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    /// The name in this SDK: `show_device`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The name in the official SDKs: `ShowDevice`. Empty if they have none.
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

    /// The path's template: `/v2/{project_id}/instances`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Whether it may be repeated.
    pub const fn retry(&self) -> Retry {
        self.retry
    }

    /// Whether the request or the answer carries a secret. Errors then withhold the raw body.
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

    /// The address of the documentation's page. Empty if there is none.
    pub const fn page(&self) -> &'static str {
        self.page
    }

    /// Whether it deletes one thing, which the last part of its path names.
    pub(crate) fn deletes_one_thing(&self) -> bool {
        self.method == Method::DELETE
            && self.path.ends_with('}')
            && !self.path.ends_with("/{project_id}")
    }
}
