//! Formats changes for people, a pull request, a changelog, programs, and the review page of GitHub.

mod changelog;
mod machines;
mod people;
mod semver;

use super::dialect::as_text;
use super::{Change, Verdict};

pub use changelog::changelog;
pub use machines::{github, json};
pub use people::{markdown, rules, text};
pub use semver::{Step, Version};

/// Returns the operations of a change. If there are more than two, returns the first and the number of the others.
fn operations(change: &Change) -> String {
    match change.operations.as_slice() {
        [] => String::new(),
        [one] => one.to_string(),
        [one, two] => format!("{one}, {two}"),
        [one, rest @ ..] => format!("{one}, and {} more", rest.len()),
    }
}

/// Returns the position of a change: `openapi/dcs/instances.yaml:12`. If the position is in the older document, adds
/// `(before)`.
fn place(change: &Change) -> String {
    let before = if change.removed { " (before)" } else { "" };
    format!("{}{before}", location(change))
}

fn location(change: &Change) -> String {
    format!("{}:{}", change.place.file, change.place.line)
}

/// Returns a change on one line: ``request body `name` maxLength: 64 -> 32``.
fn sentence(change: &Change) -> String {
    let (before, after) = (as_text(&change.before), as_text(&change.after));
    format!("{}: {before} -> {after}", change.subject)
}

/// Returns the number of changes by verdict, such as `2 breaking, 1 additive`, or `nothing has changed`.
pub fn summary(changes: &[Change]) -> String {
    let counts = Verdict::ALL.iter().filter_map(|verdict| {
        let these = changes.iter().filter(|change| change.verdict() == *verdict);
        let number = these.count();
        (number > 0).then(|| format!("{number} {verdict}"))
    });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() {
        "nothing has changed".to_owned()
    } else {
        counts.join(", ")
    }
}
