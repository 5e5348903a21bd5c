//! Unofficial client for Identity and Access Management (IAM) of Huawei Cloud and Open Telekom Cloud.
//!
//! Made from the published API pages; `openapi/iam` in the repository holds the transcript.
//! Methods are on [`Client`], types below [`types`].

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "federation", feature = "tokens"))]
mod ext;
#[rustfmt::skip]
mod generated;

#[cfg(any(feature = "federation", feature = "tokens"))]
pub use ext::IssuedTokenExt;
pub use generated::*;
