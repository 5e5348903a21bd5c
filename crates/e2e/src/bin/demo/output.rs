//! What the demonstration prints and logs, kept to be searched for secrets at its end.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use huaweicloud_e2e::leaks::find;
use tracing_subscriber::EnvFilter;

/// Standard output and standard error. Clones are the same.
#[derive(Clone, Default)]
pub struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    /// Logs what `RUST_LOG` asks for to standard error; nothing without it.
    ///
    /// # Errors
    ///
    /// When it is no filter.
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

    /// Prints this, and ends the line.
    pub fn line(&self, text: &str) {
        anstream::println!("{text}");
        self.keep(text.as_bytes());
    }

    /// # Errors
    ///
    /// When one of these was printed or logged, in any encoding; it is not said which.
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

/// For the log, which gives whole lines.
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
    fn what_is_printed_and_what_is_logged_is_searched() {
        // Printed in earnest: so it looks like no secret of the other tests, whose output is searched too.
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
