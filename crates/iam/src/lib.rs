//! Unofficial client for Identity and Access Management (IAM) of Huawei Cloud and Open Telekom Cloud.
//!
//! Most of this crate is generated from the OpenAPI files in `openapi/iam` of the repository. These files describe
//! the published API pages. The methods are on [`Client`], and the types are in [`types`].

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "federation", feature = "tokens"))]
mod ext;
#[rustfmt::skip]
mod generated;

#[cfg(any(feature = "federation", feature = "tokens"))]
pub use ext::IssuedTokenExt;
pub use generated::*;
