#![cfg_attr(
    all(
        feature = "config",
        feature = "dcs",
        feature = "iam",
        feature = "roma-link"
    ),
    doc = include_str!("../README.md")
)]
// The examples need the default features; without them there is one line.
#![cfg_attr(
    not(all(
        feature = "config",
        feature = "dcs",
        feature = "iam",
        feature = "roma-link"
    )),
    doc = "Unofficial Rust clients for Huawei Cloud and Open Telekom Cloud."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// An operation whose answer is no page has no pages:
///
/// ```compile_fail,E0599
/// fn read(link: huaweicloud_roma_link::Client) {
///     link.show_device("instance", 1).items();
/// }
/// ```
#[cfg(all(doctest, feature = "roma-link"))]
struct OnlyListsHavePages;

#[cfg(all(
    feature = "config",
    feature = "dcs",
    feature = "iam",
    feature = "roma-link"
))]
pub mod guide;

#[cfg(feature = "config")]
#[doc(inline)]
pub use huaweicloud_config as config;
#[rustfmt::skip]
mod services;

pub use services::*;

#[cfg(feature = "test-util")]
#[doc(inline)]
pub use huaweicloud_core::testing;

#[doc(inline)]
pub use huaweicloud_core::{
    AccessKey, BoxFuture, Call, CallOptions, CanonicalLine, Config, ConfigBuilder, Credential,
    Download, Error, ErrorDetail, ErrorKind, Hint, IncomingAnswer, Intercept, InterceptError,
    Items, Json, JudgedCall, LineDifference, OutgoingRequest, PagedCall, Pages, ProvideCredential,
    Proxy, Response, RetryBudget, RetryPolicy, Secret, Session, ShowSecrets, SigningAlgorithm,
    TlsVersion, Token, Transport, TransportRequest, http, http_client_builder, reqwest,
};
