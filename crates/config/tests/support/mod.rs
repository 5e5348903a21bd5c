//! A TCP server that acts as IAM and as one service, and functions for tests of a `Loader`. The first login gets
//! `token-1`, the second login `token-2`, and so on. A failed login gets no token, but the number still
//! increases. By default, the service accepts all tokens that IAM issued.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod canned;
pub mod home;
pub mod variables;

use huaweicloud_config::Loader;
use huaweicloud_core::{
    Config, ConfigBuilder, Error, Operation, ProvideCredential, Request, Retry, Service, Session,
    http,
};
use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::io::Write;
use std::sync::{Arc, Mutex, Once};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub static SERVICE: Service = Service::new("dcs", "Distributed Cache Service");
pub static LIST: Operation = Operation::new(
    &SERVICE,
    "list_things",
    http::Method::GET,
    "/v2/{project_id}/things",
)
.with_retry(Retry::Safe)
.with_success(&[204]);

/// Makes a loader independent of the current folder, the system folder and the metadata service of this machine.
pub fn alone(loader: Loader) -> Loader {
    loader
        .with_current_dir("/nowhere")
        .with_system_dir("/nowhere")
        .without_metadata()
}

thread_local! {
    /// The log messages of this thread. `None` if no test records them.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.iter_mut().for_each(|log| log.extend_from_slice(text)));
        Ok(text.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Loads the configuration, and returns the log messages. Panics if loading fails.
///
/// All threads share one subscriber. With one subscriber for each thread, `tracing` could cache that a message has no
/// subscriber. The message would then be missing in the result.
pub fn log_of(loader: Loader) -> String {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(|| ThreadLog)
            .init();
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    LOG.set(Some(Vec::new()));
    let loaded = runtime.block_on(loader.load());
    let text = LOG.take().unwrap_or_default();
    loaded.unwrap();
    String::from_utf8(text).unwrap()
}

#[derive(Clone)]
pub struct Cloud {
    pub url: String,
    state: Arc<State>,
}

struct State {
    /// The number of requests for tokens.
    logins: watch::Sender<usize>,
    /// Whether the server holds back its answers to requests for tokens.
    held: watch::Sender<bool>,
    /// Statuses that the server returns instead of a token. The first status is used next.
    failures: Mutex<VecDeque<u16>>,
    /// The lifetime of tokens in seconds.
    life: Mutex<i64>,
    valid: Mutex<HashSet<String>>,
    /// Whether the service refuses every token.
    stubborn: Mutex<bool>,
    /// The body of each login. For each other request, the request line and the token.
    seen: Mutex<Vec<String>>,
}

impl Cloud {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::new(State {
                logins: watch::Sender::new(0),
                held: watch::Sender::new(false),
                failures: Mutex::default(),
                life: Mutex::new(24 * 3600),
                valid: Mutex::default(),
                stubborn: Mutex::default(),
                seen: Mutex::default(),
            }),
        };
        let state = Arc::clone(&this.state);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(Arc::clone(&state), stream));
            }
        });
        this
    }

    pub fn logins(&self) -> usize {
        *self.state.logins.borrow()
    }

    pub async fn wait_for_logins(&self, count: usize) {
        let mut logins = self.state.logins.subscribe();
        logins.wait_for(|seen| *seen >= count).await.unwrap();
    }

    pub fn hold(&self) {
        self.state.held.send_replace(true);
    }

    pub fn release(&self) {
        self.state.held.send_replace(false);
    }

    pub fn fail_next(&self, status: u16) {
        self.state.failures.lock().unwrap().push_back(status);
    }

    pub fn set_life(&self, seconds: i64) {
        *self.state.life.lock().unwrap() = seconds;
    }

    /// After this call, the service answers status 401 to all tokens that IAM issued before.
    pub fn revoke(&self) {
        self.state.valid.lock().unwrap().clear();
    }

    /// After this call, the service answers status 401 to every token.
    pub fn refuse_every_token(&self) {
        *self.state.stubborn.lock().unwrap() = true;
    }

    pub fn seen(&self) -> Vec<String> {
        self.state.seen.lock().unwrap().clone()
    }

    pub fn config(&self) -> ConfigBuilder {
        Config::builder()
            .endpoint("iam", &self.url)
            .endpoint("dcs", &self.url)
    }

    pub fn session(&self, credentials: impl ProvideCredential) -> Session {
        let config = self.config().credentials(credentials).build().unwrap();
        Session::new(&config, &SERVICE).unwrap()
    }
}

pub async fn call(session: &Session) -> Result<(), Error> {
    session.send_empty(Request::new(&LIST)).await.map(drop)
}

async fn serve(state: Arc<State>, stream: TcpStream) {
    let mut stream = BufReader::new(stream);
    let (mut line, mut token, mut length) = (String::new(), String::new(), 0);
    stream.read_line(&mut line).await.unwrap();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.unwrap();
        let Some((name, value)) = header.trim().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "x-auth-token" => token = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let answer = if line.starts_with("POST /v3/auth/tokens?nocatalog=true ") {
        state.log(String::from_utf8(body).unwrap());
        state.login().await
    } else {
        state.log(format!("{} {token}", line.trim()));
        state.list(&token)
    };
    // These calls fail if the client has closed the connection. This is not an error.
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

impl State {
    fn log(&self, line: String) {
        self.seen.lock().unwrap().push(line);
    }

    async fn login(&self) -> String {
        let mut number = 0;
        self.logins.send_modify(|logins| {
            *logins += 1;
            number = *logins;
        });
        let mut held = self.held.subscribe();
        held.wait_for(|held| !held).await.unwrap();
        if let Some(status) = self.failures.lock().unwrap().pop_front() {
            let body =
                r#"{"error":{"code":401,"message":"hunter2 is wrong","title":"Unauthorized"}}"#;
            return answer(status, "", body);
        }
        let token = format!("token-{number}");
        self.valid.lock().unwrap().insert(token.clone());
        let start = "2015-11-09T00:00:00.000000Z"
            .parse::<jiff::Timestamp>()
            .unwrap();
        let end = start + jiff::SignedDuration::from_secs(*self.life.lock().unwrap());
        let body = format!(
            r#"{{"token":{{"issued_at":"{start}","expires_at":"{end}","project":{{"id":"p0","name":"eu-de"}}}}}}"#
        );
        answer(201, &format!("X-Subject-Token: {token}\r\n"), &body)
    }

    fn list(&self, token: &str) -> String {
        if !*self.stubborn.lock().unwrap() && self.valid.lock().unwrap().contains(token) {
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned()
        } else {
            answer(401, "", r#"{"error_code":"APIGW.0301","error_msg":"no"}"#)
        }
    }
}

fn answer(status: u16, header: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nX-Request-Id: r1\r\nConnection: close\r\n{header}Content-Length: {length}\r\n\r\n{body}"
    )
}
