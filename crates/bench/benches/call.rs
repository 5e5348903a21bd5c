//! Measures the call `show_device`, which a local server answers. The bench `ours` uses the generated client. The bench
//! `handwritten` uses reqwest and our signer.
//!
//! In these two benches, the client and the server share one thread. With two threads, each call would also have to
//! wake a thread. The time to wake a thread varies by more than the difference between `ours` and `handwritten`.
//!
//! If the official Python SDK is installed, the bench also measures this SDK. The environment variable `PYTHON` names
//! the interpreter (default `python3`).

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use divan::Bencher;
use huaweicloud_bench::handwritten::Caller;
use huaweicloud_bench::{documented, server};
use huaweicloud_core::{Config, http_client_builder};
use huaweicloud_roma_link::Client;
use tokio::runtime::{Builder, Runtime};

const ACCESS: &str = "QTWAOYTTINDUT2QVKYUC";
const SECRET: &str = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc";
const PROJECT: &str = "77b6a44cba5143ab91d13ab9a8ff44fd";
const INSTANCE: &str = "8993a690-cf61-46af-880d-587d823d14e5";
const DEVICE: i64 = 711_537;

static BODY: LazyLock<String> = LazyLock::new(|| documented::device().to_string());

fn main() {
    divan::main();
    official();
}

/// Returns a runtime, and the host and port of a server that runs in this runtime.
fn runtime() -> (Runtime, String) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (listener, address) = server::listen().unwrap();
    runtime.spawn(server::serve(listener, &BODY));
    (runtime, address.to_string())
}

#[divan::bench(sample_count = 200, sample_size = 50)]
fn ours(bencher: Bencher<'_, '_>) {
    let (runtime, host) = runtime();
    let config = Config::builder()
        .endpoint("roma-link", format!("http://{host}"))
        .access_key(ACCESS, SECRET)
        .project_id(PROJECT)
        .build();
    let client = Client::new(&config.unwrap()).unwrap();
    bencher.bench_local(|| {
        runtime
            .block_on(client.show_device(INSTANCE, DEVICE))
            .unwrap()
    });
}

#[divan::bench(sample_count = 200, sample_size = 50)]
fn handwritten(bencher: Bencher<'_, '_>) {
    let (runtime, host) = runtime();
    let caller = Caller {
        client: http_client_builder(Duration::from_secs(10))
            .unwrap()
            .build()
            .unwrap(),
        host,
        project: PROJECT.into(),
        access: ACCESS.into(),
        secret: SECRET.into(),
    };
    bencher.bench_local(|| {
        runtime
            .block_on(caller.show_device(INSTANCE, DEVICE))
            .unwrap()
    });
}

/// Runs `official.py`, which prints one line if the official Python SDK is installed.
fn official() {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/official.py");
    let address = format!("http://{}", server::start(&BODY).unwrap());
    // The script writes to our standard output. If Python is not installed, no line is printed.
    let _ = Command::new(python)
        .args([script, &address, PROJECT, ACCESS, SECRET, INSTANCE])
        .arg(DEVICE.to_string())
        .status();
}
