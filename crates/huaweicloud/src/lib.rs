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

#[cfg(feature = "config")]
pub use huaweicloud_config as config;
#[rustfmt::skip]
mod services;

pub use services::*;

pub use huaweicloud_core::{
    AccessKey, BoxFuture, Call, CallOptions, CanonicalLine, Config, ConfigBuilder, Credential,
    Download, Error, ErrorDetail, ErrorKind, Hint, IncomingAnswer, Intercept, InterceptError, Json,
    LineDifference, OutgoingRequest, ProvideCredential, Proxy, Response, RetryBudget, RetryPolicy,
    Secret, Session, ShowSecrets, SigningAlgorithm, TlsVersion, Token, http, http_client_builder,
    reqwest,
};
