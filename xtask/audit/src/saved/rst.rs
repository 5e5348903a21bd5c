//! reStructuredText, as the documentation repositories of Open Telekom Cloud hold it: lines, directives, tables.
//!
//! No kept crate reads grid tables, so this reads what those pages use, at any indentation.

use super::rst_cell::inline;
use super::{Content, Saved, Table, grid};
use crate::markup::without_bold;

/// Reads a page.
pub fn parse(text: &str) -> Saved {
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = Reader::default();
    let mut at = 0;
    while at < lines.len() {
        at = reader.step(&lines, at).max(at + 1);
    }
    reader.saved
}

#[derive(Default)]
struct Reader {
    saved: Saved,
    /// What the next table is called.
    caption: String,
    anchors: Vec<String>,
}

impl Reader {
    /// Reads what begins at a line, and says where the next begins.
    fn step(&mut self, lines: &[&str], at: usize) -> usize {
        let raw = lines.get(at).copied().unwrap_or_default();
        let line = bare(raw);
        if grid::is_border(line) {
            let end = at + count(lines, at, |line| line.starts_with(['+', '|']));
            return self.table(lines, at, end, grid::parse);
        }
        if grid::is_rule(line) {
            let end = simple_end(lines, at);
            return self.table(lines, at, end, grid::parse_simple);
        }
        if let Some(directive) = line.strip_prefix(".. ") {
            return self.directive(lines, at, directive);
        }
        if let Some(name) = line.strip_prefix(":original_name:") {
            self.saved.name = Some(name.trim().trim_end_matches(".html").to_owned());
        } else if !line.is_empty() && !is_underline(line) {
            let (text, _) = inline(line);
            self.saved.push(at + 1, Content::Text(text));
        }
        at + 1
    }

    fn table(
        &mut self,
        lines: &[&str],
        at: usize,
        end: usize,
        read: fn(&[&str], usize) -> (Table, bool),
    ) -> usize {
        let indent = lines.get(at).map_or(0, |line| indent(line));
        let rows: Vec<&str> = lines
            .iter()
            .take(end)
            .skip(at)
            .map(|line| line.get(indent..).unwrap_or_default().trim_end())
            .collect();
        let (mut table, whole) = read(&rows, at + 1);
        self.saved.cut = self.saved.cut.or((!whole).then_some(at + 1));
        table.caption = std::mem::take(&mut self.caption);
        table.anchors = std::mem::take(&mut self.anchors);
        self.saved.push(at + 1, Content::Table(table));
        end
    }

    fn directive(&mut self, lines: &[&str], at: usize, directive: &str) -> usize {
        if let Some(anchor) = directive.strip_prefix('_') {
            self.anchors.push(anchor.trim_end_matches(':').to_owned());
        } else if let Some(caption) = directive.strip_prefix("table::") {
            self.caption = without_bold(&inline(caption.trim()).0);
        } else if directive.starts_with("code-block::") || directive.starts_with("code::") {
            return self.code(lines, at);
        }
        at + 1
    }

    /// The lines that are indented deeper than the directive.
    fn code(&mut self, lines: &[&str], at: usize) -> usize {
        let outer = lines.get(at).map_or(0, |line| indent(line));
        let inside = |line: &&&str| line.trim().is_empty() || indent(line) > outer;
        let body: Vec<&str> = lines
            .iter()
            .skip(at + 1)
            .take_while(inside)
            .copied()
            .collect();
        let margin = body
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| indent(line))
            .min()
            .unwrap_or_default();
        let code: Vec<&str> = body
            .iter()
            .map(|line| line.get(margin..).unwrap_or_default())
            .collect();
        let first = at
            + 1
            + body
                .iter()
                .take_while(|line| line.trim().is_empty())
                .count();
        self.saved
            .push(first + 1, Content::Code(code.join("\n").trim().to_owned()));
        at + 1 + body.len()
    }
}

/// A line without indentation and without the dash of a list.
fn bare(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("-  ").unwrap_or(line).trim()
}

/// Bytes in front of a line's text, the dash of a list included.
fn indent(line: &str) -> usize {
    line.len() - bare_start(line).len()
}

fn bare_start(line: &str) -> &str {
    let line = line.trim_start();
    line.strip_prefix("-  ").map_or(line, str::trim_start)
}

fn count(lines: &[&str], at: usize, belongs: fn(&str) -> bool) -> usize {
    let rest = lines.iter().skip(at);
    rest.take_while(|line| belongs(bare(line))).count()
}

/// A simple table ends with its third rule.
fn simple_end(lines: &[&str], at: usize) -> usize {
    let mut rules = 0;
    for (number, line) in lines.iter().enumerate().skip(at) {
        rules += usize::from(grid::is_rule(bare(line)));
        if rules == 3 {
            return number + 1;
        }
        if line.trim().is_empty() {
            return number;
        }
    }
    lines.len()
}

/// The line below a heading.
fn is_underline(line: &str) -> bool {
    let mut chars = line.chars();
    let first = chars.next();
    line.len() > 2
        && matches!(first, Some('=' | '-' | '~' | '^'))
        && chars.all(|char| Some(char) == first)
}
