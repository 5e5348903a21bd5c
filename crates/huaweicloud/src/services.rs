//! One module for each service.
// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.

#[cfg(feature = "dcs")]
#[doc(inline)]
pub use huaweicloud_dcs as dcs;
#[cfg(feature = "iam")]
#[doc(inline)]
pub use huaweicloud_iam as iam;
#[cfg(feature = "roma-link")]
#[doc(inline)]
pub use huaweicloud_roma_link as roma_link;

/// Calls a macro with one row for each service: `"name" module;`. All modules exist only if all features are on.
#[doc(hidden)]
#[macro_export]
macro_rules! each_service {
    ($then:ident) => {
        $then! {
            "dcs" dcs;
            "iam" iam;
            "roma-link" roma_link;
        }
    };
}
