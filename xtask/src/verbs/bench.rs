//! `bench`: runs the measurements of `crates/bench` with cargo.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;
use report::terminal::Outcome;

/// The parts that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Signing, calling, decoding, reading all pages of a list.
    Clients,
    /// Reads and writes of the sandbox.
    Sandbox,
    /// Generation, lint and diff of our services. Generation and lint of large artificial services.
    Generator,
    /// Compile time of the crates for dcs and roma-link.
    Crates,
}

/// Measures the given parts, or all parts if the user names none.
///
/// # Errors
/// If cargo cannot be run, or this program cannot be found.
pub fn run(root: &Path, parts: &[Part]) -> Result<Outcome> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let xtask = std::env::current_exe().context("this program cannot be found")?;
    let mut cargo = Command::new(&program);
    cargo.current_dir(root);
    cargo.args(["run", "--quiet", "--package", "huaweicloud-bench"]);
    cargo.args(["--features", "command", "--bin", "bench", "--"]);
    cargo.arg("--xtask").arg(xtask);
    cargo.args(parts.iter().map(|part| format!("{part:?}").to_lowercase()));
    let name = program.to_string_lossy();
    let status = cargo
        .status()
        .with_context(|| format!("{name} could not be run"))?;
    Ok(if status.success() {
        Outcome::Fine
    } else {
        Outcome::Failed
    })
}
