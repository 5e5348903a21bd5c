//! What a page documents: one operation, with everything that its tables say.

pub mod field_type;
pub mod options;
mod reader;
mod tree;
pub mod values;
pub mod words;

use crate::markup::words;
use serde_json::Value;

pub use field_type::FieldType;
pub use options::Choice;
pub use reader::interpret;
pub use values::{Range, Values};
pub use words::Location;

/// The operation that a page documents.
#[derive(Debug, Default)]
pub struct Page {
    /// Whether it is an operation of a contract, which says nothing of what it leaves out.
    pub contract: bool,
    /// What it is filed under: the folder or the tag of it.
    pub topic: Option<String>,
    /// The page's own name: `UpdatePassword`.
    pub name: Option<String>,
    /// Its title, and the line of it.
    pub title: Option<(usize, String)>,
    /// The day of its revision, and the line of it.
    pub date: Option<(usize, String)>,
    /// The method, in upper case.
    pub method: String,
    /// The path template, without host and query.
    pub path: String,
    /// The line of both.
    pub line: usize,
    /// What travels in path, query and headers.
    pub parameters: Vec<(Location, Field)>,
    /// The fields of the body.
    pub body: Vec<Field>,
    /// The answers that have tables, by status, in the page's order.
    pub responses: Vec<Response>,
    /// The statuses of the page's list, with their lines.
    pub statuses: Vec<(u16, usize)>,
    /// The statuses that stand above tables and examples of answers, with their lines.
    pub headings: Vec<(u16, usize)>,
    /// Examples of requests.
    pub request_examples: Vec<Example>,
    /// Examples of answers, with their statuses.
    pub response_examples: Vec<(u16, Example)>,
    /// How many tables there are.
    pub tables: usize,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

impl Page {
    /// `PUT /v2/...`
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The status of the success, if the list of statuses has one.
    fn success(&self) -> Option<u16> {
        let mut statuses = self.statuses.iter().map(|(status, _)| *status);
        statuses.find(|status| (200..300).contains(status))
    }

    /// All fields, those of fields included.
    pub fn fields(&self) -> Vec<&Field> {
        let parameters = self.parameters.iter().map(|(_, field)| field);
        let answers = self.responses.iter().flat_map(|answer| &answer.fields);
        let mut all: Vec<&Field> = parameters.chain(&self.body).chain(answers).collect();
        let mut at = 0;
        while let Some(field) = all.get(at).copied() {
            all.extend(&field.fields);
            at += 1;
        }
        all
    }
}

/// A part of a page that could not be read.
#[derive(Debug)]
pub struct Unread {
    /// The line, from 1.
    pub line: usize,
    /// The caption of the table.
    pub name: String,
    /// What it is, and why it was not read.
    pub why: String,
}

impl Unread {
    fn new(line: usize, name: &str, why: impl Into<String>) -> Self {
        Unread {
            line,
            name: name.to_owned(),
            why: why.into(),
        }
    }

    /// A table of which nobody knows what it describes.
    fn table(line: usize, caption: &str) -> Self {
        Unread::new(
            line,
            caption,
            format!("the table \"{caption}\" belongs to no field"),
        )
    }
}

/// The fields of one answer.
#[derive(Debug)]
pub struct Response {
    /// Its status; pages that do not say it mean the success.
    pub status: u16,
    /// The line of its first table.
    pub line: usize,
    /// The fields of the body.
    pub fields: Vec<Field>,
}

/// A row of a table: a parameter or a field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The line, from 1.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Whether it has to be there; nothing where the page does not say.
    pub mandatory: Option<bool>,
    /// Its type.
    pub kind: FieldType,
    /// Its type in the words of the page.
    pub printed_type: String,
    /// What the description says of the values.
    pub values: Values,
    /// The description, without the asterisks of bold words.
    pub description: String,
    /// The fields of the object that it is or holds.
    pub fields: Vec<Field>,
}

impl Field {
    /// Whether the description has this word, not as a part of another.
    pub fn says(&self, word: &str) -> bool {
        !words(&self.description, word).is_empty()
    }

    /// Whether a line of the description that speaks of a default has this word.
    pub fn says_default(&self, word: &str) -> bool {
        let labels = ["default", "默认", "缺省"];
        let mut lines = self.description.lines().filter(|line| {
            let line = line.to_lowercase();
            labels.iter().any(|label| line.contains(label))
        });
        lines.any(|line| !words(line, word).is_empty())
    }
}

/// An example, as it is printed and as JSON.
#[derive(Debug)]
pub struct Example {
    /// The line, from 1.
    pub line: usize,
    /// The JSON, or why it is none.
    pub value: Result<Value, String>,
}
