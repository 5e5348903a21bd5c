//! Defines the content of a page: one operation, with the facts that the page states.

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
    /// `true` if the operation comes from a contract (an OpenAPI file of Huawei Cloud). A contract omits many facts.
    pub contract: bool,
    /// The topic is a group of operations. Its source is the parent topic that the page names, the folder of the saved
    /// `.rst` page, or the tag in a contract.
    pub topic: Option<String>,
    /// The internal name of the page, such as `UpdatePassword`, or the `operationId` in a contract.
    pub name: Option<String>,
    /// The title, with its line.
    pub title: Option<(usize, String)>,
    /// The date of the page's last update, with its line.
    pub date: Option<(usize, String)>,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template, without host and query.
    pub path: String,
    /// The line of method and path.
    pub line: usize,
    /// The parameters in the path, the query and the headers.
    pub parameters: Vec<(Location, Field)>,
    /// The fields of the request body.
    pub body: Vec<Field>,
    /// The answers that have tables, in the order of the page.
    pub responses: Vec<Response>,
    /// The statuses in the page's list of statuses, each with its line.
    pub statuses: Vec<(u16, usize)>,
    /// The statuses in the headings of answers, each with its line.
    pub headings: Vec<(u16, usize)>,
    /// The examples of requests.
    pub request_examples: Vec<Example>,
    /// The examples of answers, each with its status.
    pub response_examples: Vec<(u16, Example)>,
    /// The number of tables on the page.
    pub tables: usize,
    /// The parts that could not be read.
    pub unread: Vec<Unread>,
}

impl Page {
    /// Returns method and path, such as `PUT /v2/...`.
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the first success status in the list of statuses.
    fn success(&self) -> Option<u16> {
        let mut statuses = self.statuses.iter().map(|(status, _)| *status);
        statuses.find(|status| (200..300).contains(status))
    }

    /// Returns all fields, including inner fields.
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
    /// The line number, from 1.
    pub line: usize,
    /// The caption of the table, or another name of the part. Empty for a table that is cut off.
    pub name: String,
    /// A description of the part, and the reason why it was not read.
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

    /// Makes an [`Unread`] for a table that has no column of types, or that belongs to no field.
    fn table(line: usize, caption: &str) -> Self {
        Unread::new(
            line,
            caption,
            format!("the table \"{caption}\" has no column of types, or belongs to no field"),
        )
    }
}

/// The fields of one answer.
#[derive(Debug)]
pub struct Response {
    /// The status, or 0 if a contract does not state the success status.
    pub status: u16,
    /// The line of the answer's first table or, in a contract, the line of the answer.
    pub line: usize,
    /// The fields of the answer's body.
    pub fields: Vec<Field>,
}

/// A row of a table: a parameter or a field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The line number, from 1.
    pub line: usize,
    /// The name of the parameter or field.
    pub name: String,
    /// `Some(true)` for a mandatory field, and `Some(false)` for an optional field. `None` if the page does not say.
    pub mandatory: Option<bool>,
    /// The type of the field.
    pub kind: FieldType,
    /// The words of the page that state the type.
    pub printed_type: String,
    /// The documented limits, options (allowed values) and default.
    pub values: Values,
    /// The description, without the lines that print limits, and without the asterisks of bold words.
    pub description: String,
    /// The inner fields, for example of an object, or of the objects in a list.
    pub fields: Vec<Field>,
}

impl Field {
    /// Returns whether the description contains `word`. A match inside a longer word does not count.
    pub fn says(&self, word: &str) -> bool {
        !words(&self.description, word).is_empty()
    }

    /// Returns whether a line of the description mentions a default and contains `word`.
    pub fn says_default(&self, word: &str) -> bool {
        let labels = ["default", "默认", "缺省"];
        let mut lines = self.description.lines().filter(|line| {
            let line = line.to_lowercase();
            labels.iter().any(|label| line.contains(label))
        });
        lines.any(|line| !words(line, word).is_empty())
    }
}

/// An example, parsed as JSON.
#[derive(Debug)]
pub struct Example {
    /// The line number, from 1.
    pub line: usize,
    /// The JSON value, or the error of the parser.
    pub value: Result<Value, String>,
}
