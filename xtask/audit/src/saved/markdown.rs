//! Markdown, as tools make it of a page.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Cell, Content, Lines, Row, Saved, Table, squeeze};

/// Reads a page.
pub fn parse(text: &str) -> Saved {
    let mut reader = Reader {
        lines: Lines::of(text),
        begins: 1,
        ..Reader::default()
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, &range);
    }
    reader.saved
}

#[derive(Default)]
struct Reader {
    saved: Saved,
    lines: Lines,
    line: String,
    begins: usize,
    code: bool,
    table: Option<Table>,
    row: Option<Row>,
    link: Option<String>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.line.push('\n'),
            Event::SoftBreak | Event::HardBreak => self.flush(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Strong => self.line.push_str("**"),
            Tag::Link { dest_url, .. } => self.link = dest_url.strip_prefix('#').map(str::to_owned),
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = true;
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Table::default());
            }
            Tag::TableHead | Tag::TableRow => {
                self.row = Some(Row {
                    line: self.lines.at(range.start),
                    cells: Vec::new(),
                });
            }
            Tag::Item | Tag::Paragraph | Tag::Heading { .. } => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.line.push_str("**"),
            TagEnd::CodeBlock => {
                let code = std::mem::take(&mut self.line).trim_end().to_owned();
                self.code = false;
                self.saved.push(self.begins, Content::Code(code));
            }
            TagEnd::TableCell => self.cell(),
            TagEnd::TableHead => {
                if let (Some(table), Some(row)) = (&mut self.table, self.row.take()) {
                    table.header = row.cells.into_iter().map(|cell| cell.text).collect();
                }
            }
            TagEnd::TableRow => {
                if let (Some(table), Some(row)) = (&mut self.table, self.row.take()) {
                    table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.saved.push_table(self.begins, table);
                }
            }
            TagEnd::Item | TagEnd::Paragraph | TagEnd::Heading(_) => self.flush(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        if self.line.is_empty() {
            self.begins = self.lines.at(range.start);
        }
        self.line.push_str(text);
    }

    fn cell(&mut self) {
        let lines: Vec<String> = std::mem::take(&mut self.line)
            .lines()
            .map(squeeze)
            .collect();
        let link = self.link.take();
        if let Some(row) = &mut self.row {
            row.cells.push(Cell {
                text: lines.join("\n"),
                link,
            });
        }
    }

    fn flush(&mut self) {
        if self.code || self.row.is_some() {
            return;
        }
        let line = squeeze(&std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.saved.push(self.begins, Content::Text(line));
        }
    }
}
