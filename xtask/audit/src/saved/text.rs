//! Reads text that a person copied from a browser. Each table cell starts on a new line. A bar (`|`) can end the cell.
//!
//! The text does not mark the end of a table. A row without bars begins with a status, or with a name, a word such as
//! `Yes` (mandatory) and a type. If the page shows a picture instead of this word, the text lacks the word.

use super::{Cell, Content, Row, Saved, Table};
use crate::markup::is_made_of;
use crate::page::field_type;
use crate::page::words::{self, Column};

pub fn parse(text: &str) -> Saved {
    let lines: Vec<Line<'_>> = text
        .lines()
        .enumerate()
        .map(|(number, text)| (number + 1, text.trim()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let mut saved = Saved::default();
    let mut at = 0;
    while let Some((line, text)) = lines.get(at).copied() {
        let (content, next) = if let Some(found) = table(&lines, at) {
            found
        } else if let Some(found) = code(&lines, at) {
            found
        } else {
            (Content::Text(text.to_owned()), at + 1)
        };
        saved.push(line, content);
        at = next.max(at + 1);
    }
    saved
}

type Line<'a> = (usize, &'a str);

/// Returns the columns of the table that begins at this line. The first column must contain names or statuses.
fn heading(lines: &[Line<'_>], at: usize) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = lines
        .iter()
        .skip(at)
        .map_while(|(_, text)| words::column(unbar(text)))
        .collect();
    let end = columns
        .iter()
        .position(|column| *column == Column::Description)?;
    columns.truncate(end + 1);
    let opens = matches!(columns.first(), Some(Column::Name | Column::Status));
    // If the first two headings are equal, the first one is a section heading, and the second one begins the table.
    (opens && columns.len() > 1 && columns.first() != columns.get(1)).then_some(columns)
}

/// Reads a table that begins at this line. Returns the table, and the index of the line after the table.
fn table(lines: &[Line<'_>], at: usize) -> Option<(Content, usize)> {
    let columns = heading(lines, at)?;
    let after = at + columns.len();
    let header = lines.get(at..after)?;
    let mut table = Table {
        header: header
            .iter()
            .map(|(_, text)| unbar(text).to_owned())
            .collect(),
        ..Table::default()
    };
    let barred = lines.get(after).is_some_and(|(_, text)| is_ruler(text));
    let next = if barred {
        barred_rows(lines, after + 1, &mut table)
    } else {
        bare_rows(lines, after, &columns, &mut table)
    };
    Some((Content::Table(table), next))
}

fn unbar(text: &str) -> &str {
    text.trim_end_matches('|').trim()
}

/// Returns whether a line is a ruler, such as `---|---|---|`.
fn is_ruler(text: &str) -> bool {
    text.contains("--")
        && text
            .chars()
            .all(|char| matches!(char, '-' | '|' | ' ' | ':'))
}

/// Reads the rows of a table with bars, and returns the index of the next line. Each row has one cell for each heading.
fn barred_rows(lines: &[Line<'_>], mut at: usize, table: &mut Table) -> usize {
    let width = table.header.len();
    loop {
        let mut cells = Vec::new();
        let mut next = at;
        while cells.len() < width {
            let Some((cell, after)) = barred_cell(lines, next, cells.is_empty()) else {
                return at;
            };
            cells.push(cell);
            next = after;
        }
        let line = lines.get(at).map_or(1, |(line, _)| *line);
        table.rows.push(Row {
            line,
            cells,
            ..Row::default()
        });
        at = next;
    }
}

/// Reads a cell up to the bar at its end. Returns `None` if no complete cell begins at `at`. The first cell of a row
/// must be one line.
fn barred_cell(lines: &[Line<'_>], at: usize, first: bool) -> Option<(Cell, usize)> {
    let mut text = String::new();
    for (number, (_, line)) in lines.iter().enumerate().skip(at) {
        let ends = line.ends_with('|');
        let other = words::section(line).is_some() || words::table_caption(line).is_some();
        let heading = first && heading(lines, number).is_some();
        if (!ends && (first || other)) || heading {
            return None;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(unbar(line));
        if ends {
            return Some((Cell { text, link: None }, number + 1));
        }
    }
    None
}

/// Like [`barred_rows`], for a table without bars. Each cell is one line, but the description can have several lines.
fn bare_rows(lines: &[Line<'_>], mut at: usize, columns: &[Column], table: &mut Table) -> usize {
    while let Some((line, mut cells, mut next)) = row_start(lines, at, columns) {
        let mut description: Vec<&str> = Vec::new();
        while let Some((_, text)) = lines.get(next) {
            let row = |at: usize| row_start(lines, at, columns).is_some();
            // If a word such as `Request` is the only line before the next row, it is a description, and not a heading.
            let described = description.is_empty() && row(next + 1);
            if row(next) || heading(lines, next).is_some() || (ends_table(text) && !described) {
                break;
            }
            description.push(text);
            next += 1;
        }
        cells.push(description.join("\n"));
        let cells = cells.into_iter().map(|text| Cell { text, link: None });
        table.rows.push(Row {
            line,
            cells: cells.collect(),
            ..Row::default()
        });
        at = next;
    }
    at
}

/// Returns whether a line ends a table: a heading, a caption, a status, or the start of an example.
fn ends_table(text: &str) -> bool {
    words::section(text).is_some()
        || words::table_caption(text).is_some()
        || words::status(text).is_some()
        || text.starts_with('{')
}

/// Returns the line number of the row at `at`, its cells before the description, and the index of the next line.
fn row_start(
    lines: &[Line<'_>],
    at: usize,
    columns: &[Column],
) -> Option<(usize, Vec<String>, usize)> {
    let (line, name) = *lines.get(at)?;
    let cell = |index: usize| lines.get(index).map(|(_, text)| *text);
    if columns.first() == Some(&Column::Status) {
        return words::is_status(name).then(|| (line, vec![name.to_owned()], at + 1));
    }
    if !is_name(name) {
        return None;
    }
    let mut cells = vec![name.to_owned()];
    let mut next = at + 1;
    for column in columns.iter().skip(1) {
        match column {
            Column::Mandatory => {
                let marked = cell(next).filter(|text| words::mandatory(text).is_some());
                cells.push(marked.unwrap_or_default().to_owned());
                next += usize::from(marked.is_some());
            }
            Column::Type => {
                let kind = cell(next).filter(|text| field_type::is_type(text))?;
                cells.push(kind.to_owned());
                next += 1;
            }
            _ => {}
        }
    }
    // A name looks like any other word. So the table must have a column of types.
    columns
        .contains(&Column::Type)
        .then_some((line, cells, next))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '$'))
        && is_made_of(text, "_-.$")
}

/// Reads JSON that begins at this line, up to its closing bracket.
fn code(lines: &[Line<'_>], at: usize) -> Option<(Content, usize)> {
    let (_, first) = lines.get(at)?;
    if !first.starts_with('{') && !first.starts_with('[') {
        return None;
    }
    let (mut depth, mut quoted, mut escaped) = (0_i32, false, false);
    let mut code = String::new();
    for (number, (_, line)) in lines.iter().enumerate().skip(at) {
        for char in line.chars() {
            match char {
                '"' if !escaped => quoted = !quoted,
                '{' | '[' if !quoted => depth += 1,
                '}' | ']' if !quoted => depth -= 1,
                _ => {}
            }
            escaped = char == '\\' && !escaped;
        }
        code.push_str(line);
        code.push('\n');
        if depth <= 0 {
            return Some((Content::Code(code.trim_end().to_owned()), number + 1));
        }
        quoted = false;
    }
    None
}
