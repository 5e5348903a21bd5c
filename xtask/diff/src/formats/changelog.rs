//! Formats changes as a section of a changelog.

use std::io::{self, Write};

use super::people::escape;
use super::{Step, Version, operations, sentence};
use crate::table::Direction;
use crate::{Change, Verdict};

/// The headings for changes of an API, in the order of the format Keep a Changelog.
const HEADINGS: [&str; 4] = ["Added", "Changed", "Deprecated", "Removed"];

/// Writes a section in the format Keep a Changelog, with a statement about the next version. Lists deprecations and the
/// changes that affect callers, and only counts the other changes.
///
/// # Errors
/// If a write to `out` fails.
pub fn changelog(
    out: &mut dyn Write,
    changes: &[Change],
    version: Option<Version>,
) -> io::Result<()> {
    writeln!(out, "## [Unreleased]\n\n{}", demand(changes, version))?;
    for heading in HEADINGS {
        let mut under = changes
            .iter()
            .filter(|change| heading_of(change) == Some(heading))
            .peekable();
        if under.peek().is_none() {
            continue;
        }
        writeln!(out, "\n### {heading}\n")?;
        for change in under {
            writeln!(out, "- {}", line(change))?;
        }
    }
    let wording = changes
        .iter()
        .filter(|change| heading_of(change).is_none())
        .count();
    if wording > 0 {
        writeln!(
            out,
            "\nOnly documentation has changed in {}.",
            report::terminal::count(wording, "place")
        )?;
    }
    Ok(())
}

/// Returns a statement about the next version, with the reason. Without `version`, states only major, minor or patch.
fn demand(changes: &[Change], version: Option<Version>) -> String {
    let Some(version) = version else {
        let worst = changes.iter().map(Change::verdict).max();
        return match worst {
            None => "Nothing has changed, so no new version is necessary.".to_owned(),
            Some(Verdict::Breaking) => {
                "The changes break callers, so the next version is a major version. Before 1.0.0, it is a minor version. In 0.0.x, it is a patch version.".to_owned()
            }
            Some(Verdict::Additive) => {
                "The changes break no callers, so the next version is a minor version. Before 1.0.0, it is a patch version.".to_owned()
            }
            Some(Verdict::Documentation) => "Only wording has changed, so the next version is a patch version.".to_owned(),
        };
    };
    let step = version.step(changes);
    if step == Step::None {
        return "Nothing has changed, so no new version is necessary.".to_owned();
    }
    let breaks = changes
        .iter()
        .any(|change| change.verdict() == Verdict::Breaking);
    let early = match (version.is_early(), breaks) {
        (true, true) => {
            " Before 1.0.0, a breaking change increases the second number. In 0.0.x, it increases the third number."
        }
        (true, false) => " Before 1.0.0, a compatible change increases the third number.",
        _ => "",
    };
    let why = if breaks {
        "break callers"
    } else {
        "break no callers"
    };
    format!(
        "The changes {why}, so the next version is a {step} version: {version} becomes {}.{early}",
        version.after(step)
    )
}

fn heading_of(change: &Change) -> Option<&'static str> {
    if change.rule.name.ends_with("-deprecated-set") {
        return Some("Deprecated");
    }
    if change.verdict() == Verdict::Documentation {
        return None;
    }
    Some(match change.rule.coming {
        Some(Direction::Added) => "Added",
        Some(_) => "Removed",
        None => "Changed",
    })
}

fn line(change: &Change) -> String {
    let breaking = match change.verdict() {
        Verdict::Breaking => "**Breaking:** ",
        _ => "",
    };
    let operations = match operations(change) {
        operations if operations.is_empty() => String::new(),
        operations => format!("`{operations}`: "),
    };
    let what = escape(&sentence(change));
    let only = match (change.wire, change.rust) {
        (Verdict::Breaking, Verdict::Breaking) => "",
        (Verdict::Breaking, _) => " (on the wire; Rust code compiles as before)",
        (_, Verdict::Breaking) => " (for Rust code; compatible on the wire)",
        _ => "",
    };
    format!("{breaking}{operations}{what}{only}")
}
