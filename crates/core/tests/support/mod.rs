//! A small HTTP server with a script. The script is a list of reactions, one for each request. After the end of the
//! script, the server answers with status 599. The module also contains operations and other helpers for the tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use huaweicloud_core::decode::{self, Object, Value};
use huaweicloud_core::serde::{Deserialize, Deserializer, de::MapAccess};
use huaweicloud_core::sign::{SignableRequest, Signer, payload_hash};
use huaweicloud_core::{
    Config, ConfigBuilder, Error, Operation, Request, Retry, RetryPolicy, Server, Service, Session,
};
use percent_encoding::percent_decode_str;
use std::collections::VecDeque;
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub static SERVICE: Service = PLAIN;
pub const PLAIN: Service =
    Service::new("dcs", "Distributed Cache Service").with_servers(&[Server::new(
        "otc",
        "https://dcs.{region}.otc.t-systems.com",
    )
    .with_regions(&["eu-de", "eu-nl"])]);

pub const DEVICE: &str = "/v2/{project_id}/devices/{device_id}";
pub const DEVICES: &str = "/v2/{project_id}/devices";

/// Makes a GET operation that is safe to retry.
pub const fn reading(id: &'static str, path: &'static str) -> Operation {
    Operation::new(&SERVICE, id, http::Method::GET, path).with_retry(Retry::Safe)
}

/// Makes a POST operation that is unsafe to retry.
pub const fn changing(id: &'static str) -> Operation {
    Operation::new(&SERVICE, id, http::Method::POST, DEVICES).with_success(&[201, 204])
}

/// Makes a DELETE operation that is safe to retry.
pub const fn removing(id: &'static str, path: &'static str) -> Operation {
    Operation::new(&SERVICE, id, http::Method::DELETE, path)
        .with_retry(Retry::Safe)
        .with_success(&[204])
}

pub static SHOW: Operation = reading("show_device", DEVICE);
pub static LIST: Operation = reading("list_devices", DEVICES);
pub static OPEN: Operation = reading("list_versions", "/versions").without_credentials();
pub static CREATE: Operation = changing("create_device");
pub static RESET: Operation = changing("reset_password").with_secrets();
pub static DELETE: Operation = removing("delete_device", DEVICE);

/// A type that is decoded like a generated type.
#[derive(Debug, Default, PartialEq)]
pub struct Device {
    pub id: Option<i64>,
    pub name: Option<String>,
}

impl Object for Device {
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "id" => value.read(&mut self.id),
            "name" => value.read(&mut self.name),
            _ => value.skip(),
        }
    }
}

impl<'de> Deserialize<'de> for Device {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::object(deserializer)
    }
}

/// One request, in the form in which it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The number of the connection. The first connection has the number 0.
    pub connection: usize,
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The reaction of the server to one request.
pub enum Reply {
    /// Sends this head and this body. The server adds the header `Content-Length`, except with status 204.
    Http(String, Vec<u8>),
    /// Closes the connection without an answer.
    Close,
    /// Sends an answer, and then closes the connection. The answer does not announce the close.
    Last(Box<Reply>),
    /// Sends a body that ends too early.
    Truncated,
    /// Sends no answer, and waits until the client closes the connection.
    Hang,
    /// Sends exactly these bytes. Then the server closes the connection, or waits until the client closes it.
    Raw(Vec<u8>, Then),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Then {
    Ends,
    Waits,
}

pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let mut head = format!("HTTP/1.1 {status} Text\r\n");
    headers
        .iter()
        .for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    Reply::Http(head, body.as_ref().to_vec())
}

