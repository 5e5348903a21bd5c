//! Reads an example from the OpenAPI document of ROMA Connect.

use huaweicloud_roma_link::OPENAPI;
use serde_json::Value;

/// Returns the documented answer of `show_device`, or null if the document has no example.
pub fn device() -> Value {
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let path = "/v2/{project_id}/link/instances/{instance_id}/devices/{device_id}";
    document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]
        .clone()
}
