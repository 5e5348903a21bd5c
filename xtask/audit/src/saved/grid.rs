//! Reads the tables of reStructuredText: grid tables with `+`, `-` and `|`, and simple tables with `=`.

/// A row with unparsed cells.
#[derive(Default)]
pub struct RawRow {
    /// Its first line, from 0.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<String>,
    /// Whether a cell spans several rows or columns.
    pub merged: bool,
}

/// A table with unparsed cells.
pub struct RawTable {
    /// Its rows.
    pub rows: Vec<RawRow>,
    /// Whether the end of the table is present.
    pub is_complete: bool,
}

/// Whether a line is the border of a grid: `+-----+----+`.
pub fn is_border(line: &str) -> bool {
    line.len() > 2
        && line.starts_with('+')
        && line.ends_with('+')
        && line.chars().all(|char| matches!(char, '+' | '-' | '='))
}

/// Whether a line is the rule of a simple table: `===== ====`.
pub fn is_rule(line: &str) -> bool {
    line.contains(' ')
        && line.starts_with('=')
        && line.chars().all(|char| matches!(char, '=' | ' '))
}

/// Reads a grid, given its lines without indentation.
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
        // The line has a partial border, or a bar is missing.
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

/// Adds the parts of a line to the cells of the last row.
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

/// Reads a simple table with its three rules.
pub fn simple(lines: &[&str]) -> RawTable {
    let starts = lines.first().map_or_else(Vec::new, |rule| starts(rule));
    let mut rows: Vec<RawRow> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if is_rule(line) || line.trim().is_empty() {
            continue;
        }
        let parts = columns(line, &starts, 0);
        // There is text in the gap between two columns, or a line below merged cells.
        let mut gaps = starts
            .iter()
            .skip(1)
            .filter_map(|at| line.chars().nth(at - 1));
        let merged = gaps.any(|char| char != ' ') || line.starts_with("--");
        // If the first cell of a line is empty, the line belongs to the row above.
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

/// The cells of a line. Between two columns there are `bars` bars.
fn columns(line: &str, starts: &[usize], bars: usize) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let ends = starts.iter().skip(1).map(|next| next - bars);
    let ends = ends.chain((bars == 0).then_some(usize::MAX));
    let pairs = starts.iter().zip(ends);
    pairs
        .map(|(from, to)| chars.iter().take(to).skip(*from).collect())
        .collect()
}
