//! `generate`: merges, lints and lowers the transcripts, runs progenitor and the passes, and writes the code.

use std::path::Path;

use anyhow::{Result, bail};
use rayon::prelude::*;
use similar::{ChangeTag, TextDiff};

use generator::generate;
use generator::{lower, services};
use lint::{is_unfinished, lint};
use report::files::{self, CrateFile, GeneratedFile, State};
use report::findings;
use report::terminal::{Outcome, Terminal, command, count, state};
use transcript::{Document, Finding, fingerprint};

/// The generated files of one service.
pub struct Service {
    /// The service's name, such as `dcs`.
    pub name: String,
    /// The generated files.
    pub files: Vec<GeneratedFile>,
}

/// Generates the given services in memory. If `services` is empty, generates all services. In this case, a lowering
/// step without effect and a generated crate without a transcript are errors.
///
/// # Errors
/// If the generation fails for a reason other than lint. The inner result contains the findings of lint.
pub fn in_memory(
    root: &Path,
    services: &[String],
) -> Result<std::result::Result<Vec<Service>, Vec<Finding>>> {
    let names = transcript::select(root, services)?;
    if services.is_empty() {
        refuse_orphans(root, &names)?;
    }
    let documents = match load_clean(root, &names) {
        Ok(documents) => documents,
        Err(findings) => return Ok(Err(findings)),
    };
    let (mut generated, mut counts) = (Vec::new(), Vec::new());
    for document in documents {
        let fingerprint = fingerprint::fingerprint(document.files());
        let result = generate(&document.service, &document.value, &fingerprint)?;
        generated.push(Service {
            name: document.service,
            files: result.files,
        });
        counts.push(result.lowered);
    }
    if services.is_empty() {
        refuse_unused_steps(&counts)?;
    }
    Ok(Ok(generated))
}

/// Returns the files that list all services, compared with the files on disk. Omits a list if its crate does not exist.
///
/// # Errors
/// If the services cannot be listed, or a file cannot be read.
pub fn lists(root: &Path) -> Result<Vec<CrateFile>> {
    let names = transcript::services(root)?;
    let lists = services::lists(&names).into_iter();
    lists
        .filter(|list| root.join(list.package).is_dir())
        .map(|list| files::compare_one(root, list.path.to_owned(), list.content))
        .collect()
}

fn load_clean(root: &Path, names: &[String]) -> std::result::Result<Vec<Document>, Vec<Finding>> {
    let (mut documents, mut findings) = (Vec::new(), Vec::new());
    for name in names {
        match transcript::load(root, name) {
            Ok(document) => {
                let found = lint(&document).into_iter();
                findings.extend(found.filter(|finding| !is_unfinished(finding)));
                documents.push(document);
            }
            Err(found) => findings.extend(found),
        }
    }
    if findings.is_empty() {
        Ok(documents)
    } else {
        Err(findings)
    }
}

/// Refuses a generated crate without a transcript, because its code would never be updated.
fn refuse_orphans(root: &Path, names: &[String]) -> Result<()> {
    match files::generated_crates(root)?
        .iter()
        .find(|name| !names.contains(name))
    {
        Some(name) => bail!(
            "crates/{name} is generated, but there is no openapi/{name}; restore its transcript, or remove the crate"
        ),
        None => Ok(()),
    }
}

fn refuse_unused_steps(counts: &[Vec<usize>]) -> Result<()> {
    match lower::unused(counts).first() {
        Some(step) => bail!(
            "the lowering step {} changes nothing in any service; remove it from xtask/generator/src/lower \
             (its reason was: {})",
            step.name,
            step.reason
        ),
        None => Ok(()),
    }
}

/// Writes the changed files, and removes obsolete files. With `check`, only shows the differences.
///
/// # Errors
/// If the generation fails for a reason other than lint, or files cannot be read or written.
pub fn run(
    root: &Path,
    services: &[String],
    check: bool,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let generated = match in_memory(root, services)? {
        Ok(generated) => generated,
        Err(findings) => return refuse(root, services, &findings, terminal),
    };
    let mut compared = Vec::new();
    for service in generated {
        compared.push(files::compare(root, &service.name, service.files)?);
    }
    compared.push(lists(root)?);
    let mut stale = 0;
    for files in compared {
        stale += files
            .iter()
            .filter(|file| file.state != State::Fresh)
            .count();
        match check {
            true => files.iter().try_for_each(|file| show(file, terminal))?,
            false => write(root, &files, terminal)?,
        }
    }
    terminal.out.flush()?;
    if check && stale > 0 {
        let what = count(stale, "file");
        let verb = if stale == 1 { "is" } else { "are" };
        writeln!(
            terminal.err,
            "{what} {verb} stale; run: {}",
            again(root, services)
        )?;
        return Ok(Outcome::Stale);
    }
    Ok(Outcome::Fine)
}

fn refuse(
    root: &Path,
    services: &[String],
    findings: &[Finding],
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    findings::text(terminal.err, root, findings, terminal.styles.colour)?;
    let found = count(findings.len(), "finding");
    writeln!(
        terminal.err,
        "{found}, nothing was generated; after fixing the files above, run: {}",
        again(root, services)
    )?;
    Ok(Outcome::Failed)
}

fn again(root: &Path, services: &[String]) -> String {
    let services = services.iter().map(String::as_str);
    command(root, ["generate"].into_iter().chain(services))
}

/// Writes and removes files in parallel, because each of these changes waits for the disk.
fn write(root: &Path, files: &[CrateFile], terminal: &mut Terminal<'_>) -> Result<()> {
    let written = files.par_iter().map(|file| files::update(root, file));
    for (file, written) in files.iter().zip(written.collect::<Vec<_>>()) {
        written?;
        let (style, verb) = match file.state {
            State::Fresh => (terminal.styles.good, "Fresh"),
            State::Stale(_) => (terminal.styles.heading, "Wrote"),
            State::Obsolete => (terminal.styles.heading, "Removed"),
        };
        state(terminal.out, style, verb, &file.path)?;
    }
    Ok(())
}

fn show(file: &CrateFile, terminal: &mut Terminal<'_>) -> Result<()> {
    let (styles, path) = (terminal.styles, &file.path);
    match &file.state {
        State::Fresh => state(terminal.out, styles.good, "Fresh", path)?,
        State::Stale(found) => {
            state(terminal.out, styles.bad, "Stale", path)?;
            let found = found.as_deref().unwrap_or_default();
            difference(found, &file.content, terminal)?;
        }
        State::Obsolete => {
            let rest = format!("{path} (no longer generated)");
            state(terminal.out, styles.bad, "Stale", &rest)?;
        }
    }
    Ok(())
}

fn difference(found: &str, wanted: &str, terminal: &mut Terminal<'_>) -> Result<()> {
    let diff = TextDiff::from_lines(found, wanted);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        writeln!(terminal.out, "{}", hunk.header())?;
        for change in hunk.iter_changes() {
            let style = match change.tag() {
                ChangeTag::Delete => terminal.styles.bad,
                ChangeTag::Insert => terminal.styles.good,
                ChangeTag::Equal => anstyle::Style::new(),
            };
            let line = change.value().trim_end_matches('\n');
            writeln!(terminal.out, "{style}{}{line}{style:#}", change.tag())?;
        }
    }
    Ok(())
}
