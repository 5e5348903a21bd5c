//! Everything that can go wrong on the way: each fault, with operations that may be repeated and such that may not, with each kind of
//! credentials. What the caller gets, how often the server was asked, what was done, and that nothing secret shows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use huaweicloud::config::PasswordCredentials;
use huaweicloud::roma_link::types::ResetDeviceAuthenticationRequest;
use huaweicloud::{Config, ConfigBuilder, Error, ErrorKind, RetryPolicy};
use huaweicloud_core::{BoxFuture, Credential, ProvideCredential, reqwest};
use huaweicloud_sandbox::{Entrance, Fault, Options, RetryAfter, Service};
use support::leaks::{Log, assert_clean};
use support::{BOTH, By, Clients, World};

const SAFE: &str = "show_device_authentication";
const UNSAFE: &str = "reset_device_authentication";

/// The user's password: with everything that an encoding has to change.
const LOGIN: &str = "Planted/Login \"0001\" \\ 100% é+?";

/// What a device is reset to; its user name is another one each time.
const PASSWORD: &str = "Planted-Device@%#0001";

/// Nothing that works takes so long, whatever the machine.
const FOR_EVER: Duration = Duration::from_secs(120);

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Good,
    Bad(ErrorKind),
    /// The service's answer, of this status, as the error.
    Status(u16),
}
use Outcome::{Bad, Good, Status};

/// A call's outcome, and how often the server was asked.
type Expected = (Outcome, u64);

#[derive(Debug, Clone, Copy)]
enum Times {
    Once,
    Always,
}
use Times::{Always, Once};

/// A fault, and what becomes of a safe call and of an unsafe one.
struct Row {
    fault: Fault,
    times: Times,
    safe: Expected,
    not_safe: Expected,
    /// Whether the unsafe operation was done.
    done: bool,
}

const fn row(fault: Fault, times: Times, safe: Expected, not_safe: Expected, done: bool) -> Row {
    Row {
        fault,
        times,
        safe,
        not_safe,
        done,
    }
}

/// The connection breaks after the operation was done.
const fn broken(fault: Fault) -> [Row; 2] {
    let lost = (Bad(ErrorKind::Transport), 1);
    let in_vain = (Bad(ErrorKind::Transport), 3);
    [
        row(fault, Once, (Good, 2), lost, true),
        row(fault, Always, in_vain, lost, true),
    ]
}

/// Somebody before the service says no.
const fn refused(fault: Fault, status: u16) -> [Row; 2] {
    let final_ = (Status(status), 1);
    [
        row(fault, Once, (Good, 2), final_, false),
        row(fault, Always, (Status(status), 3), final_, false),
    ]
}

const fn throttled(short: Fault, none: Fault, long: Fault) -> [Row; 3] {
    [
        row(short, Once, (Good, 2), (Good, 2), true),
        row(none, Always, (Status(429), 3), (Status(429), 3), false),
        // Longer than the call may take: reported at once.
        row(long, Once, (Status(429), 1), (Status(429), 1), false),
    ]
}

/// The answer is none.
const fn no_answer(fault: Fault, done: bool) -> Row {
    let strange = (Bad(ErrorKind::UnexpectedAnswer), 1);
    row(fault, Always, strange, strange, done)
}

fn rows(by: By) -> Vec<Row> {
    use RetryAfter::{Date, Seconds};
    let late = (Bad(ErrorKind::Timeout), 1);
    let at_once = (Good, 1);
    let server_error = (Status(500), 1);
    let mut rows = vec![
        row(
            Fault::Delay(Duration::from_millis(20)),
            Once,
            at_once,
            at_once,
            true,
        ),
        row(
            Fault::Delay(Duration::from_secs(3600)),
            Once,
            late,
            late,
            true,
        ),
        row(
            Fault::InternalServerError,
            Once,
            server_error,
            server_error,
            false,
        ),
        no_answer(Fault::Html, false),
        no_answer(Fault::Redirect, false),
        no_answer(Fault::WrongContentType, true),
    ];
    rows.extend(broken(Fault::ResetBeforeHeaders));
    rows.extend(broken(Fault::ResetInHeaders));
    rows.extend(broken(Fault::ResetAfterHeaders));
    rows.extend(broken(Fault::TruncatedBody));
    rows.extend(refused(Fault::BadGateway, 502));
    rows.extend(refused(Fault::ServiceUnavailable, 503));
    rows.extend(refused(Fault::GatewayTimeout, 504));
    for form in [Seconds as fn(u32) -> RetryAfter, Date] {
        let fault = |seconds| Fault::Throttled(form(seconds));
        rows.extend(throttled(fault(1), fault(0), fault(3600)));
    }
    rows.extend(credential_rows(by));
    rows
}

