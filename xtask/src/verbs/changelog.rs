//! `changelog`: prints a section for `CHANGELOG.md` about the changes between two versions of the transcripts.
//! If there are changes, the section also states whether the next version is a major, minor or patch version.

use std::fs;
use std::path::Path;

use anyhow::Result;

use diff::formats;
use report::terminal::{Outcome, Terminal};

/// Compares `base` with `head`, and prints the section.
///
/// # Errors
/// If one of the two versions cannot be read or compared.
pub fn run(
    root: &Path,
    base: &str,
    head: Option<&str>,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let comparison = diff::of_revisions(root, Some(base), head)?;
    // For git revisions, and if the older file states no version, the version comes from the workspace manifest.
    let version = comparison
        .version
        .clone()
        .or_else(|| workspace_version(root));
    let version = version.as_deref().and_then(formats::Version::parse);
    formats::changelog(terminal.out, &comparison.findings.changes, version)?;
    terminal.out.flush()?;
    super::diff::summary(&comparison, terminal)?;
    Ok(Outcome::Fine)
}

/// Returns `version` from the section `[workspace.package]` of the workspace manifest, or `None`.
fn workspace_version(root: &Path) -> Option<String> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).ok()?;
    let section = manifest
        .lines()
        .skip_while(|line| line.trim() != "[workspace.package]")
        .skip(1);
    let mut lines = section.take_while(|line| !line.trim_start().starts_with('['));
    lines.find_map(|line| {
        let value = line
            .strip_prefix("version")?
            .trim_start()
            .strip_prefix('=')?;
        Some(value.trim().trim_matches('"').to_owned())
    })
}
