//! A server that can close idle connections or answer with errors, and counts the executed requests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The time after which the server closes an idle connection.
#[derive(Clone, Copy, Debug)]
pub enum Idle {
    /// The server never closes an idle connection.
    ForEver,
    /// The server closes an idle connection after exactly this time.
    For(Duration),
    /// The server closes an idle connection after a fraction of this time. The fraction varies.
    UpTo(Duration),
}

/// How the server closes an idle connection.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Close,
    /// The server sends no more data, but still reads and executes requests.
    HalfClose,
}

#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    pub idle: Idle,
    pub end: End,
    /// On two connections, the server answers with this status, and does not execute the requests. These are the first
    /// and the 101st connection that receive a request. If the status is 408, the server still executes the first
    /// request on each of the two connections.
    ///
    /// The server uses only two such connections, because a call has three attempts. With more such connections, all
    /// attempts of a call could use them by chance.
    ///
    /// `None` if the server answers with status 200 on all connections.
    pub sick: Option<u16>,
}

pub const HEALTHY: Behaviour = Behaviour {
    idle: Idle::ForEver,
    end: End::Close,
    sick: None,
};

pub struct Server {
    pub url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    /// The number of connections that received a request.
    used: AtomicUsize,
    executed: Mutex<HashMap<String, usize>>,
}

impl Server {
    /// Starts the server on its own thread, so that the server does not wait for tasks of the client.
    pub fn start(behaviour: Behaviour) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counts = Arc::<Counts>::default();
        let shared = counts.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, behaviour, shared.clone()));
                }
            });
        });
        Self { url, counts }
    }

    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// The number of executions of all requests.
    pub fn executed(&self) -> usize {
        self.counts.executed.lock().unwrap().values().sum()
    }

    /// The number of requests that were executed more than once.
    pub fn repeated(&self) -> usize {
        let executed = self.counts.executed.lock().unwrap();
        executed.values().filter(|times| **times > 1).count()
    }
}

async fn serve(stream: TcpStream, behaviour: Behaviour, counts: Arc<Counts>) {
    counts.connections.fetch_add(1, Ordering::SeqCst);
    let mut sick = None;
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    let mut answered = 0;
    loop {
        let target = match idle(behaviour.idle) {
            Some(time) if answered > 0 => {
                match tokio::time::timeout(time, request(&mut stream)).await {
                    Ok(target) => target,
                    Err(_) => return end(stream, behaviour.end, &counts).await,
                }
            }
            _ => request(&mut stream).await,
        };
        let Some(target) = target else { return };
        if answered == 0 {
            let number = counts.used.fetch_add(1, Ordering::SeqCst);
            sick = behaviour.sick.filter(|_| [0, 100].contains(&number));
        }
        let sick = sick.filter(|status| *status != 408 || answered > 0);
        if sick.is_none() {
            execute(&counts, target);
        }
        let (status, close) = (sick.unwrap_or(200), sick == Some(408));
        let (body, connection) = ("{\"id\":1}", if close { "close" } else { "keep-alive" });
        let answer = format!(
            "HTTP/1.1 {status} Text\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() || close {
            return;
        }
        answered += 1;
    }
}

fn idle(idle: Idle) -> Option<Duration> {
    match idle {
        Idle::ForEver => None,
        Idle::For(time) => Some(time),
        Idle::UpTo(time) => {
            // The times must be spread evenly. The fractional parts of multiples of the golden ratio are spread evenly.
            static NEXT: AtomicUsize = AtomicUsize::new(0);
            let next = u32::try_from(NEXT.fetch_add(1, Ordering::Relaxed) % 1_000_000).unwrap();
            let part = (f64::from(next) * 0.618_033_988_749_895).fract();
            Some(time.mul_f64(part))
        }
    }
}

async fn end(mut stream: BufReader<TcpStream>, end: End, counts: &Counts) {
    if matches!(end, End::HalfClose) {
        stream.shutdown().await.ok();
        while let Some(target) = request(&mut stream).await {
            execute(counts, target);
        }
    }
}

fn execute(counts: &Counts, target: String) {
    *counts.executed.lock().unwrap().entry(target).or_default() += 1;
}

/// Reads a whole request, and returns its target. Returns `None` if the connection ends before the end of the request.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let line = line(stream).await?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let header = self::line(stream).await?;
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
    }
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    Some(target)
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then_some(line)
}
