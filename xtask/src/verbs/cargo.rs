//! `build`, `test` and `demo`: generate the clients, then run cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::generate;
use report::terminal;
use report::terminal::{Outcome, Terminal};

/// Generates all services. If the generation succeeds, runs cargo for the verb with the arguments in `further`.
///
/// # Errors
/// If the code cannot be generated or cargo cannot be run.
pub fn run(
    root: &Path,
    verb: &str,
    further: &[OsString],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    match generate::run(root, &[], false, terminal)? {
        Outcome::Fine => cargo(root, verb, further, terminal),
        other => Ok(other),
    }
}

fn cargo(
    root: &Path,
    verb: &str,
    further: &[OsString],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    match verb {
        "demo" => command
            .args(["run", "--quiet", "--package", "huaweicloud-e2e"])
            .args(["--bin", "demo", "--"]),
        verb => command.args([verb, "--workspace"]),
    };
    command.args(further);
    let status = command.status().context("cargo could not be run")?;
    if status.success() {
        return Ok(Outcome::Fine);
    }
    let further = further.iter().map(|word| word.to_string_lossy());
    let words = std::iter::once(verb.into()).chain(further);
    let again = terminal::command(root, words);
    writeln!(terminal.err, "{verb} failed; after a fix, run: {again}")?;
    Ok(Outcome::Failed)
}
