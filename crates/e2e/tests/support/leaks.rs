//! Finding secrets where they must not be.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use huaweicloud::Error;
use huaweicloud_e2e::leaks::{Leak, find};
use tracing_subscriber::filter::LevelFilter;

/// Fails if a text has one of the secrets, in any of the encodings that are used here.
pub fn assert_clean(what: &str, text: &str, secrets: &BTreeSet<String>) {
    if let Some(Leak {
        secret,
        encoding,
        around,
    }) = find(text, secrets)
    {
        panic!("{what} has {secret:?} ({encoding}): ...{around}...");
    }
}

/// Everything in which an error can show: its own words, its causes, and the panic of who unwraps it.
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
    reason = "what unwrap prints is looked at"
)]
fn unwrap(error: Error) {
    Err::<(), _>(error).unwrap()
}

/// What everything in this process logs, at the level `trace`.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Begins to collect, at the first call; there is one log for the whole process.
    pub fn collect() -> &'static Log {
        static LOG: LazyLock<Log> = LazyLock::new(|| {
            let log = Log::default();
            let writer = log.clone();
            tracing_subscriber::fmt()
                .with_max_level(LevelFilter::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .init();
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
