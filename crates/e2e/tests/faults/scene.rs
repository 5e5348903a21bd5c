//! Starts a sandbox with faults, and makes calls to this sandbox.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use huaweicloud::config::PasswordCredentials;
use huaweicloud::roma_link::types::ResetDeviceAuthenticationRequest;
use huaweicloud::{Config, ConfigBuilder, Error, ErrorKind, RetryPolicy};
use huaweicloud_core::{BoxFuture, Credential, ProvideCredential};
use huaweicloud_sandbox::{Options, Service};

use crate::support::leaks::{Log, assert_clean, shown};
use crate::support::{By, Clients, World};
use crate::table::{Always, Bad, Expected, Good, Once, Outcome, Row, Status};

pub const SAFE: &str = "show_device_authentication";
pub const UNSAFE: &str = "reset_device_authentication";

/// The password of the user, with characters that encodings change, such as quotation marks, `\` and `%`.
pub const LOGIN: &str = "Planted-Login/ \"0001\" \\ 100% é+?";

/// The new password of the device. For each [`Row`], the reset sets another user name.
const PASSWORD: &str = "Planted-Device@%#0001";

/// A timeout that is longer than each successful call, even on a slow machine.
pub const FOR_EVER: Duration = Duration::from_secs(120);

/// Provides the credentials, and records the issued tokens.
#[derive(Debug, Clone)]
pub struct Watched(pub PasswordCredentials, Tokens);

type Tokens = Arc<Mutex<Vec<String>>>;

impl ProvideCredential for Watched {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        Box::pin(async {
            let credential = self.0.credential().await?;
            if let Credential::Token(token) = &credential {
                self.1.lock().unwrap().push(token.value.expose().to_owned());
            }
            Ok(credential)
        })
    }

    fn accepted(&self, credential: &Credential) {
        self.0.accepted(credential);
    }

    fn is_unproven(&self, credential: &Credential) -> bool {
        self.0.is_unproven(credential)
    }

    fn refused(&self, credential: &Credential) -> bool {
        self.0.refused(credential)
    }
}

/// A sandbox, the id of a device in the sandbox, and all secrets of the calls.
pub struct Scene {
    pub world: World,
    by: By,
    device: i64,
    pub password: Watched,
    secrets: BTreeSet<String>,
    resets: u32,
}

impl Scene {
    pub async fn new(by: By, options: Options) -> Scene {
        Log::collect();
        let world = World::with(options.password(LOGIN)).await;
        let details = world.sandbox.details();
        let password = Watched(world.password(), Tokens::default());
        let secrets = [LOGIN, PASSWORD, &details.secret_key].map(str::to_owned);
        Scene {
            world,
            by,
            device: 0,
            password,
            secrets: secrets.into(),
            resets: 0,
        }
    }

    pub async fn with_device(by: By) -> Scene {
        let mut scene = Scene::new(by, Options::default()).await;
        let clients = scene.clients(scene.config());
        let product = clients.product("meter").await;
        let device = clients.device(&product, "node-1").await;
        let made = device.authentication.clone().unwrap().password.unwrap();
        scene.secrets.insert(made.expose().to_owned());
        scene.device = device.id.unwrap();
        scene
    }

    pub fn config(&self) -> ConfigBuilder {
        let policy = RetryPolicy {
            attempts: 3,
            base_delay: Duration::from_millis(1),
            max_delay: Duration::from_millis(2),
        };
        self.world.config().retry(policy)
    }

    pub fn clients(&self, config: ConfigBuilder) -> Clients {
        let details = self.world.sandbox.details();
        let config = match self.by {
            By::Password => config.credentials(self.password.clone()),
            By::AccessKey => config
                .access_key(&details.access_key, details.secret_key.as_str())
                .project_id(&details.project_id),
        };
        let config: Config = config.build().unwrap();
        self.world.clients_of(&config)
    }

    /// Calls the safe or the unsafe operation, and searches the result for secrets.
    pub async fn call(&mut self, clients: &Clients, operation: &str) -> Outcome {
        let (instance, device) = (clients.instance.clone(), self.device);
        let call = async {
            if operation == SAFE {
                return clients
                    .link
                    .show_device_authentication(&instance, device)
                    .await;
            }
            let request = ResetDeviceAuthenticationRequest::default()
                .with_user_name(format!("user-number-{}", self.resets))
                .with_password(PASSWORD);
            clients
                .link
                .reset_device_authentication(&instance, device, &request)
                .await
        };
        let result = tokio::time::timeout(FOR_EVER, call).await;
        let (outcome, shown) = match result.expect("the call did not end") {
            Ok(response) => (Good, format!("{response:?}\n{response:#?}")),
            Err(error) => (outcome(&error), shown(error)),
        };
        let tokens = &self.password.1;
        self.secrets.extend(tokens.lock().unwrap().drain(..));
        assert_clean("what the caller sees", &shown, &self.secrets);
        assert_clean("Debug", &format!("{clients:?}"), &self.secrets);
        outcome
    }

    pub async fn prove(&mut self, row: &Row) {
        let (safe, expected) = (self.case(row, SAFE).await, row.safe);
        assert_eq!(safe, expected, "{SAFE}: {self}, {row}");
        self.resets += 1;
        let (not_safe, expected) = (self.case(row, UNSAFE).await, row.not_safe);
        assert_eq!(not_safe, expected, "{UNSAFE}: {self}, {row}");
        let (instance, user) = (
            &self.world.sandbox.details().instance_id,
            format!("user-number-{}", self.resets),
        );
        let opens = self.world.sandbox.device_login(instance, &user, PASSWORD);
        assert_eq!(opens, row.done, "wrong effect of {UNSAFE}: {self}, {row}");
    }

    /// Makes one call that gets the fault. The client has made another call before. So the client has a connection and,
    /// with a password, a token.
    async fn case(&mut self, row: &Row, operation: &str) -> Expected {
        // The credentials are new, because a client replaces only a few refused tokens in a minute.
        self.password.0 = self.world.password();
        let mut clients = self.clients(self.config());
        let faults = self.world.sandbox.faults().clone();
        let id = clients.instance.clone();
        let before = clients.link.list_products(&id, &Default::default()).await;
        before.unwrap();
        // The timeout is short only if the row expects a timeout.
        if row.safe.0 == Bad(ErrorKind::Timeout) {
            clients.link = clients.link.with_timeout(Duration::from_secs(2));
        }
        let seen = self.world.sandbox.requests_seen(operation);
        match row.times {
            Once => faults.inject(Service::RomaLink, row.fault, 1),
            Always => faults.keep(Service::RomaLink, row.fault),
        }
        let outcome = self.call(&clients, operation).await;
        faults.clear();
        (outcome, self.world.sandbox.requests_seen(operation) - seen)
    }

    pub fn end(&self) {
        let log = Log::collect().text();
        assert!(log.contains("TRACE") && log.contains("huaweicloud::call"));
        assert_clean("the log", &log, &self.secrets);
    }
}

impl std::fmt::Display for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "by {:?}", self.by)
    }
}

fn outcome(error: &Error) -> Outcome {
    match error.status() {
        Some(status) if error.kind() == ErrorKind::Service => Status(status),
        _ => Bad(error.kind()),
    }
}
