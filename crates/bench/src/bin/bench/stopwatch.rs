//! Runs programs and measures their times.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;

use super::times::Times;

/// Runs a program and returns its standard output.
///
/// # Errors
/// If the program cannot be run, or if it fails. In the second case, the error contains the program's standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output();
    let output = output.with_context(|| format!("{name} could not be run"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program and returns its running time.
///
/// # Errors
/// If the program cannot be run or fails.
pub fn timed(command: &mut Command) -> Result<Duration> {
    let begin = Instant::now();
    output(command)?;
    Ok(begin.elapsed())
}

/// A measurement that can run several times.
pub type Measured<'a> = Box<dyn FnMut() -> Result<Duration> + 'a>;

/// Runs measurements, and shows the current measurement on the terminal.
pub struct Stopwatch(pub ProgressBar);

impl Stopwatch {
    /// In each turn, runs our measurement, and the measurement of the peer if there is one. The order alternates from
    /// turn to turn.
    ///
    /// # Errors
    /// If a measurement fails.
    pub fn in_turns(
        &self,
        what: &str,
        turns: usize,
        mut ours: Measured<'_>,
        mut peer: Option<Measured<'_>>,
    ) -> Result<Times> {
        let mut times = Times::default();
        for turn in 0..turns {
            self.says(what, turn, turns);
            let mut peer = || peer.as_mut().map(|peer| peer()).transpose();
            let (ours, peer) = if turn % 2 == 0 {
                let ours = ours()?;
                (ours, peer()?)
            } else {
                let peer = peer()?;
                (ours()?, peer)
            };
            times.push(ours, peer);
        }
        Ok(times)
    }

    /// Shows the name and the turn of the current measurement.
    pub fn says(&self, what: &str, turn: usize, turns: usize) {
        let text = format!("{what}, turn {} of {turns}", turn + 1);
        self.0.set_message(text);
    }
}
