//! `audit`: compares saved documentation pages with the transcripts (OpenAPI YAML files), or drafts new operations.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use audit::Audit;
use audit::draft::{self, Draft};
use audit::page::Page;
use audit::score::{self, Score};
use report::findings::{Format, load, show};
use report::terminal::{Outcome, Terminal, command, count, quoted, state};
use transcript::{Document, Finding, nearest, text};

/// The arguments of the verb: the pages, and the options.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Saved pages. With `--contract`: names of operations [default: all].
    #[arg(required_unless_present_any = ["score", "contract"], value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// Contracts of the vendor instead of pages. A contract is OpenAPI 2 or 3 in JSON, for a service or an operation.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    contract: Vec<PathBuf>,
    /// Test the comparison: change single facts in copies of the pages in this folder, and count the reported changes.
    #[arg(long, conflicts_with_all = ["pages", "draft", "all", "format"], value_name = "FOLDER")]
    score: Option<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show the differences that ERRATA.md explains, too.
    #[arg(long)]
    all: bool,
    /// Print YAML for the page's operation, and compare nothing.
    #[arg(long)]
    draft: bool,
    /// Service of the draft [default: the service that the operation's path names, or the service with the most similar
    /// path].
    #[arg(long, requires = "draft", value_name = "NAME")]
    service: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// If an argument is invalid, or a page or a transcript cannot be read.
pub fn run(root: &Path, arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let services = transcript::select(root, &[])?;
    let documents = services.iter().map(|service| load(root, service));
    let documents: Vec<Document> = documents.collect::<Result<_>>()?;
    if let Some(folder) = &arguments.score {
        return run_score(root, &documents, folder, terminal);
    }
    if arguments.draft {
        return run_draft(root, &documents, arguments, terminal);
    }
    let (mut findings, mut explained) = (Vec::new(), Vec::new());
    let mut others = 0;
    for (name, page) in read_all(root, &documents, arguments)? {
        // If the user names no operation, `audit` skips operations of the contract that have no transcript.
        let quiet = page.is_ok() && !arguments.contract.is_empty() && arguments.pages.is_empty();
        let audit = match page {
            Ok(page) => audit::audit_page(&documents, &name, &page),
            Err(finding) => Audit::from_finding(*finding),
        };
        if quiet && audit.operation.is_none() {
            others += 1;
            continue;
        }
        summary(&name, &audit, terminal)?;
        findings.extend(audit.findings);
        explained.extend(audit.explained);
    }
    if others > 0 {
        let rest = format!("{} without a transcript", count(others, "operation"));
        state(terminal.err, terminal.styles.good, "Skipped", &rest)?;
    }
    let failed = !findings.is_empty();
    if arguments.all {
        findings.extend(explained);
    }
    show(root, arguments.format, &findings, terminal)?;
    terminal.out.flush()?;
    if !failed {
        return Ok(Outcome::Fine);
    }
    let when = "after fixing the transcript or the errata";
    again(root, when, arguments, terminal)
}

/// A page, or the finding that explains why the page cannot be read.
type Read = std::result::Result<Page, Box<Finding>>;

/// Reads all pages before the first output. So if a page cannot be opened, the program shows only this error.
fn read_all(
    root: &Path,
    documents: &[Document],
    arguments: &Arguments,
) -> Result<Vec<(String, Read)>> {
    if arguments.contract.is_empty() {
        let texts = arguments.pages.iter().map(|path| page(root, path));
        let read = |(name, text): (String, String)| {
            let page = audit::read_page(&name, &text);
            (name, page)
        };
        return texts.map(|text| text.map(read)).collect();
    }
    let mut pages: Vec<(String, Read)> = Vec::new();
    for path in &arguments.contract {
        let (name, text) = page(root, path)?;
        match audit::read_contract(&name, &text) {
            Ok(read) => pages.extend(read.into_iter().map(|page| (name.clone(), Ok(page)))),
            Err(finding) => pages.push((name, Err(finding))),
        }
    }
    audit::settle_topics(
        documents,
        pages.iter_mut().filter_map(|(_, page)| page.as_mut().ok()),
    );
    let name_of = |page: &Read| page.as_ref().ok().and_then(|page| page.name.clone());
    let known: Vec<String> = pages.iter().filter_map(|(_, page)| name_of(page)).collect();
    let wanted = arguments
        .pages
        .iter()
        .map(|name| name.display().to_string());
    let wanted: Vec<String> = wanted.collect();
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
        let near = nearest(unknown, known.iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        bail!("no contract has the operation `{unknown}`{near}");
    }
    let is_wanted = |page: &Read| name_of(page).is_none_or(|name| wanted.contains(&name));
    pages.retain(|(_, page)| wanted.is_empty() || is_wanted(page));
    Ok(pages)
}

/// Returns the name of a page for messages, and the content of its file.
fn page(root: &Path, path: &Path) -> Result<(String, String)> {
    if path.is_dir() {
        // The star is not quoted, so that the shell expands it.
        let pages = format!("{}/*", quoted(&path.display().to_string()));
        bail!(
            "{} is a folder; to read the pages in it, run: {} {pages}",
            path.display(),
            command(root, ["audit"])
        );
    }
    let bytes =
        fs::read(path).with_context(|| format!("cannot read the page {}", path.display()))?;
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = absolute.strip_prefix(&root).unwrap_or(&absolute);
    let name = name.display().to_string().replace('\\', "/");
    let text = text::decode(&bytes).map_err(|why| {
        let shown = path.display();
        anyhow::anyhow!(
            "cannot read the page {shown}: {why}\nsave it as UTF-8 from the browser, or convert it, like: iconv -f GBK -t UTF-8 {}",
            quoted(&shown.to_string())
        )
    })?;
    Ok((name, text))
}

