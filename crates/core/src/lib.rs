//! The shared code of the unofficial Rust clients for Huawei Cloud and Open Telekom Cloud. This crate implements
//! credentials, request signing, transport, retries, errors and lenient decoding.
//!
//! This crate contains no operations or types of a particular service. Each generated crate describes its service with
//! [`Service`] and [`Operation`]. For each call, the generated code makes a [`Request`] and passes it to a [`Session`].
//!
//! * A [`Config`] contains the settings that clients share. The crate `huaweicloud-config` finds the values of the
//!   settings. With [`Config::builder`], the program sets the values itself.
//! * If a retry is safe and can succeed, the client retries a failed request. All attempts of a call share one
//!   deadline. If the program drops the future of a call, the call is cancelled.
//! * A failed call returns an [`Error`]. Most errors contain advice. The `Display` output of an error does not contain
//!   the message of the server.
//! * `Debug` does not show the value of a [`Secret`]. Serialization shows the value only with [`ShowSecrets`].
//! * A [`Wait`] polls until a resource has the expected state. If the polling client also sent an action on the
//!   resource, the wait ignores the state from before the action. But the wait ignores this state only for a limited
//!   time.
//! * A received file is a [`Download`]. A sent file is an [`Upload`]. [`Json`] is a value without a documented
//!   structure.
//!
//! # Runtime
//! Calls need a tokio runtime with timers and I/O (`#[tokio::main]`, or `enable_all()`). Without such a runtime, each
//! call returns an error. There is one exception. If a program is built with `panic = "abort"`, a call in a runtime
//! without timers or I/O aborts the program. The panic message of tokio then contains advice.
//!
//! A program can use one client in any number of runtimes. If the program does not set the HTTP client, each runtime
//! has its own connections.
//!
//! # Features
//! * `rustls` (default): TLS with rustls, ring and the certificates of the platform. Without this feature, the program
//!   must set an HTTP client with [`ConfigBuilder::http_client`].
//! * `schemars`: adds JSON Schema for [`Secret`], for [`Json`] and for the generated types.
//! * `metrics`: calls report the metrics below to the crate `metrics`.
//! * `test-util`: adds the module `testing`. Its recorder answers calls without a server.
//! * `opentelemetry`: requests contain the headers of OpenTelemetry's global propagator, such as `traceparent`. If the
//!   program uses the layer of `tracing-opentelemetry`, the headers describe the span of the call. Without this layer,
//!   the headers describe the current context of OpenTelemetry. The signature does not cover these headers. The program
//!   must use the versions of `opentelemetry` and `tracing-opentelemetry` that this crate uses.
//!
//! # Observation
//! Each call has a `tracing` span `huaweicloud::call` with the target `huaweicloud` and the level info. The fields of
//! the span are `operation`, `service`, `attempt`, `status` and `request_id`. At level info, the client logs each
//! retry, and each failed poll after which a wait continues. If the client cannot decode a field of an answer, the
//! client logs a warning. Other events have level debug. The spans and events of this crate contain no values of
//! callers and servers, except statuses and request ids.
//!
//! | metric | | labels |
//! |---|---|---|
//! | `huaweicloud_calls_total` | counter: calls that ended or were dropped | `service`, `operation`, `outcome` |
//! | `huaweicloud_call_duration_seconds` | histogram: duration of a call with all attempts and pauses | `service`, `operation`, `outcome` |
//! | `huaweicloud_attempts_total` | counter: attempts to send a request | `service`, `operation` |
//! | `huaweicloud_retries_total` | counter: retries that the retry policy allowed | `service`, `operation` |
//!
//! `outcome` is `ok`, `dropped`, or the [`ErrorKind`] in snake case, such as `service`, `connect` or `timeout`.
//! `dropped` means that the program dropped the future of the call, or dropped a [`Download`] before the end of its
//! file.
//!
//! If the answer is a file, the metrics measure the call until the last byte of the file.
//!
//! The crate sends no telemetry. It writes a file only if the program saves a [`Download`].

#![cfg_attr(docsrs, feature(doc_cfg))]

mod agent;
mod budget;
mod builder;
mod call;
mod check;
mod config;
mod credential;
pub mod decode;
pub mod encode;
mod endpoint;
mod error;
mod intercept;
mod json;
mod near;
mod network;
mod operation;
mod options;
mod outcome;
pub mod pages;
mod parse_address;
mod query;
mod recent;
mod region;
mod response;
mod retry;
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub mod schema;
mod secret;
pub mod setter;
mod settings;
pub mod sign;
#[cfg(feature = "test-util")]
pub mod testing;
mod transport;
pub mod wait;

pub use budget::RetryBudget;
pub use builder::ConfigBuilder;
pub use call::{Call, Download, Request, Session, Upload};
pub use config::Config;
pub use credential::{AccessKey, BoxFuture, Credential, ProvideCredential, Token};
pub use error::{CanonicalLine, Error, ErrorDetail, ErrorKind, LineDifference};
pub use intercept::{IncomingAnswer, Intercept, InterceptError, OutgoingRequest};
pub use json::Json;
#[cfg(feature = "rustls")]
pub use network::http_client_builder;
pub use network::{Proxy, TlsVersion};
pub use operation::{Hint, Operation, Retry, Server, Service};
pub use options::CallOptions;
pub use outcome::{JudgedCall, Outcome};
pub use pages::{Items, PagedCall, Pages};
pub use query::{Joined, ToQuery};
pub use response::Response;
pub use retry::RetryPolicy;
pub use secret::{Secret, ShowSecrets};
pub use sign::SigningAlgorithm;
pub use transport::{Transport, TransportRequest};
pub use wait::{ActionCall, PolledCall, Wait};

pub use http;
pub use reqwest;
/// The version of `schemars` that the generated types use.
#[cfg(feature = "schemars")]
pub use schemars1 as schemars;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;
