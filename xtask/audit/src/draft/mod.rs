//! Drafts the YAML of an operation from its documentation page. The draft has TODOs in place of descriptions.

pub mod names;
mod parameters;
mod responses;
mod sample;
mod schemas;
pub mod yaml;

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value, json};

use self::schemas::{Schemas, TODO};
use super::matching::template;
use super::page::{Field, Page};
use transcript::{Document, Finding};

/// A function that returns the findings of lint, except for those about TODOs. Because callers pass the function, this
/// crate does not depend on the crate `lint`.
pub type Judge<'a> = &'a dyn Fn(&Document) -> Vec<Finding>;

/// A draft of an operation, with its findings.
#[derive(Debug)]
pub struct Draft {
    /// The draft as YAML.
    pub text: String,
    /// The number of TODOs in the draft.
    pub todos: usize,
    /// The findings that the draft adds to the findings of the service, except for the findings about TODOs.
    pub findings: Vec<Finding>,
}

/// Drafts the operation of a page for `service`. If `service` is `None`, chooses the service that the path names, or
/// the service with the most similar path. Returns `None` if `documents` is empty or does not contain `service`.
pub fn draft(
    documents: &[Document],
    service: Option<&str>,
    page: &Page,
    judge: Judge<'_>,
) -> Option<Draft> {
    let named = documents
        .iter()
        .filter(|document| service.is_none_or(|service| document.service == service));
    let document = named.max_by_key(|document| {
        let likeness = document
            .operations()
            .map(|operation| shared(operation.path, &page.path));
        let is_named = page
            .path
            .split('/')
            .any(|segment| segment == document.service);
        (is_named, likeness.max().unwrap_or_default())
    })?;
    let drafter = Drafter {
        document,
        page,
        id: None,
        chapter: None,
    };
    let chapter = drafter.chapter();
    Some(drafter.finish(&chapter, &drafter.document(&chapter), judge))
}

/// Makes a new operation with TODOs. Returns its chapter, and a document with only its `paths` and `components`.
pub fn skeleton(
    document: &Document,
    page: &Page,
    id: Option<&str>,
    chapter: Option<&str>,
) -> (String, Map<String, Value>) {
    let drafter = Drafter {
        document,
        page,
        id,
        chapter,
    };
    let chapter = drafter.chapter();
    let made = drafter.document(&chapter);
    (chapter, made)
}

