//! `cargo xtask`: see `cargo xtask --help`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use report::terminal::{Lasting, Outcome, Styles, Terminal, quoted};
use xtask::cli::{Cli, run};

/// The generator makes many small syntax trees on several threads. The system's allocator takes a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return show(&error),
    };
    // These streams remove the colours if there is no terminal, or NO_COLOR is set.
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
        // If standard error is closed, there is no other output.
        let _ = writeln!(err, "{}", with_command(&format!("{error:#}")));
        Outcome::Failed
    });
    ExitCode::from(outcome.code())
}

/// Makes the last line of a failure name the next command.
fn with_command(message: &str) -> String {
    if message
        .lines()
        .last()
        .is_some_and(|line| line.contains("run: cargo"))
    {
        return message.to_owned();
    }
    // An argument that is not UTF-8 must not cause a second failure.
    let words = std::env::args_os().skip(1);
    let again: String = words
        .map(|word| format!(" {}", quoted(&word.to_string_lossy())))
        .collect();
    format!("{message}\nafter fixing this, run: cargo xtask{again}")
}

/// Help and version are successes. An unknown argument is a failure.
fn show(error: &clap::Error) -> ExitCode {
    let outcome = if error.use_stderr() {
        Outcome::Failed
    } else {
        Outcome::Fine
    };
    // If standard error is closed, there is no other output.
    let _ = error.print();
    ExitCode::from(outcome.code())
}
