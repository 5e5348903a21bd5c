//! Reads and compares the two sides of a comparison: git revisions, files, or the transcripts on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::dialect::CURE;
use super::git::{self, Commit};
use super::{Change, Findings, Side, alone, compare, sort};
use transcript::{Document, Finding};

/// The result of a comparison, and a description of the compared sides.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The changes of all services, from the worst to the mildest, and the warnings.
    pub findings: Findings,
    /// The number of documents. A document that exists on both sides counts once.
    pub documents: usize,
    /// The commits, for people: `since 1a2b3c4 (Add devices; merge base with main)`. `None` if files are compared.
    pub commits: Option<String>,
    /// The `info.version` of the older file. `None` if the file has no version, or if revisions are compared.
    pub version: Option<String>,
}

/// Compares two revisions of the transcripts (the OpenAPI YAML files), or two files. If `base` is `None`, the older
/// side is the commit at which the branch left `main`. If `head` is `None`, the transcripts on disk are the newer side.
///
/// # Errors
/// If a side cannot be read, if [`Side::new`] refuses a document, or if only one side is a single file.
pub fn of_revisions(root: &Path, base: Option<&str>, head: Option<&str>) -> Result<Comparison> {
    let base = match base {
        Some(name) => origin(root, name)?,
        None => Origin::Commit(git::beginning(root)?),
    };
    let head = head.map_or(Ok(Origin::Disk), |name| origin(root, name))?;
    match (&base, &head) {
        (Origin::File(file), Origin::Disk) => bail!(
            "{} is a file, and there is no second file to compare it with\nto compare two files, run: cargo xtask diff OLD.yaml NEW.yaml",
            file.display()
        ),
        (Origin::File(_), Origin::Commit(_)) | (Origin::Commit(_), Origin::File(_)) => {
            bail!("a file and a git revision cannot be compared; name two files, or two revisions")
        }
        _ => {}
    }
    let before = load(root, &base).context("the older side cannot be compared")?;
    let after = load(root, &head).context("the newer side cannot be compared")?;
    let commits = match (&base, &head) {
        (Origin::Commit(base), Origin::Commit(head)) => {
            Some(format!("from {} to {}", base.name, head.name))
        }
        (Origin::Commit(base), _) => Some(format!("since {}", base.name)),
        _ => None,
    };
    Ok(Comparison {
        commits,
        ..compare_all(&before, &after)
    })
}

/// Returns the file with this name. If there is no such file, returns the revision with this name.
fn origin(root: &Path, name: &str) -> Result<Origin> {
    let path = PathBuf::from(name);
    if path.is_file() {
        return Ok(Origin::File(path));
    }
    match git::commit(root, name) {
        Err(_) if path.is_dir() => {
            bail!("`{name}` is a folder, and not a git revision; name one OpenAPI file in it")
        }
        found => found.map(Origin::Commit),
    }
}

fn compare_all(before: &BTreeMap<String, Side>, after: &BTreeMap<String, Side>) -> Comparison {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut comparison = Comparison {
        documents: names.len(),
        ..Comparison::default()
    };
    let mut changes = Vec::new();
    for name in names {
        match (before.get(name), after.get(name)) {
            (Some(base), Some(head)) => {
                let found = compare(base, head);
                changes.extend(found.changes);
                comparison.findings.warnings.extend(found.warnings);
                let version = base.document.root().pointer("/info/version");
                comparison.version = version
                    .filter(|_| name.is_empty())
                    .and_then(|node| node.value.as_str())
                    .map(str::to_owned);
            }
            (base, head) => changes.extend(service(name, base, head)),
        }
    }
    sort(&mut changes);
    comparison.findings.changes = changes;
    comparison
}

/// Returns the change for a service that exists on one side only.
fn service(name: &str, base: Option<&Side>, head: Option<&Side>) -> Option<Change> {
    let value = |side: Option<&Side>| side.map_or(Value::Null, |_| Value::from(name));
    let rule = match head {
        Some(_) => "service-added",
        None => "service-removed",
    };
    let place = head.or(base)?.document.root().place();
    alone(rule, "service", (value(base), value(head)), place)
}

/// The largest size of a document in a single file. No person could review a larger document.
const MAX_BYTES: u64 = 64 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// A file that contains a whole document.
    File(PathBuf),
    /// The transcripts of a commit.
    Commit(Commit),
    /// The transcripts on disk.
    Disk,
}

/// Reads the documents of a side, by service. The document of a single file has an empty service name.
fn load(root: &Path, origin: &Origin) -> Result<BTreeMap<String, Side>> {
    let files = match origin {
        Origin::File(path) => {
            let name = path.display().to_string();
            let bytes = read_file(path).with_context(|| name.clone())?;
            return Ok([(String::new(), parse("", vec![(name, bytes)])?)].into());
        }
        Origin::Commit(commit) => git::transcripts(root, commit)?,
        Origin::Disk => on_disk(root)?,
    };
    let services = services(files).into_iter();
    services
        .map(|(service, files)| Ok((service.clone(), parse(&service, files)?)))
        .collect()
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let about = std::fs::metadata(path).context("cannot be read")?;
    if !about.is_file() || about.len() > MAX_BYTES {
        bail!("is not a file, or is larger than {} MiB", MAX_BYTES >> 20);
    }
    std::fs::read(path).context("cannot be read")
}

fn on_disk(root: &Path) -> Result<Files> {
    let mut files = Vec::new();
    for service in transcript::services(root)? {
        let (own, findings) = transcript::files::of_service(root, &service);
        if !findings.is_empty() {
            bail!("{}", lines(&findings));
        }
        files.extend(own);
    }
    Ok(files)
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}

type Files = Vec<(String, Vec<u8>)>;

/// Groups files by service. A group has the order of `transcript::load`: `service.yaml`, then the other files by name.
fn services(files: Files) -> BTreeMap<String, Files> {
    let mut services: BTreeMap<String, Files> = BTreeMap::new();
    for (name, bytes) in files {
        if let Some(service) = name.split('/').nth(1) {
            services
                .entry(service.to_owned())
                .or_default()
                .push((name, bytes));
        }
    }
    for files in services.values_mut() {
        files.sort_by_key(|(name, _)| (!name.ends_with("/service.yaml"), name.clone()));
    }
    services
}

fn parse(service: &str, files: Files) -> Result<Side> {
    let document = Document::from_files(service, files).map_err(|findings| match service {
        // A single file can come from another project, so the error names a tool for such files.
        "" => anyhow!("{}\n{CURE}", lines(&findings)),
        _ => anyhow!("{}", lines(&findings)),
    })?;
    Side::new(document)
}
