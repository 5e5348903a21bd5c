//! `cargo xtask`: see `cargo xtask --help`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use report::terminal::{Lasting, Outcome, Styles, Terminal, quoted};
use xtask::cli::{Cli, run};

/// The generator makes and drops many small syntax trees, on several threads: a third of its time is the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return show(&error),
    };
    // These take the colours out again where they are not wanted: no terminal, or NO_COLOR.
    let mut out = Lasting(anstream::stdout().lock());
    let mut err = Lasting(anstream::stderr().lock());
    let result = run(
        &cli,
        &mut Terminal {
            out: &mut out,
            err: &mut err,
            styles: Styles::coloured(),
        },
    );
    let outcome = result.unwrap_or_else(|error| {
        // Nothing can be said where standard error is closed.
        let _ = writeln!(err, "{}", with_command(&format!("{error:#}")));
        Outcome::Failed
    });
    ExitCode::from(outcome.code())
}

/// The last line of a failure names the command that comes next.
fn with_command(message: &str) -> String {
    if message
        .lines()
        .last()
        .is_some_and(|line| line.contains("run: cargo"))
    {
        return message.to_owned();
    }
    // A word that is not UTF-8 is no reason to fail again.
    let words = std::env::args_os().skip(1);
    let again: String = words
        .map(|word| format!(" {}", quoted(&word.to_string_lossy())))
        .collect();
    format!("{message}\nafter fixing this, run: cargo xtask{again}")
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
