//! What generated code says about services and their operations.

/// A service, as its document describes it.
#[derive(Debug)]
pub struct Service {
    /// The short name, as in the crate's and in [`crate::ConfigBuilder::endpoint`]: `roma-link`.
    pub name: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// Where it can be reached, by cloud.
    pub servers: &'static [Server],
    /// What to do about the error codes of its catalogue, sorted by code.
    pub hints: &'static [Hint],
}

/// What to do about an error code.
///
/// A service has its own in [`Service::hints`], from its document; the codes of the gateway that stands before all services are
/// known here. [`Error::hint`](crate::Error::hint) finds the one for an error, and `Display` ends in its advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The code, as the catalogue has it: `DCS.4026`. The gateway's begin with `APIGW.` here, though an answer may begin them with
    /// `APIG.` or `APIC.`.
    pub code: &'static str,
    /// What to do, in words that can follow a semicolon: "check ...", without a capital and a full stop.
    pub advice: &'static str,
    /// Whether the catalogue tells the caller to try again later: the same request may succeed then. An answer of HTTP 500 to a
    /// safe operation is repeated where this is set, and nowhere else.
    pub transient: bool,
}

/// One address pattern of a service.
#[derive(Debug)]
pub struct Server {
    /// `huaweicloud` or `otc`.
    pub cloud: &'static str,
    /// The address; may hold `{region}`.
    pub url: &'static str,
    /// The regions where the service is documented, or that this fixed address serves. Empty for an address with `{region}`: any
    /// region. Empty for a fixed address: the region that its host names, or all if the service has no other address.
    pub regions: &'static [&'static str],
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
    /// Our name: `show_device`.
    pub id: &'static str,
    /// The official SDKs' name: `ShowDevice`.
    pub official_id: &'static str,
    /// The service that it belongs to.
    pub service: &'static Service,
    /// The HTTP method.
    pub method: http::Method,
    /// The path's template: `/v2/{project_id}/instances`.
    pub path: &'static str,
    /// Whether it may be repeated.
    pub retry: Retry,
    /// Whether the request or the answer carries a secret; then errors withhold the raw body.
    pub secret: bool,
    /// Whether it needs credentials.
    pub authenticated: bool,
    /// The documented statuses of success.
    pub success: &'static [u16],
    /// The address of the documentation's page; empty if there is none.
    pub page: &'static str,
}

impl Operation {
    /// Whether it deletes one thing, which its path names at the end.
    pub(crate) fn deletes_one_thing(&self) -> bool {
        self.method == http::Method::DELETE
            && self.path.ends_with('}')
            && !self.path.ends_with("/{project_id}")
    }
}
