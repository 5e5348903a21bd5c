//! Makes a [`Page`] from the blocks of a saved page (text, code, tables). Finds the section and facts of each block.

use crate::markup::without_bold;
use serde_json::Value;

use super::field_type::FieldType;
use super::tree::{self, Raw};
use super::words::{self, Column, Section};
use super::{Example, Field, Page, Unread, Values};
use crate::matching::template;
use crate::saved::{Block, Content, Row, Saved, Table};

const METHODS: [&str; 7] = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// Reads the operation of a page.
///
/// # Errors
/// Returns a message if the page does not document exactly one operation. The message states what the page contains.
pub fn interpret(saved: &Saved) -> Result<Page, String> {
    let mut page = Page {
        name: saved.name.clone(),
        ..Page::default()
    };
    let found = routes(saved);
    if let Some((line, method, path)) = found.first() {
        (page.line, page.method, page.path) = (*line, method.clone(), path.clone());
    }
    let mut reader = Reader {
        page,
        ..Reader::default()
    };
    for block in &saved.blocks {
        reader.block(block);
    }
    let (mut page, tables) = (reader.page, reader.tables);
    // If a page has no sections, the title is the first line that is not part of the navigation.
    if reader.section.is_none() {
        page.title = reader.first;
    }
    // A page that has no table of fields, no list of statuses and no section `URI` does not document an operation.
    let documented = !tables.is_empty() || !page.statuses.is_empty() || reader.in_uri;
    if found.is_empty() || !documented {
        return Err(format!(
            "no method and path of a documented operation found, only {}",
            understood(&page)
        ));
    }
    if found.len() > 1 {
        let several = found
            .iter()
            .map(|(_, method, path)| format!("{method} {path}"));
        let several = several.collect::<Vec<_>>().join(", ");
        return Err(format!("{} operations on one page: {several}", found.len()));
    }
    let cut = saved
        .cut
        .map(|line| Unread::new(line, "", "the page is cut off in this table"));
    let listed = !page.statuses.is_empty();
    let why = "the list of statuses is missing, perhaps because the page is cut off";
    let cut = cut.or((!listed).then(|| Unread::new(page.line, "statuses", why)));
    page.unread.extend(cut);
    tree::plant(&tables, &mut page);
    Ok(page)
}

/// Describes the recognised parts of a page, such as `the title "Lamps", 2 tables`.
fn understood(page: &Page) -> String {
    if page.title.is_none() && page.tables == 0 {
        return "an empty page".to_owned();
    }
    let title = page
        .title
        .as_ref()
        .map(|(_, title)| format!("the title \"{}\"", short(title)));
    let tables = report::terminal::count(page.tables, "table");
    let statuses = (!page.statuses.is_empty()).then(|| "a list of statuses".to_owned());
    let parts: Vec<String> = title.into_iter().chain([tables]).chain(statuses).collect();
    parts.join(", ")
}

fn short(title: &str) -> String {
    match title.char_indices().nth(80) {
        Some((end, _)) => format!("{}...", title.get(..end).unwrap_or_default()),
        None => title.to_owned(),
    }
}

/// Returns line, method and path of the operations. If the section `URI` states operations, ignores other sections.
/// If the remaining operations are in text and in code, ignores the code.
fn routes(saved: &Saved) -> Vec<(usize, String, String)> {
    let mut section = None;
    let mut best = (true, true);
    let mut routes: Vec<(usize, String, String)> = Vec::new();
    for block in &saved.blocks {
        let (text, code) = match &block.content {
            Content::Text(text) => (text, false),
            Content::Code(text) => (text, true),
            Content::Table(_) => continue,
        };
        if !code {
            section = words::section(text).or(section);
        }
        let rank = (section != Some(Section::Uri), code);
        for (number, line) in text.lines().enumerate() {
            let Some((method, path)) = route(line).filter(|_| rank <= best) else {
                continue;
            };
            if rank < best {
                routes.clear();
                best = rank;
            }
            let same = |known: &str| template(known) == template(&path);
            // Code can show several example requests of the same operation. So only the first path in code counts.
            if !routes
                .iter()
                .any(|(_, known, at)| code || *known == method && same(at))
            {
                routes.push((block.line + number, method, path));
            }
        }
    }
    routes
}

/// Reads method and path from a line such as `PUT https://{endpoint}/v2/devices?limit={limit}`.
fn route(line: &str) -> Option<(String, String)> {
    let line = without_bold(line);
    let line = line.trim().trim_start_matches("- ");
    let line = line.strip_prefix("URI format").unwrap_or(line).trim_start();
    let (method, rest) = line.split_once(char::is_whitespace)?;
    let address = rest.split_whitespace().next()?;
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..))?,
        None => address,
    };
    // A query can also begin with `{?`. So the path must not keep an opening brace at its end.
    let path = path.split('?').next()?;
    let path = path.trim_end_matches(['/', '.', ',', '{']);
    let path = if path.is_empty() { "/" } else { path };
    let fits = METHODS.contains(&method) && address.contains('/') && path.starts_with('/');
    fits.then(|| (method.to_owned(), path.to_owned()))
}

#[derive(Default)]
struct Reader {
    page: Page,
    section: Option<Section>,
    status: Option<u16>,
    /// The last line of text above the current block. This line can be the caption of a table.
    above: String,
    /// The first line of the page that is not part of the navigation.
    first: Option<(usize, String)>,
    /// `true` if the page has a section with the heading `URI`.
    in_uri: bool,
    tables: Vec<Raw>,
}

