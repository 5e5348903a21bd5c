//! `cargo xtask bench` compares the times of our programs and crates with budgets and with the times of peers. All
//! times come from one run on one machine. A peer is a program, a library or handwritten code that does the same work
//! as our code.

mod clients;
mod crates;
mod generator;
mod machine;
mod peers;
mod sandbox;
mod stopwatch;
mod table;
mod times;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use peers::Peers;
use report::terminal::{Styles, Terminal, state};
use stopwatch::Stopwatch;
use table::Row;

/// The parts to measure.
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

const ALL: [Part; 4] = [Part::Clients, Part::Sandbox, Part::Generator, Part::Crates];

/// Measure the clients, the sandbox, the generator and compile times. Compare the times with budgets and other tools.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Arguments {
    /// The program `xtask`, whose commands this program measures.
    #[arg(long, value_name = "PROGRAM")]
    xtask: PathBuf,
    /// Parts to measure [default: all].
    parts: Vec<Part>,
}

/// The values that the measurements need.
struct Bench<'a> {
    root: &'a Path,
    xtask: &'a Path,
    scratch: &'a Path,
    peers: &'a Peers,
    stopwatch: &'a Stopwatch,
}

/// Returns the workspace that contains this program, which is also the workspace to measure.
fn workspace() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own)
}

/// Returns a progress bar on standard error. The bar is hidden if standard error is not a terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{prefix:>12} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.with_prefix("Measuring")
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr().lock();
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        styles: Styles::coloured(),
    };
    measure(&arguments, &mut terminal)
}

/// Measures the named parts and prints a table. If no part is named, measures all parts, and also writes the table to
/// `BENCHMARKS.md`.
///
/// A missed budget is not a failure, because a busy machine misses some budgets. A peer that is not installed is not
/// measured.
fn measure(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<()> {
    let (root, parts) = (workspace(), &arguments.parts);
    let scratch = tempfile::tempdir().context("cannot create a temporary folder")?;
    let peers = Peers::find();
    for missing in peers.missing() {
        let hint = format!("{missing}, so it is not measured");
        state(terminal.err, terminal.styles.heading, "Missing", &hint)?;
    }
    let stopwatch = Stopwatch(bar());
    let bench = Bench {
        root,
        xtask: &arguments.xtask,
        scratch: scratch.path(),
        peers: &peers,
        stopwatch: &stopwatch,
    };
    let mut rows: Vec<Row> = Vec::new();
    for part in if parts.is_empty() {
        &ALL[..]
    } else {
        &parts[..]
    } {
        let name = format!("{part:?}").to_lowercase();
        let say = || state(terminal.err, terminal.styles.good, "Measuring", &name);
        stopwatch.0.suspend(say)?;
        rows.extend(match part {
            Part::Clients => clients::measure(&bench)?,
            Part::Sandbox => sandbox::measure(&bench)?,
            Part::Generator => generator::measure(&bench)?,
            Part::Crates => crates::measure(&bench)?,
        });
    }
    stopwatch.0.finish_and_clear();
    table::text(terminal.out, &terminal.styles, &rows)?;
    if parts.is_empty() {
        let text = table::markdown(&rows, &machine::describe(), &peers);
        std::fs::write(root.join("BENCHMARKS.md"), text).context("cannot write BENCHMARKS.md")?;
        let what = "BENCHMARKS.md";
        state(terminal.out, terminal.styles.heading, "Wrote", what)?;
    }
    Ok(())
}
