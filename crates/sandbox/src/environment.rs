use huaweicloud_core::{Config, ConfigBuilder, Proxy};

use crate::{Details, Sandbox, Service};

impl Sandbox {
    /// Returns the builder of a configuration for the clients of this sandbox. The configuration contains the user's
    /// access key, and the IDs of the project and the domain. It also contains the addresses of all services except the
    /// metadata service. If an address begins with `https`, the clients trust the sandbox's certificate authority. The
    /// clients use no proxy.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use huaweicloud_sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().start().await?;
    /// let config = sandbox.config().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn config(&self) -> ConfigBuilder {
        let details = self.details();
        let config = Config::builder()
            .access_key(&details.access_key, details.secret_key.as_str())
            .project_id(&details.project_id)
            .domain_id(&details.domain_id)
            .proxy(Proxy::none());
        let config = match &details.ca_certificate {
            Some(pem) => config.root_certificate(pem.as_str()),
            None => config,
        };
        let addresses = details.service_addresses().into_iter();
        addresses.fold(config, |config, (service, address)| {
            config.endpoint(service.name(), address)
        })
    }
}

impl Details {
    /// Returns the environment variables that make a program on this machine use the sandbox.
    /// `huaweicloud::config::load()` reads these variables, except `HUAWEICLOUD_SANDBOX_INSTANCE_ID`. This variable
    /// contains the ID of the ROMA Connect instance, for tests. The official SDKs read the variables with the access
    /// key and the secret key.
    ///
    /// No cloud accepts the access key and the secret key. Another sandbox accepts them only if it uses the same data
    /// file. If an address begins with `https`, the program also needs [`ca_certificate`](Self::ca_certificate),
    /// because no variable contains a certificate.
    pub fn environment(&self) -> Vec<(String, String)> {
        let fixed = [
            ("HUAWEICLOUD_SDK_AK", &self.access_key),
            ("HUAWEICLOUD_SDK_SK", &self.secret_key),
            ("HUAWEICLOUD_SDK_PROJECT_ID", &self.project_id),
            ("HUAWEICLOUD_SDK_DOMAIN_ID", &self.domain_id),
            ("HUAWEICLOUD_ENDPOINT_STS", &self.addresses.iam),
            ("HUAWEICLOUD_METADATA_ENDPOINT", &self.addresses.metadata),
            ("HUAWEICLOUD_SANDBOX_INSTANCE_ID", &self.instance_id),
        ];
        let fixed = fixed.map(|(name, value)| (name.to_owned(), value.clone()));
        let addresses = self.service_addresses().into_iter();
        let addresses = addresses.map(|(service, address)| {
            let name = service.name().replace('-', "_").to_ascii_uppercase();
            (format!("HUAWEICLOUD_ENDPOINT_{name}"), address)
        });
        fixed.into_iter().chain(addresses).collect()
    }

    /// Returns all services except the metadata service, with their addresses.
    fn service_addresses(&self) -> Vec<(Service, String)> {
        let addresses = serde_json::to_value(&self.addresses).unwrap_or_default();
        let services = Service::ALL.into_iter();
        let addresses = services.filter_map(|service| {
            let address = addresses.get(service.name().replace('-', "_"))?;
            Some((service, address.as_str()?.to_owned()))
        });
        addresses
            .filter(|(service, _)| *service != Service::Metadata)
            .collect()
    }
}
