//! Makes calls with secrets in requests and answers. Logs and printed strings must not contain the secrets.

use crate::calls;
use crate::given;
use crate::support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::process::Command;

use calls::services;
use given::{Given, documented};
use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::dcs::types::{
    ChangeInstancePasswordRequest, ChangeInstancePasswordRequired, ListInstancesParams,
    ResetInstancePasswordRequest,
};
use huaweicloud::iam::types::{
    AssumeAgencyWithOidcRequest, AssumeAgencyWithOidcRequired, CreateTemporaryAccessKeyRequest,
    CreateTokenWithIdTokenRequest, IdToken, IdTokenAuth, ListProjectsParams,
    TemporaryAccessKeyAuth, TemporaryAccessKeyIdentity, TemporaryAccessKeyToken,
};
use huaweicloud::roma_link::types::{
    DeviceStatus, ListDevicesParams, ListProductsParams, ResetDeviceAuthenticationRequest,
    ResetProductAuthenticationRequest, UpdateDeviceRequest, UpdateDeviceRequired,
};
use huaweicloud::{AccessKey, Config, ConfigBuilder, Error, Response, roma_link};
use huaweicloud_e2e::{Document, Exchange, Log as Wire, Recorder};
use huaweicloud_sandbox::Options;
use support::leaks::{Log, assert_clean, shown};
use support::{BOTH, By, Clients, PASSWORD, World, addresses, cache_request};

/// A password with characters that encodings change, such as quotation marks, `\` and `%`. The next constants also have
/// such characters.
const LOGIN: &str = "Planted-Login/ \"0001\" \\ 100% é+?";
const WRONG_LOGIN: &str = "Planted-Wrong/ \"0002\" \\ 100% é+?";
const DEVICE: &str = "Planted-Device@%#0003";
const PRODUCT: &str = "Planted-Product@%#0004";
const WEAK: &str = "planted-\"weak\\0005";
const CACHE: &str = "Planted-Cache@%#0006";
const OTHER_CACHE: &str = "Planted-Cache@%#0007";
const WRONG_CACHE: &str = "Planted-Cache@%#0008";
const BAD_TOKEN: &str = "planted-/token+0009==";
const BAD_KEY: &str = "planted-/key+0010==";

/// Makes all calls through recorders, and collects strings that a caller could print. A recorder is a proxy between the
/// clients and one service of the sandbox.
struct Caller {
    world: World,
    wire: Wire,
    /// The recorders, with the names of their services.
    recorders: Vec<(&'static str, Recorder)>,
    /// The collected strings: debug output, and errors.
    seen: String,
}

impl Caller {
    async fn new() -> Caller {
        Log::collect();
        let world = World::with(Options::default().password(LOGIN)).await;
        let wire = Wire::default();
        let mut recorders = Vec::new();
        for (service, address) in addresses(world.sandbox.details()) {
            let recorder = Recorder::start(service, &address, &wire).await.unwrap();
            recorders.push((service, recorder));
        }
        Caller {
            world,
            wire,
            recorders,
            seen: String::new(),
        }
    }

    fn config(&self) -> ConfigBuilder {
        let builder = Config::builder().project_id(&self.world.sandbox.details().project_id);
        let recorders = self.recorders.iter();
        recorders.fold(builder, |builder, (service, recorder)| {
            builder.endpoint(*service, &recorder.address)
        })
    }

    fn clients(&mut self, config: ConfigBuilder) -> Clients {
        let config = config.build().unwrap();
        let clients = self.world.clients_of(&config);
        self.look(&(&config, &clients));
        clients
    }

    fn by(&mut self, by: By) -> Clients {
        let details = self.world.sandbox.details();
        let config = match by {
            By::Password => {
                let password = self.world.password_at(&self.config().build().unwrap());
                self.config().credentials(password)
            }
            By::AccessKey => self
                .config()
                .access_key(&details.access_key, details.secret_key.as_str()),
        };
        self.clients(config)
    }

    fn look(&mut self, value: &impl Debug) {
        self.seen.push_str(&format!("{value:?}\n{value:#?}\n"));
    }

    /// Returns the answer of a call that must succeed.
    fn good<T: Debug>(&mut self, result: Result<Response<T>, Error>) -> T {
        let response = result.unwrap();
        self.look(&response);
        response.into_inner()
    }

    fn bad<T: Debug>(&mut self, result: Result<Response<T>, Error>) {
        self.seen.push_str(&shown(result.unwrap_err()));
    }

