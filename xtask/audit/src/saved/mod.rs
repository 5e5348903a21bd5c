//! Reads saved pages of any form as lines of text, code and tables, in their order.
//!
//! Each form has a reader of its own. The later steps see [`Block`]s only. Bold text keeps its asterisks, because pages
//! print their options in bold.

mod grid;
mod html;
mod markdown;
mod rst;
mod rst_cell;
mod text;

/// A saved page as blocks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The page's own name, if the form keeps it: `UpdatePassword`.
    pub name: Option<String>,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// The line of a table without an end.
    pub cut: Option<usize>,
}

impl Saved {
    fn push(&mut self, line: usize, content: Content) {
        self.blocks.push(Block { line, content });
    }

    /// Adds a table. Its line is that of its first row, if it has one.
    fn push_table(&mut self, line: usize, table: Table) {
        let line = table.rows.first().map_or(line, |row| row.line);
        self.push(line, Content::Table(table));
    }
}

/// A part of a page, and its first line.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// The first line, from 1.
    pub line: usize,
    /// What it is.
    pub content: Content,
}

/// The content of a part of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// A line of text. Headings and captions are lines, too.
    Text(String),
    /// Preformatted lines.
    Code(String),
    /// A table.
    Table(Table),
}

/// A table with one line of headings.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The text above it, if the form marks it as the caption.
    pub caption: String,
    /// The names that links use to point to it.
    pub anchors: Vec<String>,
    /// The headings of the columns.
    pub header: Vec<String>,
    /// The rows below.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its first line, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Whether a cell spans several rows or columns. Then the cells cannot be assigned to columns.
    pub merged: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text, with the line breaks of the page.
    pub text: String,
    /// The target of the first link in it.
    pub link: Option<String>,
}

/// The forms of saved pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HTML, as exported or saved by a browser.
    Html,
    /// reStructuredText with grid or simple tables.
    Rst,
    /// Markdown with tables that have one line for each row.
    Markdown,
    /// Text copied from a browser: one cell in each line, with or without bars.
    Text,
}

impl Form {
    /// Guesses the form from the content, because the file name says nothing.
    pub fn guess(text: &str) -> Form {
        let lower = text.to_ascii_lowercase();
        let has = |tags: &[&str]| tags.iter().any(|tag| lower.contains(tag));
        let whole = has(&["<h1", "<html", "<body"]);
        let mut lines = text.lines().map(str::trim);
        let heading = |line: &str| line.starts_with("# ") || line.starts_with("## ");
        // Markdown can contain tables of HTML.
        let html =
            lower.contains("</") && (whole || has(&["<table"]) && !lines.clone().any(heading));
        let directive = |line: &str| line.starts_with(".. ");
        let rst = lines.clone().any(grid::is_border) || lines.clone().any(directive);
        // Examples in reStructuredText can contain HTML, but a page of HTML begins with a tag.
        if html && (!rst || text.trim_start().starts_with('<')) {
            return Form::Html;
        }
        if rst {
            return Form::Rst;
        }
        // Whether the line is `|---|---|`, below the headings of a table.
        let ruler = |line: &str| {
            line.starts_with('|') && line.contains("--") && line.trim_matches('|').contains('|')
        };
        let titled = |line: &str| line.starts_with("## ");
        match lines.any(|line| ruler(line) || titled(line)) || has(&["<table"]) {
            true => Form::Markdown,
            false => Form::Text,
        }
    }
}

/// Reads a page as blocks.
pub fn parse(text: &str) -> Saved {
    let text: String = text.chars().map(space).collect();
    let form = Form::guess(&text);
    let visible: String = match form {
        // Invisible characters count in the columns of its tables, so they stay.
        Form::Rst => text,
        _ => shown(&text),
    };
    let mut saved = match form {
        Form::Html => html::parse(&visible),
        Form::Rst => rst::parse(&visible),
        Form::Markdown => markdown::parse(&visible),
        Form::Text => text::parse(&visible),
    };
    for block in &mut saved.blocks {
        block.tidy();
    }
    saved
}

/// Replaces non-breaking and Chinese spaces by spaces.
fn space(char: char) -> char {
    match char {
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => ' ',
        other => other,
    }
}

/// The text without invisible characters, which only control line breaks.
fn shown(text: &str) -> String {
    let unseen = |char: &char| {
        matches!(
            char,
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
    };
    let chars = text.chars().filter(|char| !unseen(char));
    chars.map(space).collect()
}

impl Block {
    /// Removes invisible characters from entities and grids, too.
    fn tidy(&mut self) {
        match &mut self.content {
            Content::Text(text) | Content::Code(text) => *text = shown(text),
            Content::Table(table) => {
                let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
                let texts = cells.map(|cell| &mut cell.text);
                let texts = texts.chain(&mut table.header);
                for text in texts.chain([&mut table.caption]) {
                    *text = shown(text);
                }
            }
        }
    }
}

/// Line numbers of byte offsets.
#[derive(Default)]
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines {
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }
}

/// Replaces each sequence of spaces and line breaks by one space.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
