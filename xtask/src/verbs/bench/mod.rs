//! `bench`: ours against the budgets and against what others use, in one run on one machine.

mod clients;
mod crates;
mod generator;
mod machine;
mod peers;
mod report;
mod stopwatch;
pub mod synthetic;
mod times;

use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cli::{Outcome, Terminal};
use crate::output::{bar, state};
use peers::Peers;
use report::Row;
use stopwatch::Stopwatch;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Signing, calling, decoding.
    Clients,
    /// Regeneration and lint, per service and of large made-up services.
    Generator,
    /// How long the service crates take to compile.
    Crates,
}

const ALL: [Part; 3] = [Part::Clients, Part::Generator, Part::Crates];

/// What every part of it needs.
struct Bench<'a> {
    root: &'a Path,
    scratch: &'a Path,
    peers: &'a Peers,
    stopwatch: &'a Stopwatch,
}

/// Measures parts, all if none is named, and shows a table; the whole is kept in `BENCHMARKS.md`.
///
/// A budget that is missed is no failure: a busy machine misses some.
///
/// # Errors
///
/// When something of ours does not build or run. A peer that is not there is left out.
pub fn run(root: &Path, parts: &[Part], terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let peers = Peers::find();
    for missing in peers.missing() {
        let hint = format!("{missing}, so it is left out");
        state(terminal.err, terminal.styles.heading, "Missing", &hint)?;
    }
    let template = "{prefix:>12} {msg} ({elapsed})";
    let stopwatch = Stopwatch(bar(&terminal.styles, "Measuring", template));
    let bench = Bench {
        root,
        scratch: scratch.path(),
        peers: &peers,
        stopwatch: &stopwatch,
    };
    let mut rows: Vec<Row> = Vec::new();
    for part in if parts.is_empty() { &ALL } else { parts } {
        let name = format!("{part:?}").to_lowercase();
        let say = || state(terminal.err, terminal.styles.good, "Measuring", &name);
        stopwatch.0.suspend(say)?;
        rows.extend(match part {
            Part::Clients => clients::measure(&bench)?,
            Part::Generator => generator::measure(&bench)?,
            Part::Crates => crates::measure(&bench)?,
        });
    }
    stopwatch.0.finish_and_clear();
    report::text(terminal.out, &terminal.styles, &rows)?;
    if parts.is_empty() {
        let text = report::markdown(&rows, &machine::describe(), &peers);
        std::fs::write(root.join("BENCHMARKS.md"), text).context("BENCHMARKS.md")?;
        let what = "BENCHMARKS.md";
        state(terminal.out, terminal.styles.heading, "Wrote", what)?;
    }
    Ok(Outcome::Fine)
}
