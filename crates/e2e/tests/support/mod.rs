//! Starts a sandbox, and creates clients for this sandbox with a password or with an access key.

#![allow(
    dead_code,
    reason = "each test program uses only a part of this module"
)]

pub mod leaks;

use std::time::Duration;

use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::dcs::types::{CacheEngine, CreateInstanceRequest, CreateInstanceRequired};
use huaweicloud::roma_link::types::{
    CreateDeviceRequest, CreateDeviceRequired, CreateProductRequest, CreateProductRequired, Device,
    Product, ProductReferenceRequest, ProductType, ProtocolType,
};
use huaweicloud::{Config, ConfigBuilder, dcs, iam, roma_link};
use huaweicloud_sandbox::{Clock, Details, Options, Sandbox, Service};

/// A password that satisfies all documented password rules.
///
/// Most secrets that tests choose contain `Planted-` or `planted-`. So `.ci/run` can search the output of tests for
/// these secrets. Tests can register other secrets with [`leaks::planted`] or [`leaks::tell`].
pub const PASSWORD: &str = "Planted-Secret-0001!";
pub const OTHER_PASSWORD: &str = "Planted-Secret-0002!";

/// The kind of credentials that a client uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Password,
    AccessKey,
}

pub const BOTH: [By; 2] = [By::Password, By::AccessKey];

pub struct World {
    pub sandbox: Sandbox,
    pub clock: Clock,
}

/// The clients that use one kind of credentials.
#[derive(Clone, Debug)]
pub struct Clients {
    pub iam: iam::Client,
    pub link: roma_link::Client,
    pub dcs: dcs::Client,
    /// The id of the ROMA Connect instance that exists in the sandbox.
    pub instance: String,
}

impl World {
    pub async fn new() -> World {
        World::with(Options::default()).await
    }

    pub async fn with(options: Options) -> World {
        leaks::log_as_asked();
        let clock = Clock::system();
        let sandbox = Sandbox::start(options.clock(clock.clone())).await.unwrap();
        let details = sandbox.details();
        leaks::tell([
            &details.password,
            &details.secret_key,
            &details.issuers.id_token,
            &details.issuers.container_token,
        ]);
        World { sandbox, clock }
    }

    /// Returns a configuration with the addresses of the sandbox, but without credentials.
    pub fn config(&self) -> ConfigBuilder {
        let addresses = addresses(self.sandbox.details()).into_iter();
        let config = Config::builder().timeout(Duration::from_secs(20));
        addresses.fold(config, |config, (service, address)| {
            config.endpoint(service, address)
        })
    }

    /// Returns credentials that use the password of the sandbox's user to get tokens.
    pub fn password(&self) -> PasswordCredentials {
        self.password_at(&self.config().build().unwrap())
    }

    /// Returns credentials that use the password of the sandbox's user to get tokens. Token requests use the endpoints
    /// and timeouts of this configuration.
    pub fn password_at(&self, config: &Config) -> PasswordCredentials {
        let details = self.sandbox.details();
        let login = Login::new(
            &details.domain_name,
            &details.user_name,
            details.password.as_str(),
        )
        .with_project_name(&details.project_name);
        PasswordCredentials::new(config, login).unwrap()
    }

    pub fn clients(&self, by: By) -> Clients {
        let details = self.sandbox.details();
        let config = match by {
            By::Password => self.config().credentials(self.password()),
            By::AccessKey => self
                .config()
                .access_key(&details.access_key, details.secret_key.as_str())
                .project_id(&details.project_id),
        };
        self.clients_of(&config.build().unwrap())
    }

    pub fn clients_of(&self, config: &Config) -> Clients {
        Clients {
            iam: iam::Client::new(config).unwrap(),
            link: roma_link::Client::new(config).unwrap(),
            dcs: dcs::Client::new(config).unwrap(),
            instance: self.sandbox.details().instance_id.clone(),
        }
    }
}

/// Returns the name and the address of each service that has a client.
pub fn addresses(details: &Details) -> Vec<(&'static str, String)> {
    let addresses = serde_json::to_value(&details.addresses).unwrap();
    let names = Service::ALL.map(Service::name).into_iter();
    let names = names.filter(|name| *name != "metadata");
    let address = |name: &str| {
        addresses[name.replace('-', "_")]
            .as_str()
            .unwrap()
            .to_owned()
    };
    names.map(|name| (name, address(name))).collect()
}

impl Clients {
    pub async fn product(&self, name: &str) -> Product {
        let request = CreateProductRequest::new(CreateProductRequired {
            app_id: "app",
            name,
            manufacturer_id: "maker",
            manufacturer_name: "Maker",
            model: "m1",
            product_type: ProductType::Common,
            protocol_type: ProtocolType::Mqtt,
        });
        self.link
            .create_product(&self.instance, &request)
            .await
            .unwrap()
            .into_inner()
    }

    pub async fn device(&self, product: &Product, node: &str) -> Device {
        let product = ProductReferenceRequest::default().with_product_id(product.id.unwrap());
        let request = CreateDeviceRequest::new(CreateDeviceRequired {
            product,
            device_name: format!("device-{node}"),
            node_id: node,
            app_id: "app",
        });
        self.link
            .create_device(&self.instance, &request)
            .await
            .unwrap()
            .into_inner()
    }

    /// Creates a DCS instance with the password [`PASSWORD`], and returns its id.
    pub async fn cache(&self, name: &str) -> String {
        self.created(&cache_request(name)).await
    }

    /// Creates a DCS instance with a standby node, and returns its id. Backups need such an instance.
    pub async fn pair(&self, name: &str) -> String {
        let mut request = cache_request(name);
        request.spec_code = "redis.ha.xu1.tiny.r2.128".to_owned();
        self.created(&request).await
    }

    async fn created(&self, request: &CreateInstanceRequest) -> String {
        let created = self.dcs.create_instance(request).await.unwrap();
        created
            .instances
            .first()
            .unwrap()
            .instance_id
            .clone()
            .unwrap()
    }
}

pub fn cache_request(name: &str) -> CreateInstanceRequest {
    CreateInstanceRequest::new(CreateInstanceRequired {
        name,
        engine: CacheEngine::Redis,
        capacity: 0.125,
        spec_code: "redis.single.xu1.tiny.128",
        az_codes: ["eu-de-01"],
        vpc_id: "503aa6d8-c69e-41ea-9b48-3b6dcb6ff3e9",
        subnet_id: "10e0b4c9-6b5b-4a0f-a2fd-b7b4a7a6d6b1",
    })
    .with_engine_version("6.0")
    .with_password(PASSWORD)
}
