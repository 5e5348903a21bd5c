//! The program of `cargo xtask`. `cargo xtask --help` lists its verbs (subcommands).

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use report::terminal::{Lasting, Outcome, Styles, Terminal, quoted};
use xtask::cli::{Cli, run};

/// The generator allocates many small values. The allocator of the system would use a third of the generator's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return show(&error),
    };
    // `anstream` removes the colours unless the output is a terminal. Variables such as `NO_COLOR` override this rule.
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
        // If standard error is closed, the program cannot report the failure anywhere.
        let _ = writeln!(err, "{}", with_command(&format!("{error:#}")));
        Outcome::Failed
    });
    ExitCode::from(outcome.code())
}

/// Appends the command to run again, unless the last line of the message already has a command.
fn with_command(message: &str) -> String {
    if message
        .lines()
        .last()
        .is_some_and(|line| line.contains("run: cargo"))
    {
        return message.to_owned();
    }
    // The lossy conversion prevents a second failure if an argument is not UTF-8.
    let words = std::env::args_os().skip(1);
    let again: String = words
        .map(|word| format!(" {}", quoted(&word.to_string_lossy())))
        .collect();
    format!("{message}\nafter fixing this, run: cargo xtask{again}")
}

/// Prints the message of clap. `--help` is a success, and an unknown argument is a failure.
fn show(error: &clap::Error) -> ExitCode {
    let outcome = if error.use_stderr() {
        Outcome::Failed
    } else {
        Outcome::Fine
    };
    // If the output is closed, the program cannot show the message anywhere.
    let _ = error.print();
    ExitCode::from(outcome.code())
}
