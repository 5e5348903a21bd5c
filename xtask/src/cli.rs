//! Defines the verbs (subcommands) of `cargo xtask`, and runs the verb that the user chose.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use report::findings::{Format, load, show};
use report::terminal::{Outcome, Terminal, command, count, state, workspace};
use transcript::Finding;

use crate::verbs::bench::Part;
use crate::{list, verbs};

/// Check the OpenAPI transcripts in openapi/, and generate the clients from them.
///
/// Exit codes: 0 success, 4 generated files are out of date, 5 a change breaks callers, 100 failure.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Workspace root [default: the nearest workspace at or above the current folder].
    #[arg(long, global = true, value_name = "DIR", hide_short_help = true)]
    root: Option<PathBuf>,
    /// The verb.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the transcripts against the rules of openapi/README.md.
    #[command(
        after_help = "Examples:\n  cargo xtask lint                        all services\n  cargo xtask lint dcs                    one service\n  \
                            cargo xtask lint --format json          for programs\n  cargo xtask lint --format github        annotations in a \
                            pull request\n  cargo xtask lint --rules                each rule and its reason"
    )]
    Lint {
        /// Services, by their folder names [default: all].
        services: Vec<String>,
        /// Output format.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Show the rules and their reasons, and check nothing.
        #[arg(long)]
        rules: bool,
    },
    /// Generate the clients from the transcripts.
    #[command(
        after_help = "Examples:\n  cargo xtask generate                    all services\n  cargo xtask generate dcs                one service\n  \
                            cargo xtask generate --check            show the difference and write nothing"
    )]
    Generate {
        /// Services, by their folder names [default: all].
        services: Vec<String>,
        /// Show the difference and write nothing. Exit with 4 if there is a difference.
        #[arg(long)]
        check: bool,
    },
    /// Generate the clients, then run `cargo build --workspace`.
    #[command(
        after_help = "Examples:\n  cargo xtask build\n  cargo xtask build --release             more arguments for cargo"
    )]
    Build {
        /// More arguments for cargo.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Generate the clients, then run `cargo test --workspace`.
    #[command(
        after_help = "Examples:\n  cargo xtask test\n  cargo xtask test -p lint -- --nocapture         more arguments for cargo"
    )]
    Test {
        /// More arguments for cargo.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Generate the clients, start the sandbox, and demonstrate five operations.
    #[command(
        after_help = "The demonstration prints each request and response. Secrets are masked. The demonstration fails if a response differs from its documentation.\n\n\
                            Example:\n  cargo xtask demo"
    )]
    Demo,
    /// Measure the clients, the sandbox and the generator, and compare the times with fixed limits and other tools.
    #[command(
        after_help = "Tools that are not installed are skipped. Without PARTS, the command measures all parts, and writes BENCHMARKS.md. This can take an hour.\n\n\
                            Examples:\n  cargo xtask bench\n  cargo xtask bench generator             one part; writes no file"
    )]
    Bench {
        /// Parts to measure [default: all].
        parts: Vec<Part>,
    },
    /// Compare saved documentation pages, or OpenAPI files of the vendor, with the transcripts.
    #[command(
        after_help = "A page is HTML, reStructuredText, Markdown, or text with one table cell on each line. Its language is English or Chinese. Without `--all`, \
                            differences that ERRATA.md explains are not shown.\n\nExamples:\n  cargo xtask audit UpdateDevice.html     one page; finds the operation by method and path\n  \
                            cargo xtask audit pages/*.rst --all     explained differences too\n  cargo xtask audit --draft page.txt      \
                            YAML for an operation that has no transcript\n  \
                            cargo xtask audit --contract dcs.json   each operation of the contract that has a transcript\n  \
                            cargo xtask audit --contract dcs.json --draft ListBackups\n  \
                            cargo xtask audit --score pages/        changes copies of the pages, and counts the reported changes\n\n\
                            xtask/audit/scripts/sdk_models.py makes a contract from the official Python SDK."
    )]
    Audit(verbs::audit::Arguments),
    /// Create a service: a transcript and a crate with one operation.
    #[command(
        after_help = "Existing files are never overwritten. The output lists the manifests that you edit next.\n\nExamples:\n  \
                            cargo xtask new-service kms\n  cargo xtask new-service kms --title 'Key Management Service (KMS)' --chapter keys"
    )]
    NewService {
        /// Name of the folder and the crate, in kebab-case.
        name: String,
        /// Title of the service [default: made from the name].
        #[arg(long)]
        title: Option<String>,
        /// First chapter, in kebab-case.
        #[arg(long, default_value = "instances")]
        chapter: String,
    },
    /// Add an operation with TODOs to a file of its chapter.
    #[command(
        after_help = "If you have the page, use `cargo xtask audit --draft PAGE`. Its result has fewer TODOs.\n\nExamples:\n  \
                            cargo xtask new-operation dcs get '/v2/{project_id}/instances/{instance_id}/tags'\n  cargo xtask new-operation \
                            dcs put '/v2/{project_id}/quota' --id update_quota --chapter lifecycle"
    )]
    NewOperation(verbs::new::operation::Arguments),
    /// Show the changes of the transcripts, and whether they break the protocol or Rust callers.
    #[command(
        after_help = "BASE and HEAD are git revisions, or two merged documents that follow openapi/README.md. For other documents, use oasdiff.\n\n\
                            Examples:\n  cargo xtask diff                        since the branch left main\n  cargo xtask diff v0.1.0 v0.2.0          between two \
                            revisions\n  cargo xtask diff old.json new.json      between two documents\n  cargo xtask diff --format markdown      for a \
                            comment on a pull request\n  cargo xtask diff --format github        annotations in a pull request\n  cargo xtask diff \
                            --allow-breaking       exit with 0 despite breaking changes\n  cargo xtask diff --rules                the rules"
    )]
    Diff(verbs::diff::Arguments),
    /// Print a section for CHANGELOG.md with the changes of the transcripts, and the next version.
    #[command(
        after_help = "Examples:\n  cargo xtask changelog v0.1.0            since a revision\n  cargo xtask changelog old.json new.json between two documents"
    )]
    Changelog {
        /// Older version: a git revision or a merged document.
        base: String,
        /// Newer version: a git revision or a merged document [default: the transcripts on disk].
        head: Option<String>,
    },
    /// List the transcribed operations.
    #[command(
        after_help = "Examples:\n  cargo xtask list                        a table\n  cargo xtask list --format json          for programs"
    )]
    List {
        /// Output format. The column FIELDS counts the properties of request and response at all depths.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

/// Runs the verb that the user chose.
///
/// # Errors
/// If no workspace is found, or the verb fails without a message. The caller shows the error. If the verb fails and has
/// already written a message, the result is `Outcome::Failed` instead.
pub fn run(cli: &Cli, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let root = match &cli.root {
        Some(root) => root.clone(),
        None => {
            let folder = std::env::current_dir()?;
            // If the user names both documents of a comparison, they can be files, which need no workspace.
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

/// Returns the findings of a service, and the number of its operations (`None` if the transcript cannot be read).
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