/// What only one kind of credentials suffers from.
fn credential_rows(by: By) -> Vec<Row> {
    let (at_once, mended, refused) = ((Good, 1), (Good, 2), (Status(401), 2));
    let clock = |seconds| Fault::ClockOff(seconds);
    match by {
        By::Password => vec![
            row(Fault::ExpiredToken, Once, mended, mended, true),
            row(Fault::ExpiredToken, Always, refused, refused, false),
            row(clock(3600), Always, at_once, at_once, true),
            row(clock(-3600), Always, at_once, at_once, true),
        ],
        By::AccessKey => vec![
            row(Fault::ExpiredToken, Always, at_once, at_once, true),
            row(clock(3600), Always, mended, mended, true),
            row(clock(-3600), Always, mended, mended, true),
            // A server that changes its mind is not followed a second time.
            row(clock(3600), Once, refused, refused, false),
        ],
    }
}

/// Hands the credentials on, and remembers the tokens.
#[derive(Debug, Clone)]
struct Watched(PasswordCredentials, Tokens);

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

    fn refused(&self, credential: &Credential) -> bool {
        self.0.refused(credential)
    }
}

/// A sandbox with a device, and everything that must not show.
struct Scene {
    world: World,
    by: By,
    device: i64,
    password: Watched,
    secrets: BTreeSet<String>,
    resets: u32,
}

