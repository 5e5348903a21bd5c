//! Two sides, and how they are named on the command line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::git;
use super::side::{Origin, Store, load};
use super::{Change, Findings, compare, rules, sort};

/// What was compared, and what was found.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The changes of all services, worst first, and what could not be compared.
    pub findings: Findings,
    /// How many documents there are on both sides together.
    pub documents: usize,
    /// The commits that were compared, for people: `since 1a2b3c4 (Add devices; merge base with main)`; nothing for files.
    pub commits: Option<String>,
    /// `info.version` of both, where two files were compared.
    pub version: Option<String>,
}

/// Compares two revisions of the transcripts, or two files. Without `base` it is where this work left `main`; without
/// `head`, what is on disk.
///
/// # Errors
/// When one of them is not there, or is not OpenAPI 3.
pub fn of_revisions(root: &Path, base: Option<&str>, head: Option<&str>) -> Result<Comparison> {
    let base = match base {
        Some(name) => origin(root, name)?,
        None => Origin::Commit(git::beginning(root)?),
    };
    let head = head.map_or(Ok(Origin::Disk), |name| origin(root, name))?;
    match (&base, &head) {
        (Origin::File(file), Origin::Disk) => bail!(
            "{} is a file, and there is no other to compare it with\nname both, for example, run: cargo xtask diff OLD.yaml NEW.yaml",
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

/// A file if there is one of this name, else a revision.
fn origin(root: &Path, name: &str) -> Result<Origin> {
    let path = PathBuf::from(name);
    if path.is_file() {
        return Ok(Origin::File(path));
    }
    match git::commit(root, name) {
        Err(_) if path.is_dir() => {
            bail!("`{name}` is a folder, and no git revision; name one OpenAPI file in it")
        }
        found => found.map(Origin::Commit),
    }
}

fn compare_all(before: &BTreeMap<String, Store>, after: &BTreeMap<String, Store>) -> Comparison {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut comparison = Comparison {
        documents: names.len(),
        ..Comparison::default()
    };
    for name in names {
        match (before.get(name), after.get(name)) {
            (Some(base), Some(head)) => {
                let found = compare(base, head);
                comparison.findings.changes.extend(found.changes);
                comparison.findings.warnings.extend(found.warnings);
                let version = base.main.root().pointer("/info/version");
                comparison.version = version
                    .filter(|_| name.is_empty())
                    .and_then(|node| node.value.as_str())
                    .map(str::to_owned);
            }
            (Some(base), None) => {
                comparison
                    .findings
                    .changes
                    .push(service("service-removed", name, base))
            }
            (None, Some(head)) => {
                comparison
                    .findings
                    .changes
                    .push(service("service-added", name, head))
            }
            (None, None) => {}
        }
    }
    sort(&mut comparison.findings.changes);
    comparison
}

fn service(rule: &str, name: &str, store: &Store) -> Change {
    let (wire, rust) = rules::verdicts(rule);
    let removed = rule == "service-removed";
    let (name, none) = (Value::from(name), Value::Null);
    let (before, after) = if removed { (name, none) } else { (none, name) };
    Change {
        rule: rule.to_owned(),
        wire,
        rust,
        operations: Vec::new(),
        place: store.main.root().place(),
        removed,
        subject: "service".to_owned(),
        before,
        after,
    }
}