impl Reader {
    fn block(&mut self, block: &Block) {
        match &block.content {
            Content::Text(text) => self.text(block.line, text),
            Content::Code(code) => self.code(block.line, code),
            Content::Table(table) => self.table(block.line, table),
        }
    }

    fn text(&mut self, line: usize, text: &str) {
        if let Some(date) = words::date(text) {
            self.page.date.get_or_insert((line, date));
            return;
        }
        if let Some(topic) = words::topic(text) {
            self.page.topic = Some(topic.to_owned());
        }
        if let Some(section) = words::section(text) {
            self.enter(section);
        } else if let Some(status) = words::status(text) {
            self.status = Some(status);
            self.page.headings.push((status, line));
        }
        if self.section.is_none() {
            let navigation = text.contains('>') || text == "分享" || text.starts_with("20");
            if !navigation {
                let title = (line, without_bold(text).trim().to_owned());
                self.first.get_or_insert_with(|| title.clone());
                self.page.title = Some(title);
            }
        }
        self.above = without_bold(text);
    }

    /// Enters a section of the page. The status in a heading applies until the next status or another section.
    fn enter(&mut self, section: Section) {
        if self.section != Some(section) {
            self.status = None;
        }
        self.in_uri |= section == Section::Uri;
        self.section = Some(section);
    }

    fn code(&mut self, line: usize, code: &str) {
        let response = match self.section {
            Some(Section::RequestExample) => false,
            Some(Section::ResponseExample) => true,
            _ => return,
        };
        let lines: Vec<&str> = code.lines().collect();
        let start = lines
            .iter()
            .position(|line| line.trim_start().starts_with(['{', '[']));
        let Some(start) = start else {
            return;
        };
        let json = lines.get(start..).unwrap_or_default().join("\n");
        let example = Example {
            line: line + start,
            value: serde_json::from_str::<Value>(&json).map_err(|error| error.to_string()),
        };
        if response {
            let status = self.status.or_else(|| self.page.success()).unwrap_or(200);
            self.page.response_examples.push((status, example));
        } else {
            self.page.request_examples.push(example);
        }
    }

    fn table(&mut self, line: usize, table: &Table) {
        self.page.tables += 1;
        let columns: Vec<Option<Column>> = table
            .header
            .iter()
            .map(|text| words::column(text))
            .collect();
        if columns.first() == Some(&Some(Column::Status)) {
            return self.statuses(table);
        }
        let caption = match words::table_caption(&table.caption) {
            Some(caption) => caption,
            None if table.caption.is_empty() => {
                words::table_caption(&self.above).unwrap_or(&self.above)
            }
            None => &table.caption,
        };
        let named = columns.first() == Some(&Some(Column::Name));
        // Some tables of path parameters have no column of types. So a column of mandatory marks is enough.
        let listed = [Column::Type, Column::Mandatory];
        let fields = named && listed.iter().any(|column| columns.contains(&Some(*column)));
        let section = self.section.filter(|section| {
            matches!(section, Section::Uri | Section::Request | Section::Response)
        });
        let (Some(section), true) = (section, fields) else {
            if section.is_some() && named {
                self.page.unread.push(Unread::table(line, caption));
            }
            return;
        };
        if let Some(row) = table.rows.iter().find(|row| row.merged) {
            let why = format!("rows of the table \"{caption}\" have merged cells");
            self.page.unread.push(Unread::new(row.line, caption, why));
        }
        let raw = Raw {
            line,
            section,
            status: self.status,
            caption: caption.trim_start_matches("- ").to_owned(),
            anchors: table.anchors.clone(),
            rows: table
                .rows
                .iter()
                .filter(|row| !row.merged)
                .map(|row| field(row, &columns))
                .filter(|(field, _)| !field.name.is_empty())
                .collect(),
        };
        self.tables.push(raw);
    }

    fn statuses(&mut self, table: &Table) {
        for row in &table.rows {
            let status = row.cells.first().map(|cell| without_bold(&cell.text));
            let status = status.as_deref().map(str::trim);
            if let Some(status) = status.filter(|text| words::is_status(text))
                && let Ok(status) = status.parse()
            {
                self.page.statuses.push((status, row.line));
            }
        }
    }
}

/// Reads a row of a table of fields. Returns the field, and the link targets in the cells of its name and type.
fn field(row: &Row, columns: &[Option<Column>]) -> (Field, Vec<String>) {
    let mut field = Field {
        line: row.line,
        ..Field::default()
    };
    let mut description = String::new();
    for (cell, column) in row.cells.iter().zip(columns) {
        match column {
            Some(Column::Name) => field.name = name(&cell.text),
            Some(Column::Mandatory) => field.mandatory = words::mandatory(&cell.text),
            Some(Column::Type) => field.printed_type = cell.text.replace('\n', " "),
            Some(Column::Description) => description.push_str(&cell.text),
            _ => {}
        }
    }
    field.kind = FieldType::parse(&field.printed_type);
    field.values = Values::find(&description, &field.kind);
    // A printed limit, such as `Maximum: 64`, is not part of the description.
    let lines = description.lines().filter(|line| !words::is_limit(line));
    field.description = without_bold(&lines.collect::<Vec<_>>().join("\n"));
    let named = [Some(Column::Name), Some(Column::Type)];
    let cells = row.cells.iter().zip(columns);
    let links = cells
        .filter(|(_, column)| named.contains(column))
        .filter_map(|(cell, _)| cell.link.clone());
    (field, links.collect())
}

fn name(text: &str) -> String {
    without_bold(text)
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}
