//! The content of a page: one operation, with the facts of its tables.

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
    /// Whether it is an operation of a contract. A contract lacks many facts.
    pub contract: bool,
    /// Its topic: the folder or the tag.
    pub topic: Option<String>,
    /// The page's own name: `UpdatePassword`.
    pub name: Option<String>,
    /// Its title, with the line.
    pub title: Option<(usize, String)>,
    /// The date of its revision, with the line.
    pub date: Option<(usize, String)>,
    /// The method, in upper case.
    pub method: String,
    /// The path template, without host and query.
    pub path: String,
    /// The line of method and path.
    pub line: usize,
    /// The parameters of path, query and headers.
    pub parameters: Vec<(Location, Field)>,
    /// The fields of the body.
    pub body: Vec<Field>,
    /// The answers with tables, by status, in the page's order.
    pub responses: Vec<Response>,
    /// The statuses of the page's list, each with its line.
    pub statuses: Vec<(u16, usize)>,
    /// The statuses in the headings of answers, each with its line.
    pub headings: Vec<(u16, usize)>,
    /// Examples of requests.
    pub request_examples: Vec<Example>,
    /// Examples of answers, each with its status.
    pub response_examples: Vec<(u16, Example)>,
    /// The number of tables.
    pub tables: usize,
    /// The parts that could not be read.
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

    /// All fields, including inner ones.
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

    /// A table whose subject is unknown.
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
    /// Its status, or 0 for the success if the page does not say it.
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
    /// Whether it is mandatory. `None` if the page does not say it.
    pub mandatory: Option<bool>,
    /// Its type.
    pub kind: FieldType,
    /// Its type in the words of the page.
    pub printed_type: String,
    /// The facts of the description about the values.
    pub values: Values,
    /// The description, without the asterisks of bold words.
    pub description: String,
    /// The fields of its object, or of the objects in its list.
    pub fields: Vec<Field>,
}

impl Field {
    /// Whether the description has this word. A part of a longer word does not count.
    pub fn says(&self, word: &str) -> bool {
        !words(&self.description, word).is_empty()
    }

    /// Whether a line about a default has this word.
    pub fn says_default(&self, word: &str) -> bool {
        let labels = ["default", "默认", "缺省"];
        let mut lines = self.description.lines().filter(|line| {
            let line = line.to_lowercase();
            labels.iter().any(|label| line.contains(label))
        });
        lines.any(|line| !words(line, word).is_empty())
    }
}

/// An example as text and as JSON.
#[derive(Debug)]
pub struct Example {
    /// The line, from 1.
    pub line: usize,
    /// The JSON, or the error of parsing it.
    pub value: Result<Value, String>,
}
