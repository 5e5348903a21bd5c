//! `build` and `test`: generate, then cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::generate;
use crate::cli::{Outcome, Terminal};

/// Generates all services and, when they could be, runs `cargo VERB` for the
/// workspace with the further arguments.
///
/// # Errors
///
/// When the code cannot be generated or cargo cannot be run.
pub fn run(
    root: &Path,
    verb: &str,
    arguments: &[OsString],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    match generate::run(root, &[], false, terminal)? {
        Outcome::Fine => cargo(root, verb, arguments, terminal),
        other => Ok(other),
    }
}

fn cargo(
    root: &Path,
    verb: &str,
    arguments: &[OsString],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .arg(verb)
        .arg("--workspace")
        .args(arguments);
    let status = command.status().context("cargo could not be run")?;
    if status.success() {
        return Ok(Outcome::Fine);
    }
    writeln!(
        terminal.err,
        "cargo {verb} failed; after mending it, run: cargo xtask {verb}"
    )?;
    Ok(Outcome::Failed)
}
