//! The server in this test returns the secret of a call in headers, ids, codes, messages and other fields. The client
//! must not print or log this secret.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod support;

use std::fmt::Debug;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response as Answer};
use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::dcs::types::{
    ChangeInstancePasswordRequest, ChangeInstancePasswordRequired, ListInstancesParams,
    ResetInstancePasswordRequest,
};
use huaweicloud::iam::types::{
    CreateTemporaryAccessKeyRequest, TemporaryAccessKeyAuth, TemporaryAccessKeyIdentity,
    TemporaryAccessKeyToken,
};
use huaweicloud::{
    AccessKey, Config, ConfigBuilder, Error, Proxy, Response, RetryPolicy, dcs, iam,
};
use huaweicloud_e2e::leaks::find;
use serde_json::{Value, json};
use support::leaks::{Log, assert_clean, planted, shown};

/// Secrets that look like a code, an id or a media type, or that contain characters that an encoding changes.
const FORMS: [&str; 8] = [
    "Planted.0123456789",
    "3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f-Planted-id",
    "token_Planted-1_null_0123456789abcdef",
    "application/Planted-x",
    "Planted-type/json",
    "Planted-\\ \"quoted\" / 100% <&>+?#",
    "INVALID_Planted-word",
    // This secret has the form of a request id.
    "0dead5ec2e70ba11ade0dead5ec2e70b",
];

/// The JSON bodies in which the server returns a secret.
const BODIES: [fn(&str) -> Value; 10] = [
    |text| json!({"error_code": text, "error_msg": text, "request_id": text}),
    |text| json!({"code": text, "message": text, "details": [{"error_code": text, "error_msg": text}]}),
    |text| json!({"error": {"code": text, "message": text, "title": text}, "requestId": text}),
    |text| json!({"error": text, "error_description": text}),
    |text| json!({"errors": {text: [text]}}),
    |text| json!({text: {"code": text, "message": text}}),
    |text| json!({"faultcode": text, "faultstring": text, "encoded_authorization_message": text}),
    // The next body has documented fields. Some of their values have a wrong type.
    |text| {
        json!({"instances": [{"name": text, "tags": [{"key": text}], "capacity": text}], "instance_num": text,
        "instance_id": text, "message": text, "result": text, "ext_message": text, "name": [text], "port": {text: text},
        "token": {"user": {"id": text, "name": text, "domain": {"id": text}}, "expires_at": text, "methods": [text]},
        "credential": {"access": text, "secret": text, "securitytoken": text, "expires_at": text}})
    },
    |text| json!([text, {text: text}]),
    |text| json!(text),
];

/// The headers in which the server returns a secret. The client reads only some of these headers. With some bodies, the
/// server also returns the secret in `content-type`. With the first body, `content-encoding` also contains the secret.
const HEADERS: [&str; 16] = [
    "x-request-id",
    "x-iam-trace-id",
    "x-openstack-request-id",
    "x-subject-token",
    "x-other",
    "server",
    "via",
    "date",
    "age",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
    "proxy-authenticate",
    "etag",
    "content-language",
];

#[derive(Default)]
struct Plan {
    text: String,
    status: u16,
    body: Option<usize>,
    headers: Vec<&'static str>,
    /// Everything that the server received.
    seen: String,
}

type Shared = Arc<Mutex<Plan>>;

async fn echo(State(shared): State<Shared>, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut plan = shared.lock().unwrap();
    let carried = head
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
    let carried: String = carried.collect();
    plan.seen += &format!(
        "{}\n{carried}{}\n",
        head.uri,
        String::from_utf8_lossy(&body)
    );
    let value = HeaderValue::from_bytes(plan.text.as_bytes()).unwrap();
    let mut headers = HeaderMap::new();
    for name in &plan.headers {
        headers.insert(HeaderName::from_static(name), value.clone());
    }
    let status = StatusCode::from_u16(plan.status).unwrap();
    let text = match plan.body {
        Some(body) => BODIES[body](&plan.text).to_string(),
        None => format!("<html>{}</html>", plan.text),
    };
    (status, headers, text).into_response()
}

struct Echo {
    address: String,
    /// All calls without a proxy share this HTTP client, because the creation of an HTTP client is slow.
    client: huaweicloud_core::reqwest::Client,
    plan: Shared,
    /// Everything that a caller could print.
    printed: String,
}

