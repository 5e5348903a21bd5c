//! Tests that very large bodies do not fill the memory. Some bodies have no end. Other bodies are small, but become
//! very large when the client decompresses them. The test has its own process, so that the memory of other tests does
//! not count.
//!
//! `MEMORY_ALL=1 cargo test -p huaweicloud-core --test memory -- --nocapture` shows the used memory. With `MEMORY_ALL`,
//! the test uses more statuses, and also sends DELETE requests. The server then also sends bodies that are a little
//! smaller than the limit of 8 MiB. Without compiler optimizations, decoding these bodies takes a long time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use huaweicloud_core::{ErrorKind, Request, RetryPolicy, Session};
use miniz_oxide::deflate::compress_to_vec;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use support::{DELETE, Device, LIST, config};

const CALLS: usize = 32;
const MIB: usize = 1024 * 1024;

/// The limit for the memory of the process. Each of the 32 calls can read 1 MiB. At the same time, eight of these calls
/// can read 8 MiB each. The remaining memory is for decoding, because some encodings need several copies of a body. The
/// two threads decode at most two bodies at the same time.
const BOUND: usize = 400 * MIB;

/// An answer: a head, the start of the body, and a piece of the body that the server sends repeatedly.
#[derive(Clone)]
struct Endless {
    name: &'static str,
    head: String,
    start: Vec<u8>,
    piece: Vec<u8>,
    /// The number of pieces. `None` means that the body has no end.
    pieces: Option<usize>,
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    [&head[..], &compress_to_vec(body, 6), &[0; 8]].concat()
}

fn endless(status: u16, bomb: &[u8], small_bomb: &[u8]) -> Vec<Endless> {
    let head = |more: &str| {
        format!("HTTP/1.1 {status} Text\r\nContent-Type: application/json\r\n{more}\r\n")
    };
    let one = |name, more: &str, start: &[u8], piece: &[u8], pieces| Endless {
        name,
        head: head(more),
        start: start.to_vec(),
        piece: piece.to_vec(),
        pieces,
    };
    let chunk = b"10000\r\n".iter().chain(&[b'a'; 0x10000]).chain(b"\r\n");
    let chunk: Vec<u8> = chunk.copied().collect();
    vec![
        one("text", "", b"", &[b'a'; 65536], None),
        one(
            "chunks",
            "Transfer-Encoding: chunked\r\n",
            b"",
            &chunk,
            None,
        ),
        one(
            "a large Content-Length",
            "Content-Length: 99999999999\r\n",
            b"",
            &[b'a'; 65536],
            None,
        ),
        one(
            "gzip",
            "Content-Encoding: gzip\r\n",
            bomb,
            &[b'a'; 65536],
            None,
        ),
        one(
            "a gzip bomb",
            "Content-Encoding: gzip\r\n",
            bomb,
            b"",
            Some(0),
        ),
        one(
            "a gzip bomb within the limit",
            "Content-Encoding: gzip\r\n",
            small_bomb,
            b"",
            Some(0),
        ),
        one(
            "numbers",
            "",
            b"[0",
            &b",0".repeat(32768),
            Some(8 * MIB / 65536 - 1),
        ),
        one(
            "escapes",
            "",
            b"[\"\\\"\"",
            &b",0".repeat(32768),
            Some(8 * MIB / 65536 - 1),
        ),
        one(
            "an object",
            "",
            b"{\"id\":1,\"more\":[0",
            &b",0".repeat(32768),
            Some(8 * MIB / 65536 - 1),
        ),
        one(
            "text of one string",
            "",
            b"{\"error_msg\":\"",
            &[b'a'; 65536],
            Some(8 * MIB / 65536 - 1),
        ),
        one(
            "another encoding",
            "",
            b"\"",
            &[0xe9; 65536],
            Some(8 * MIB / 65536 - 1),
        ),
        one(
            "UTF-16",
            "",
            b"[\0",
            &b"0\0,\0".repeat(16384),
            Some(8 * MIB / 65536 - 1),
        ),
        one(
            "line breaks",
            "",
            b"{\"error_msg\":\"\n",
            &[b'\n'; 65536],
            Some(8 * MIB / 65536 - 1),
        ),
    ]
}

