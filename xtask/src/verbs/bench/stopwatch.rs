//! Running and timing programs.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

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

/// The shortest of some runs: whatever else the machine does can only lengthen one. Before each, `prepare` is called,
/// which is not timed.
///
/// # Errors
///
/// When a run or its preparation fails.
pub fn shortest(
    runs: usize,
    mut prepare: impl FnMut() -> Result<()>,
    command: &mut Command,
) -> Result<Duration> {
    let mut shortest = Duration::MAX;
    for _ in 0..runs {
        prepare()?;
        let begin = Instant::now();
        output(command)?;
        shortest = shortest.min(begin.elapsed());
    }
    Ok(shortest)
}