    async fn products(&mut self, clients: &Clients) {
        let (link, instance) = (&clients.link, clients.instance.as_str());
        let product = clients.product("meter").await;
        self.look(&product);
        let id = product.id.unwrap();
        self.good(link.show_product(instance, id).await);
        let all = ListProductsParams::default();
        self.good(link.list_products(instance, &all).await);
        for password in [Some(PRODUCT), None, Some(WEAK)] {
            let mut request = ResetProductAuthenticationRequest::default();
            request.password = password.map(Into::into);
            self.look(&request);
            let result = link
                .reset_product_authentication(instance, id, &request)
                .await;
            match password {
                Some(WEAK) => self.bad(result),
                _ => drop(self.good(result)),
            }
            self.good(link.show_product_authentication(instance, id).await);
        }
        self.devices(clients, &product).await;
        self.good(link.delete_product(instance, id).await);
    }

    async fn devices(&mut self, clients: &Clients, product: &roma_link::types::Product) {
        let (link, instance) = (&clients.link, clients.instance.as_str());
        let device = clients.device(product, "node-1").await;
        self.look(&device);
        let id = device.id.unwrap();
        self.good(link.show_device(instance, id).await);
        let all = ListDevicesParams::default();
        self.good(link.list_devices(instance, &all).await);
        let update = UpdateDeviceRequest::new(UpdateDeviceRequired {
            device_name: "meter-2",
            status: DeviceStatus::Disabled,
        });
        self.good(link.update_device(instance, id, &update).await);
        for password in [Some(DEVICE), None, Some(WEAK)] {
            let mut request = ResetDeviceAuthenticationRequest::default();
            request.password = password.map(Into::into);
            self.look(&request);
            let result = link
                .reset_device_authentication(instance, id, &request)
                .await;
            match password {
                Some(WEAK) => self.bad(result),
                _ => drop(self.good(result)),
            }
            self.good(link.show_device_authentication(instance, id).await);
        }
        self.good(link.delete_device(instance, id).await);
        self.bad(link.show_device(instance, id).await);
    }

    async fn caches(&mut self, clients: &Clients) {
        let dcs = &clients.dcs;
        self.look(&cache_request("cache"));
        let id = clients.cache("cache").await;
        self.good(dcs.show_instance(&id).await);
        let all = ListInstancesParams::default();
        self.good(dcs.list_instances(&all).await);
        for (old, new) in [(PASSWORD, CACHE), (WRONG_CACHE, CACHE)] {
            let request = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
                old_password: old,
                new_password: new,
            });
            self.look(&request);
            let result = dcs.change_instance_password(&id, &request).await;
            match old {
                PASSWORD => drop(self.good(result)),
                _ => self.bad(result),
            }
            let plain = dcs.change_instance_password(&id, &request).unjudged();
            self.good(plain.await);
        }
        for password in [OTHER_CACHE, WEAK] {
            let mut request = ResetInstancePasswordRequest::default();
            request.new_password = Some(password.into());
            self.look(&request);
            let result = dcs.reset_instance_password(&id, &request).await;
            match password {
                WEAK => self.bad(result),
                _ => drop(self.good(result)),
            }
        }
        self.good(dcs.delete_instance(&id).await);
    }

    async fn iam(&mut self, clients: &Clients) {
        let all = ListProjectsParams::default();
        self.good(clients.iam.list_projects(&all).await);
        self.good(clients.iam.list_auth_projects().await);
        self.good(clients.iam.list_auth_domains().await);
        let token = TemporaryAccessKeyToken::new().with_duration_seconds(900);
        let identity = TemporaryAccessKeyIdentity::new(["token"]).with_token(token);
        let request = CreateTemporaryAccessKeyRequest::new(TemporaryAccessKeyAuth::new(identity));
        let key = clients.iam.create_temporary_access_key(&request).await;
        let key = self.good(key).credential.unwrap();
        let key = AccessKey::new(key.access.unwrap(), key.secret.unwrap())
            .with_security_token(key.securitytoken.unwrap());
        self.look(&key);
        let signed = self.clients(self.config().credentials(key));
        self.good(signed.iam.list_auth_projects().await);
        self.vouched(clients).await;
    }

    /// Makes calls with an ID token.
    async fn vouched(&mut self, clients: &Clients) {
        let issuers = self.world.sandbox.details().issuers.clone();
        let id_token = issuers.id_token.as_str();
        let auth = IdTokenAuth::new(IdToken::new(id_token));
        let request = CreateTokenWithIdTokenRequest::new(auth);
        self.look(&request);
        let provider = &issuers.identity_provider;
        let issued = clients.iam.create_token_with_id_token(provider, &request);
        self.good(issued.await);
        let (provider, agency) = (&issuers.provider_urn, &issuers.agency_urn);
        let request = AssumeAgencyWithOidcRequest::new(AssumeAgencyWithOidcRequired {
            provider_urn: provider,
            agency_urn: agency,
            agency_session_name: "session",
            id_token,
        });
        self.look(&request);
        let issued = clients.iam.create_temporary_access_key_with_oidc(&request);
        self.good(issued.await);
    }

    /// Calls every operation: once for each example of its request body, or once if there is no example. The module
    /// `given` provides the arguments. If the sandbox has no code for an operation, the sandbox returns the documented
    /// example of the answer. If an argument names an object that does not exist, the sandbox can return an error.
    async fn everything(&mut self) {
        let password = self.world.password_at(&self.config().build().unwrap());
        let config = self.config().credentials(password).build().unwrap();
        for service in services() {
            let document = serde_json::from_str(service.openapi).unwrap();
            for (id, documented) in documented(&document) {
                let operation = service.operations.iter().find(|known| known.id == id);
                for given in Given::of(&document, documented) {
                    match (operation.unwrap().call)(&config, given).await {
                        Ok(decoded) => self.seen.push_str(&decoded.printed),
                        Err(error) => self.seen.push_str(&shown(error)),
                    }
                }
            }
        }
    }

    /// Makes calls with credentials that the sandbox refuses.
    async fn refused(&mut self) {
        let details = self.world.sandbox.details().clone();
        let login = Login::new(&details.domain_name, &details.user_name, WRONG_LOGIN)
            .with_project_name(&details.project_name);
        self.look(&login);
        let wrong = PasswordCredentials::new(&self.config().build().unwrap(), login).unwrap();
        self.look(&wrong);
        for config in [
            self.config().credentials(wrong),
            self.config().token(BAD_TOKEN),
            self.config().access_key(&details.access_key, BAD_KEY),
        ] {
            let clients = self.clients(config);
            let all = ListDevicesParams::default();
            self.bad(clients.link.list_devices(&clients.instance, &all).await);
            self.bad(clients.iam.list_auth_projects().await);
        }
    }
}

