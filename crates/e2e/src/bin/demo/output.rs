//! Prints lines, writes the log, and keeps a copy of the printed and logged lines. At the end, the demonstration
//! searches this copy for secrets.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use huaweicloud_e2e::leaks::find;
use tracing_subscriber::EnvFilter;

/// The copy of the log, and of the lines that [`Output::line`] has printed. All clones share one copy.
#[derive(Clone, Default)]
pub struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    /// Writes the log to standard error with the filter in `RUST_LOG`. If `RUST_LOG` is not set, nothing is logged.
    ///
    /// # Errors
    ///
    /// If the value of `RUST_LOG` is not a valid filter.
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

    /// Searches the copy for secrets.
    ///
    /// # Errors
    ///
    /// If a secret was printed or logged, in an encoding that `leaks::find` searches for. Also if a secret has fewer
    /// than 8 bytes. The error does not contain the secret.
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

/// The log writes through this implementation. Each call of `write` gets whole lines.
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
        // This test prints its secret, plain and in base64. The program `leaks` searches the output of all tests of
        // this crate for `Planted-` and `planted-`. So the secret must contain neither of these two strings.
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
