//! Unofficial client for the Distributed Cache Service (DCS) of Huawei Cloud and Open Telekom Cloud.
//!
//! Made from the published API pages; `openapi/dcs` in the repository holds the transcript.
//! Methods are on [`Client`], types below [`types`].

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "instances")]
mod ext;
#[rustfmt::skip]
mod generated;

#[cfg(feature = "instances")]
pub use ext::{PasswordRefusal, PasswordRefused};
pub use generated::*;
