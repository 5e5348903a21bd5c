//! Makes calls with the HTTP client of Go's standard library. A test compares the number of failed calls of this client
//! and of our client.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub struct Client(PathBuf);

impl Client {
    /// Builds the Go program. If Go is not installed, prints a message on standard output and returns `None`. The
    /// environment variable `GO` can name a program that replaces `go`.
    pub fn build() -> Option<Self> {
        let program = std::env::var_os("GO").unwrap_or_else(|| "go".into());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("connections");
        std::fs::create_dir_all(&folder).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/connections/peer.go");
        let built = folder.join("peer");
        let status = Command::new(program)
            .args(["build", "-o"])
            .args([&built, &source])
            .env("GOCACHE", folder.join("cache"))
            .env("GOFLAGS", "-mod=mod")
            .status();
        match status {
            Ok(status) => {
                assert!(status.success(), "the Go program does not compile");
                Some(Self(built))
            }
            Err(why) => {
                println!("skipped, because Go does not start: {why}");
                None
            }
        }
    }

    /// Makes unsafe calls, and returns the number of failed calls.
    pub fn failed_calls(&self, url: &str, count: usize, pause: Duration) -> usize {
        let output = Command::new(&self.0)
            .args([url, &count.to_string(), &pause.as_micros().to_string()])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.trim().parse().unwrap()
    }
}
