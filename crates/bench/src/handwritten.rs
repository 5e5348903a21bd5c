//! Calls `show_device` with reqwest, without the generated client. The code formats the URL, signs the request, checks
//! the status and decodes the body with serde.

use std::error::Error;

use huaweicloud_core::reqwest;
use huaweicloud_core::sign::{SignableRequest, Signer, payload_hash};
use jiff::Timestamp;

use crate::derived::Device;

/// The values that all calls need.
pub struct Caller {
    /// The HTTP client. The bench creates this client with the builder of the SDK. So the settings of TLS and of the
    /// connection pool are the same as in the generated client.
    pub client: reqwest::Client,
    /// The host and port of the server.
    pub host: String,
    /// The id of the project.
    pub project: String,
    /// The access key.
    pub access: String,
    /// The secret of the access key.
    pub secret: String,
}

impl Caller {
    /// Calls `show_device`.
    ///
    /// # Errors
    /// If the request cannot be sent, or if the answer has an error status or is not a device.
    pub async fn show_device(&self, instance: &str, id: i64) -> Result<Device, Box<dyn Error>> {
        let (host, project) = (&self.host, &self.project);
        let path = format!("/v2/{project}/link/instances/{instance}/devices/{id}");
        let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let request = SignableRequest {
            method: "GET",
            path: &path,
            query: &[],
            headers: &[
                ("host", host),
                ("x-project-id", project),
                ("x-sdk-date", &date),
            ],
            body_hash: &payload_hash(b""),
        };
        let signature = Signer::new(&self.access, &self.secret).sign(&request, &date);
        let response = self
            .client
            .get(format!("http://{host}{path}"))
            .header("accept", "application/json")
            .header("x-project-id", project)
            .header("x-sdk-date", &date)
            .header("authorization", signature.authorization)
            .send()
            .await?
            .error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}
