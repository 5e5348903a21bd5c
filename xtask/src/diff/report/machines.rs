//! For programs, and for the review page of GitHub.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{groups, location, sentence};
use crate::diff::{Change, Verdict};
use crate::output::{escape_data, escape_property};

/// An array of objects with `rule`, `verdict`, `wire`, `rust`, `operation` (null if it concerns none), `location`, `before`
/// and `after`; each operation that a change concerns has an object of its own.
///
/// # Errors
/// When the writer fails.
pub fn json(out: &mut dyn Write, changes: &[Change]) -> io::Result<()> {
    let rows = changes.iter().map(|change| {
        json!({
            "rule": change.rule,
            "verdict": change.verdict().name(),
            "wire": change.wire.name(),
            "rust": change.rust.name(),
            "operation": change.operation,
            "location": location(change),
            "before": change.before,
            "after": change.after,
        })
    });
    writeln!(out, "{:#}", Value::from_iter(rows))
}

/// Workflow commands that GitHub shows beside the lines of a change: errors, or warnings where breaking is allowed, and notices.
///
/// # Errors
/// When the writer fails.
pub fn github(out: &mut dyn Write, changes: &[Change], allowed: bool) -> io::Result<()> {
    for group in groups(changes) {
        let change = group.change;
        let level = match change.verdict() {
            Verdict::Breaking if allowed => "warning",
            Verdict::Breaking => "error",
            _ => "notice",
        };
        let operations = group.operations();
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
        // A line of the older document is none of the newer one.
        let line = match change.removed {
            true => String::new(),
            false => format!(",line={},col={}", change.place.line, change.place.column),
        };
        writeln!(
            out,
            "::{level} file={file}{line},title={}::{message}",
            change.rule
        )?;
    }
    Ok(())
}
