//! Compares a documentation page with an operation of a transcript (OpenAPI YAML files of a service), fact by fact.

use serde_json::Value;

use super::comparison::Comparison;
use super::facts;
use super::page::{Example, Field, Location, Page};
use super::view::{View, resolved};
use transcript::{Document, OperationRef, escape};

/// Headers that the core crate or its HTTP library sends. If a page documents such a header, the audit does not compare
/// the header, and a draft omits it.
const EVERYWHERE: &str = "accept authorization content-length content-type host x-domain-id x-project-id x-sdk-date \
    x-security-token x-auth-token";

pub fn compare<'a>(
    document: &'a Document,
    operation: &OperationRef<'a>,
    page: &'a Page,
    file: &'a str,
) -> Comparison<'a> {
    let mut comparison = Comparison {
        document,
        page,
        file,
        found: Vec::new(),
        unprinted: Vec::new(),
        pairs: Vec::new(),
    };
    comparison.date(operation);
    comparison.parameters(operation);
    comparison.body(operation);
    comparison.answers(operation);
    comparison.statuses(operation);
    comparison.limits_without_print(operation);
    comparison
}

impl<'a> Comparison<'a> {
    fn date(&mut self, operation: &OperationRef<'_>) {
        if let (Some((line, theirs)), Some(ours)) = (&self.page.date, operation.text("x-page-date"))
            && theirs != ours
        {
            let message = format!("the page has the date {theirs}, the transcript {ours}");
            let pointer = operation.at("x-page-date");
            self.differ(
                "page-date",
                (&pointer, "x-page-date"),
                Some(*line),
                Vec::new(),
                message,
            );
        }
    }

    fn parameters(&mut self, operation: &OperationRef<'_>) {
        let ours = self.our_parameters(operation);
        let page = self.page;
        for (place, field) in &page.parameters {
            if *place == Location::Header && is_everywhere(self.document, &field.name) {
                continue;
            }
            let known = ours.iter().find(|(name, ..)| *name == field.name);
            let (name, theirs) = (&field.name, place.word());
            let message = match known {
                None => Some(format!(
                    "the transcript has no parameter `{name}`, which the page has in the {theirs}"
                )),
                Some((_, ours, _)) => (*ours != theirs).then(|| {
                    format!(
                        "`{name}` is in the {theirs} on the page, in the {ours} in the transcript"
                    )
                }),
            };
            let list = operation.at("parameters");
            let pointer = known.map_or(&list, |(.., pointer)| pointer);
            if let Some(message) = message {
                self.differ(
                    "page-parameter",
                    (pointer, name),
                    Some(field.line),
                    Vec::new(),
                    message,
                );
            }
            let required = self.document.value.pointer(&format!("{pointer}/required"));
            if let Some(view) = View::at(self.document, format!("{pointer}/schema")) {
                facts::compare(
                    self,
                    field,
                    &view,
                    pointer,
                    required == Some(&Value::Bool(true)),
                );
            }
        }
        let has_path = page
            .parameters
            .iter()
            .any(|(place, _)| *place == Location::Path);
        for (name, place, pointer) in ours {
            let known = page.parameters.iter().any(|(_, field)| field.name == name);
            if !known && (place != "path" || has_path) {
                let message = format!("the page has no parameter `{name}`");
                self.differ(
                    "page-parameter",
                    (&pointer, name),
                    None,
                    Vec::new(),
                    message,
                );
            }
        }
    }

    /// Returns name, location and JSON pointer of each parameter that the operation has in the transcript.
    fn our_parameters(&self, operation: &OperationRef<'a>) -> Vec<(&'a str, &'a str, String)> {
        let root = &self.document.value;
        let item = operation
            .pointer
            .rsplit_once('/')
            .map_or("", |(item, _)| item);
        let mut parameters = Vec::new();
        for list in [format!("{item}/parameters"), operation.at("parameters")] {
            let listed = root.pointer(&list).and_then(Value::as_array);
            for index in 0..listed.map_or(0, Vec::len) {
                let pointer = resolved(root, format!("{list}/{index}"));
                let text = |key: &str| root.pointer(&format!("{pointer}/{key}"))?.as_str();
                let (name, place) = (text("name"), text("in"));
                parameters.push((name.unwrap_or_default(), place.unwrap_or_default(), pointer));
            }
        }
        parameters
    }

