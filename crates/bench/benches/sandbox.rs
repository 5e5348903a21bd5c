//! Reads and writes devices over 64 connections. The bench measures the sandbox in memory, the sandbox with a data
//! file, and two servers of other projects. The server Prism stores nothing. The server moto imitates AWS. With moto,
//! the bench reads and writes S3 objects, which moto stores in memory.
//!
//! Each printed line shows the total time divided by the number of requests.
//!
//! The bench measures Prism if the program `prism` is installed, and moto if `moto_server` is installed. The option
//! `--sortr` reverses the order of the servers.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use huaweicloud_bench::load::Load;
use huaweicloud_sandbox::{Details, Options, Sandbox};
use serde_json::{Value, json};
use tokio::runtime::Builder;

const CONNECTIONS: usize = 64;
/// The number of requests on each connection. Slow servers (Prism and moto) get `FEW_REQUESTS`.
const REQUESTS: usize = 200;
const FEW_REQUESTS: usize = 10;
/// Placeholders in a request. The bench replaces `DEVICE` by the number of a device. Each connection has its own
/// device, except with Prism. The bench replaces `TEXT` by six digits that are different in each request.
const DEVICE: &str = "DEVICE";
const TEXT: &str = "_TEXT_";

fn main() {
    let mut measured: Vec<fn()> = vec![in_memory, durable, prism, moto];
    if std::env::args().any(|argument| argument == "--sortr") {
        measured.reverse();
    }
    measured.iter().for_each(|measure| measure());
}

fn in_memory() {
    with_sandbox(Options::default(), |target| {
        target.measure("get", "GET", "");
        target.measure("put", "PUT", &device());
    });
}

fn durable() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::default().data(folder.path().join("data"));
    with_sandbox(options, |target| {
        target.measure("durable_get", "GET", "");
        target.measure("durable_put", "PUT", &device());
    });
}

fn device() -> String {
    json!({"device_name": TEXT, "status": 0, "description": TEXT, "tags": [TEXT]}).to_string()
}

/// A server to measure, and the values for its requests.
struct Target {
    address: SocketAddr,
    path: String,
    /// The header line that contains the credential.
    credential: String,
    devices: Vec<u64>,
    /// The number of requests on each connection.
    requests: usize,
}

impl Target {
    fn measure(&self, name: &str, method: &str, body: &str) {
        let load = Load {
            address: self.address,
            connections: CONNECTIONS,
            requests: self.requests,
            status: 200,
        };
        let (address, path, credential) = (self.address, &self.path, &self.credential);
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{credential}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let devices = self.devices.clone();
        let request = move |connection: usize, number| {
            let device = devices[connection % devices.len()].to_string();
            let request = request.replacen(DEVICE, &device, 1);
            let text = format!("{:06}", number * CONNECTIONS + connection);
            request.replace(TEXT, &text).into_bytes()
        };
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let time = runtime.block_on(load.run(request)).unwrap();
        let each = time / u32::try_from(CONNECTIONS * self.requests).unwrap();
        println!("{name} {:.2} µs", each.as_secs_f64() * 1e6);
    }
}

/// Starts the sandbox in its own runtime, creates a device for each connection, and calls `measure`.
fn with_sandbox(options: Options, measure: impl FnOnce(&Target)) {
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let details = sandbox.details();
    let path = devices_path(details);
    let credential = format!("x-auth-token: {}\r\n", token(details));
    let address = address(&details.addresses.roma_link);
    let create = |path: &str, body: Value| {
        let (_, created) = call(address, &format!("POST {path}"), &credential, &body);
        created["id"].as_u64().unwrap()
    };
    let products = path.replace("/devices", "/products");
    let product = json!({"app_id": "app", "name": "measured", "manufacturer_id": "maker", "manufacturer_name": "Maker", "model": "M1",
        "product_type": 0, "protocol_type": 0});
    let product = create(&products, product);
    let device = |_| {
        let product = json!({"product_id": product});
        let device =
            json!({"product": product, "device_name": "new", "node_id": "node", "app_id": "app"});
        create(&path, device)
    };
    measure(&Target {
        address,
        devices: (0..CONNECTIONS).map(device).collect(),
        path: format!("{path}/{DEVICE}"),
        credential: credential.trim().to_owned(),
        requests: REQUESTS,
    });
    runtime.block_on(sandbox.shutdown());
}

fn devices_path(details: &Details) -> String {
    let (project, instance) = (&details.project_id, &details.instance_id);
    format!("/v2/{project}/link/instances/{instance}/devices")
}

fn token(details: &Details) -> String {
    let user = json!({"name": details.user_name, "password": details.password, "domain": {"name": details.domain_name}});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let scope = json!({"project": {"name": details.project_name}});
    let login = json!({"auth": {"identity": identity, "scope": scope}});
    let (head, _) = call(
        address(&details.addresses.iam),
        "POST /v3/auth/tokens",
        "",
        &login,
    );
    let mut fields = head.lines();
    let token = fields.find_map(|line| line.strip_prefix("x-subject-token: "));
    token.unwrap().to_owned()
}

fn address(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").parse().unwrap()
}

/// Sends one request. Returns the head and the body of the answer.
fn call(address: SocketAddr, request: &str, header: &str, body: &Value) -> (String, Value) {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let length = body.len();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nhost: {address}\r\n{header}connection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(head.get(9..10), Some("2"), "{answer}");
    (
        head.to_owned(),
        serde_json::from_str(body).unwrap_or_default(),
    )
}

/// A server of another project, which runs as a child process. Dropping the value stops the server.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the server, and waits until the server accepts connections. Returns `None` if the program cannot be
    /// started.
    fn start(command: &mut Command, port: &str) -> Option<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        command.arg(port).arg(address.port().to_string());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self {
            child: command.spawn().ok()?,
            address,
        };
        while TcpStream::connect(address).is_err() {
            assert_eq!(
                server.child.try_wait().unwrap(),
                None,
                "{command:?} ended early"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn prism() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../roma-link/openapi.json");
    let mut command = Command::new("prism");
    let Some(server) = Server::start(command.args(["mock", document]), "--port") else {
        return;
    };
    let target = Target {
        address: server.address,
        path: format!("/v2/project/link/instances/instance/devices/{DEVICE}"),
        credential: "x-auth-token: token".to_owned(),
        devices: vec![100_001],
        requests: FEW_REQUESTS,
    };
    target.measure("prism_get", "GET", "");
    target.measure("prism_put", "PUT", &device());
}

fn moto() {
    let mut command = Command::new("moto_server");
    let Some(server) = Server::start(&mut command, "--port") else {
        return;
    };
    let credential = "authorization: AWS key:signature";
    let header = format!("{credential}\r\n");
    call(server.address, "PUT /bucket", &header, &Value::Null);
    let target = Target {
        address: server.address,
        path: format!("/bucket/object-{DEVICE}"),
        credential: credential.to_owned(),
        devices: (0..CONNECTIONS as u64).collect(),
        requests: FEW_REQUESTS,
    };
    target.measure("moto_put", "PUT", &device());
    target.measure("moto_get", "GET", "");
}
