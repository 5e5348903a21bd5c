//! Finding secrets where they must not be.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use huaweicloud::Error;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tracing_subscriber::filter::LevelFilter;

/// All but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Fails if a text has one of the secrets, in any of the encodings that are used here.
pub fn assert_clean(what: &str, text: &str, secrets: &BTreeSet<String>) {
    for secret in secrets {
        for (encoding, needle) in encodings(secret) {
            if let Some(at) = text.find(&needle) {
                let to = text.len().min(at + needle.len() + 80);
                let around = &text.as_bytes()[at.saturating_sub(200)..to];
                let around = String::from_utf8_lossy(around);
                panic!("{what} has {secret:?} ({encoding}): ...{around}...");
            }
        }
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

/// Every way in which a secret could be written.
pub fn encodings(secret: &str) -> impl Iterator<Item = (&'static str, String)> {
    assert!(
        secret.len() >= 8,
        "{secret:?} is too short to be searched for"
    );
    let bytes = secret.as_bytes();
    let inner = |quoted: String| quoted[1..quoted.len() - 1].to_owned();
    let percent = |set| utf8_percent_encode(secret, set).to_string();
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut all = vec![
        ("plain", secret.to_owned()),
        ("JSON", inner(serde_json::to_string(secret).unwrap())),
        ("Debug", inner(format!("{secret:?}"))),
        ("bytes", bytes.escape_ascii().to_string()),
        ("a list of bytes", inner(format!("{bytes:?}"))),
        ("percent", percent(RESERVED)),
        ("percent", percent(RESERVED).to_lowercase()),
        ("percent", percent(NON_ALPHANUMERIC)),
        ("a form", percent(RESERVED).replace("%20", "+")),
        ("hex", hex.to_uppercase()),
        ("hex", hex),
    ];
    for before in 0..3 {
        all.push(("base64", middle(&STANDARD_NO_PAD, before, bytes)));
        all.push(("base64", middle(&URL_SAFE_NO_PAD, before, bytes)));
    }
    let mut known = BTreeSet::new();
    all.retain(|(_, text)| known.insert(text.clone()));
    all.into_iter()
}

/// The characters of base64 that these bytes alone decide, if so many bytes come before them.
fn middle(engine: &impl base64::Engine, before: usize, bytes: &[u8]) -> String {
    let text = engine.encode([&vec![0; before], bytes].concat());
    let from = [0, 2, 3][before];
    let to = text.len() - usize::from(!(before + bytes.len()).is_multiple_of(3));
    text[from..to].to_owned()
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