    /// Compares the fields of a body. Reports a body that only the page or only the transcript has.
    fn content(&mut self, at: &str, name: &str, theirs: &'a [Field], what: &str) {
        let schema = View::at(
            self.document,
            format!("{at}/content/application~1json/schema"),
        );
        match (theirs.first(), schema) {
            // If a body is a list, the page describes the fields of the list elements.
            (Some(_), Some(view)) => facts::fields(self, theirs, &facts::innermost(&view)),
            (Some(first), None) => {
                let message = format!("the transcript has no {what}, the page has one");
                self.differ(
                    "page-field",
                    (at, name),
                    Some(first.line),
                    Vec::new(),
                    message,
                );
            }
            (None, Some(_)) => {
                let message = format!("the page has no table for the {what}");
                self.differ("page-field", (at, name), None, Vec::new(), message);
            }
            (None, None) => {}
        }
    }

    fn body(&mut self, operation: &OperationRef<'_>) {
        let page = self.page;
        let body = resolved(&self.document.value, operation.at("requestBody"));
        let home = if self.has(&body) {
            &body
        } else {
            &operation.pointer
        };
        self.content(home, "requestBody", &page.body, "request body");
        let (pointer, ours) = self.our_examples(&body);
        self.examples(&pointer, &ours, page.request_examples.iter(), "request");
    }

    fn answers(&mut self, operation: &OperationRef<'_>) {
        let page = self.page;
        let responses = operation.value.get("responses").and_then(Value::as_object);
        let known = responses.into_iter().flat_map(|map| map.keys());
        let known: Vec<u16> = known.filter_map(|status| status.parse().ok()).collect();
        let success = known
            .iter()
            .find(|status| (200..300).contains(*status))
            .copied();
        for answer in &page.responses {
            // If a contract (an OpenAPI file of Huawei Cloud) does not state the success status, `answer.status` is 0.
            let status = if answer.status == 0 {
                success.unwrap_or(200)
            } else {
                answer.status
            };
            let response = self.response(operation, status);
            if self.has(&response) {
                self.content(
                    &response,
                    &status.to_string(),
                    &answer.fields,
                    &format!("body of {status}"),
                );
            }
        }
        for status in known {
            let response = self.response(operation, status);
            let listed = page.statuses.iter().any(|(known, _)| *known == status);
            let documented = page
                .responses
                .iter()
                .any(|answer| answer.status == status || answer.status == 0);
            if (200..300).contains(&status) && listed && !documented {
                self.content(
                    &response,
                    &status.to_string(),
                    &[],
                    &format!("body of {status}"),
                );
            }
            // Operations share error answers. So the error examples of one operation are in its `x-error-examples`.
            let own = operation.value.get("x-error-examples");
            let own = own.and_then(|own| own.get(status.to_string()));
            let (pointer, mut ours) = self.our_examples(&response);
            ours.extend(own.and_then(Value::as_array).into_iter().flatten());
            ours.extend(own.filter(|own| own.is_object()));
            let theirs = page
                .response_examples
                .iter()
                .filter(|(known, _)| *known == status);
            let theirs = theirs.map(|(_, example)| example);
            self.examples(&pointer, &ours, theirs, &format!("answer {status}"));
        }
    }

    fn response(&self, operation: &OperationRef<'_>, status: u16) -> String {
        let own = format!("{}/{status}", operation.at("responses"));
        resolved(&self.document.value, own)
    }

    fn has(&self, pointer: &str) -> bool {
        self.document.value.pointer(pointer).is_some()
    }

    fn statuses(&mut self, operation: &OperationRef<'_>) {
        let page = self.page;
        let tables = page
            .responses
            .iter()
            .map(|answer| (answer.status, answer.line));
        let theirs = page
            .statuses
            .iter()
            .chain(&page.headings)
            .copied()
            .chain(tables);
        let theirs: Vec<(String, usize)> = theirs
            .filter(|(status, _)| *status > 0)
            .map(|(status, line)| (status.to_string(), line))
            .collect();
        let pointer = operation.at("responses");
        let responses = operation.value.get("responses").and_then(Value::as_object);
        let ours: Vec<&String> = responses.into_iter().flat_map(|map| map.keys()).collect();
        for (at, (name, line)) in theirs.iter().enumerate() {
            let told = theirs.iter().take(at).any(|(known, _)| known == name);
            if !ours.contains(&name) && !told {
                let message = format!("the transcript has no status {name}, the page has it");
                self.differ(
                    "page-status",
                    (&pointer, name),
                    Some(*line),
                    Vec::new(),
                    message,
                );
            }
        }
        for name in ours {
            if !theirs.is_empty() && !theirs.iter().any(|(known, _)| known == name) {
                let pointer = format!("{pointer}/{}", escape(name));
                let message = format!("the page has no status {name}");
                self.differ("page-status", (&pointer, name), None, Vec::new(), message);
            }
        }
    }

