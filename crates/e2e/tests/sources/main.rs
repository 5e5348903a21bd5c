//! Tests each source of credentials that requests a token or a key from a server. ROMA Connect accepts the credentials.
//! If a source has environment variables, a loader finds the source by these variables.
//!
//! The server of a source can be late, break a connection, refuse a request or send an invalid answer. `table.rs` lists
//! the expected result for each of these faults.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod origin;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use huaweicloud::config::Loader;
use huaweicloud::reqwest::Client;
use huaweicloud::roma_link::types::ListDevicesParams;
use huaweicloud::{
    Config, ConfigBuilder, Credential, ErrorKind, ProvideCredential, RetryPolicy, roma_link,
};
use huaweicloud_sandbox::{Details, Fault, Options, Service};
use origin::{ALL, Given, Origin};
use support::World;
use support::leaks::{Log, assert_clean, shown};
use table::{Always, Bad, Good, Once, Outcome, rows};

const PASSWORD: &str = "Planted-Login/ \"0001\" \\ 100% é+?";

/// A time that is longer than the time limit of every source.
const TOO_LONG: Duration = Duration::from_secs(200);
/// A test collects issued secrets until it has at least this number. At the end, the test searches the log for these
/// secrets.
const MOST_ISSUED: usize = 50;
/// A time after which a source no longer remembers a refusal.
const REMEMBERED: Duration = Duration::from_secs(301);
const FOR_EVER: Duration = Duration::from_secs(120);

struct Scene {
    world: World,
    given: Given,
    /// The secrets that are known before the calls.
    secrets: BTreeSet<String>,
    /// The first secrets that the sandbox issued in the calls.
    issued: BTreeSet<String>,
    /// The HTTP client that most sources share. The creation of an HTTP client is slow, because it reads the
    /// certificates of the machine.
    client: Client,
}

impl Scene {
    async fn new() -> Self {
        Log::collect();
        let world = World::with(Options::default().password(PASSWORD)).await;
        let token = match world.password().credential().await.unwrap() {
            Credential::Token(token) => token.value.expose().to_owned(),
            other => panic!("{other:?}"),
        };
        let details = world.sandbox.details();
        let given = Given::new(&token, details);
        let secrets = [
            PASSWORD,
            &token,
            &details.secret_key,
            &details.issuers.id_token,
            &details.issuers.container_token,
        ];
        let secrets = secrets.map(str::to_owned).into();
        Self {
            world,
            given,
            secrets,
            issued: BTreeSet::new(),
            client: huaweicloud::http_client_builder(Duration::from_secs(10))
                .unwrap()
                .build()
                .unwrap(),
        }
    }

    fn details(&self) -> &Details {
        self.world.sandbox.details()
    }

    fn config(&self) -> ConfigBuilder {
        let policy = RetryPolicy {
            attempts: 2,
            base_delay: Duration::from_millis(1),
            max_delay: Duration::from_millis(2),
        };
        let config = self.world.config().retry(policy);
        // The IAM server of the sandbox is also the Security Token Service.
        let config = config.endpoint("sts", &self.details().addresses.iam);
        config.http_client(self.client.clone())
    }

    /// Returns new credentials, which have no token or key yet.
    fn credentials(&self, origin: Origin) -> Arc<dyn ProvideCredential> {
        let config = self.config().build().unwrap();
        origin.credentials(&config, self.details(), &self.given)
    }

    fn seen(&self, origin: Origin) -> u64 {
        let operations = origin.operations().iter();
        operations
            .map(|operation| self.world.sandbox.requests_seen(operation))
            .sum()
    }

    /// Requests a credential, and searches the result for secrets.
    async fn ask(&mut self, credentials: &Arc<dyn ProvideCredential>) -> Outcome {
        let result = tokio::time::timeout(FOR_EVER, credentials.credential()).await;
        let debug = format!("{credentials:?}");
        let (outcome, shown) = match result.expect("the source did not return") {
            Ok(credential) => {
                let issued = secrets_of(&credential);
                let shown = format!("{credential:?}");
                assert_clean("what the caller sees", &shown, &issued);
                assert_clean("Debug", &debug, &issued);
                if self.issued.len() < MOST_ISSUED {
                    self.issued.extend(issued);
                }
                (Good, shown)
            }
            Err(error) => (Bad(error.kind()), shown(error)),
        };
        assert_clean("what the caller sees", &shown, &self.secrets);
        assert_clean("Debug", &debug, &self.secrets);
        outcome
    }

    fn end(&self) {
        let log = Log::collect().text();
        assert!(log.contains("TRACE"));
        assert_clean("the log", &log, &self.secrets);
        // The log is long, so the test searches only for some of the issued secrets.
        for issued in &self.issued {
            assert!(!log.contains(issued), "the log contains {issued}");
        }
    }
}

fn secrets_of(credential: &Credential) -> BTreeSet<String> {
    let secrets = match credential {
        Credential::Token(token) => vec![token.value.expose()],
        Credential::AccessKey(key) => {
            let token = key.security_token.as_ref().map(|token| token.expose());
            std::iter::once(key.secret.expose()).chain(token).collect()
        }
        other => panic!("{other:?}"),
    };
    secrets.into_iter().map(str::to_owned).collect()
}

async fn list(world: &World, config: &Config) -> Result<(), huaweicloud::Error> {
    let (link, params) = (
        roma_link::Client::new(config)?,
        ListDevicesParams::default(),
    );
    let instance = &world.sandbox.details().instance_id;
    link.list_devices(instance, &params).await.map(drop)
}

