//! A server that returns the answers that a test defines, and records the requests.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The whole text of each request.
type Seen = Arc<Mutex<Vec<String>>>;
/// Returns the whole answer to a request. If the function returns `None`, the server sends no answer.
type Answer = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

#[derive(Clone)]
pub struct Canned {
    pub url: String,
    seen: Seen,
}

impl Canned {
    pub async fn start(answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (seen, answer): (Seen, Answer) = (Seen::default(), Arc::new(answer));
        let this = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            seen: Arc::clone(&seen),
        };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        this
    }

    /// Returns the requests that the server has received.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns the number of requests that begin with this string.
    pub fn count(&self, start: &str) -> usize {
        self.seen()
            .iter()
            .filter(|seen| seen.starts_with(start))
            .count()
    }
}

async fn serve(mut stream: TcpStream, seen: Seen, answer: Answer) {
    let mut bytes = Vec::new();
    let request = loop {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        if body.len() >= length.unwrap_or(0) {
            break text;
        }
    };
    seen.lock().unwrap().push(request.clone());
    match answer(&request) {
        // The write fails if the client has closed the connection. This is not an error.
        Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
        None => std::future::pending().await,
    }
}

/// Returns a complete HTTP answer. The result is never `None`. The type is `Option`, because a function for
/// [`Canned::start`] must return an `Option`.
pub fn http(status: u16, headers: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    ))
}

pub const JSON: &str = "Content-Type: application/json\r\n";

/// Returns a temporary key in the format of the metadata service. The key expires at the time `end`.
pub fn key(name: &str, end: &str) -> String {
    format!(
        r#"{{"credential":{{"access":"{name}","secret":"hunter2-secret","securitytoken":"hunter2-token","expires_at":"{end}"}}}}"#
    )
}
