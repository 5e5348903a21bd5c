//! The score for people and for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Score, Tally};
use report::terminal::{Styles, table};

/// A table by kind, the sum, and what nobody noticed with its place.
///
/// # Errors
/// When the writer fails.
pub fn text(out: &mut dyn Write, styles: &Styles, score: &Score) -> io::Result<()> {
    let heading = ["FACT", "NOTICED", "TOTAL", "BY CARD", "BY LINT"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(score.kinds.iter().map(|(kind, tally)| row(kind, *tally)));
    rows.push(row("all", score.all()));
    table(out, styles, &rows)?;
    let bad = styles.bad;
    for missed in &score.unnoticed {
        writeln!(
            out,
            "{bad}unnoticed{bad:#}: {}: {}",
            missed.place, missed.change
        )?;
    }
    for moved in &score.moved {
        writeln!(out, "{bad}moved{bad:#}: {moved}")?;
    }
    Ok(())
}

fn row(kind: &str, tally: Tally) -> Vec<String> {
    let numbers = [tally.noticed(), tally.total, tally.by_card, tally.by_lint];
    let numbers = numbers.map(|number| number.to_string());
    [kind.to_owned()].into_iter().chain(numbers).collect()
}

/// An object with `noticed`, `total`, `kinds`, `unnoticed` (with `file`, `line`, `column`) and `moved`.
///
/// # Errors
/// When the writer fails.
pub fn json(out: &mut dyn Write, score: &Score) -> io::Result<()> {
    let kinds = score.kinds.iter().map(|(kind, tally)| {
        json!({
            "kind": kind,
            "noticed": tally.noticed(),
            "total": tally.total,
            "by_card": tally.by_card,
            "by_lint": tally.by_lint,
        })
    });
    let unnoticed = score.unnoticed.iter().map(|missed| {
        json!({
            "kind": missed.kind,
            "change": missed.change,
            "file": missed.place.file,
            "line": missed.place.line,
            "column": missed.place.column,
        })
    });
    let all = score.all();
    let report = json!({
        "noticed": all.noticed(),
        "total": all.total,
        "kinds": Value::from_iter(kinds),
        "unnoticed": Value::from_iter(unnoticed),
        "moved": score.moved,
    });
    writeln!(out, "{report:#}")
}