/// Returns the number of equal segments at the beginning of two paths.
fn shared(ours: &str, theirs: &str) -> usize {
    let (ours, theirs) = (template(ours), template(theirs));
    ours.split('/')
        .zip(theirs.split('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

struct Drafter<'a> {
    document: &'a Document,
    page: &'a Page,
    id: Option<&'a str>,
    chapter: Option<&'a str>,
}

impl<'a> Drafter<'a> {
    /// Makes `paths` with only this operation, and `components` with its new responses and schemas, if there are any.
    fn document(&self, chapter: &str) -> Map<String, Value> {
        let (official, id) = match self.id {
            Some(id) => (Some(id.to_pascal_case()), id.to_owned()),
            None => names::operation(self.page, |id| {
                let mut known = self.document.operations();
                known.any(|operation| operation.id() == Some(id))
            }),
        };
        // If the page has no official name and no tables, as in a skeleton, the id gives the official name.
        let official = official.unwrap_or_else(|| match self.page.tables {
            0 => id.to_pascal_case(),
            _ => TODO.to_owned(),
        });
        let noun = id
            .split_once('_')
            .map_or(id.as_str(), |(_, noun)| noun)
            .to_pascal_case();
        let noun = names::pascal(&noun);
        let mut schemas = Schemas::new(self.document, noun.clone());
        let parameters = self.parameters(&mut schemas);
        let body = self.body(&format!("{}Request", id.to_pascal_case()), &mut schemas);
        let answer = match id.starts_with("list_") {
            true => format!("{noun}List"),
            false => noun,
        };
        let (responses, components) = self.responses(&answer, &mut schemas);
        let mut operation = self.about(&official, &id, chapter);
        operation.insert("parameters".to_owned(), Value::Array(parameters));
        operation.extend(body.map(|body| ("requestBody".to_owned(), body)));
        operation.insert("responses".to_owned(), Value::Object(responses));
        let mut document = Map::new();
        let item = json!({self.page.method.to_lowercase(): operation});
        document.insert("paths".to_owned(), json!({&self.page.path: item}));
        let mut kinds = Map::new();
        if !components.is_empty() {
            kinds.insert("responses".to_owned(), Value::Object(components));
        }
        if !schemas.made.is_empty() {
            kinds.insert("schemas".to_owned(), Value::Object(schemas.made));
        }
        if !kinds.is_empty() {
            document.insert("components".to_owned(), Value::Object(kinds));
        }
        document
    }

    fn finish(&self, chapter: &str, document: &Map<String, Value>, judge: Judge<'_>) -> Draft {
        let file = file_of(self.document, chapter, &self.page.path);
        // The folder `draft` makes this path different from the path of the chapter's file.
        let beside = format!("draft/{chapter}.yaml");
        let mut text = format!(
            "# A draft for {file}. Complete the draft, then merge its `paths` and `components` into that file.\n\
             # Write descriptions in your own words. The program can misread tables. So compare the draft with the page.\n"
        );
        if self.page.contract
            && self.page.path.trim_start_matches('/')
                == self.page.name.as_deref().unwrap_or_default()
        {
            text += "# TODO: replace the path; the contract has only the operation's name.\n";
        }
        for unread in &self.page.unread {
            let words: Vec<&str> = unread.why.split_whitespace().collect();
            let why: String = words.join(" ").chars().take(110).collect();
            text += &format!("# TODO: {why}: line {} of the page.\n", unread.line);
        }
        yaml::mapping(&mut text, document, 0);
        let files = self.document.files().iter();
        let mut files: Vec<(String, Vec<u8>)> = files
            .map(|file| (file.name.clone(), file.text.clone().into_bytes()))
            .collect();
        files.push((beside.clone(), text.clone().into_bytes()));
        let findings = match Document::from_files(&self.document.service, files) {
            Ok(whole) => {
                let before = judge(self.document);
                let mut findings = judge(&whole);
                findings.retain(|finding| !before.contains(finding));
                findings
            }
            Err(findings) => findings,
        };
        let own = findings
            .iter()
            .filter(|finding| finding.place.file == beside);
        let own: Vec<(usize, String)> = own.map(todo).collect();
        let text = yaml::with_comments(text, own);
        Draft {
            todos: text.matches("TODO").count(),
            text,
            findings,
        }
    }

    /// Returns `self.chapter`, or the chapter with the name of the page's topic. Otherwise, returns the chapter of an
    /// operation whose path has the same last word as the page's path. Otherwise, makes a name from the topic. If the
    /// topic gives no name, returns the chapter with the most similar path, or `todo` if the service has no paths.
    fn chapter(&self) -> String {
        if let Some(chapter) = self.chapter {
            return chapter.to_owned();
        }
        let topic = self
            .page
            .topic
            .as_deref()
            .unwrap_or_default()
            .to_snake_case();
        let idle = ["management", "api", "apis", ""];
        let words: Vec<&str> = topic
            .split('_')
            .filter(|word| !idle.contains(word))
            .collect();
        let tags = self
            .document
            .value
            .pointer("/tags")
            .and_then(Value::as_array);
        let mut chapters = tags
            .into_iter()
            .flatten()
            .filter_map(|tag| tag.get("name")?.as_str());
        let named = chapters.find(|chapter| {
            let ours = chapter.split('-').map(names::singular);
            ours.eq(words.iter().map(|word| names::singular(word)))
        });
        let last = |path: &str| {
            path.split('/')
                .rfind(|part| !part.contains('{'))
                .map(str::to_owned)
        };
        let beside = || {
            let mut operations = self.document.operations();
            let same = |path: &str| {
                template(path) == template(&self.page.path) || last(path) == last(&self.page.path)
            };
            operations.find(|operation| same(operation.path))
        };
        if let Some(chapter) = named.or_else(|| Some(beside()?.chapter)) {
            return chapter.to_owned();
        }
        if topic.is_ascii() && !words.is_empty() {
            return words.join("-");
        }
        let operations = self.document.operations();
        let nearest = operations.max_by_key(|operation| shared(operation.path, &self.page.path));
        nearest
            .map_or("todo", |operation| operation.chapter)
            .to_owned()
    }

    fn about(&self, official: &str, id: &str, chapter: &str) -> Map<String, Value> {
        let mut about = Map::new();
        about.insert("operationId".to_owned(), json!(id));
        about.insert("x-huawei-operation-id".to_owned(), json!(official));
        about.insert("summary".to_owned(), json!(names::sentence(id)));
        about.insert("description".to_owned(), json!(TODO));
        about.insert("tags".to_owned(), json!([chapter]));
        let title = self.page.title.as_ref().map(|(_, title)| title.as_str());
        if let Some((_, date)) = &self.page.date {
            let title = title.filter(|title| title.is_ascii()).unwrap_or(TODO);
            let url = "https://support.huaweicloud.com/TODO.html";
            about.insert(
                "externalDocs".to_owned(),
                json!({"url": url, "description": title}),
            );
            about.insert("x-page-date".to_owned(), json!(date));
        } else {
            let source = "TODO: replace this key by externalDocs (the page) and x-page-date (the date of the page)";
            about.insert("x-source".to_owned(), json!(source));
        }
        if self.page.method != "GET" {
            about.insert(
                "#".to_owned(),
                json!("TODO: write `safe` if a second request does no harm (rule O4)"),
            );
            about.insert("x-retry".to_owned(), json!("unsafe"));
        }
        self.pagination(&mut about);
        about
    }

    /// Makes a body with the page's example or an invented example. Corrects values that the page's tables forbid.
    fn content(&self, schema: &str, printed: Option<&Value>, fields: &[Field]) -> Value {
        let mut notes = BTreeSet::new();
        let example = match printed {
            Some(printed) => sample::fitted(printed, fields, &mut notes),
            None => sample::object(fields),
        };
        let list = notes.into_iter().collect::<Vec<_>>().join("`, `");
        let note = match (printed, list.is_empty()) {
            (None, _) if self.page.tables > 0 => {
                Some("TODO: the page has no example, so this example is invented".to_owned())
            }
            (_, false) => Some(format!(
                "TODO: the page's example contradicts its tables: `{list}` (add a row to ERRATA.md)"
            )),
            _ => None,
        };
        content(schema, &example, note.as_deref())
    }

    fn body(&self, name: &str, schemas: &mut Schemas<'_>) -> Option<Value> {
        if self.page.body.is_empty() {
            return None;
        }
        let name = schemas.body(name, &self.page.body, true);
        let mut printed = self.page.request_examples.iter();
        let printed = printed.find_map(|example| example.value.as_ref().ok());
        Some(json!({
            "required": true,
            "description": TODO,
            "content": self.content(&name, printed, &self.page.body),
        }))
    }
}

/// Returns the chapter's file that contains the most similar path. A chapter without operations gets a new file.
pub fn file_of(document: &Document, chapter: &str, path: &str) -> String {
    let operations = document.operations();
    let own = operations.filter(|operation| operation.chapter == chapter);
    let nearest = own.max_by_key(|own| (shared(own.path, path), own.path == path));
    match nearest {
        Some(operation) => document.place(&operation.pointer).file,
        None => format!("openapi/{}/{chapter}.yaml", document.service),
    }
}

/// Converts a finding to a comment. Returns the line for the comment, and the comment.
fn todo(finding: &Finding) -> (usize, String) {
    let text: String = finding.message.chars().take(100).collect();
    (
        // The first two lines explain the draft, so the comment must be below these lines.
        finding.place.line.max(3),
        format!("TODO: {text} [{}]", finding.rule),
    )
}

fn content(schema: &str, example: &Value, note: Option<&str>) -> Value {
    let mut media = Map::new();
    let reference = format!("#/components/schemas/{schema}");
    media.insert("schema".to_owned(), json!({"$ref": reference}));
    media.extend(note.map(|note| ("#".to_owned(), json!(note))));
    media.insert("example".to_owned(), example.clone());
    json!({"application/json": media})
}
