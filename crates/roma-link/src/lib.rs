//! Unofficial client for ROMA Connect device integration (LINK) of Huawei Cloud.
//!
//! Most of this crate is generated from the OpenAPI files in `openapi/roma-link` of the repository. We transcribe these
//! files from the published API pages. The methods are on [`Client`], and the types are in [`types`].

#![cfg_attr(docsrs, feature(doc_cfg))]

#[rustfmt::skip]
mod generated;

#[cfg(feature = "rules")]
pub mod destination;

pub use generated::*;
