//! The targets of requests: the region, the addresses of services, the files with certificates, the project and the
//! account.

pub(crate) mod by_region;
pub(crate) mod clear;
pub(crate) mod iam_version;
pub(crate) mod names;
pub(crate) mod project_region;
pub(crate) mod target;
mod trust;
