//! Formats changes for a terminal, and for the description of a pull request. Also writes the list of all rules.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::Style;

use super::{operations, place, sentence, summary};
use crate::{Change, Verdict, rules as all_rules};
use report::terminal::{Styles, state};

/// Writes the subject, the position, the effect and the differences in Rust of each change.
///
/// # Errors
/// If a write to `out` fails.
pub fn text(out: &mut dyn Write, changes: &[Change], styles: &Styles) -> io::Result<()> {
    for change in changes {
        let style = style(change.verdict(), styles);
        let verb = match change.verdict() {
            Verdict::Breaking => "Breaking",
            Verdict::Additive => "Additive",
            Verdict::Documentation => "Wording",
        };
        state(
            out,
            style,
            verb,
            &format!("{} [{}]", sentence(change), change.rule.name),
        )?;
        let operations = operations(change);
        let comma = if operations.is_empty() { "" } else { ", " };
        writeln!(out, "{:>12} {}{comma}{operations}", "at", place(change))?;
        if change.wire != change.rust {
            writeln!(
                out,
                "{:>12} wire {}, Rust {}",
                "for", change.wire, change.rust
            )?;
        }
        for code in &change.code {
            writeln!(out, "{:>12} {code}", "code")?;
        }
    }
    Ok(())
}

fn style(verdict: Verdict, styles: &Styles) -> Style {
    match verdict {
        Verdict::Breaking => styles.bad,
        Verdict::Additive => styles.good,
        Verdict::Documentation => Style::new(),
    }
}

/// Writes a Markdown table for each verdict that occurs, then the meanings of the rules in the tables. `commits`
/// describes the compared commits. It is `None` if files are compared.
///
/// # Errors
/// If a write to `out` fails.
pub fn markdown(out: &mut dyn Write, changes: &[Change], commits: Option<&str>) -> io::Result<()> {
    writeln!(out, "## API changes: {}", summary(changes))?;
    if let Some(commits) = commits {
        writeln!(out, "\nChanges {}.", escape(commits))?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\nThe column *wire* is for callers who use HTTP directly. The column *Rust* is for callers of the generated client."
    )?;
    for verdict in Verdict::ALL {
        let mut these = changes
            .iter()
            .filter(|change| change.verdict() == verdict)
            .peekable();
        if these.peek().is_none() {
            continue;
        }
        writeln!(out, "\n### {}\n", title(verdict))?;
        writeln!(
            out,
            "| change | operation | wire | Rust | rule | place |\n|---|---|---|---|---|---|"
        )?;
        for change in these {
            let cells = [
                escape(&sentence(change)) + &code(change),
                escape(&operations(change)),
                change.wire.to_string(),
                change.rust.to_string(),
                format!("`{}`", change.rule.name),
                escape(&place(change)),
            ];
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
    }
    let rules = changes
        .iter()
        .map(|change| (&change.rule.name, change.rule.what));
    writeln!(out, "\n### Rules\n")?;
    for (name, what) in rules.collect::<BTreeSet<_>>() {
        writeln!(out, "- `{name}`: {}", escape(what))?;
    }
    Ok(())
}

/// Returns the differences of the generated Rust code that this change of the transcript causes. The character `|` is
/// escaped, because it ends a cell.
fn code(change: &Change) -> String {
    let lines = change.code.iter().map(|line| line.replace('|', "\\|"));
    lines.map(|line| format!("; Rust: `{line}`")).collect()
}

fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaking => "Breaking",
        Verdict::Additive => "Additive",
        Verdict::Documentation => "Documentation",
    }
}

/// Escapes the characters that begin HTML or end a table cell. Replaces line breaks by spaces.
pub(super) fn escape(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('|', "\\|");
    text.replace(['\r', '\n'], " ")
}

/// Writes the name, the verdicts and the meaning of every rule.
///
/// # Errors
/// If a write to `out` fails.
pub fn rules(out: &mut dyn Write, styles: &Styles) -> io::Result<()> {
    let heading = styles.heading;
    for rule in all_rules() {
        writeln!(
            out,
            "{heading}{}{heading:#}\n    requests {}, answers {}, Rust {}: {}",
            rule.name,
            rule.requests,
            rule.answers,
            rule.rust.map_or("decided by generated code", Verdict::name),
            rule.what
        )?;
    }
    Ok(())
}