impl Echo {
    async fn start() -> Echo {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let plan = Shared::default();
        let router = Router::new().fallback(echo).with_state(plan.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        Echo {
            address,
            client: Config::builder().build().unwrap().http_client().clone(),
            plan,
            printed: String::new(),
        }
    }

    fn config(&self) -> ConfigBuilder {
        self.config_without_client()
            .http_client(self.client.clone())
    }

    fn config_without_client(&self) -> ConfigBuilder {
        Config::builder()
            .endpoint("iam", &self.address)
            .endpoint("dcs", &self.address)
            .project_id("p1")
            .retry(RetryPolicy::none())
    }

    fn print(&mut self, value: &impl Debug) {
        self.printed += &format!("{value:?}\n{value:#?}\n");
    }

    fn look<T: Debug>(&mut self, outcome: Result<Response<T>, Error>) {
        match outcome {
            Ok(mut answer) => {
                self.print(&answer);
                self.printed += &format!("{:?} {:?}\n", answer.headers(), answer.lost());
                let body = answer.take_body_with_lost();
                self.print(&body);
            }
            Err(error) => {
                self.print(&(error.details(), error.decode_error(), error.proxy()));
                self.print(&error.signature_difference());
                self.print(&error);
                self.printed += &format!("{error}\n");
                let source = std::error::Error::source(&error);
                for cause in std::iter::successors(source, |cause| cause.source()) {
                    self.print(&cause);
                    self.printed += &format!("{cause}\n");
                }
            }
        }
    }
}

/// The part of a call or of its configuration that contains the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Login,
    Body,
    NewAndOld,
    TokenInBody,
    Token,
    SecretKey,
    SecurityToken,
    Proxy,
    ProxyTunnel,
    Query,
    Path,
}

const ALL: [By; 11] = [
    By::Login,
    By::Body,
    By::NewAndOld,
    By::TokenInBody,
    By::Token,
    By::SecretKey,
    By::SecurityToken,
    By::Proxy,
    By::ProxyTunnel,
    By::Query,
    By::Path,
];

impl By {
    /// Returns whether the secret is in a name or an id of the call. The client shows names and ids in answers, because
    /// the documents do not mark them as secrets.
    fn is_named(self) -> bool {
        matches!(self, By::Query | By::Path)
    }

    /// Returns whether this part of a call can contain the string. A token in a header must not contain spaces.
    fn carries(self, text: &str) -> bool {
        !matches!(self, By::Token | By::SecurityToken) || !text.contains(' ')
    }

    fn config(self, echo: &Echo, text: &str) -> Config {
        let config = match self {
            By::Login => {
                let login = Login::new("d", "u", text).with_project_name("p");
                let login = PasswordCredentials::new(&echo.config().build().unwrap(), login);
                echo.config().credentials(login.unwrap())
            }
            By::Token => echo.config().token(text),
            By::SecretKey => echo.config().access_key("AK", text),
            By::SecurityToken => {
                let key = AccessKey::new("AK", "Planted-key").with_security_token(text);
                echo.config().credentials(key)
            }
            By::Proxy | By::ProxyTunnel => {
                let scheme = if self == By::Proxy { "http" } else { "https" };
                let proxy = Proxy::new(&echo.address).with_credentials("u", text);
                let config = echo.config_without_client().proxy(proxy);
                config
                    .token("Planted-token")
                    .endpoint("dcs", format!("{scheme}://dcs.example.com"))
            }
            _ => echo.config().token("Planted-token"),
        };
        config.build().unwrap()
    }

    async fn call(self, echo: &mut Echo, config: &Config, text: &str) {
        echo.print(config);
        let client = dcs::Client::new(config).unwrap();
        echo.print(&client);
        match self {
            By::Body => {
                let request = ResetInstancePasswordRequest::default().with_new_password(text);
                echo.look(client.reset_instance_password("i", &request).await);
            }
            By::NewAndOld => {
                let request = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
                    old_password: "Planted-old",
                    new_password: text,
                });
                echo.look(client.change_instance_password("i", &request).await);
            }
            By::TokenInBody => {
                let token = TemporaryAccessKeyToken::new().with_id(text);
                let identity = TemporaryAccessKeyIdentity::new(["token"]).with_token(token);
                let request =
                    CreateTemporaryAccessKeyRequest::new(TemporaryAccessKeyAuth::new(identity));
                let client = iam::Client::new(config).unwrap();
                echo.look(client.create_temporary_access_key(&request).await);
            }
            By::Query => {
                let params = ListInstancesParams::default().with_name(text);
                echo.look(client.list_instances(&params).await);
            }
            By::Path => {
                // The test puts no slash into a path, although the client would encode a slash as `%2F`.
                echo.look(client.show_instance(&text.replace('/', "_")).await);
            }
            _ => {
                let params = ListInstancesParams::default();
                echo.look(client.list_instances(&params).await);
                echo.look(client.delete_instance("i").await);
            }
        }
    }
}

