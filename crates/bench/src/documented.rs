//! The documentation's example.

use huaweicloud_roma_link::OPENAPI;
use serde_json::Value;

/// The documented answer of `show_device`. It is null if the document has none.
pub fn device() -> Value {
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let path = "/v2/{project_id}/link/instances/{instance_id}/devices/{device_id}";
    document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]
        .clone()
}
