//! Formats changes for programs, and for the review page of GitHub.

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};

use super::{location, operations, sentence};
use crate::{Change, Verdict};
use report::terminal::{escape_data, escape_property};

/// Writes an array of objects with `rule`, `verdict`, `wire`, `rust`, `operation`, `location`, `before` and `after`. A
/// change has one object for each operation that it concerns. If a change concerns no operation, `operation` is null.
///
/// # Errors
/// If a write to `out` fails.
pub fn json(out: &mut dyn Write, changes: &[Change]) -> io::Result<()> {
    // The output is buffered, because a change can have thousands of objects.
    let mut out = BufWriter::new(out);
    let mut first = true;
    write!(out, "[")?;
    for change in changes {
        let (before, after) = object(change);
        let mut row = |operation: &str| {
            let comma = if std::mem::take(&mut first) { "" } else { "," };
            write!(out, "{comma}{before}{operation}{after}")
        };
        if change.operations.is_empty() {
            row("null")?;
        }
        for operation in &change.operations {
            row(&Value::from(&**operation).to_string())?;
        }
    }
    let end = if first { "]" } else { "\n]" };
    writeln!(out, "{end}")?;
    out.flush()
}

/// Returns the JSON object of a change as two strings: the text before and after the value of `operation`.
fn object(change: &Change) -> (String, String) {
    let operation = "\"operation\": ";
    let object = json!({
        "rule": change.rule.name,
        "verdict": change.verdict().name(),
        "wire": change.wire.name(),
        "rust": change.rust.name(),
        "operation": null,
        "location": location(change),
        "before": change.before,
        "after": change.after,
    });
    // JSON strings contain no line breaks, so indenting each line changes no value.
    let text = format!("\n{object:#}").replace('\n', "\n  ");
    let null = format!("{operation}null");
    let (before, after) = text.split_once(&null).unwrap_or((&text, ""));
    (format!("{before}{operation}"), after.to_owned())
}

/// Writes workflow commands. GitHub shows their messages beside the changed lines. A breaking change is an error, or a
/// warning if `allowed` (`--allow-breaking`) is true. Any other change is a notice.
///
/// # Errors
/// If a write to `out` fails.
pub fn github(out: &mut dyn Write, changes: &[Change], allowed: bool) -> io::Result<()> {
    for change in changes {
        let level = match change.verdict() {
            Verdict::Breaking if allowed => "warning",
            Verdict::Breaking => "error",
            _ => "notice",
        };
        let operations = operations(change);
        let verdict = format!(
            "{} (wire {}, Rust {})",
            sentence(change),
            change.wire,
            change.rust
        );
        let message = [operations.as_str(), &verdict]
            .into_iter()
            .filter(|part| !part.is_empty());
        let message = escape_data(&message.collect::<Vec<_>>().join(": "));
        let file = escape_property(&change.place.file);
        // GitHub shows the newer document, so the command contains no line number of the older document.
        let line = match change.removed {
            true => String::new(),
            false => format!(",line={},col={}", change.place.line, change.place.column),
        };
        writeln!(
            out,
            "::{level} file={file}{line},title={}::{message}",
            change.rule.name
        )?;
    }
    Ok(())
}
