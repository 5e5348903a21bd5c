#![cfg_attr(
    all(
        feature = "config",
        feature = "dcs",
        feature = "iam",
        feature = "roma-link"
    ),
    doc = include_str!("../README.md")
)]
// The README's examples need these features. If one of these features is off, the crate documentation contains only the
// sentence in the next attribute.
#![cfg_attr(
    not(all(
        feature = "config",
        feature = "dcs",
        feature = "iam",
        feature = "roma-link"
    )),
    doc = "Unofficial Rust clients for Huawei Cloud and Open Telekom Cloud."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// If an operation does not return a page of a list, its call has no method `items`:
///
/// ```compile_fail,E0599
/// fn read(link: huaweicloud_roma_link::Client) {
///     link.show_device("instance", 1).items();
/// }
/// ```
#[cfg(all(doctest, feature = "roma-link"))]
struct OnlyListsHavePages;

/// If a request has several mandatory fields, the caller names these fields. Their order does not matter:
///
/// ```
/// use huaweicloud_dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
///
/// let (old, new) = ("Planted-old", String::from("Planted-new"));
/// let one = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired { old_password: old, new_password: &*new });
/// let other = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired { new_password: new, old_password: old });
/// assert_eq!(one, other);
/// assert_eq!(one.old_password.expose(), old);
/// ```
///
/// If a mandatory field is missing, the code does not compile:
///
/// ```compile_fail,E0063
/// use huaweicloud_dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
/// ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired { old_password: "Planted-old" });
/// ```
///
/// Values without field names do not compile either, because callers could mix up the values:
///
/// ```compile_fail,E0061
/// use huaweicloud_dcs::types::ChangeInstancePasswordRequest;
/// ChangeInstancePasswordRequest::new("Planted-old", "Planted-new");
/// ```
///
/// A mandatory field has no default:
///
/// ```compile_fail,E0277
/// use huaweicloud_dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
/// ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired::<&str, &str> { old_password: "Planted-old", ..Default::default() });
/// ```
///
/// If the only mandatory field of a type is a list, the type has no default either:
///
/// ```compile_fail,E0599
/// huaweicloud_iam::types::TokenIdentity::default();
/// ```
///
/// A value of the wrong type does not compile:
///
/// ```compile_fail,E0277
/// use huaweicloud_roma_link::types::{DeviceStatus, UpdateDeviceRequest, UpdateDeviceRequired};
/// UpdateDeviceRequest::new(UpdateDeviceRequired { device_name: DeviceStatus::Enabled, status: "pump" });
/// ```
///
/// An `Option` of a string does not compile in place of a list, because `None` would become an empty list:
///
/// ```compile_fail,E0283
/// # use huaweicloud_roma_link::types::{DeviceStatus, UpdateDeviceRequest, UpdateDeviceRequired};
/// # let request = UpdateDeviceRequest::new(UpdateDeviceRequired { device_name: "pump", status: DeviceStatus::Enabled });
/// request.with_tags(None::<&str>);
/// ```
#[cfg(all(doctest, feature = "dcs", feature = "iam", feature = "roma-link"))]
struct MandatoryFieldsHaveNames;

#[cfg(all(
    feature = "config",
    feature = "dcs",
    feature = "iam",
    feature = "roma-link"
))]
pub mod guide;

/// If an operation has no `x-waiter` in the OpenAPI document, its call has no method `wait`:
///
/// ```compile_fail,E0599
/// fn wait(link: huaweicloud_roma_link::Client) {
///     link.show_device("instance", 1).wait();
/// }
/// ```
///
/// `wait_for` sends its request again and again. A creation has no `wait_for`, because each request would create an
/// instance:
///
/// ```compile_fail,E0599
/// fn wait(dcs: huaweicloud_dcs::Client, cache: huaweicloud_dcs::types::CreateInstanceRequest) {
///     dcs.create_instance(&cache).wait_for("RUNNING");
/// }
/// ```
///
/// A list of instances has no state, so the call of `list_instances` has no method `wait`:
///
/// ```compile_fail,E0599
/// fn wait(dcs: huaweicloud_dcs::Client, params: huaweicloud_dcs::types::ListInstancesParams) {
///     dcs.list_instances(&params).wait();
/// }
/// ```
#[cfg(all(doctest, feature = "dcs", feature = "roma-link"))]
struct OnlyWaitersWait;

#[cfg(feature = "config")]
#[doc(inline)]
pub use huaweicloud_config as config;
#[rustfmt::skip]
mod services;

pub use services::*;

#[cfg(feature = "test-util")]
#[doc(inline)]
pub use huaweicloud_core::testing;

#[doc(inline)]
pub use huaweicloud_core::setter;

#[doc(inline)]
pub use huaweicloud_core::{
    AccessKey, ActionCall, BoxFuture, Call, CallOptions, CanonicalLine, Config, ConfigBuilder,
    Credential, Download, Error, ErrorDetail, ErrorKind, Hint, IncomingAnswer, Intercept,
    InterceptError, Items, Json, JudgedCall, LineDifference, Operation, OutgoingRequest, PagedCall,
    Pages, PolledCall, ProvideCredential, Proxy, Response, RetryBudget, RetryPolicy, Secret,
    Session, ShowSecrets, SigningAlgorithm, TlsVersion, Token, Transport, TransportRequest, Upload,
    Wait, http_client_builder, wait,
};
#[doc(no_inline)]
pub use huaweicloud_core::{http, reqwest};
