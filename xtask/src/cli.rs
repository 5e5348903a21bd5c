//! The verbs of `cargo xtask`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use report::findings::{Format, load, show};
use report::terminal::{Outcome, Terminal, command, count, state, workspace};
use transcript::Finding;

use crate::verbs::bench::Part;
use crate::{list, verbs};

/// Keeps the OpenAPI transcripts below openapi/ honest, and makes the clients from them.
///
/// Exit codes: 0 fine, 4 something is stale, 5 a change breaks callers, 100 failure.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Workspace root; the nearest one above the current folder unless given.
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    root: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge the transcripts by the house rules, and show everything that is wrong at once.
    #[command(
        after_help = "Examples:\n  cargo xtask lint                        all services\n  cargo xtask lint dcs                    one service\n  \
                            cargo xtask lint --format json          for programs\n  cargo xtask lint --format github        shown beside the lines of a \
                            pull request\n  cargo xtask lint --rules                what each rule demands, and why"
    )]
    Lint {
        /// Services, by the names of their folders; all when none is named.
        services: Vec<String>,
        /// How findings are shown.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Show the rules and their reasons instead.
        #[arg(long)]
        rules: bool,
    },
    /// Regenerate the clients: lint, merge, lower, progenitor, passes, and write what changed.
    #[command(
        after_help = "Examples:\n  cargo xtask generate                    all services\n  cargo xtask generate dcs                one service\n  \
                            cargo xtask generate --check            show what would change, write nothing, and end with 4 if anything would"
    )]
    Generate {
        /// Services, by the names of their folders; all when none is named.
        services: Vec<String>,
        /// Write nothing: show the difference instead, and end with 4 if there is one.
        #[arg(long)]
        check: bool,
    },
    /// Generate, then `cargo build --workspace`.
    #[command(
        after_help = "Examples:\n  cargo xtask build\n  cargo xtask build --release             further arguments go to cargo"
    )]
    Build {
        /// Further arguments for cargo.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Generate, then `cargo test --workspace`.
    #[command(
        after_help = "Examples:\n  cargo xtask test\n  cargo xtask test -- --nocapture         further arguments go to cargo"
    )]
    Test {
        /// Further arguments for cargo.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Generate, then call all documented operations through the clients against the sandbox.
    #[command(
        after_help = "It shows each call as it went over the wire, secrets masked, and ends with 0 only if every answer was what the page documents.\n\n\
                            Example:\n  cargo xtask demo"
    )]
    Demo,
    /// Measure the clients and the generator against their budgets, and against what others use.
    #[command(
        after_help = "Peers that are not on this machine are left out. The whole takes some minutes, and is kept in BENCHMARKS.md.\n\n\
                            Examples:\n  cargo xtask bench\n  cargo xtask bench generator             one part, and no file is written"
    )]
    Bench {
        /// What to measure; all when nothing is named.
        parts: Vec<Part>,
    },
    /// Compare saved documentation pages or contracts with the transcripts, and show what they disagree on.
    #[command(
        after_help = "Pages are HTML, reStructuredText, Markdown, or text with one cell a line, in English or Chinese. What the ERRATA.md of the service explains \
                            is left out.\n\nExamples:\n  cargo xtask audit UpdateDevice.html     one page; the operation is found by its method and path\n  \
                            cargo xtask audit pages/*.rst --all     also what the errata explain\n  cargo xtask audit --draft page.txt      \
                            the YAML of an operation that is not transcribed yet\n  \
                            cargo xtask audit --contract dcs.json   every operation that contract and transcripts have\n  \
                            cargo xtask audit --contract dcs.json --draft ListBackups\n  \
                            cargo xtask audit --score pages/        what the comparison would notice if a page changed\n\n\
                            xtask/audit/scripts/sdk_models.py makes a contract of the official Python SDK."
    )]
    Audit(verbs::audit::Arguments),
    /// Make the skeleton of a service: its transcript and its crate, with one operation to begin with.
    #[command(
        after_help = "What exists is never overwritten. What else has to know of the service is listed at the end.\n\nExamples:\n  \
                            cargo xtask new-service kms\n  cargo xtask new-service kms --title 'Key Management Service (KMS)' --chapter keys"
    )]
    NewService {
        /// Name of its folder and crate, in kebab-case.
        name: String,
        /// Title for people; made of the name unless given.
        #[arg(long)]
        title: Option<String>,
        /// Its first chapter, in kebab-case.
        #[arg(long, default_value = "instances")]
        chapter: String,
    },
    /// Add the skeleton of an operation to the file of its chapter.
    #[command(
        after_help = "For an operation whose page is at hand, `cargo xtask audit --draft PAGE` knows more.\n\nExamples:\n  \
                            cargo xtask new-operation dcs get '/v2/{project_id}/instances/{instance_id}/tags'\n  cargo xtask new-operation \
                            dcs put '/v2/{project_id}/quota' --id update_quota --chapter lifecycle"
    )]
    NewOperation(verbs::new::operation::Arguments),
    /// Show what has changed in the transcripts, and whom it breaks: who speaks the protocol, or who calls the Rust client.
    #[command(
        after_help = "BASE and HEAD are git revisions of the transcripts, or two merged documents by the rules of openapi/README.md. For other documents, use oasdiff.\n\n\
                            Examples:\n  cargo xtask diff                        since this work left main\n  cargo xtask diff v0.1.0 v0.2.0          between two \
                            revisions\n  cargo xtask diff old.json new.json      between two documents\n  cargo xtask diff --format markdown      for a \
                            comment on a pull request\n  cargo xtask diff --format github        annotations beside its lines\n  cargo xtask diff \
                            --allow-breaking       end with 0 all the same\n  cargo xtask diff --rules                what each rule means"
    )]
    Diff(verbs::diff::Arguments),
    /// Write what has changed in the transcripts as a section of CHANGELOG.md, with the version that it demands.
    #[command(
        after_help = "Examples:\n  cargo xtask changelog v0.1.0            since a revision\n  cargo xtask changelog old.json new.json between two documents"
    )]
    Changelog {
        /// The older side: a git revision, or a merged document.
        base: String,
        /// The newer side: a git revision, or a merged document [default: the transcripts on disk].
        head: Option<String>,
    },
    /// Change every fact of the transcripts, one at a time, and count how many a reviewer would see.
    #[command(
        after_help = "A change is seen when the lines of the cards that differ name it: the names that lead to the fact, its old value and its new one. \
                            Reordering and rewording must move no card.\n\nExamples:\n  cargo xtask mutate                      all services\n  cargo xtask mutate dcs                  \
                            one of them\n  cargo xtask mutate --format json        for programs"
    )]
    Mutate {
        /// Services, by the names of their folders; all when none is named.
        services: Vec<String>,
        /// How the score is shown.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Show which operations are transcribed.
    #[command(
        after_help = "Examples:\n  cargo xtask list                        a table\n  cargo xtask list --format json          for programs"
    )]
    List {
        /// How rows are shown. FIELDS counts the properties of request and answer at every depth.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

/// Runs a verb.
///
/// # Errors
/// When it could not do its work at all; the caller shows the error.
pub fn run(cli: &Cli, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let root = match &cli.root {
        Some(root) => root.clone(),
        None => {
            let folder = std::env::current_dir()?;
            // Two files are compared anywhere.
            let anywhere = match &cli.command {
                Command::Diff(arguments) => arguments.head.is_some(),
                Command::Changelog { head, .. } => head.is_some(),
                _ => false,
            };
            match workspace(&folder) {
                Err(_) if anywhere => folder,
                found => found?,
            }
        }
    };
    let root = root.as_path();
    match &cli.command {
        Command::Lint { rules: true, .. } => show_rules(terminal),
        Command::Lint {
            services, format, ..
        } => run_lint(root, services, *format, terminal),
        Command::Generate { services, check } => {
            verbs::generate::run(root, services, *check, terminal)
        }
        Command::Build { arguments } => verbs::cargo::run(root, "build", arguments, terminal),
        Command::Test { arguments } => verbs::cargo::run(root, "test", arguments, terminal),
        Command::Demo => verbs::cargo::run(root, "demo", &[], terminal),
        Command::Bench { parts } => verbs::bench::run(root, parts),
        Command::Audit(arguments) => verbs::audit::run(root, arguments, terminal),
        Command::NewService {
            name,
            title,
            chapter,
        } => verbs::new::service::run(root, name, title.as_deref(), chapter, terminal),
        Command::NewOperation(arguments) => verbs::new::operation::run(root, arguments, terminal),
        Command::Diff(arguments) => verbs::diff::run(root, arguments, terminal),
        Command::Changelog { base, head } => {
            verbs::changelog::run(root, base, head.as_deref(), terminal)
        }
        Command::Mutate { services, format } => {
            verbs::mutate::run(root, services, *format == ListFormat::Json, terminal)
        }
        Command::List { format } => run_list(root, *format, terminal),
    }
}

fn show_rules(terminal: &mut Terminal<'_>) -> Result<Outcome> {
    for rule in lint::rules() {
        let heading = terminal.styles.heading;
        writeln!(
            terminal.out,
            "{heading}{}{heading:#}\n    {}\n    because {}",
            rule.name, rule.summary, rule.reason
        )?;
    }
    Ok(Outcome::Fine)
}

fn run_lint(
    root: &Path,
    services: &[String],
    format: Format,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let mut findings: Vec<Finding> = Vec::new();
    let styles = terminal.styles;
    for service in transcript::select(root, services)? {
        let (found, operations) = judge(root, &service);
        match operations {
            Some(operations) if found.is_empty() => {
                state(
                    terminal.err,
                    styles.good,
                    "Linted",
                    &format!("{service}: {}", count(operations, "operation")),
                )?;
            }
            _ => state(
                terminal.err,
                styles.bad,
                "Failed",
                &format!("{service}: {}", count(found.len(), "finding")),
            )?,
        }
        findings.extend(found);
    }
    show(root, format, &findings, terminal)?;
    terminal.out.flush()?;
    if findings.is_empty() {
        return Ok(Outcome::Fine);
    }
    let services = services.iter().map(String::as_str);
    let words = ["lint"].into_iter().chain(services);
    let words = words.chain(format.words().iter().copied());
    let again = command(root, words);
    writeln!(terminal.err, "after fixing the files above, run: {again}")?;
    Ok(Outcome::Failed)
}

/// The findings of a service, and its number of operations if it could be read.
fn judge(root: &Path, service: &str) -> (Vec<Finding>, Option<usize>) {
    match transcript::load(root, service) {
        Ok(document) => (lint::lint(&document), Some(document.operations().count())),
        Err(findings) => (findings, None),
    }
}

fn run_list(root: &Path, format: ListFormat, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let mut rows = Vec::new();
    for service in transcript::select(root, &[])? {
        rows.extend(list::rows(&load(root, &service)?));
    }
    match format {
        ListFormat::Text => list::text(terminal.out, &terminal.styles, &rows)?,
        ListFormat::Json => list::json(terminal.out, &rows)?,
    }
    Ok(Outcome::Fine)
}
