//! Unofficial client for ROMA Connect device integration (LINK) of Huawei Cloud.
//!
//! Made from the published API pages; `openapi/roma-link` in the repository holds the transcript.
//! Methods are on [`Client`], types below [`types`].

#![cfg_attr(docsrs, feature(doc_cfg))]

#[rustfmt::skip]
mod generated;

#[cfg(feature = "rules")]
pub mod destination;

pub use generated::*;
