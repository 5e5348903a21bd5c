//! Changes for people, for a pull request, for programs, and for the review page of GitHub.

mod changelog;
mod machines;
mod people;
mod semver;

use serde_json::Value;

use super::{Change, Verdict};

pub use changelog::changelog;
pub use machines::{github, json};
pub use people::{markdown, rules, text};
pub use semver::{Step, Version};

/// Longer values are cut where people read them.
const WIDTH: usize = 60;

/// The first operations by name, the others by number: a change of a shared schema concerns many.
fn operations(change: &Change) -> String {
    match change.operations.as_slice() {
        [] => String::new(),
        [one] => one.to_string(),
        [one, two] => format!("{one}, {two}"),
        [one, rest @ ..] => format!("{one}, and {} more", rest.len()),
    }
}

/// `openapi/dcs/instances.yaml:12`, and whether that is the older document.
fn place(change: &Change) -> String {
    let before = if change.removed { " (before)" } else { "" };
    format!("{}{before}", location(change))
}

/// `openapi/dcs/instances.yaml:12`.
fn location(change: &Change) -> String {
    format!("{}:{}", change.place.file, change.place.line)
}

/// ``request body `name` maxLength: 64 -> 32``.
fn sentence(change: &Change) -> String {
    let (before, after) = (plain(&change.before), plain(&change.after));
    let start = difference(&before, &after);
    let (before, after) = (short(&before, start), short(&after, start));
    format!("{}: {before} -> {after}", change.subject)
}

/// A value on one line; `none` for nothing.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Where two long texts are worth reading: a few words before they differ.
fn difference(before: &str, after: &str) -> usize {
    let long = before.chars().count().min(after.chars().count()) > WIDTH;
    let pairs = before.char_indices().zip(after.chars());
    let same = pairs.take_while(|((_, left), right)| left == right);
    let words = same.filter(|((_, char), _)| *char == ' ');
    let words: Vec<usize> = words.map(|((at, _), _)| at + 1).collect();
    let start = words.len().checked_sub(4).and_then(|at| words.get(at));
    start.copied().filter(|_| long).unwrap_or_default()
}

/// What stands there from `start`, cut where it is long.
fn short(text: &str, start: usize) -> String {
    let before = if start > 0 { "..." } else { "" };
    let text = text.get(start..).unwrap_or(text);
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{before}{}...", text.get(..end).unwrap_or_default()),
        None => format!("{before}{text}"),
    }
}

/// `2 breaking, 1 additive`; what there is none of is left out.
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
