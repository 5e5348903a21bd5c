//! Running and timing programs.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;

use super::times::Times;

/// What a program writes to its standard output.
///
/// # Errors
///
/// When it cannot be run or fails; what it wrote to its standard error is in the error.
pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output();
    let output = output.with_context(|| format!("{name} could not be run"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How long a program runs.
///
/// # Errors
///
/// When it cannot be run or fails.
pub fn timed(command: &mut Command) -> Result<Duration> {
    let begin = Instant::now();
    output(command)?;
    Ok(begin.elapsed())
}

/// Something that can be measured again and again.
pub type Measured<'a> = Box<dyn FnMut() -> Result<Duration> + 'a>;

/// Measures, and says on the terminal what.
pub struct Stopwatch(pub ProgressBar);

impl Stopwatch {
    /// Ours and the peer's in turns, now one of them first and now the other.
    ///
    /// # Errors
    ///
    /// When one of them fails.
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

    /// What is measured now.
    pub fn says(&self, what: &str, turn: usize, turns: usize) {
        let text = format!("{what}, turn {} of {turns}", turn + 1);
        self.0.set_message(text);
    }
}
