//! Unofficial SDK for Huawei Cloud and Open Telekom Cloud

#[cfg(feature = "config")]
pub use huaweicloud_config as config;
pub use huaweicloud_core::{
    AccessKey, Config, ConfigBuilder, Error, ErrorKind, Response, RetryPolicy, Secret, Token,
};
#[cfg(feature = "dcs")]
pub use huaweicloud_dcs as dcs;
#[cfg(feature = "iam")]
pub use huaweicloud_iam as iam;
#[cfg(feature = "roma-link")]
pub use huaweicloud_roma_link as roma_link;
