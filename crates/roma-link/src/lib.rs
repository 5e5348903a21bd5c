//! Unofficial client for ROMA Connect device integration (LINK) of Huawei Cloud.
//!
//! Made from the published API pages; `openapi/roma-link` in the repository holds the transcript.
//! Methods are on [`Client`], types below [`types`].

#[rustfmt::skip]
mod generated;

pub use generated::*;
