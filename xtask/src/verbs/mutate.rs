//! `mutate`: changes every fact of the transcripts, one at a time, and counts who notices.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use cards::mutate::Score;
use report::findings::load;
use report::terminal::{Outcome, Terminal};
use report::terminal::{command, count, state, table};

/// Measures the mutation score of services, by the names of their folders; of all when none is named. JSON instead of a table if asked.
///
/// # Errors
///
/// When a transcript cannot be read.
pub fn run(
    root: &Path,
    services: &[String],
    json: bool,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    let mut score = Score::default();
    let mut documents = Vec::new();
    for service in transcript::select(root, services)? {
        documents.push(load(root, &service)?);
    }
    for document in &documents {
        let (_, before) = score.all();
        score.count(document, cards::lines);
        let (_, after) = score.all();
        let what = format!("{}: {}", document.service, count(after - before, "change"));
        state(terminal.err, terminal.styles.good, "Mutated", &what)?;
    }
    match json {
        true => writeln!(terminal.out, "{:#}", as_json(&score))?,
        false => as_table(terminal, &score)?,
    }
    terminal.out.flush()?;
    if score.is_full() {
        return Ok(Outcome::Fine);
    }
    let mut again = vec!["mutate".to_owned()];
    again.extend_from_slice(services);
    again.extend(json.then(|| "--format json".to_owned()));
    let again = command(root, again);
    writeln!(
        terminal.err,
        "after teaching it to xtask/cards/src/lines.rs, run: {again}"
    )?;
    Ok(Outcome::Failed)
}

/// A row for each kind of fact, the sum, and each change that nobody notices with its place.
fn as_table(terminal: &mut Terminal<'_>, score: &Score) -> Result<()> {
    let row = |kind: &str, (noticed, all): (usize, usize)| {
        vec![kind.to_owned(), noticed.to_string(), all.to_string()]
    };
    let mut rows = vec![["FACT", "NOTICED", "TOTAL"].map(str::to_owned).to_vec()];
    rows.extend(score.kinds.iter().map(|(kind, tally)| row(kind, *tally)));
    rows.push(row("all", score.all()));
    table(terminal.out, &terminal.styles, &rows)?;
    let bad = terminal.styles.bad;
    for missed in &score.unnoticed {
        let (place, change) = (&missed.place, &missed.change);
        writeln!(terminal.out, "{bad}unnoticed{bad:#}: {place}: {change}")?;
    }
    for moved in &score.moved {
        writeln!(terminal.out, "{bad}moved{bad:#}: {moved}")?;
    }
    Ok(())
}

/// An object with `noticed`, `total`, `kinds`, `unnoticed` (with `file`, `line`, `column`) and `moved`.
fn as_json(score: &Score) -> Value {
    let kinds = score
        .kinds
        .iter()
        .map(|(kind, (noticed, total))| json!({"kind": kind, "noticed": noticed, "total": total}));
    let unnoticed = score.unnoticed.iter().map(|missed| {
        let place = &missed.place;
        json!({"change": missed.change, "file": place.file, "line": place.line, "column": place.column})
    });
    let (noticed, total) = score.all();
    json!({
        "noticed": noticed,
        "total": total,
        "kinds": Value::from_iter(kinds),
        "unnoticed": Value::from_iter(unnoticed),
        "moved": score.moved,
    })
}
