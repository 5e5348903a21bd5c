//! Keeps everything that the demonstration prints and logs. At the end, the demonstration searches this output for
//! secrets.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use huaweicloud_e2e::leaks::find;
use tracing_subscriber::EnvFilter;

/// The output on standard output and standard error. All clones share the kept output.
#[derive(Clone, Default)]
pub struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    /// Logs to standard error with the filter in `RUST_LOG`. If `RUST_LOG` is not set, nothing is logged.
    ///
    /// # Errors
    ///
    /// If the value of `RUST_LOG` is not a filter.
    pub fn log(&self) -> Result<()> {
        if std::env::var_os(EnvFilter::DEFAULT_ENV).is_none() {
            return Ok(());
        }
        let writer = self.clone();
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::try_from_default_env().context("RUST_LOG")?)
            .with_writer(move || writer.clone())
            .init();
        Ok(())
    }

    /// Prints a line.
    pub fn line(&self, text: &str) {
        anstream::println!("{text}");
        self.keep(text.as_bytes());
    }

    /// Searches the kept output for secrets.
    ///
    /// # Errors
    ///
    /// If a secret was printed or logged, in an encoding that `leaks::find` searches for. The error does not contain
    /// the secret.
    pub fn check(&self, secrets: &BTreeSet<String>) -> Result<()> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match find(&String::from_utf8_lossy(&seen), secrets) {
            Some(leak) => bail!("a secret was shown ({})", leak.encoding),
            None => Ok(()),
        }
    }

    fn keep(&self, bytes: &[u8]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend_from_slice(bytes);
        seen.push(b'\n');
    }
}

/// The log uses this implementation. The log writes one whole line in each call.
impl Write for Output {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(line)?;
        self.keep(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_finds_secrets_in_printed_and_logged_lines() {
        // This test really prints the string below. The output of all tests is searched for planted secrets. So the
        // string must not look like a planted secret.
        let secrets = ["Shown-On-Purpose-01!".to_owned()].into();
        let output = Output::default();
        output.line("nothing");
        assert!(output.check(&secrets).is_ok());
        output.line("U2hvd24tT24tUHVycG9zZS0wMSE=");
        let error = output.check(&secrets).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("a secret was shown (base64)"));
        let mut log = Output::default();
        let written = log.write_all(b"Shown-On-Purpose-01!");
        assert!(written.is_ok() && log.check(&secrets).is_err());
    }
}
