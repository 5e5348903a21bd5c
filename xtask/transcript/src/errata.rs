//! Reads the lists of errata (`ERRATA.md`), and the comments that name an erratum. An erratum explains a difference
//! between a documentation page and a transcript (the OpenAPI YAML files of a service).

use crate::{FOLDER, File};

/// The facts in which a page and its transcript can differ. The column `explains` of `ERRATA.md` contains these words.
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

/// A table row of an `ERRATA.md`.
#[derive(Debug)]
pub struct Row<'a> {
    /// The id of the erratum, such as `E-LINK-07`.
    pub id: &'a str,
    /// The line number, from 1.
    pub line: usize,
    /// The explained facts, each with the names of the fields or parameters that it concerns. If there are no names,
    /// the fact concerns the nodes near a comment `# ERRATA <id>`.
    pub explains: Vec<(&'a str, Vec<&'a str>)>,
    /// The whole line of the row.
    pub text: &'a str,
}

/// Reads the table rows of an `ERRATA.md`. A cell of the column `explains` lists facts, for example
/// ``limit, type of `name`, `id`; example``. Here, `limit` and `type` both concern `name` and `id`.
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

/// Returns the `ERRATA.md` file of a service, if the service has one. `lists` contains the files of all services.
pub fn of_service<'a>(lists: &'a [File], service: &str) -> Option<&'a File> {
    let name = format!("{}/{service}/ERRATA.md", FOLDER);
    lists.iter().find(|list| list.name == name)
}

/// Returns the ids after each word `ERRATA` in a comment. For example, `ERRATA A22, A23: ...` names two ids.
pub fn named(comment: &str) -> Vec<&str> {
    let mentions = comment.split("ERRATA ").skip(1);
    let ids = mentions.flat_map(|rest| {
        let words = rest.split([' ', ',', ':', '.', ';', ')']);
        // Between a comma and a space, there is an empty word. A word that is neither empty nor an id ends the list.
        words.take_while(|word| word.is_empty() || is_id(word))
    });
    ids.filter(|word| !word.is_empty()).collect()
}

/// Returns whether a word is an id, such as `A1` or `E-LINK-07`.
fn is_id(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.ends_with(|char: char| char.is_ascii_digit())
        && word
            .chars()
            .all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '-')
}
