//! Reads saved pages of several formats. The result is a list of blocks: lines of text, code, and tables.
//!
//! Each format has its own reader, but all readers make the same types of [`Block`]s. In lines and cells, bold words
//! begin and end with `**`, because pages can print enum values in bold.

mod grid;
mod html;
mod markdown;
mod rst;
mod rst_cell;
mod text;

/// A saved page as blocks.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The internal name of the page, such as `UpdatePassword`, if the format keeps the name.
    pub name: Option<String>,
    /// The parts of the page, in their order.
    pub blocks: Vec<Block>,
    /// The line of the first table whose end is missing, for example because the page is cut off.
    pub cut: Option<usize>,
}

impl Saved {
    fn push(&mut self, line: usize, content: Content) {
        self.blocks.push(Block { line, content });
    }

    /// Adds a table. The line of the block is the line of the first table row, or `line` for a table without rows.
    fn push_table(&mut self, line: usize, table: Table) {
        let line = table.rows.first().map_or(line, |row| row.line);
        self.push(line, Content::Table(table));
    }
}

/// A part of a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// The number of the first line, from 1. For a table, some readers use the first row below the headings.
    pub line: usize,
    /// The content of the part.
    pub content: Content,
}

/// The content of a block.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// A line of text, for example a heading, or a caption that the format does not mark.
    Text(String),
    /// Preformatted lines.
    Code(String),
    /// A table.
    Table(Table),
}

/// A table with one row of headings.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The caption, if the format marks the caption.
    pub caption: String,
    /// The anchors of the table: names that links use as targets.
    pub anchors: Vec<String>,
    /// The headings of the columns.
    pub header: Vec<String>,
    /// The rows below the headings.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of the first line, from 1.
    pub line: usize,
    /// The cells of the row.
    pub cells: Vec<Cell>,
    /// `true` if a cell spans several rows or columns. Then the cells of the row cannot be assigned to columns.
    pub merged: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text of the cell, with the line breaks of the page.
    pub text: String,
    /// The target of the first link to an anchor.
    pub link: Option<String>,
}

/// The formats of saved pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HTML that a browser saved, or that another program exported.
    Html,
    /// reStructuredText with grid tables or simple tables.
    Rst,
    /// Markdown with Markdown tables or HTML tables.
    Markdown,
    /// Text that a person copied from a browser. Each table cell starts on a new line. A bar (`|`) can end the cell.
    Text,
}

impl Form {
    /// Guesses the format from the content. The file name does not reliably show the format.
    pub fn guess(text: &str) -> Form {
        let lower = text.to_ascii_lowercase();
        let has = |tags: &[&str]| tags.iter().any(|tag| lower.contains(tag));
        let whole = has(&["<h1", "<html", "<body"]);
        let mut lines = text.lines().map(str::trim);
        let heading = |line: &str| line.starts_with("# ") || line.starts_with("## ");
        // A page in Markdown can contain HTML tables, but its headings begin with `#`.
        let html =
            lower.contains("</") && (whole || has(&["<table"]) && !lines.clone().any(heading));
        let directive = |line: &str| line.starts_with(".. ");
        let rst = lines.clone().any(grid::is_border) || lines.clone().any(directive);
        // Examples in reStructuredText can contain HTML. But a page in HTML begins with a tag.
        if html && (!rst || text.trim_start().starts_with('<')) {
            return Form::Html;
        }
        if rst {
            return Form::Rst;
        }
        // A ruler is the line `|---|---|` below the headings of a table.
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

/// Reads a page, and returns its blocks.
pub fn parse(text: &str) -> Saved {
    let text: String = text.chars().map(space).collect();
    let form = Form::guess(&text);
    let visible: String = match form {
        // The removal of invisible characters here would shift the cells of tables. So `tidy` removes them later.
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

/// Replaces special spaces, such as the non-breaking space and the Chinese space, by normal spaces.
fn space(char: char) -> char {
    match char {
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => ' ',
        other => other,
    }
}

/// Replaces special spaces, and removes invisible characters. Pages use invisible characters to control line breaks.
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
    /// Replaces special spaces from HTML entities. Removes invisible characters from entities and reStructuredText.
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

/// Finds the line numbers of byte offsets.
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

/// Replaces each sequence of spaces and line breaks by one space. Removes spaces at the start and at the end.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
