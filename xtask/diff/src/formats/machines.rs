//! Formats for programs, and for the review page of GitHub.

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};

use super::{location, operations, sentence};
use crate::{Change, Verdict};
use report::terminal::{escape_data, escape_property};

/// An array of objects with `rule`, `verdict`, `wire`, `rust`, `operation`, `location`, `before` and `after`. Each
/// operation that a change concerns has its own object. If there is none, `operation` is null.
///
/// # Errors
/// If the writer fails.
pub fn json(out: &mut dyn Write, changes: &[Change]) -> io::Result<()> {
    // A change can concern thousands of operations, each with a row.
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

/// The text of a change's object before and after its operation. All its operations share this text.
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
    // JSON strings contain no line breaks, so each line break can be indented.
    let text = format!("\n{object:#}").replace('\n', "\n  ");
    let null = format!("{operation}null");
    let (before, after) = text.split_once(&null).unwrap_or((&text, ""));
    (format!("{before}{operation}"), after.to_owned())
}

/// Workflow commands that GitHub shows beside the lines of a change: errors (or warnings, if breaking is allowed), and
/// notices.
///
/// # Errors
/// If the writer fails.
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
        // A line of the older document does not exist in the newer one.
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
