//! `cargo xtask`: see `cargo xtask --help`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use xtask::cli::{Cli, Outcome, Terminal, run};
use xtask::output::Styles;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return show(&error),
    };
    // These take the colours out again where they are not wanted: no terminal, or NO_COLOR.
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr().lock();
    let result = run(
        &cli,
        &mut Terminal {
            out: &mut out,
            err: &mut err,
            styles: Styles::coloured(),
        },
    );
    let outcome = result.unwrap_or_else(|error| {
        // A reader that went away, as in `cargo xtask list | head`, is no failure to talk about.
        let _ = writeln!(err, "{error:#}");
        Outcome::Failed
    });
    ExitCode::from(outcome.code())
}

/// Help and version are no failures; a word that is not understood is.
fn show(error: &clap::Error) -> ExitCode {
    let outcome = if error.use_stderr() {
        Outcome::Failed
    } else {
        Outcome::Fine
    };
    // Nothing can be said where standard error is closed.
    let _ = error.print();
    ExitCode::from(outcome.code())
}
