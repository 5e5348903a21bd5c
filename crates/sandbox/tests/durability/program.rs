//! Starts and kills the program `huaweicloud-sandbox`, and calls its operations.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support;

pub struct Program {
    child: Child,
    details: Value,
}

/// The data with which the tasks of the test (`Writer`) call a running program.
#[derive(Clone)]
pub struct Api {
    http: Client,
    link: String,
    tokens: String,
    login: Value,
    /// The number of writes that the program has acknowledged.
    pub acknowledged: Arc<AtomicU64>,
}

fn spawn(file: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_huaweicloud-sandbox"))
        .arg("--data")
        .arg(file)
        .env("RUST_LOG", "error")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

impl Program {
    /// Starts the program, and waits until it is ready.
    pub fn start(file: &Path) -> Self {
        let mut child = spawn(file);
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut log = String::new();
            let errors = child.stderr.as_mut().unwrap();
            errors.read_to_string(&mut log).unwrap();
            panic!("the program did not start: {log}");
        }
        let details = serde_json::from_str(&line).unwrap();
        Self { child, details }
    }

    pub fn kill_while_starting(file: &Path, after: Duration) {
        let mut child = spawn(file);
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Sends SIGKILL. After this signal, the program cannot write, close or flush anything.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn api(&self) -> Api {
        let text = |name: &str| self.details[name].as_str().unwrap();
        let (project, instance) = (text("project_id"), text("instance_id"));
        let user = json!({"name": text("user_name"), "password": text("password"), "domain": {"name": text("domain_name")}});
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        let scope = json!({"project": {"name": text("project_name")}});
        Api {
            http: support::http(),
            link: format!(
                "{}/v2/{project}/link/instances/{instance}",
                text("roma_link")
            ),
            tokens: format!("{}/v3/auth/tokens", text("iam")),
            login: json!({"auth": {"identity": identity, "scope": scope}}),
            acknowledged: Arc::default(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the status, the token and the body of the answer. If no complete answer arrives, for example because the
/// test killed the program, returns `None`.
async fn send(request: RequestBuilder) -> Option<(u16, String, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let token = response.headers().get("x-subject-token");
    let token = token.map_or_else(String::new, |token| token.to_str().unwrap().to_owned());
    let body = response.bytes().await.ok()?;
    let body = match body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&body).unwrap(),
    };
    Some((status, token, body))
}

impl Api {
    pub async fn token(&self) -> Option<String> {
        let (status, token, body) = send(self.http.post(&self.tokens).json(&self.login)).await?;
        assert_eq!(status, 201, "{body}");
        Some(token)
    }

    pub async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Option<(u16, Value)> {
        let request = self.http.request(method, format!("{}{path}", self.link));
        let request = request.header("x-auth-token", token);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let (status, _, body) = send(request).await?;
        Some((status, body))
    }
}
