//! Reads HTML as a sequence of tokens. The reader needs no tree of elements to find lines, code and tables.

use crate::markup::without_bold;
use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::{Cell, Content, Lines, Row, Saved, Table, squeeze};

pub fn parse(text: &str) -> Saved {
    let mut reader = Reader::parse(text);
    reader.tokens(text, 0);
    reader.finish()
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Makes blocks from the tags and the text of a page.
#[derive(Default)]
pub struct Reader {
    saved: Saved,
    lines: Lines,
    /// The text of the current line. `begins` is the line of the file at which this text begins.
    line: String,
    begins: usize,
    /// The number of open tags with hidden content, such as `script`.
    hidden: usize,
    /// The number of the first line of an open `pre`, and the content of the `pre`.
    code: Option<(usize, String)>,
    caption: bool,
    /// The anchors of the next table: names that links use as targets.
    anchors: Vec<String>,
    /// The open table. A table inside one of its cells becomes text of the cell.
    table: Option<Table>,
    depth: usize,
    row: Option<Row>,
    cell: Option<Cell>,
    /// The number of rows below the current row that a cell with `rowspan` also covers.
    below: usize,
}

impl Reader {
    pub fn parse(text: &str) -> Self {
        Reader {
            lines: Lines::new(text),
            begins: 1,
            ..Reader::default()
        }
    }

    /// Returns the blocks of the page. If a table has no end, marks the page as cut off.
    pub fn finish(mut self) -> Saved {
        self.flush();
        if let Some(table) = &self.table {
            let line = table.rows.first().map_or(self.begins, |row| row.line);
            self.cut(line);
            self.depth = 1;
            self.close_table();
        }
        self.saved
    }

    /// Reads a part of the page that begins at a byte offset.
    pub fn tokens(&mut self, piece: &str, offset: usize) {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(piece, emitter).flatten() {
            match token {
                Token::StartTag(tag) => {
                    let attribute = |key: &str| {
                        let value = tag.attributes.get(key.as_bytes());
                        value
                            .map(|value| name(value))
                            .filter(|value| !value.is_empty())
                    };
                    let line = self.line_at(offset + tag.span.start);
                    self.start(&name(&tag.name), line, attribute);
                }
                Token::EndTag(tag) => self.end(&name(&tag.name)),
                Token::String(string) => {
                    let text = String::from_utf8_lossy(&string.value);
                    let blank = text.len() - text.trim_start().len();
                    self.text(self.line_at(offset + string.span.start + blank), &text);
                }
                _ => {}
            }
        }
    }

    pub fn line_at(&self, offset: usize) -> usize {
        self.lines.at(offset)
    }

    /// Sets the internal name of the page.
    pub fn call(&mut self, name: &str) {
        self.saved.name = Some(name.to_owned());
    }

    /// Marks the page as cut off in the table at `line`.
    pub fn cut(&mut self, line: usize) {
        self.saved.cut.get_or_insert(line);
    }

    /// Marks the current row as merged: its cells cannot be assigned to columns.
    pub fn merge(&mut self) {
        if let Some(row) = &mut self.row {
            row.merged = true;
        }
    }

    pub fn start(&mut self, tag: &str, line: usize, attribute: impl Fn(&str) -> Option<String>) {
        match tag {
            "script" | "style" | "head" => self.hidden += 1,
            "strong" | "b" => self.line.push_str("**"),
            "a" => self.anchor(attribute("name"), attribute("href")),
            "br" => self.flush(),
            "li" => {
                self.flush();
                "- ".clone_into(&mut self.line);
            }
            "pre" if self.cell.is_none() => {
                self.flush();
                self.code = Some((line, String::new()));
            }
            "table" => self.open_table(attribute("id")),
            "caption" => {
                self.flush();
                self.caption = true;
            }
            "tr" if self.depth == 1 => {
                self.close_row();
                self.row = Some(Row {
                    line,
                    merged: self.below > 0,
                    ..Row::default()
                });
                self.below = self.below.saturating_sub(1);
            }
            "th" | "td" if self.depth == 1 => {
                self.close_cell();
                let span = |key| attribute(key).and_then(|span| span.parse().ok());
                self.open_cell(span("colspan").unwrap_or(1), span("rowspan").unwrap_or(1));
            }
            tag if is_line(tag) => self.flush(),
            _ => {}
        }
    }

    pub fn end(&mut self, tag: &str) {
        match tag {
            "script" | "style" | "head" => self.hidden = self.hidden.saturating_sub(1),
            "strong" | "b" => self.line.push_str("**"),
            "pre" => {
                if let Some((line, text)) = self.code.take() {
                    self.saved
                        .push(line, Content::Code(text.trim_matches('\n').to_owned()));
                }
            }
            "caption" => {
                self.flush();
                self.caption = false;
            }
            "li" => {
                self.flush();
                self.line.clear();
            }
            "td" | "th" if self.depth == 1 => self.close_cell(),
            "tr" if self.depth == 1 => self.close_row(),
            "table" => self.close_table(),
            tag if is_line(tag) => self.flush(),
            _ => {}
        }
    }

    pub fn text(&mut self, line: usize, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if let Some((first, code)) = &mut self.code {
            if code.trim().is_empty() {
                *first = line;
            }
            code.push_str(text);
            return;
        }
        if self.line.trim().is_empty() {
            self.begins = line;
        }
        self.line.push_str(text);
    }

    /// Reads an `a` tag. The first anchor before all blocks names the page. If a cell has links to anchors, keeps the
    /// first target, which is usually the table of a type.
    fn anchor(&mut self, name: Option<String>, target: Option<String>) {
        if self.saved.name.is_none() && self.saved.blocks.is_empty() {
            self.saved.name = name;
        } else if self.depth == 0 {
            self.anchors.extend(name);
        }
        if let (Some(cell), Some(target)) = (&mut self.cell, target)
            && let Some(target) = target.strip_prefix('#')
        {
            cell.link.get_or_insert(target.to_owned());
        }
    }

    fn open_table(&mut self, id: Option<String>) {
        self.depth += 1;
        if self.depth == 1 {
            self.flush();
            self.below = 0;
            self.table = Some(Table {
                anchors: self.anchors.drain(..).chain(id).collect(),
                ..Table::default()
            });
        }
    }

    fn close_table(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 {
            return;
        }
        self.close_row();
        if let Some(table) = self.table.take() {
            self.saved.push_table(self.begins, table);
        }
    }

    fn close_row(&mut self) {
        self.close_cell();
        let (Some(table), Some(row)) = (&mut self.table, self.row.take()) else {
            return;
        };
        if table.header.is_empty() && table.rows.is_empty() {
            table.header = row.cells.into_iter().map(|cell| cell.text).collect();
        } else if !row.cells.is_empty() {
            table.rows.push(row);
        }
    }

    /// Opens a cell. If the cell spans several rows or columns, marks all rows of the cell as merged.
    fn open_cell(&mut self, columns: usize, rows: usize) {
        self.cell = Some(Cell::default());
        let Some(row) = &mut self.row else { return };
        row.merged |= columns > 1 || rows > 1;
        self.below = self.below.max(rows.saturating_sub(1));
    }

    fn close_cell(&mut self) {
        self.flush();
        self.line.clear();
        if let (Some(cell), Some(row)) = (self.cell.take(), &mut self.row) {
            row.cells.push(cell);
        }
    }

    /// Ends the current line, and adds the line to the cell, the caption or the page.
    pub fn flush(&mut self) {
        let line = squeeze(&std::mem::take(&mut self.line)).replace("****", "");
        if line == "-" {
            // The text of this list item follows in a separate paragraph, so the line must keep the dash.
            self.line.push_str("- ");
        }
        if line.is_empty() || line == "-" {
            return;
        }
        if let Some(cell) = &mut self.cell {
            if !cell.text.is_empty() {
                cell.text.push('\n');
            }
            cell.text.push_str(&line);
        } else if let Some(table) = self.table.as_mut().filter(|_| self.caption) {
            table.caption = without_bold(&line);
        } else {
            self.saved.push(self.begins, Content::Text(line));
        }
    }
}

/// Returns whether a tag begins or ends a line.
fn is_line(tag: &str) -> bool {
    let tags = [
        "p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
        "header", "footer", "nav", "dl", "dt", "dd", "title", "tr", "td", "th", "thead", "tbody",
    ];
    tags.contains(&tag)
}
