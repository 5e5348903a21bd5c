//! Unofficial client for the Distributed Cache Service (DCS) of Huawei Cloud and Open Telekom Cloud.
//!
//! Most of this crate is generated from the OpenAPI files in `openapi/dcs` of the repository. These files describe
//! the published API pages. The methods are on [`Client`], and the types are in [`types`].

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "instances")]
mod ext;
#[rustfmt::skip]
mod generated;

#[cfg(feature = "instances")]
pub use ext::{PasswordRefusal, PasswordRefused};
pub use generated::*;
