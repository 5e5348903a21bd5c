//! Reads the tables of reStructuredText: grid tables with `+`, `-` and `|`, and simple tables with `=`.

/// A table row. The markup in its cells is not parsed yet.
#[derive(Default)]
pub struct RawRow {
    /// The index of the row's first line among the lines of the table, from 0.
    pub line: usize,
    pub cells: Vec<String>,
    /// `true` if a cell spans several rows or columns.
    pub merged: bool,
}

/// A table. The markup in its cells is not parsed yet.
pub struct RawTable {
    pub rows: Vec<RawRow>,
    /// `false` if the end of the table is missing, for example because the page is cut off.
    pub is_complete: bool,
}

/// Returns whether a line is a border of a grid table, such as `+-----+----+`.
pub fn is_border(line: &str) -> bool {
    line.len() > 2
        && line.starts_with('+')
        && line.ends_with('+')
        && line.chars().all(|char| matches!(char, '+' | '-' | '='))
}

/// Returns whether a line is a rule of a simple table, such as `===== ====`.
pub fn is_rule(line: &str) -> bool {
    line.contains(' ')
        && line.starts_with('=')
        && line.chars().all(|char| matches!(char, '=' | ' '))
}

/// Reads a grid table from `lines`, which must have no indentation.
pub fn grid(lines: &[&str]) -> RawTable {
    let border = lines.iter().max_by_key(|line| line.matches('+').count());
    let chars = border.map(|line| line.chars()).into_iter().flatten();
    let corners = chars.enumerate().filter(|(_, char)| *char == '+');
    let bounds: Vec<usize> = corners.map(|(at, _)| at).collect();
    let starts: Vec<usize> = bounds.iter().map(|bound| bound + 1).collect();
    let mut rows: Vec<RawRow> = Vec::new();
    let mut open = false;
    for (number, line) in lines.iter().enumerate() {
        if is_border(line) {
            open = false;
            continue;
        }
        if !open {
            rows.push(RawRow {
                line: number,
                ..RawRow::default()
            });
            open = true;
        }
        // Cells are merged if the line has a partial border, or if a bar is missing.
        let partly = line.contains("+--") && line.ends_with(['+', '|']);
        let barred = |at: &usize| matches!(line.chars().nth(*at), None | Some('|' | '+'));
        let merged = partly || !bounds.iter().all(barred);
        extend(&mut rows, columns(line, &starts, 1), merged, "\n");
    }
    RawTable {
        rows,
        is_complete: !open,
    }
}

/// Appends the parts of a line to the cells of the last row.
fn extend(rows: &mut [RawRow], parts: Vec<String>, merged: bool, joint: &str) {
    let Some(row) = rows.last_mut() else { return };
    row.merged |= merged;
    row.cells
        .resize(parts.len().max(row.cells.len()), String::new());
    for (cell, part) in row.cells.iter_mut().zip(parts) {
        cell.push_str(joint);
        cell.push_str(part.trim_end());
    }
}

/// Reads a simple table. A complete table has three rules (lines of `=`).
pub fn simple(lines: &[&str]) -> RawTable {
    let starts = lines.first().map_or_else(Vec::new, |rule| starts(rule));
    let mut rows: Vec<RawRow> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if is_rule(line) || line.trim().is_empty() {
            continue;
        }
        let parts = columns(line, &starts, 0);
        // Cells are merged if there is text in the gap between two columns, or if the line underlines merged cells.
        let mut gaps = starts
            .iter()
            .skip(1)
            .filter_map(|at| line.chars().nth(at - 1));
        let merged = gaps.any(|char| char != ' ') || line.starts_with("--");
        // A line with an empty first cell continues the row above, unless that row is the header.
        let continues = parts.first().is_some_and(|part| part.trim().is_empty());
        if !continues || rows.len() < 2 {
            rows.push(RawRow {
                line: number,
                ..RawRow::default()
            });
        }
        extend(&mut rows, parts, merged, "\n\n");
    }
    RawTable {
        rows,
        is_complete: lines.iter().filter(|line| is_rule(line)).count() == 3,
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

/// Returns the cells of a line. `bars` is the number of bars between two columns.
fn columns(line: &str, starts: &[usize], bars: usize) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let ends = starts.iter().skip(1).map(|next| next - bars);
    let ends = ends.chain((bars == 0).then_some(usize::MAX));
    let pairs = starts.iter().zip(ends);
    pairs
        .map(|(from, to)| chars.iter().take(to).skip(*from).collect())
        .collect()
}
