//! Reads pages in reStructuredText from the documentation repositories of Open Telekom Cloud.
//!
//! We found no maintained crate that reads grid tables with line numbers. So this module reads the syntax of the pages.

use super::html::Reader;
use super::rst_cell::inline;
use super::{Saved, grid};

pub fn parse(text: &str) -> Saved {
    let lines: Vec<&str> = text.lines().collect();
    let mut page = Page {
        reader: Reader::parse(text),
        caption: String::new(),
    };
    let mut at = 0;
    while at < lines.len() {
        at = page.step(&lines, at).max(at + 1);
    }
    page.reader.finish()
}

struct Page {
    reader: Reader,
    /// The caption of the next table.
    caption: String,
}

impl Page {
    /// Reads the part of the page that begins at the line `at`. Returns the line of the next part.
    fn step(&mut self, lines: &[&str], at: usize) -> usize {
        let raw = lines.get(at).copied().unwrap_or_default();
        let line = bare(raw);
        if grid::is_border(line) {
            let end = at + count(lines, at, |line| line.starts_with(['+', '|']));
            return self.table(lines, at, end, grid::grid);
        }
        if grid::is_rule(line) {
            let end = simple_end(lines, at);
            return self.table(lines, at, end, grid::simple);
        }
        if let Some(directive) = line.strip_prefix(".. ") {
            return self.directive(lines, at, directive);
        }
        if let Some(name) = line.strip_prefix(":original_name:") {
            self.reader.call(name.trim().trim_end_matches(".html"));
        } else if !line.is_empty() && !is_underline(line) {
            self.reader.text(at + 1, &inline(line).0);
            self.reader.flush();
        }
        at + 1
    }

    fn table(
        &mut self,
        lines: &[&str],
        at: usize,
        end: usize,
        read: fn(&[&str]) -> grid::RawTable,
    ) -> usize {
        let indent = lines.get(at).map_or(0, |line| indent(line));
        let rows = lines.iter().take(end).skip(at);
        let rows: Vec<&str> = rows
            .map(|line| line.get(indent..).unwrap_or_default().trim_end())
            .collect();
        let table = read(&rows);
        let reader = &mut self.reader;
        if !table.is_complete {
            reader.cut(at + 1);
        }
        reader.start("table", at + 1, |_| None);
        reader.start("caption", at + 1, |_| None);
        reader.text(at + 1, &std::mem::take(&mut self.caption));
        reader.end("caption");
        for row in table.rows {
            let line = at + 1 + row.line;
            reader.start("tr", line, |_| None);
            if row.merged {
                reader.merge();
            }
            for text in &row.cells {
                cell(reader, line, text);
            }
            reader.end("tr");
        }
        reader.end("table");
        end
    }

    fn directive(&mut self, lines: &[&str], at: usize, directive: &str) -> usize {
        if let Some(anchor) = directive.strip_prefix('_') {
            let anchor = anchor.trim_end_matches(':');
            self.reader.start("a", at + 1, |key| {
                (key == "name").then(|| anchor.to_owned())
            });
        } else if let Some(caption) = directive.strip_prefix("table::") {
            self.caption = inline(caption.trim()).0;
        } else if directive.starts_with("code-block::") || directive.starts_with("code::") {
            return self.code(lines, at);
        }
        at + 1
    }

    /// Reads a code block: the lines that are indented deeper than the directive.
    fn code(&mut self, lines: &[&str], at: usize) -> usize {
        let outer = lines.get(at).map_or(0, |line| indent(line));
        let inside = |line: &&&str| line.trim().is_empty() || indent(line) > outer;
        let body = lines.iter().skip(at + 1).take_while(inside);
        let body: Vec<&str> = body.copied().collect();
        let full = || {
            body.iter()
                .enumerate()
                .filter(|(_, line)| !line.trim().is_empty())
        };
        let margin = full()
            .map(|(_, line)| indent(line))
            .min()
            .unwrap_or_default();
        let code: Vec<&str> = body
            .iter()
            .map(|line| line.get(margin..).unwrap_or_default())
            .collect();
        let first = full().next().map_or(0, |(first, _)| first);
        self.reader.start("pre", at + 1, |_| None);
        self.reader.text(at + 2 + first, code.join("\n").trim());
        self.reader.end("pre");
        at + 1 + body.len()
    }
}

/// Reads a table cell. Joins wrapped lines, and drops directives.
fn cell(reader: &mut Reader, line: usize, text: &str) {
    reader.start("td", line, |_| None);
    for text in text.lines().map(str::trim) {
        let item = text.strip_prefix("-  ");
        if text.is_empty() {
            reader.flush();
        } else if !text.starts_with(".. ") {
            if item.is_some() {
                reader.start("li", line, |_| None);
            }
            let (shown, link) = inline(item.unwrap_or(text));
            if let Some(link) = link {
                reader.start("a", line, |key| (key == "href").then(|| format!("#{link}")));
            }
            reader.text(line, &(shown + " "));
        }
    }
    reader.end("td");
}

/// Returns a line without its indentation, and without the dash of a list item.
fn bare(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("-  ").unwrap_or(line).trim()
}

/// Returns the number of bytes before the text of a line, including the dash of a list item.
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

/// Returns the end of a simple table. The table ends after its third rule (a line of `=`), or before an empty line.
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

fn is_underline(line: &str) -> bool {
    let mut chars = line.chars();
    let first = chars.next();
    line.len() > 2
        && matches!(first, Some('=' | '-' | '~' | '^'))
        && chars.all(|char| Some(char) == first)
}