fn summary(name: &str, audit: &Audit, terminal: &mut Terminal<'_>) -> Result<()> {
    let (style, verb) = match audit.findings.is_empty() {
        true => (terminal.styles.good, "Audited"),
        false => (terminal.styles.bad, "Failed"),
    };
    let found = count(audit.findings.len(), "finding");
    let explained = match audit.errata.iter().cloned().collect::<Vec<_>>() {
        errata if errata.is_empty() => String::new(),
        errata => format!(
            ", {} explained by {}",
            audit.explained.len(),
            errata.join(", ")
        ),
    };
    let rest = match &audit.operation {
        Some((service, id)) => format!("{name}: {service} {id}, {found}{explained}"),
        None => format!("{name}: {found}"),
    };
    Ok(state(terminal.err, style, verb, &rest)?)
}

fn run_score(
    root: &Path,
    documents: &[Document],
    folder: &Path,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let mut score = Score::default();
    for path in files_below(folder)? {
        match page(root, &path) {
            Ok((name, text)) => score.add(documents, &name, &text),
            // An unreadable file counts as skipped, and is no error: folders of saved pages often contain pictures.
            Err(_) => score.others += 1,
        }
    }
    show(root, Format::Text, &score.findings, terminal)?;
    let out = &mut terminal.out;
    writeln!(
        out,
        "{:<10} {:>7} {:>7} {:>6} {:>6}",
        "fact", "changed", "noticed", "share", "target"
    )?;
    for (kind, tally) in &score.kinds {
        let share = tally.noticed * 100 / tally.changed.max(1);
        let target = score::target(kind);
        writeln!(
            out,
            "{kind:<10} {:>7} {:>7} {share:>5}% {target:>5}%",
            tally.changed, tally.noticed
        )?;
    }
    for (kind, tally) in &score.kinds {
        for (file, line, what, why) in &tally.missed {
            writeln!(out, "{file}:{line}: {kind}: {what}: {why}")?;
        }
    }
    out.flush()?;
    let passes = score.passes() && score.pages > 0;
    let pages = count(score.pages, "page");
    let rest = format!(
        "{pages} of transcribed operations, {} skipped, {} about unchanged pages",
        count(score.others, "other file"),
        count(score.findings.len(), "finding")
    );
    let (style, verb, outcome) = match passes {
        true => (terminal.styles.good, "Scored", Outcome::Fine),
        false => (terminal.styles.bad, "Failed", Outcome::Failed),
    };
    state(terminal.err, style, verb, &rest)?;
    Ok(outcome)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || format!("cannot read the folder {}", folder.display());
    let entries = fs::read_dir(folder).with_context(read)?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_>>()?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => files.extend(files_below(&path)?),
            false => files.push(path),
        }
    }
    Ok(files)
}

fn run_draft(
    root: &Path,
    documents: &[Document],
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    if let Some(service) = &arguments.service {
        transcript::select(root, std::slice::from_ref(service))?;
    }
    let mut findings = Vec::new();
    for (name, page) in read_all(root, documents, arguments)? {
        let page = match page {
            Ok(page) => page,
            Err(finding) => {
                findings.push(*finding);
                continue;
            }
        };
        if let Some(finding) = audit::transcribed(documents, &name, &page) {
            findings.push(finding);
            continue;
        }
        match draft::draft(documents, arguments.service.as_deref(), &page, &judge) {
            Some(draft) => write_draft(&name, &page.route(), &draft, terminal)?,
            None => bail!(
                "there is no service to draft for; make one first, run: {}",
                command(root, ["new-service", "NAME"])
            ),
        }
    }
    if findings.is_empty() {
        return Ok(Outcome::Fine);
    }
    show(root, arguments.format, &findings, terminal)?;
    again(root, "after fixing this", arguments, terminal)
}

/// Returns the findings of lint except the findings about TODOs. The number of TODOs is in [`Draft::todos`].
fn judge(document: &Document) -> Vec<Finding> {
    let findings = lint::lint(document).into_iter();
    findings
        .filter(|finding| !lint::is_unfinished(finding))
        .collect()
}

fn write_draft(name: &str, route: &str, draft: &Draft, terminal: &mut Terminal<'_>) -> Result<()> {
    write!(terminal.out, "{}", draft.text)?;
    terminal.out.flush()?;
    let todos = count(draft.todos, "TODO");
    let left = count(draft.findings.len(), "finding");
    let rest = format!("{name}: {route}, {todos} to replace, and {left} of lint");
    state(terminal.err, terminal.styles.good, "Drafted", &rest)?;
    for finding in &draft.findings {
        writeln!(
            terminal.err,
            "{:>12} {} [{}]",
            "", finding.message, finding.rule
        )?;
    }
    Ok(())
}

/// Writes the command that the user runs again after a fix. Returns `Outcome::Failed`.
fn again(
    root: &Path,
    when: &str,
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let mut words: Vec<String> = vec!["audit".to_owned()];
    if !arguments.contract.is_empty() {
        words.push("--contract".to_owned());
        words.extend(
            arguments
                .contract
                .iter()
                .map(|path| path.display().to_string()),
        );
    }
    for (given, word) in [(arguments.draft, "--draft"), (arguments.all, "--all")] {
        words.extend(given.then(|| word.to_owned()));
    }
    let service = arguments.service.as_deref();
    let service = service.map(|service| ["--service", service]);
    let further = arguments.format.words().iter().copied();
    let further = further.chain(service.into_iter().flatten());
    words.extend(further.map(str::to_owned));
    words.extend(
        arguments
            .pages
            .iter()
            .map(|page| page.display().to_string()),
    );
    writeln!(terminal.err, "{when}, run: {}", command(root, words))?;
    Ok(Outcome::Failed)
}
