//! Rules about the lines and characters of the files.

use super::index::Index;
use super::{Findings, Rule};
use transcript::{File, Place};

/// The name of the rule against TODOs. A new draft breaks this rule until a person has replaced each TODO.
pub const UNFINISHED: &str = "unfinished";

const MAX_LINE: usize = 160;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "line-length",
        summary: "lines have at most 160 characters",
        reason: "longer lines cannot be reviewed side by side",
    },
    Rule {
        name: "tab",
        summary: "no tabs",
        reason: "YAML does not allow tabs for indentation, and editors show tabs with different widths",
    },
    Rule {
        name: "line-ending",
        summary: "lines end in LF, without CR",
        reason: "if the line ends of a file change, a diff shows every line as changed",
    },
    Rule {
        name: "trailing-space",
        summary: "no space at the end of a line",
        reason: "the space is invisible in an editor, but visible in a diff",
    },
    Rule {
        name: UNFINISHED,
        summary: "no line contains the word TODO, FIXME or TBD",
        reason: "such a word marks a missing fact, and descriptions become the documentation of the client",
    },
    Rule {
        name: "final-newline",
        summary: "a file ends in exactly one line feed",
        reason: "without the line feed, programs disagree about the last line",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for file in index.document.files() {
        for (number, line) in file.text.split('\n').enumerate() {
            check_line(file, number + 1, line, findings);
        }
        check_end(file, findings);
    }
}

/// Finds the word `TODO`, `FIXME` or `TBD` in upper or lower case. Returns its byte offset and its upper-case form.
fn unfinished(line: &str) -> Option<(usize, &'static str)> {
    ["TODO", "FIXME", "TBD"].into_iter().find_map(|word| {
        let (at, _) = line.char_indices().find(|(at, _)| {
            let rest = line.get(*at..).unwrap_or_default();
            let before = line.get(..*at).unwrap_or_default().chars().next_back();
            let Some((found, after)) = rest.split_at_checked(word.len()) else {
                return false;
            };
            let edge = |char: Option<char>| char.is_none_or(|char| !char.is_alphanumeric());
            found.eq_ignore_ascii_case(word) && edge(before) && edge(after.chars().next())
        })?;
        Some((at, word))
    })
}

fn check_line(file: &File, number: usize, line: &str, findings: &mut Findings<'_>) {
    let place = |column: usize| Place::new(&file.name, number, column + 1);
    let text = line.strip_suffix('\r').unwrap_or(line);
    if let Some(column) = column_of(line, '\r') {
        let message = "there is a carriage return here";
        let help = "save the file with LF line ends";
        findings.at("line-ending", place(column), message, help);
    }
    if let Some(column) = column_of(text, '\t') {
        findings.at("tab", place(column), "there is a tab here", "write spaces");
    }
    if let Some((column, word)) = unfinished(text) {
        let message = format!("there is a {word} here");
        let help = "write what the page says, or remove the fact";
        let column = text.get(..column).unwrap_or_default().chars().count();
        findings.at(UNFINISHED, place(column), message, help);
    }
    let trimmed = text.trim_end_matches(' ');
    if trimmed.len() < text.len() {
        let place = place(trimmed.chars().count());
        findings.at(
            "trailing-space",
            place,
            "the line ends in a space",
            "delete it",
        );
    }
    // The number of bytes is checked first, because counting the characters of each line is slow.
    if text.len() > MAX_LINE && text.chars().count() > MAX_LINE {
        let count = text.chars().count();
        let message = format!("the line has {count} characters, at most {MAX_LINE} are allowed");
        let help = "fold the text with `>-`, or write the list in block style";
        findings.at("line-length", place(MAX_LINE), message, help);
    }
}

/// Returns the number of characters before the first `wanted` character, or `None` if there is none.
fn column_of(line: &str, wanted: char) -> Option<usize> {
    let (before, _) = line.split_once(wanted)?;
    Some(before.chars().count())
}

fn check_end(file: &File, findings: &mut Findings<'_>) {
    let lines = file.text.matches('\n').count();
    let (message, line) = if !file.text.ends_with('\n') {
        ("the last line has no line feed", lines + 1)
    } else if file.text.ends_with("\n\n") {
        ("the file ends in empty lines", lines)
    } else {
        return;
    };
    let place = Place::new(&file.name, line, 1);
    let help = "end the file in exactly one line feed";
    findings.at("final-newline", place, message, help);
}
