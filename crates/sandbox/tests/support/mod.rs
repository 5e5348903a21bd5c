//! A client for tests of the sandbox.
//!
//! The client uses `reqwest` and the signer of `huaweicloud_core`, but not the generated clients.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use huaweicloud_core::sign::{SignableRequest, Signer, payload_hash};
use huaweicloud_sandbox::{Clock, Options, Sandbox};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub struct World {
    pub sandbox: Sandbox,
    pub clock: Clock,
    pub http: Client,
    pub token: String,
}

/// An answer of the sandbox.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("the answer has no header {name}"))
            .to_str()
            .unwrap()
    }

    pub fn code(&self) -> &str {
        self.body["error_code"].as_str().unwrap_or_default()
    }
}

pub async fn send(request: RequestBuilder) -> Got {
    let response = request.send().await.expect("the sandbox answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.expect("the body is complete");
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes).expect("the body is JSON")
    };
    Got {
        status,
        headers,
        body,
    }
}

/// Returns an HTTP client.
///
/// No test of the sandbox uses TLS, but another crate of the workspace can enable TLS in `reqwest`. In this case,
/// `reqwest` needs a provider of cryptographic functions.
pub fn http() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

impl World {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let clock = Clock::system();
        let sandbox = Sandbox::start(options.clock(clock.clone()))
            .await
            .expect("the sandbox starts");
        let mut world = Self {
            sandbox,
            clock,
            http: http(),
            token: String::new(),
        };
        world.token = world.new_token().await;
        world
    }

    pub async fn new_token(&self) -> String {
        let got = self
            .login(
                &self.sandbox.details().password.clone(),
                json!({"project": {"name": "eu-de"}}),
            )
            .await;
        assert_eq!(got.status, 201, "{:?}", got.body);
        got.header("x-subject-token").to_owned()
    }

    pub async fn login(&self, password: &str, scope: Value) -> Got {
        let details = self.sandbox.details();
        let user = json!({"name": details.user_name, "password": password, "domain": {"name": details.domain_name}});
        let body = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}});
        send(
            self.http
                .post(format!("{}/v3/auth/tokens", details.addresses.iam))
                .json(&body),
        )
        .await
    }

    pub fn link_url(&self, path: &str) -> String {
        let details = self.sandbox.details();
        format!(
            "{}/v2/{}/link/instances/{}{path}",
            details.addresses.roma_link, details.project_id, details.instance_id
        )
    }

    pub fn dcs_url(&self, path: &str) -> String {
        let details = self.sandbox.details();
        format!(
            "{}/v2/{}/instances{path}",
            details.addresses.dcs, details.project_id
        )
    }

    /// Calls an operation with the token of the user.
    pub async fn call(&self, method: &str, url: &str, body: Option<Value>) -> Got {
        let mut request = self
            .http
            .request(method.parse().unwrap(), url)
            .header("x-auth-token", &self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        send(request).await
    }

    pub async fn link(&self, method: &str, path: &str, body: Option<Value>) -> Got {
        self.call(method, &self.link_url(path), body).await
    }

    pub async fn dcs(&self, method: &str, path: &str, body: Option<Value>) -> Got {
        self.call(method, &self.dcs_url(path), body).await
    }

    /// Calls an operation of DCS. The path begins after the project ID.
    pub async fn dcs_project(&self, method: &str, path: &str, body: Option<Value>) -> Got {
        let details = self.sandbox.details();
        let (address, project) = (&details.addresses.dcs, &details.project_id);
        self.call(method, &format!("{address}/v2/{project}{path}"), body)
            .await
    }

    /// Creates a running DCS instance with a standby node, and returns the ID of the instance. The standby node makes
    /// backups possible.
    pub async fn pair(&self) -> String {
        let mut request = cache("Planted-Pair-0001");
        request["spec_code"] = json!("redis.ha.xu1.tiny.r2.512");
        let got = self.dcs("POST", "", Some(request)).await;
        assert_eq!(got.status, 200, "{:?}", got.body);
        let id = got.body["instances"][0]["instance_id"].as_str().unwrap();
        self.sandbox.put_dcs_status(id, "RUNNING").unwrap();
        id.to_owned()
    }

    pub async fn product(&self, name: &str) -> Value {
        let got = self.link("POST", "/products", Some(product(name))).await;
        assert_eq!(got.status, 201, "{:?}", got.body);
        got.body
    }

    pub async fn device(&self, product: &Value, name: &str) -> Value {
        let got = self
            .link("POST", "/devices", Some(device(product, name)))
            .await;
        assert_eq!(got.status, 201, "{:?}", got.body);
        got.body
    }

    /// Creates a DCS instance, and returns its ID.
    pub async fn cache(&self, password: &str) -> String {
        let got = self.dcs("POST", "", Some(cache(password))).await;
        assert_eq!(got.status, 200, "{:?}", got.body);
        got.body["instances"][0]["instance_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

pub fn product(name: &str) -> Value {
    json!({"app_id": "app", "name": name, "manufacturer_id": "maker", "manufacturer_name": "Maker", "model": "M1", "product_type": 0, "protocol_type": 0})
}

pub fn device(product: &Value, name: &str) -> Value {
    json!({"product": {"product_id": product["id"]}, "device_name": name, "node_id": "D32145A100FF", "app_id": "app"})
}

pub fn cache(password: &str) -> Value {
    json!({"name": "cache", "engine": "Redis", "engine_version": "6.0", "capacity": 0.5, "spec_code": "redis.single.xu1.tiny.512", "az_codes": ["eu-de-01"],
        "vpc_id": "vpc", "subnet_id": "subnet", "password": password})
}

/// An access key and a secret key. Temporary keys also have a security token.
pub struct Keys {
    pub access: String,
    pub secret: String,
    pub security_token: Option<String>,
}

impl Keys {
    pub fn of(sandbox: &Sandbox) -> Self {
        let details = sandbox.details();
        Self {
            access: details.access_key.clone(),
            secret: details.secret_key.clone(),
            security_token: None,
        }
    }

    /// Returns a GET request that is signed with the present time.
    pub fn get(&self, http: &Client, url: &str, query: &[(&str, &str)]) -> RequestBuilder {
        self.signed(http, Method::GET, url, query, b"", Timestamp::now())
    }

    pub fn signed(
        &self,
        http: &Client,
        method: Method,
        url: &str,
        query: &[(&str, &str)],
        body: &[u8],
        at: Timestamp,
    ) -> RequestBuilder {
        let rest = url.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let date = at
            .to_zoned(TimeZone::UTC)
            .strftime("%Y%m%dT%H%M%SZ")
            .to_string();
        let mut headers = vec![("host", host), ("x-sdk-date", date.as_str())];
        headers.extend(
            self.security_token
                .as_deref()
                .map(|token| ("x-security-token", token)),
        );
        let path = format!("/{path}");
        let hash = payload_hash(body);
        let signable = SignableRequest {
            method: method.as_str(),
            path: &path,
            query,
            headers: &headers,
            body_hash: &hash,
        };
        let signature = Signer::new(&self.access, &self.secret).sign(&signable, &date);
        let sent = huaweicloud_core::sign::canonical_query(query);
        let url = if sent.is_empty() {
            url.to_owned()
        } else {
            format!("{url}?{sent}")
        };
        let mut request = http
            .request(method, url)
            .header("authorization", signature.authorization)
            .body(body.to_vec());
        for (name, value) in headers.into_iter().filter(|(name, _)| *name != "host") {
            request = request.header(name, value);
        }
        request
    }
}
