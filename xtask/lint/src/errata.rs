//! Rules about the lists of errata (`ERRATA.md`), and about comments that name an erratum. An erratum explains a
//! difference between a documentation page and a transcript (the OpenAPI YAML files of a service).

use std::collections::HashMap;

use super::index::Index;
use super::{Findings, Rule};
use transcript::errata::{FACTS, named, of_service, rows};
use transcript::{File, Place};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "erratum",
        summary: "a comment `# ERRATA A1` names a row of the service's ERRATA.md",
        reason: "without the row, nobody knows why the transcript differs from the page",
    },
    Rule {
        name: "erratum-row",
        summary: "a row of an ERRATA.md has an id that no other row of any service has; its column `explains` has only known facts, such as `limit` or `type`",
        reason: "a comment names a row only by its id; a row that explained all differences of a value would also hide later changes of the page",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    let lists = index.document.errata();
    // A document that was made in memory has no lists.
    if lists.is_empty() {
        return;
    }
    let own = of_service(lists, &index.document.service);
    check_rows(lists, own, findings);
    let known = own.map(|list| rows(&list.text)).unwrap_or_default();
    let known: Vec<&str> = known.iter().map(|row| row.id).collect();
    for file in index.document.files() {
        check_file(file, &known, findings);
    }
}

/// Checks the rows of the list `own`. An id must be unique in all lists, because a comment names only the id.
fn check_rows(lists: &[File], own: Option<&File>, findings: &mut Findings<'_>) {
    let place = |list: &File, line: usize| Place::new(&list.name, line, 1);
    let mut seen: HashMap<&str, Place> = HashMap::new();
    let Some(own) = own else { return };
    for list in lists.iter().filter(|list| list.name != own.name) {
        let rows = rows(&list.text).into_iter();
        seen.extend(rows.map(|row| (row.id, place(list, row.line))));
    }
    for row in rows(&own.text) {
        let here = place(own, row.line);
        if let Some(other) = seen.insert(row.id, here.clone()) {
            let help = "give the newer row an id that was never used";
            let message = format!("the row at {other} has the id `{}` too", row.id);
            findings.at("erratum-row", here.clone(), message, help);
        }
        let facts = row.explains.iter().map(|(fact, _)| fact);
        for fact in facts.filter(|fact| !FACTS.contains(fact)) {
            let help = format!("the facts are {}; write names after `of`", FACTS.join(", "));
            let message = format!("`{fact}` is not a fact that a row can explain");
            findings.at("erratum-row", here.clone(), message, help);
        }
    }
}

fn check_file(file: &File, rows: &[&str], findings: &mut Findings<'_>) {
    for (number, line) in file.text.lines().enumerate() {
        let Some((before, comment)) = line.split_once("# ") else {
            continue;
        };
        for id in named(comment).into_iter().filter(|id| !rows.contains(id)) {
            let place = Place::new(&file.name, number + 1, before.chars().count() + 1);
            let help = "add a row to the ERRATA.md of the service, or name an existing row";
            let message = format!("there is no erratum `{id}`");
            findings.at("erratum", place, message, help);
        }
    }
}

#[cfg(test)]
mod tests;
