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

/// An operation whose answer is no page has no pages:
///
/// ```compile_fail,E0599
/// fn read(link: huaweicloud_roma_link::Client) {
///     link.show_device("instance", 1).items();
/// }
/// ```
#[cfg(all(doctest, feature = "roma-link"))]
struct OnlyListsHavePages;

/// An operation that neither has a state nor starts anything has no wait:
///
/// ```compile_fail,E0599
/// fn wait(link: huaweicloud_roma_link::Client) {
///     link.show_device("instance", 1).wait();
/// }
/// ```
///
/// A wait on a creation would create at each poll, so it is not there:
///
/// ```compile_fail,E0599
/// fn wait(dcs: huaweicloud_dcs::Client, cache: huaweicloud_dcs::types::CreateInstanceRequest) {
///     dcs.create_instance(&cache).wait_for("RUNNING");
/// }
/// ```
///
/// A list has no state:
///
/// ```compile_fail,E0599
/// fn wait(dcs: huaweicloud_dcs::Client, params: huaweicloud_dcs::types::ListInstancesParams) {
///     dcs.list_instances(&params).wait();
/// }
/// ```
#[cfg(all(doctest, feature = "dcs", feature = "roma-link"))]
struct OnlyWaitersWait;

#[cfg(feature = "config")]
pub use huaweicloud_config as config;
#[rustfmt::skip]
mod services;

pub use services::*;

#[cfg(feature = "test-util")]
pub use huaweicloud_core::testing;

pub use huaweicloud_core::{
    AccessKey, ActionCall, BoxFuture, Call, CallOptions, CanonicalLine, Config, ConfigBuilder,
    Credential, Download, Error, ErrorDetail, ErrorKind, Hint, IncomingAnswer, Intercept,
    InterceptError, Items, Json, JudgedCall, LineDifference, OutgoingRequest, PagedCall, Pages,
    PolledCall, ProvideCredential, Proxy, Response, RetryBudget, RetryPolicy, Secret, Session,
    ShowSecrets, SigningAlgorithm, TlsVersion, Token, Transport, TransportRequest, Wait, http,
    http_client_builder, reqwest, wait,
};
