//! `build`, `test` and `demo`: generate, then cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::generate;
use report::terminal;
use report::terminal::{Outcome, Terminal};

/// What cargo is asked to do once the code is fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Build the workspace.
    Build,
    /// Test the workspace.
    Test,
    /// Run the demonstration.
    Demo,
}

impl Job {
    /// The verb of ours that asks for it.
    fn verb(self) -> &'static str {
        match self {
            Job::Build => "build",
            Job::Test => "test",
            Job::Demo => "demo",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Job::Build => &["build", "--workspace"],
            Job::Test => &["test", "--workspace"],
            Job::Demo => &[
                "run",
                "--quiet",
                "--package",
                "huaweicloud-e2e",
                "--bin",
                "demo",
                "--",
            ],
        }
    }
}

/// Generates all services and, when they could be, has cargo do the job, with
/// the further arguments.
///
/// # Errors
///
/// When the code cannot be generated or cargo cannot be run.
pub fn run(
    root: &Path,
    job: Job,
    further: &[OsString],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    match generate::run(root, &[], false, terminal)? {
        Outcome::Fine => cargo(root, job, further, terminal),
        other => Ok(other),
    }
}

fn cargo(
    root: &Path,
    job: Job,
    further: &[OsString],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .args(job.arguments())
        .args(further);
    let status = command.status().context("cargo could not be run")?;
    if status.success() {
        return Ok(Outcome::Fine);
    }
    let verb = job.verb();
    let further = further.iter().map(|word| word.to_string_lossy());
    let words = std::iter::once(verb.into()).chain(further);
    let again = terminal::command(root, words);
    writeln!(terminal.err, "{verb} failed; after fixing it, run: {again}")?;
    Ok(Outcome::Failed)
}
