//! `mutate`: changes every fact of the transcripts, one at a time, and counts who notices.

use std::path::Path;

use anyhow::{Result, bail};
use indicatif::ProgressBar;

use cards::mutate::{self, Change, Judge, Score};
use report::findings::unreadable;
use report::terminal::{Outcome, Terminal};
use report::terminal::{bar, command, count, state};
use transcript::Document;

/// What to change, and how the score is shown.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Services, by the names of their folders; all when none is named.
    pub services: &'a [String],
    /// So many changes of each service, instead of all.
    pub sample: Option<usize>,
    /// Chooses the sample, and the new order of what is reordered.
    pub seed: u64,
    /// JSON instead of a table.
    pub json: bool,
}

impl Options<'_> {
    /// The words that ask for the same again.
    fn words(&self) -> Vec<String> {
        let mut words = vec!["mutate".to_owned()];
        words.extend_from_slice(self.services);
        for (name, number) in [
            ("--sample", self.sample.map(|size| size as u64)),
            ("--seed", Some(self.seed).filter(|seed| *seed != 0)),
        ] {
            let given = number.map(|number| [name.to_owned(), number.to_string()]);
            words.extend(given.into_iter().flatten());
        }
        if self.json {
            words.extend(["--format", "json"].map(str::to_owned));
        }
        words
    }
}

/// Measures the mutation score of services.
///
/// # Errors
///
/// When a transcript cannot be read.
pub fn run(root: &Path, options: Options<'_>, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    let mut score = Score::default();
    let mut documents = Vec::new();
    for service in transcript::select(root, options.services)? {
        documents.push(load(root, &service)?);
    }
    for document in &documents {
        let changes = chosen(document, options);
        let bar = progress(document, changes.len(), terminal);
        judge(document, &changes, &mut score, || bar.inc(1))?;
        bar.finish_and_clear();
        score
            .moved
            .extend(mutate::moved(document, options.seed, mutate::lines));
        let what = format!("{}: {}", document.service, count(changes.len(), "change"));
        state(terminal.err, terminal.styles.good, "Mutated", &what)?;
    }
    if options.json {
        mutate::json(terminal.out, &score)?;
    } else {
        mutate::text(terminal.out, &terminal.styles, &score)?;
    }
    terminal.out.flush()?;
    if score.is_full() {
        return Ok(Outcome::Fine);
    }
    writeln!(
        terminal.err,
        "after teaching it to xtask/src/card or xtask/src/lint, run: {}",
        command(root, options.words())
    )?;
    Ok(Outcome::Failed)
}

fn load(root: &Path, service: &str) -> Result<Document> {
    transcript::load(root, service).or_else(|findings| bail!(unreadable(root, service, &findings)))
}

fn chosen(document: &Document, options: Options<'_>) -> Vec<Change> {
    let all = mutate::changes(document);
    match options.sample {
        Some(size) => mutate::sample(all, size, options.seed),
        None => all,
    }
}

fn judge(
    document: &Document,
    changes: &[Change],
    score: &mut Score,
    mut done: impl FnMut(),
) -> Result<()> {
    let mut judge = Judge::new(document, mutate::lines)?;
    for change in changes {
        let notice = judge.judge(change);
        score.count(change, notice, document.place(&change.pointer));
        done();
    }
    Ok(())
}

fn progress(document: &Document, length: usize, terminal: &Terminal<'_>) -> ProgressBar {
    let template = "{prefix:>12} {msg} [{bar:40}] {pos}/{len}, {eta} left";
    let bar = bar(&terminal.styles, "Mutating", template);
    bar.set_length(length as u64);
    bar.with_message(document.service.clone())
}