/// By default, the test runs every seventh case. If the variable `ECHO_ALL` is set, the test runs all cases.
#[tokio::test]
async fn the_client_does_not_show_returned_secrets() {
    let log = Log::collect();
    let mut echo = Echo::start().await;
    let all = std::env::var_os("ECHO_ALL").is_some();
    let mut count = 0_usize;
    for by in ALL {
        for text in FORMS.into_iter().filter(|text| by.carries(text)) {
            let text = match by {
                By::Path => text.replace('/', "_"),
                _ => text.to_owned(),
            };
            planted(&text);
            let mut config = by.config(&echo, &text);
            for status in [200, 201, 302, 400, 401, 403, 404, 407, 429, 500, 503] {
                for body in (0..BODIES.len()).map(Some).chain([None]) {
                    // The client shows names and ids from successful answers. So the test skips successful answers to
                    // calls with the secret in a name or an id.
                    count += 1;
                    if (by.is_named() && status < 300) || (!all && !count.is_multiple_of(7)) {
                        continue;
                    }
                    {
                        let mut plan = echo.plan.lock().unwrap();
                        (plan.text, plan.status, plan.body) = (text.clone(), status, body);
                        plan.headers = HEADERS.to_vec();
                        plan.headers.extend(match body {
                            Some(0) => vec!["content-encoding", "content-type"],
                            Some(4..) | None => vec!["content-type"],
                            _ => vec![],
                        });
                    }
                    // After a refused login, the client does not send the password again. So the next call needs a new
                    // configuration.
                    if by == By::Login {
                        config = by.config(&echo, &text);
                    }
                    by.call(&mut echo, &config, &text).await;
                    let case = format!("{by:?} {status} {body:?}");
                    let secrets = [text.clone()].into();
                    assert_clean(&case, &std::mem::take(&mut echo.printed), &secrets);
                }
            }
            let seen = std::mem::take(&mut echo.plan.lock().unwrap().seen);
            let secrets = [text.clone()].into();
            // The client does not send a secret key. The client sends the user name and the password together to a
            // proxy, in base64.
            let carried = match by {
                By::SecretKey => true,
                By::Proxy | By::ProxyTunnel => {
                    let pair = base64::Engine::encode(
                        &base64::engine::general_purpose::STANDARD,
                        format!("u:{text}"),
                    );
                    seen.contains(&pair)
                }
                _ => find(&seen, &secrets).is_some(),
            };
            assert!(carried, "{by:?}: no request contained {text}");
        }
    }
    let secrets = FORMS.iter().map(|text| (*text).to_owned());
    let secrets = secrets.chain(FORMS.iter().map(|text| text.replace('/', "_")));
    assert_clean("the log", &log.text(), &secrets.collect());
    for target in ["huaweicloud", "hyper_util", "TRACE"] {
        assert!(log.text().contains(target), "{target} is not logged");
    }
}

/// The client refuses an address that contains a password, and does not show the password.
#[test]
fn errors_do_not_show_a_password_in_an_address() {
    for text in ["Planted-0123", "Planted%2F0123", "Planted.0123"] {
        let address = format!("https://user:{text}@dcs.example.com");
        for config in [
            Config::builder().endpoint("dcs", &address),
            Config::builder().endpoints("dcs", [&address, &address]),
            Config::builder().proxy(address.as_str()),
        ] {
            let secrets = [text.to_owned()].into();
            assert_clean("the builder", &format!("{config:?}"), &secrets);
            let built = config.token("Planted-token").build();
            let client = built.and_then(|config| dcs::Client::new(&config));
            assert_clean("the error", &shown(client.unwrap_err()), &secrets);
        }
    }
}