/// Returns the operations that were called, and the secrets in the calls.
fn on_the_wire(exchanges: &[Exchange]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut operations, mut secrets) = (BTreeSet::new(), BTreeSet::new());
    let documents = services().into_iter();
    let documents = documents.map(|of| (of.name, Document::read(of.openapi).unwrap()));
    let documents: BTreeMap<_, _> = documents.collect();
    for exchange in exchanges {
        let document = &documents[exchange.service];
        operations.insert(document.operation_id(exchange).unwrap().to_owned());
        secrets.extend(document.secrets(exchange));
    }
    (operations, secrets)
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_debug_output_contain_no_secret() {
    let mut caller = Caller::new().await;
    for by in BOTH {
        let clients = caller.by(by);
        caller.products(&clients).await;
        caller.caches(&clients).await;
        if by == By::Password {
            caller.iam(&clients).await;
        }
    }
    caller.everything().await;
    caller.refused().await;
    let (operations, mut secrets) = on_the_wire(&caller.wire.take());
    for service in services() {
        for operation in &service.operations {
            assert!(
                operations.contains(operation.id),
                "{} was not called",
                operation.id
            );
        }
    }
    for planted in [
        LOGIN,
        WRONG_LOGIN,
        DEVICE,
        PRODUCT,
        WEAK,
        PASSWORD,
        CACHE,
        OTHER_CACHE,
        WRONG_CACHE,
        BAD_TOKEN,
    ] {
        assert!(secrets.contains(planted), "{planted:?} was not sent");
    }
    secrets.insert(BAD_KEY.to_owned());
    secrets.insert(caller.world.sandbox.details().secret_key.clone());
    // Short values could occur in the output by chance. Masks such as `********` are not secrets.
    secrets.retain(|secret| secret.len() >= 8 && !secret.chars().all(|c| c == '*'));
    let details = format!("{:?}", caller.world.sandbox.details());
    assert_clean("the sandbox's Debug", &details, &secrets);
    assert_clean("what a caller can print", &caller.seen, &secrets);
    let log = Log::collect().text();
    for part in ["huaweicloud::call", "huaweicloud_sandbox", "TRACE"] {
        assert!(log.contains(part), "{part} is not logged");
    }
    assert_clean("the log", &log, &secrets);
}

/// The output of the demonstration includes the logs of the clients and of the sandbox. This test searches the output
/// for the fixed passwords. The demonstration itself searches for the secrets of the sandbox's user and of the printed
/// calls.
#[test]
fn the_demonstration_prints_no_secret() {
    let demo = Command::new(env!("CARGO_BIN_EXE_demo"))
        .env("RUST_LOG", "trace")
        .output()
        .unwrap();
    let text = [demo.stdout, demo.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    for part in ["***", "TRACE", "huaweicloud::call", "tower_http::trace"] {
        assert!(
            demo.status.success() && text.contains(part),
            "{part}: {text}"
        );
    }
    let planted = [
        "Demo-Device-0001!",
        "Demo-Product-0001!",
        "Demo-Cache-0001!",
        "Demo-Cache-0002!",
        "Demo-Cache-0003!",
        "Not-The-Password-1",
    ];
    let secrets = planted.map(str::to_owned).into();
    assert_clean("the demonstration", &text, &secrets);
}