    /// Returns the examples of a body in the transcript, and the JSON pointer of `example` or `examples`.
    fn our_examples(&self, body: &str) -> (String, Vec<&'a Value>) {
        let media = format!("{body}/content/application~1json");
        let content = self.document.value.pointer(&media);
        let several = content.and_then(|content| content.get("examples")?.as_object());
        let values = several.into_iter().flat_map(|several| several.values());
        let values = values.filter_map(|example| example.get("value"));
        let values = values.chain(content.and_then(|content| content.get("example")));
        let key = if several.is_some() {
            "examples"
        } else {
            "example"
        };
        (format!("{media}/{key}"), values.collect())
    }

    /// Compares each example of the page with the most similar example of the transcript.
    fn examples(
        &mut self,
        pointer: &str,
        ours: &[&Value],
        theirs: impl Iterator<Item = &'a Example>,
        what: &str,
    ) {
        for example in theirs {
            let found = match &example.value {
                Err(error) => vec![(String::new(), format!("is not JSON: {error}"))],
                Ok(theirs) => nearest(ours, theirs),
            };
            for (name, how) in found {
                let field = if name.is_empty() {
                    String::new()
                } else {
                    format!("`{name}` of ")
                };
                let name = if name.is_empty() { "example" } else { &name };
                let message = format!("{field}the page's example of the {what} {how}");
                self.differ(
                    "page-example",
                    (pointer, name),
                    Some(example.line),
                    Vec::new(),
                    message,
                );
            }
        }
    }

    /// Reports fields that have limits only in the transcript. If the page prints no limits with labels, such as
    /// `Maximum: 64`, reports more than two such fields in one finding.
    fn limits_without_print(&mut self, operation: &OperationRef<'_>) {
        let unprinted = std::mem::take(&mut self.unprinted);
        // Contracts omit most of the limits that pages print.
        if self.page.contract {
            return;
        }
        let fields = self.page.fields();
        let prints = fields.iter().any(|field| !field.values.printed.is_empty());
        let count = unprinted.len();
        if !prints && count > 2 {
            let message = format!(
                "the page prints no limits with labels, and {count} fields have limits only in the transcript"
            );
            self.differ(
                "page-limit",
                (&operation.pointer, "limits"),
                None,
                Vec::new(),
                message,
            );
            return;
        }
        for (pointer, name) in unprinted {
            let message = format!("the page prints no limit for `{name}`, the transcript has one");
            self.differ("page-limit", (&pointer, &name), None, Vec::new(), message);
        }
    }
}

/// Returns the differences between an example and the most similar example of the transcript. If there are more than 12
/// differences, or the transcript has no example, returns one difference for the whole example.
fn nearest(ours: &[&Value], theirs: &Value) -> Vec<(String, String)> {
    let differences = ours.iter().map(|ours| {
        let mut found = Vec::new();
        unlike("", ours, theirs, &mut found);
        found
    });
    let nearest = differences.min_by_key(Vec::len);
    let nearest = nearest.filter(|found| found.len() <= 12);
    nearest.unwrap_or_else(|| vec![(String::new(), "is not in the transcript".to_owned())])
}

/// Finds the fields in which an example of the page differs from an example of the transcript. Adds the name of each
/// such field and a message to `found`.
fn unlike(name: &str, ours: &Value, theirs: &Value, found: &mut Vec<(String, String)>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in theirs {
                match ours.get(key) {
                    Some(own) => unlike(key, own, value, found),
                    None => found.push((key.clone(), "is not transcribed".to_owned())),
                }
            }
            let further = ours.keys().filter(|key| !theirs.contains_key(*key));
            found.extend(further.map(|key| (key.clone(), "is missing on the page".to_owned())));
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (own, value) in ours.iter().zip(theirs) {
                unlike(name, own, value, found);
            }
        }
        _ if ours == theirs => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(60).collect::<String>();
            found.push((
                name.to_owned(),
                format!("is {} ({} in the transcript)", short(theirs), short(ours)),
            ));
        }
    }
}

/// Returns whether a header is in `EVERYWHERE`, or is the header of a security scheme.
pub fn is_everywhere(document: &Document, name: &str) -> bool {
    let schemes = document.value.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    let mut names = schemes.filter_map(|(_, scheme)| scheme.get("name")?.as_str());
    EVERYWHERE
        .split(' ')
        .any(|known| known.eq_ignore_ascii_case(name))
        || names.any(|known| known.eq_ignore_ascii_case(name))
}