#[tokio::test]
async fn roma_connect_accepts_calls_with_the_credentials_of_every_source() {
    let mut scene = Scene::new().await;
    for origin in ALL {
        let credentials = scene.credentials(origin);
        assert_eq!(scene.ask(&credentials).await, Good, "{origin:?}");
        let seen = scene.seen(origin);
        let project = scene.details().project_id.clone();
        let config = scene.config().credentials(credentials).project_id(project);
        let config = config.build().unwrap();
        for _ in 0..3 {
            list(&scene.world, &config).await.unwrap();
        }
        assert_eq!(
            scene.seen(origin),
            seen,
            "{origin:?}: the source did not keep its credential"
        );
    }
    scene.end();
}

#[tokio::test]
async fn a_loader_finds_each_source_that_has_variables() {
    let scene = Scene::new().await;
    for origin in ALL {
        let variables = origin.variables(scene.details(), &scene.given);
        if variables.is_empty() {
            continue;
        }
        let settings = huaweicloud::Config::builder()
            .endpoint("dcs", &scene.details().addresses.dcs)
            .endpoint("roma-link", &scene.details().addresses.roma_link);
        let settings = match origin {
            // The variables of this source do not name a project.
            Origin::AgencyKey => settings.project_id(&scene.details().project_id),
            _ => settings,
        };
        let loader = Loader::new()
            .with_settings(settings.build().unwrap())
            .with_current_dir("/nowhere")
            .with_system_dir("/nowhere")
            .with_environment(move |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.clone())
            });
        let config = loader.load().await.unwrap();
        let listed = list(&scene.world, &config).await;
        assert!(listed.is_ok(), "{origin:?}: {listed:?}");
        let shown = format!("{config:?}");
        assert_clean("Debug", &shown, &scene.secrets);
    }
    scene.end();
}

#[tokio::test]
async fn every_source_handles_the_faults_of_the_table() {
    let mut scene = Scene::new().await;
    let faults = scene.world.sandbox.faults().clone();
    for origin in ALL {
        for row in rows(origin) {
            let table::Row(fault, times, expected, requests) = row;
            let credentials = scene.credentials(origin);
            let before = scene.seen(origin);
            match times {
                Once => faults.inject(origin.service(), fault, 1),
                Always => faults.keep(origin.service(), fault),
            }
            let outcome = scene.ask(&credentials).await;
            faults.clear();
            let seen = scene.seen(origin) - before;
            assert_eq!(
                (outcome, seen),
                (expected, requests),
                "{origin:?}: {fault:?} {times:?}"
            );
            if is_remembered(origin, fault) {
                let before = scene.seen(origin);
                assert_eq!(scene.ask(&credentials).await, expected, "{origin:?}");
                assert_eq!(scene.seen(origin), before, "{origin:?}: {fault:?}");
                tokio::time::pause();
                tokio::time::advance(REMEMBERED).await;
                tokio::time::resume();
            }
            // The fault was temporary, so the next call gets a credential.
            assert_eq!(scene.ask(&credentials).await, Good, "{origin:?}: {fault:?}");
        }
    }
    scene.end();
}

/// Returns whether the source remembers this fault. If IAM or the Security Token Service refuses a request, the source
/// sends no new request for some time.
fn is_remembered(origin: Origin, fault: Fault) -> bool {
    let refusal = matches!(
        fault,
        Fault::Unauthorized | Fault::Forbidden | Fault::NotFound
    );
    // The server also refuses a signature that is too old for the server's clock.
    let clock = origin == Origin::AgencyKey && matches!(fault, Fault::ClockOff(_));
    clock || (refusal && origin.service() == Service::Iam)
}

/// The sources get an address at which no server listens.
#[tokio::test]
async fn an_unreachable_server_causes_a_connection_error() {
    let mut scene = Scene::new().await;
    // The socket stays bound, so that no other process gets the port.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = format!("http://{}", socket.local_addr().unwrap());
    for origin in ALL {
        let config = scene.config().endpoint("iam", &nobody);
        let config = config.endpoint("sts", &nobody).build().unwrap();
        let mut details = scene.details().clone();
        details.addresses.metadata.clone_from(&nobody);
        details.issuers.container_uri = format!("{nobody}/x");
        let credentials = origin.credentials(&config, &details, &scene.given);
        let before = scene.seen(origin);
        let outcome = scene.ask(&credentials).await;
        assert_eq!(outcome, Bad(ErrorKind::Connect), "{origin:?}");
        assert_eq!(scene.seen(origin), before, "{origin:?}");
    }
    scene.end();
}

/// The server receives the request, but does not answer. The source stops at its own time limit. The test
/// advances the clock of tokio to this limit.
#[tokio::test]
async fn a_source_times_out_if_its_server_does_not_answer() {
    let mut scene = Scene::new().await;
    let faults = scene.world.sandbox.faults().clone();
    for origin in ALL {
        let credentials = scene.credentials(origin);
        let before = scene.seen(origin);
        faults.inject(origin.service(), Fault::Delay(TOO_LONG * 10), 1);
        let waiting = Arc::clone(&credentials);
        let waiting = tokio::spawn(async move { waiting.credential().await });
        while scene.seen(origin) == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::pause();
        tokio::time::advance(limit(origin)).await;
        tokio::time::resume();
        let waited = tokio::time::timeout(FOR_EVER, waiting).await;
        let error = waited
            .expect("the source did not return")
            .unwrap()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{origin:?}: {error:?}");
        assert_clean("what the caller sees", &shown(error), &scene.secrets);
        faults.clear();
        assert_eq!(scene.seen(origin), before + 1, "{origin:?}");
        assert_eq!(scene.ask(&credentials).await, Good, "{origin:?}");
    }
    scene.end();
}

/// Returns the time limit of a source plus a short time.
fn limit(origin: Origin) -> Duration {
    Duration::from_millis(match origin {
        Origin::Metadata => 2600,
        Origin::Container => 5100,
        _ => 20_100,
    })
}
