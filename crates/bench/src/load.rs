//! Sends requests over many connections. Each connection sends its requests one after the other.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The server, the number of requests to send, and the expected status of the answers.
pub struct Load {
    /// The address of the server.
    pub address: SocketAddr,
    /// The number of connections.
    pub connections: usize,
    /// The number of requests on each connection.
    pub requests: usize,
    /// The status that each answer must have.
    pub status: u16,
}

impl Load {
    /// Sends all requests, and returns the time until all answers are received. `request` makes the bytes of a request
    /// from the number of a connection and the number of a request on this connection.
    ///
    /// # Errors
    /// If a connection fails, or an answer does not have the expected status.
    pub async fn run(
        &self,
        request: impl Fn(usize, usize) -> Vec<u8> + Clone + Send + 'static,
    ) -> io::Result<Duration> {
        let begin = Instant::now();
        let mut connections = JoinSet::new();
        for connection in 0..self.connections {
            let (address, requests, status) = (self.address, self.requests, self.status);
            let request = request.clone();
            connections.spawn(async move {
                let mut stream = None;
                for number in 0..requests {
                    let open = match stream.take() {
                        Some(stream) => stream,
                        None => Connection::open(address).await?,
                    };
                    stream = open.send(&request(connection, number), status).await?;
                }
                io::Result::Ok(())
            });
        }
        while let Some(done) = connections.join_next().await {
            done??;
        }
        Ok(begin.elapsed())
    }
}

struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request and reads the whole answer. Returns `None` if the server closes the connection after this
    /// answer.
    async fn send(mut self, request: &[u8], status: u16) -> io::Result<Option<Self>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let end = loop {
            match Head::read(&self.received) {
                Some(head) => break head,
                None => self.receive().await?,
            }
        };
        if end.status != status {
            let text = String::from_utf8_lossy(&self.received).into_owned();
            return Err(io::Error::other(text));
        }
        let is_whole = |received: &[u8]| match end.length {
            Some(length) => received.len() >= end.body + length,
            None => received.ends_with(b"0\r\n\r\n"),
        };
        while !is_whole(&self.received) {
            self.receive().await?;
        }
        Ok((!end.closes).then_some(self))
    }

    async fn receive(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// The parsed head of an answer.
struct Head {
    status: u16,
    /// The offset of the body in the received bytes.
    body: usize,
    /// The length of the body, or `None` if the body is sent in chunks.
    length: Option<usize>,
    closes: bool,
}

impl Head {
    /// Parses the head of an answer. Returns `None` if the head is not complete yet, or not valid.
    fn read(received: &[u8]) -> Option<Self> {
        let body = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(&received[..body]).ok()?;
        let field = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(':'));
            let value = lines.find(|(own, _)| own.eq_ignore_ascii_case(name))?.1;
            Some(value.trim())
        };
        let chunks = field("transfer-encoding").is_some();
        let length = field("content-length").and_then(|length| length.parse().ok());
        let closes = field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        Some(Self {
            status: text.get(9..12)?.parse().ok()?,
            body,
            length: (!chunks).then(|| length.unwrap_or_default()),
            closes: closes || text.starts_with("HTTP/1.0"),
        })
    }
}