pub fn json(status: u16, body: &str) -> Reply {
    answer(
        status,
        &[
            ("Content-Type", "application/json"),
            ("X-Request-Id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        ],
        body,
    )
}

pub fn device() -> Reply {
    json(200, r#"{"id": "7", "name": "pump"}"#)
}

pub struct Scripted {
    pub url: String,
    script: Arc<Mutex<VecDeque<Reply>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    pub gone: Arc<Notify>,
    pub arrived: Arc<Notify>,
}

impl Scripted {
    pub async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::new(Mutex::new(script.into_iter().collect())),
            seen: Arc::default(),
            gone: Arc::default(),
            arrived: Arc::default(),
        };
        let script = this.script.clone();
        let (seen, gone, arrived) = (this.seen.clone(), this.gone.clone(), this.arrived.clone());
        tokio::spawn(async move {
            let mut connections = 0..;
            while let (Ok((stream, _)), Some(connection)) =
                (listener.accept().await, connections.next())
            {
                tokio::spawn(serve(
                    (stream, connection),
                    script.clone(),
                    seen.clone(),
                    gone.clone(),
                    arrived.clone(),
                ));
            }
        });
        this
    }

    /// Adds a reaction at the end of the script.
    pub fn push(&self, reply: Reply) {
        self.script.lock().unwrap().push_back(reply);
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn session(&self) -> Session {
        self.session_with(config().token("token-hunter2"))
    }

    pub fn session_with(&self, config: ConfigBuilder) -> Session {
        Session::new(
            &config.endpoint("dcs", &self.url).build().unwrap(),
            &SERVICE,
        )
        .unwrap()
    }
}

/// Waits until the server has received at least `requests` requests. Then advances the clock of tokio by `time`. With
/// this function, a test of a timeout does not depend on the speed of the machine.
pub async fn pass(server: &Scripted, requests: usize, time: Duration) {
    while server.seen().len() < requests {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Returns an address without a server. The port stays reserved until the process ends, so no other test gets the port.
pub fn closed() -> String {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    std::mem::forget(socket);
    address.to_string()
}

/// Returns a builder with the project `p1`, and with short pauses between retries.
pub fn config() -> ConfigBuilder {
    let delay = Duration::from_millis(1);
    Config::builder().project_id("p1").retry(RetryPolicy {
        attempts: 3,
        base_delay: delay,
        max_delay: delay,
    })
}

async fn read(stream: &mut BufReader<TcpStream>, connection: usize) -> Option<Seen> {
    let mut line = String::new();
    stream
        .read_line(&mut line)
        .await
        .ok()
        .filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream
            .read_line(&mut line)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut seen = Seen {
        connection,
        method,
        target,
        headers,
        body: Vec::new(),
    };
    seen.body = vec![
        0;
        seen.header("content-length")
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    ];
    stream.read_exact(&mut seen.body).await.ok()?;
    Some(seen)
}

async fn serve(
    (stream, connection): (TcpStream, usize),
    script: Arc<Mutex<VecDeque<Reply>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    gone: Arc<Notify>,
    arrived: Arc<Notify>,
) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream, connection).await {
        seen.lock().unwrap().push(request);
        let reply = script
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or_else(|| json(599, "{\"error_code\": \"TEST.0000\"}"));
        arrived.notify_one();
        let (reply, is_last) = match reply {
            Reply::Last(reply) => (*reply, true),
            reply => (reply, false),
        };
        let (head, body, promised) = match reply {
            Reply::Last(_) => return,
            Reply::Http(head, body) => (head, body.clone(), body.len()),
            Reply::Close => return,
            Reply::Raw(bytes, then) => {
                let _ = stream.write_all(&bytes).await;
                if then == Then::Waits {
                    let _ = stream.read_u8().await;
                    gone.notify_one();
                }
                return;
            }
            Reply::Truncated => (
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n".to_owned(),
                b"{\"id\":".to_vec(),
                100,
            ),
            Reply::Hang => {
                let _ = stream.read_u8().await;
                gone.notify_one();
                return;
            }
        };
        let length = if head.contains(" 204 ") {
            String::new()
        } else {
            format!("Content-Length: {promised}\r\n")
        };
        let bytes = [format!("{head}{length}\r\n").into_bytes(), body.clone()].concat();
        if stream.write_all(&bytes).await.is_err() || body.len() != promised || is_last {
            return;
        }
    }
}

/// Signs the received request again, as a gateway does. Panics if the two signatures differ.
pub fn verify(seen: &Seen, access: &str, secret: &str) {
    let authorization = seen.header("authorization").unwrap();
    let names = authorization
        .split("SignedHeaders=")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let headers: Vec<(&str, &str)> = names
        .split(';')
        .map(|name| (name, seen.header(name).unwrap()))
        .collect();
    let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
    let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            pair.split_once('=')
                .map(|(name, value)| (decode(name), decode(value)))
                .unwrap()
        })
        .collect();
    let request = SignableRequest {
        method: &seen.method,
        path,
        query: &pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect::<Vec<_>>(),
        headers: &headers,
        body_hash: &payload_hash(&seen.body),
    };
    let again = Signer::new(access, secret).sign(&request, seen.header("x-sdk-date").unwrap());
    assert_eq!(authorization, again.authorization);
}

/// Makes a call that gets the answer `reply`, and returns the error of the call.
pub async fn fail(reply: Reply) -> Error {
    let server = Scripted::start([reply]).await;
    let session = server.session_with(config().token("token-hunter2").retry(RetryPolicy::none()));
    session
        .send::<Device>(Request::new(&LIST))
        .await
        .unwrap_err()
}

/// Returns the output of `Display` and of `Debug` for an error and all its causes.
pub fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(&format!("{next} {next:?}"));
        cause = next.source();
    }
    text
}