/// Starts a server that sends `answer` to each request. Each connection has its own thread. Returns the address.
fn serve(answer: Endless) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), answer.clone());
            std::thread::spawn(move || {
                // One read is enough, because the server does not use the content of the request.
                let _ = stream.read(&mut [0; 8192]);
                let mut write = |bytes: &[u8]| stream.write_all(bytes).is_ok();
                let mut left = answer.pieces.unwrap_or(usize::MAX);
                let mut goes_on = write(answer.head.as_bytes()) && write(&answer.start);
                while goes_on && left > 0 {
                    goes_on = write(&answer.piece);
                    left -= 1;
                }
            });
        }
    });
    url
}

/// Makes a call. Returns the kind and the status of its error. Returns `None` if the call succeeds.
async fn call(session: Session, deletes: bool) -> Option<(ErrorKind, Option<u16>)> {
    let error = match deletes {
        true => {
            let request = Request::new(&DELETE).path("device_id", 1);
            session.send_empty(request).await.err()
        }
        false => session.send::<Device>(Request::new(&LIST)).await.err(),
    };
    error.map(|error| (error.kind(), error.status()))
}

/// Returns a value from `/proc/self/status`, in bytes. Returns `None` if the file or the value does not exist.
fn figure(name: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let number = line.trim_start_matches(':').trim().strip_suffix(" kB")?;
    Some(number.parse::<usize>().ok()? * 1024)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_with_endless_bodies_use_limited_memory() {
    if figure("VmHWM").is_none() {
        println!("skipped: the test cannot read the used memory from /proc/self/status");
        return;
    }
    let numbers = |length: usize| [&b"["[..], &b"0,".repeat(length / 2 - 2), b"0]"].concat();
    let (bomb, small_bomb) = (gzip(&numbers(12 * MIB)), gzip(&numbers(8 * MIB)));
    let all = std::env::var_os("MEMORY_ALL").is_some();
    let statuses: &[u16] = if all {
        &[200, 302, 401, 503]
    } else {
        &[200, 503]
    };
    for &status in statuses {
        for answer in endless(status, &bomb, &small_bomb) {
            // If the status is 200, the client decodes only bodies that end before the limit. Without `MEMORY_ALL`, the
            // test skips these bodies, with every status.
            let is_decoded = answer.pieces.is_some() && answer.name != "a gzip bomb";
            if is_decoded && !all {
                continue;
            }
            let count = if is_decoded { CALLS / 4 } else { CALLS };
            let name = answer.name;
            let config = config().token("t").retry(RetryPolicy::none());
            let config = config.endpoint("dcs", serve(answer)).build().unwrap();
            let session = Session::new(&config, &support::SERVICE).unwrap();
            for deletes in [false, true].into_iter().take(if all { 2 } else { 1 }) {
                let session = session.clone();
                let call = move |_| tokio::spawn(call(session.clone(), deletes));
                let calls: Vec<_> = (0..count).map(call).collect();
                let mut errors = Vec::new();
                for call in calls {
                    errors.extend(call.await.unwrap());
                }
                let peak = figure("VmHWM").unwrap();
                println!(
                    "{status} {name}, deletes: {deletes}: {} MiB at most so far",
                    peak / MIB
                );
                assert!(peak < BOUND, "{status} {name}: {peak}");
                // If the status is 400 or higher, each error contains this status. The client reads only the start of
                // such a body.
                for error in errors {
                    let own = (ErrorKind::Service, Some(status));
                    assert!(status < 400 || error == own, "{status} {name}: {error:?}");
                }
            }
        }
    }
}
