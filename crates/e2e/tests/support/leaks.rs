//! Searches for secrets in strings that must not contain them.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use huaweicloud::Error;
use huaweicloud_e2e::leaks::{Leak, find};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::fmt::{TestWriter, layer};
use tracing_subscriber::prelude::*;

/// Panics if a string contains one of the secrets, in one of the encodings of `huaweicloud_e2e::leaks::encodings`. The
/// function also registers the secrets with [`tell`].
pub fn assert_clean(what: &str, text: &str, secrets: &BTreeSet<String>) {
    tell(secrets);
    if let Some(Leak {
        secret,
        encoding,
        around,
        ..
    }) = find(text, secrets)
    {
        panic!("{what} contains {secret:?} ({encoding}): ...{around}...");
    }
}

/// Returns all texts of an error: its message, its `Debug` output, its causes, and the panic message of `unwrap`.
pub fn shown(error: Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    for cause in causes {
        text.push_str(&format!("{cause}\n{cause:?}\n"));
    }
    let unwrap = std::panic::AssertUnwindSafe(move || unwrap(error));
    let panic = std::panic::catch_unwind(unwrap).unwrap_err();
    text.push_str(panic.downcast_ref::<String>().unwrap());
    text
}

#[allow(
    clippy::unnecessary_literal_unwrap,
    reason = "the output of unwrap is checked"
)]
fn unwrap(error: Error) {
    Err::<(), _>(error).unwrap()
}

/// Prints the log to standard error if `RUST_LOG` is set.
pub fn log_as_asked() {
    if std::env::var_os(EnvFilter::DEFAULT_ENV).is_some() {
        Log::collect();
    }
}

/// Registers secrets: adds them to the file that the variable `PLANTED_SECRETS` names, one JSON string in each line.
/// `.ci/run` searches the output of tests for the secrets in this file.
pub fn tell<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let Some(path) = std::env::var_os("PLANTED_SECRETS") else {
        return;
    };
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let new = secrets
        .into_iter()
        .filter(|secret| told.insert(secret.as_ref().to_owned()));
    let lines: String = new
        .map(|secret| format!("{}\n", serde_json::Value::from(secret.as_ref())))
        .collect();
    if lines.is_empty() {
        return;
    }
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.unwrap().write_all(lines.as_bytes()).unwrap();
}

/// Registers a secret, and returns the secret. A secret with `Planted-` or `planted-` needs no registration.
pub fn planted(secret: &str) -> &str {
    tell([&secret.to_owned()]);
    secret
}

/// The log of the whole process at the level `trace`.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Returns the log. The first call starts to collect the log. The whole process has only one log.
    pub fn collect() -> &'static Log {
        static LOG: LazyLock<Log> = LazyLock::new(|| {
            let log = Log::default();
            let writer = log.clone();
            let kept = layer()
                .with_span_events(FmtSpan::FULL)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .with_filter(LevelFilter::TRACE);
            let asked = std::env::var_os(EnvFilter::DEFAULT_ENV);
            let printed = asked.map(|_| {
                layer()
                    .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
                    .with_ansi(false)
                    .with_writer(TestWriter::with_stderr)
                    .with_filter(EnvFilter::from_default_env())
            });
            // If a test has already set its own subscriber, `try_init` fails, and the test's subscriber stays active.
            let _ = tracing_subscriber::registry()
                .with(kept)
                .with(printed)
                .try_init();
            log
        });
        &LOG
    }

    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
