//! What the log says about the choice between several credentials.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use huaweicloud_config::Loader;
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log_of(variables: &'static [(&'static str, &'static str)]) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let loader = Loader::new().with_environment(move |name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    });
    tracing::subscriber::with_default(subscriber, || runtime.block_on(loader.load())).unwrap();
    let text = log.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_log_names_what_was_taken_and_what_was_not() {
    let log = log_of(&[
        ("HW_ACCESS_KEY", "hunter2"),
        ("HW_SECRET_KEY", "hunter2"),
        ("OS_TOKEN", "hunter2"),
    ]);
    assert!(
        log.contains("the access key in HW_ACCESS_KEY")
            && log.contains("passed_over=\"the token in OS_TOKEN\""),
        "{log}"
    );
    assert!(!log.contains("hunter2"), "{log}");
    let log = log_of(&[("OS_TOKEN", "hunter2")]);
    assert!(
        log.contains("the token in OS_TOKEN") && !log.contains("passed_over"),
        "{log}"
    );
}
