//! The lists of errata, and the comments that name an erratum.

use crate::{FOLDER, File};

/// The facts in which a page and its transcript can differ. A row explains some of them.
pub const FACTS: [&str; 11] = [
    "date",
    "default",
    "example",
    "field",
    "limit",
    "mandatory",
    "option",
    "parameter",
    "status",
    "table",
    "type",
];

/// A row of a list.
#[derive(Debug)]
pub struct Row<'a> {
    /// Its id, such as `E-LINK-07`.
    pub id: &'a str,
    /// Its line, from 1.
    pub line: usize,
    /// Facts, each with the names that it is about. Without names, a fact is about the place of the comment.
    pub explains: Vec<(&'a str, Vec<&'a str>)>,
    /// The whole row.
    pub text: &'a str,
}

/// The rows of a list. The column `explains` has the facts: `limit, type of \`name\`, \`id\`; example`.
pub fn rows(text: &str) -> Vec<Row<'_>> {
    let mut column = None;
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some(cells) = line.trim().strip_prefix('|') else {
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        match cells.first() {
            Some(&"id") => column = cells.iter().position(|cell| *cell == "explains"),
            Some(id) if is_id(id) => rows.push(Row {
                id,
                line: number + 1,
                explains: facts(column.and_then(|at| cells.get(at)).unwrap_or(&"")),
                text: line,
            }),
            _ => {}
        }
    }
    rows
}

fn facts(cell: &str) -> Vec<(&str, Vec<&str>)> {
    let groups = cell.split(';').map(str::trim);
    let groups = groups.filter(|group| !group.is_empty());
    let explained = groups.flat_map(|group| {
        let (facts, names) = group.split_once(" of ").unwrap_or((group, ""));
        let names: Vec<&str> = names.split('`').skip(1).step_by(2).collect();
        let facts = facts.split(',').map(str::trim);
        facts.map(move |fact| (fact, names.clone()))
    });
    explained.collect()
}

/// The list of one service among those of all, or `None` if the service has no list.
pub fn of_service<'a>(lists: &'a [File], service: &str) -> Option<&'a File> {
    let name = format!("{}/{service}/ERRATA.md", FOLDER);
    lists.iter().find(|list| list.name == name)
}

/// The ids behind each `ERRATA` of a comment: `ERRATA A22, A23: ...`.
pub fn named(comment: &str) -> Vec<&str> {
    let mentions = comment.split("ERRATA ").skip(1);
    let ids = mentions.flat_map(|rest| {
        let words = rest.split([' ', ',', ':', '.', ';', ')']);
        // The part between a comma and a space is empty. Any other word ends the list.
        words.take_while(|word| word.is_empty() || is_id(word))
    });
    ids.filter(|word| !word.is_empty()).collect()
}

/// `A1`, `E-LINK-07`
fn is_id(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.ends_with(|char: char| char.is_ascii_digit())
        && word
            .chars()
            .all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '-')
}