impl Scene {
    async fn new(by: By, options: Options) -> Scene {
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

    async fn with_device(by: By) -> Scene {
        let mut scene = Scene::new(by, Options::default()).await;
        let clients = scene.clients(scene.config());
        let product = clients.product("meter").await;
        let device = clients.device(&product, "node-1").await;
        let made = device.authentication.clone().unwrap().password.unwrap();
        scene.secrets.insert(made.expose().to_owned());
        scene.device = device.id.unwrap();
        scene
    }

    fn config(&self) -> ConfigBuilder {
        let policy = RetryPolicy {
            attempts: 3,
            base_delay: Duration::from_millis(1),
            max_delay: Duration::from_millis(2),
        };
        self.world.config().retry(policy)
    }

    fn clients(&self, config: ConfigBuilder) -> Clients {
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

    /// Calls the safe or the unsafe operation, and looks for secrets in what comes back.
    async fn call(&mut self, clients: &Clients, operation: &str) -> Outcome {
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
        let (outcome, shown) = match result.expect("it hangs") {
            Ok(response) => (Good, format!("{response:?}\n{response:#?}")),
            Err(error) => (outcome(&error), shown(error)),
        };
        let tokens = &self.password.1;
        self.secrets.extend(tokens.lock().unwrap().drain(..));
        assert_clean("what the caller sees", &shown, &self.secrets);
        assert_clean("Debug", &format!("{clients:?}"), &self.secrets);
        outcome
    }

    async fn prove(&mut self, row: &Row) {
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
        assert_eq!(opens, row.done, "{UNSAFE} was done: {self}, {row}");
    }

    /// One call that meets the fault; its client has called before, so that it has a token and a connection.
    async fn case(&mut self, row: &Row, operation: &str) -> Expected {
        let config = match row.safe.0 {
            Bad(ErrorKind::Timeout) => self.config().timeout(Duration::from_secs(2)),
            _ => self.config(),
        };
        let clients = self.clients(config);
        let faults = self.world.sandbox.faults().clone();
        let id = clients.instance.clone();
        let before = clients.link.list_products(&id, &Default::default()).await;
        before.unwrap();
        let seen = self.world.sandbox.requests_seen(operation);
        match row.times {
            Once => faults.inject(Service::RomaLink, row.fault, 1),
            Always => faults.keep(Service::RomaLink, row.fault),
        }
        let outcome = self.call(&clients, operation).await;
        faults.clear();
        (outcome, self.world.sandbox.requests_seen(operation) - seen)
    }

    fn end(&self) {
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

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.fault, self.times)
    }
}

fn outcome(error: &Error) -> Outcome {
    match error.status() {
        Some(status) if error.kind() == ErrorKind::Service => Status(status),
        _ => Bad(error.kind()),
    }
}

/// Everything in which an error can show: its own words, its causes, and the panic of who unwraps it.
fn shown(error: Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    for cause in causes {
        text.push_str(&format!("{cause}\n{cause:?}\n"));
    }
    let unwrap = std::panic::AssertUnwindSafe(move || Err::<(), _>(error).unwrap());
    let panic = std::panic::catch_unwind(unwrap).unwrap_err();
    text.push_str(panic.downcast_ref::<String>().unwrap());
    text
}

async fn prove_all(by: By) {
    let mut scene = Scene::with_device(by).await;
    for row in rows(by) {
        scene.prove(&row).await;
    }
    scene.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_by_password() {
    prove_all(By::Password).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_by_access_key() {
    prove_all(By::AccessKey).await;
}

/// IAM fails while a call waits for its token: the call fails with it, and nothing is sent to the service.
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_iam() {
    use ErrorKind::{Credentials, Timeout, Transport, UnexpectedAnswer};
    let mut scene = Scene::with_device(By::Password).await;
    let (throttled, hour) = (RetryAfter::Seconds(0), Duration::from_secs(3600));
    for (fault, times, expected) in [
        (Fault::Delay(hour), Once, (Bad(Timeout), 1)),
        (Fault::ResetBeforeHeaders, Once, (Bad(Transport), 1)),
        (Fault::ResetInHeaders, Once, (Bad(Transport), 1)),
        (Fault::ResetAfterHeaders, Once, (Bad(Transport), 1)),
        (Fault::TruncatedBody, Once, (Bad(Transport), 1)),
        (Fault::Throttled(throttled), Once, (Good, 2)),
        (Fault::Throttled(throttled), Always, (Bad(Credentials), 3)),
        (Fault::InternalServerError, Once, (Bad(Credentials), 1)),
        (Fault::BadGateway, Once, (Bad(Credentials), 1)),
        (Fault::ServiceUnavailable, Once, (Bad(Credentials), 1)),
        (Fault::GatewayTimeout, Once, (Bad(Credentials), 1)),
        (Fault::Html, Once, (Bad(UnexpectedAnswer), 1)),
        (Fault::Redirect, Once, (Bad(UnexpectedAnswer), 1)),
        (Fault::WrongContentType, Once, (Bad(UnexpectedAnswer), 1)),
        (Fault::ClockOff(3600), Always, (Good, 1)),
        (Fault::ClockOff(-3600), Always, (Good, 1)),
    ] {
        for operation in [SAFE, UNSAFE] {
            let config = match expected.0 {
                Bad(Timeout) => scene.config().timeout(Duration::from_secs(2)),
                _ => scene.config(),
            };
            // One that has no token yet.
            let config = config.build().unwrap();
            scene.password.0 = scene.world.password_at(&config);
            let clients = scene.clients(scene.config());
            let (faults, sandbox) = (scene.world.sandbox.faults().clone(), &scene.world.sandbox);
            let tokens = sandbox.requests_seen("create_token");
            let calls = sandbox.requests_seen(operation);
            match times {
                Once => faults.inject(Service::Iam, fault, 1),
                Always => faults.keep(Service::Iam, fault),
            }
            let outcome = scene.call(&clients, operation).await;
            faults.clear();
            let sandbox = &scene.world.sandbox;
            let seen = sandbox.requests_seen("create_token") - tokens;
            assert_eq!((outcome, seen), expected, "{fault:?} {times:?}");
            let calls = sandbox.requests_seen(operation) - calls;
            assert_eq!(calls, u64::from(outcome == Good), "{fault:?} {times:?}");
        }
    }
    scene.end();
}

/// A client that trusts this authority and no other.
fn trusting(pem: &str) -> reqwest::Client {
    use rustls::pki_types::pem::PemObject as _;
    let certificate = rustls::pki_types::CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
    client.no_proxy().build().unwrap()
}

/// No connection, so no request; and the operations are repeated, or not, whether they are safe or not.
#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_wrong() {
    let not_found = Bad(ErrorKind::Connect);
    for by in BOTH {
        for (entrance, expected) in [
            (Entrance::UnknownHost, not_found),
            (Entrance::HttpsWrongName, Bad(ErrorKind::Tls)),
        ] {
            let options = Options::default().entrance(Service::RomaLink, entrance);
            let mut scene = Scene::new(by, options).await;
            let mut config = scene.config().timeout(FOR_EVER);
            if let Some(pem) = scene.world.sandbox.details().ca_certificate.as_deref() {
                config = config.http_client(trusting(pem));
            }
            let clients = scene.clients(config);
            for operation in [SAFE, UNSAFE] {
                assert_eq!(scene.call(&clients, operation).await, expected, "{by:?}");
                assert_eq!(scene.world.sandbox.requests_seen(operation), 0);
            }
            scene.end();
        }
    }
}

/// The same with the right name, which shows that it is the name that was refused.
#[tokio::test(flavor = "multi_thread")]
async fn the_right_name_over_tls() {
    for by in BOTH {
        let options = Options::default().entrance(Service::RomaLink, Entrance::Https);
        let mut scene = Scene::new(by, options).await;
        let pem = scene.world.sandbox.details().ca_certificate.clone();
        let untrusting = scene.clients(scene.config());
        let outcome = scene.call(&untrusting, SAFE).await;
        assert_eq!(outcome, Bad(ErrorKind::Tls), "{by:?}: an unknown authority");
        let client = trusting(&pem.unwrap());
        let clients = scene.clients(scene.config().http_client(client));
        clients.product("meter").await;
        scene.end();
    }
}

/// The search finds what it is for.
#[test]
fn leaks_are_found() {
    use support::leaks::encodings;
    let secret = [LOGIN.to_owned()].into();
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD_NO_PAD,
        format!("somebody:{LOGIN}"),
    );
    let bytes = format!("{:?}", LOGIN.as_bytes());
    let json = serde_json::json!({"password": LOGIN}).to_string();
    let other = [basic, bytes, json, format!("{:?}", Some(LOGIN))];
    let all = encodings(LOGIN).map(|(_, text)| text);
    for text in all.chain(other) {
        let text = format!("before {text} behind");
        let found = std::panic::catch_unwind(|| assert_clean("this", &text, &secret));
        assert!(found.is_err(), "not found in {text}");
    }
    assert_clean("this", "Planted/Login", &secret);
}
