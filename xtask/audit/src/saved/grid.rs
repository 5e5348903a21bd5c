//! The tables of reStructuredText: grids drawn with `+`, `-` and `|`, and simple ones ruled with `=`.

use super::{Cell, Row, Table};
use crate::saved::rst_cell::cell;

/// `+-----+----+`, the border of a grid.
pub fn is_border(line: &str) -> bool {
    line.len() > 2
        && line.starts_with('+')
        && line.ends_with('+')
        && line.chars().all(|char| matches!(char, '+' | '-' | '='))
}

/// `===== ====`, the rule of a simple table.
pub fn is_rule(line: &str) -> bool {
    line.contains(' ')
        && line.starts_with('=')
        && line.chars().all(|char| matches!(char, '=' | ' '))
}

/// Reads a grid, given its lines without indentation and the number of the first. Says also whether it has an end.
pub fn parse(lines: &[&str], first: usize) -> (Table, bool) {
    let bounds = bounds(lines);
    let mut grid = Grid::default();
    for (number, line) in lines.iter().enumerate() {
        if is_border(line) {
            grid.end_row(line.contains('='));
        } else {
            grid.begin_row(first + number);
            // A border that some cells interrupt.
            let partly = line.contains("+--") && line.ends_with(['+', '|']);
            let chars: Vec<char> = line.chars().collect();
            let barred = |at: &usize| matches!(chars.get(*at), None | Some('|' | '+'));
            grid.merged |= partly || !bounds.iter().all(barred);
            for (column, part) in split(line, &bounds).into_iter().enumerate() {
                grid.add(column, part);
            }
        }
    }
    let whole = grid.row.is_none();
    grid.end_row(false);
    (grid.table, whole)
}

/// The columns of the first border; a cell that spans some of them goes to the first.
fn bounds(lines: &[&str]) -> Vec<usize> {
    let border = lines.iter().max_by_key(|line| line.matches('+').count());
    let chars = border.map(|line| line.chars()).into_iter().flatten();
    chars
        .enumerate()
        .filter_map(|(at, char)| (char == '+').then_some(at))
        .collect()
}

fn split(line: &str, bounds: &[usize]) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let mut parts: Vec<String> = Vec::new();
    for pair in bounds.windows(2) {
        let (Some(from), Some(to)) = (pair.first(), pair.last()) else {
            continue;
        };
        let text: String = chars.iter().take(*to).skip(from + 1).collect();
        let bar = chars
            .get(*from)
            .is_none_or(|char| matches!(char, '|' | '+'));
        match parts.iter_mut().rev().find(|part| !part.is_empty()) {
            Some(before) if !bar => {
                before.extend(chars.get(*from));
                before.push_str(&text);
                parts.push(String::new());
            }
            _ => parts.push(text),
        }
    }
    parts
}

#[derive(Default)]
struct Grid {
    table: Table,
    row: Option<(usize, Vec<String>)>,
    merged: bool,
}

impl Grid {
    fn begin_row(&mut self, line: usize) {
        self.row.get_or_insert((line, Vec::new()));
    }

    fn add(&mut self, column: usize, text: String) {
        let Some((_, cells)) = &mut self.row else {
            return;
        };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            cell.push_str(text.trim_end());
            cell.push('\n');
        }
    }

    fn end_row(&mut self, heading: bool) {
        let Some((line, cells)) = self.row.take() else {
            return;
        };
        let cells: Vec<Cell> = cells.iter().map(|text| cell(text)).collect();
        if heading {
            self.merged = false;
            self.table.header = cells.into_iter().map(|cell| cell.text).collect();
        } else {
            let merged = std::mem::take(&mut self.merged);
            self.table.rows.push(Row {
                line,
                cells,
                merged,
            });
        }
    }
}

/// Reads a simple table, its three rules included. Says also whether it has an end.
pub fn parse_simple(lines: &[&str], first: usize) -> (Table, bool) {
    let mut table = Table::default();
    let Some(rule) = lines.first() else {
        return (table, true);
    };
    let starts = starts(rule);
    for (number, line) in lines.iter().enumerate() {
        if is_rule(line) || line.trim().is_empty() {
            continue;
        }
        let cells: Vec<Cell> = columns(line, &starts)
            .iter()
            .map(|text| cell(text))
            .collect();
        // Text in the gap between two columns, or a line below cells that are one.
        let gaps = starts
            .iter()
            .skip(1)
            .filter_map(|at| line.chars().nth(at - 1));
        let merged = gaps.into_iter().any(|char| char != ' ') || line.starts_with("--");
        if table.header.is_empty() {
            table.header = cells.into_iter().map(|cell| cell.text).collect();
        } else if cells.first().is_some_and(|cell| cell.text.is_empty()) {
            continue_row(&mut table, &cells);
        } else {
            table.rows.push(Row {
                line: first + number,
                cells,
                merged,
            });
        }
    }
    (
        table,
        lines.iter().filter(|line| is_rule(line)).count() == 3,
    )
}

/// A line whose first cell is empty belongs to the row above.
fn continue_row(table: &mut Table, cells: &[Cell]) {
    let Some(row) = table.rows.last_mut() else {
        return;
    };
    for (cell, more) in row.cells.iter_mut().zip(cells) {
        if !more.text.is_empty() {
            cell.text.push('\n');
            cell.text.push_str(&more.text);
        }
    }
}

fn starts(rule: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut before = ' ';
    for (at, char) in rule.chars().enumerate() {
        if char == '=' && before == ' ' {
            starts.push(at);
        }
        before = char;
    }
    starts
}

fn columns(line: &str, starts: &[usize]) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
    let pairs = starts.iter().zip(ends);
    pairs
        .map(|(from, to)| chars.iter().take(to).skip(*from).collect())
        .collect()
}
