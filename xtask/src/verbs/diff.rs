//! `diff`: shows how the changes between two revisions of the transcripts, or between two files, affect callers.

use std::path::Path;

use anyhow::Result;
use clap::ValueEnum;

use diff::{Comparison, Verdict, formats};
use report::terminal::{Outcome, Terminal, command, count, state};

/// The output formats for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs.
    Json,
    /// Annotations beside the lines of a pull request.
    Github,
}

/// The arguments of the verb: the two versions to compare, and the options.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Older version: a git revision or a merged document [default: the commit at which the branch left main].
    pub base: Option<String>,
    /// Newer version: a git revision or a merged document [default: the transcripts on disk].
    pub head: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Exit with 0 even if a change breaks callers.
    #[arg(long)]
    pub allow_breaking: bool,
    /// Show the rules and their verdicts, and compare nothing.
    #[arg(long)]
    pub rules: bool,
}

/// Compares the two versions, and shows the changes. With `--rules`, only shows the rules.
///
/// # Errors
/// If one of the two versions cannot be read or compared.
pub fn run(root: &Path, arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    if arguments.rules {
        formats::rules(terminal.out, &terminal.styles)?;
        return Ok(Outcome::Fine);
    }
    let comparison =
        diff::of_revisions(root, arguments.base.as_deref(), arguments.head.as_deref())?;
    let changes = &comparison.findings.changes;
    match arguments.format {
        Format::Text => formats::text(terminal.out, changes, &terminal.styles)?,
        Format::Markdown => {
            formats::markdown(terminal.out, changes, comparison.commits.as_deref())?;
        }
        Format::Json => formats::json(terminal.out, changes)?,
        Format::Github => formats::github(terminal.out, changes, arguments.allow_breaking)?,
    }
    terminal.out.flush()?;
    summary(&comparison, terminal)?;
    let breaks = changes
        .iter()
        .any(|change| change.verdict() == Verdict::Breaking);
    if !breaks || arguments.allow_breaking {
        return Ok(Outcome::Fine);
    }
    let words = arguments.base.iter().chain(&arguments.head);
    let words = ["diff"].into_iter().chain(words.map(String::as_str));
    let format = Some(arguments.format).filter(|format| *format != Format::Text);
    let format = format.and_then(|format| format.to_possible_value());
    let format = format.iter().flat_map(|it| ["--format", it.get_name()]);
    let words = words.chain(format);
    let again = command(root, words.chain(["--allow-breaking"]));
    writeln!(terminal.err, "to accept breaking changes, run: {again}")?;
    Ok(Outcome::Breaking)
}

/// Shows the warnings, the number of compared documents, and the number of changes by verdict.
pub(super) fn summary(comparison: &Comparison, terminal: &mut Terminal<'_>) -> Result<()> {
    let styles = terminal.styles;
    for warning in &comparison.findings.warnings {
        state(terminal.err, styles.bad, "Warning", warning)?;
    }
    let counts = formats::summary(&comparison.findings.changes);
    let documents = count(comparison.documents, "document");
    let commits = comparison.commits.iter();
    let commits: String = commits.map(|commits| format!(" {commits}")).collect();
    state(
        terminal.err,
        styles.good,
        "Compared",
        &format!("{documents}{commits}: {counts}"),
    )?;
    Ok(())
}
