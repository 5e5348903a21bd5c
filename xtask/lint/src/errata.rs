//! Comments that name an erratum, and the list of errata.

use std::collections::HashSet;

use super::index::Index;
use super::{Findings, Rule};
use transcript::{File, Place};

pub(super) static RULES: &[Rule] = &[Rule {
    name: "erratum",
    summary: "a comment `# ERRATA A1` names a row of openapi/ERRATA.md",
    reason: "without the row nobody knows why the transcript differs from the page",
}];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    // A document that was made of parts in memory has no list.
    let Some(list) = index.document.errata() else {
        return;
    };
    let rows: HashSet<&str> = list.lines().filter_map(row).collect();
    for file in index.document.files() {
        check_file(file, &rows, findings);
    }
}

/// The id in the first cell of a table's row.
pub fn row(line: &str) -> Option<&str> {
    let cell = line.trim().strip_prefix('|')?.split('|').next()?.trim();
    is_id(cell).then_some(cell)
}

fn check_file(file: &File, rows: &HashSet<&str>, findings: &mut Findings<'_>) {
    for (number, line) in file.text.lines().enumerate() {
        let Some((before, comment)) = line.split_once("# ") else {
            continue;
        };
        for id in named(comment).into_iter().filter(|id| !rows.contains(id)) {
            let place = Place {
                file: file.name.clone(),
                line: number + 1,
                column: before.chars().count() + 1,
            };
            let help = "add a row to openapi/ERRATA.md, or name an existing one";
            findings.at(
                "erratum",
                place,
                format!("there is no erratum `{id}`"),
                help,
            );
        }
    }
}

/// The ids behind each `ERRATA` of a comment: `ERRATA A22, A23: ...`.
pub fn named(comment: &str) -> Vec<&str> {
    let mentions = comment.split("ERRATA ").skip(1);
    mentions
        .flat_map(ids)
        .filter(|word| !word.is_empty())
        .collect()
}

fn ids(rest: &str) -> impl Iterator<Item = &str> {
    rest.split([' ', ',', ':', '.', ';', ')'])
        .map_while(id_or_nothing)
}

/// An id, or the nothing between a comma and a space; anything else ends the list.
fn id_or_nothing(word: &str) -> Option<&str> {
    (word.is_empty() || is_id(word)).then_some(word)
}

/// `A1`, `E-LINK-07`
fn is_id(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.ends_with(|char: char| char.is_ascii_digit())
        && word
            .chars()
            .all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '-')
}

#[cfg(test)]
mod tests {
    use super::{named, row};

    #[test]
    fn ids_are_found_in_comments_and_rows() {
        assert_eq!(
            named("ERRATA A22, A23: not the answer of 2023"),
            ["A22", "A23"]
        );
        assert_eq!(
            named("The catalogue has codes of nine characters. ERRATA A42"),
            ["A42"]
        );
        assert_eq!(
            named("the rest is from elsewhere (ERRATA, Sources)"),
            [""; 0]
        );
        assert_eq!(row("| E-LINK-07 | where | what |"), Some("E-LINK-07"));
        assert_eq!(row("|---|---|"), None);
        assert_eq!(row("text"), None);
    }
}
