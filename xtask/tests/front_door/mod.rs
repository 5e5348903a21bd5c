//! Runs the verbs (subcommands) of `cargo xtask` in the process of the test.

use std::path::Path;

use clap::Parser;
use report::terminal::{Styles, Terminal};
use xtask::cli::{Cli, run};

/// Runs a verb in the workspace at `root`, and returns standard output, standard error and the exit code.
pub fn xtask(root: &Path, words: &[&str]) -> (String, String, u8) {
    let root = root.display().to_string();
    let all = ["cargo xtask", "--root", &root]
        .into_iter()
        .chain(words.iter().copied());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal {
        out: &mut out,
        err: &mut err,
        styles: Styles::plain(),
    };
    let code = match run(&Cli::parse_from(all), &mut terminal) {
        Ok(outcome) => outcome.code(),
        Err(error) => {
            writeln!(terminal.err, "{error:#}").unwrap();
            100
        }
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(out), text(err), code)
}
