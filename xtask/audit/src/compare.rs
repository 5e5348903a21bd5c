//! A page against the transcript of its operation, fact by fact.

use serde_json::Value;

use super::comparison::Comparison;
use super::facts;
use super::page::{Example, Field, Location, Page, Response};
use super::view::{View, resolved};
use transcript::{Document, OperationRef, escape};

/// Headers that every operation has, or that core sends by itself.
const EVERYWHERE: [&str; 10] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "x-domain-id",
    "x-project-id",
    "x-sdk-date",
    "x-security-token",
    "x-auth-token",
];

/// Compares, in the order of the page.
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
        let ours = operation.text("x-page-date");
        if let (Some((line, theirs)), Some(ours)) = (&self.page.date, ours)
            && theirs != ours
        {
            let message = format!("this page is of {theirs}, the transcript of {ours}");
            let pointer = operation.at("x-page-date");
            let line = Some((*line, "the page's date"));
            self.differ("page-date", (&pointer, "x-page-date"), line, message);
        }
    }

    fn parameters(&mut self, operation: &OperationRef<'_>) {
        let ours = self.our_parameters(operation);
        let page = self.page;
        for (place, field) in &page.parameters {
            if *place == Location::Header && is_everywhere(self.document, &field.name) {
                continue;
            }
            match ours.iter().find(|(name, ..)| *name == field.name) {
                Some((_, place_of_ours, pointer)) => {
                    self.parameter(*place, field, place_of_ours, pointer);
                }
                None => {
                    let message = format!(
                        "the transcript has no parameter `{}`, which the page has in the {}",
                        field.name,
                        place.word()
                    );
                    self.differ(
                        "page-parameter",
                        (&operation.at("parameters"), &field.name),
                        Some((field.line, "the page's parameter")),
                        message,
                    );
                }
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
                self.differ("page-parameter", (&pointer, name), None, message);
            }
        }
    }

    /// Name, place and pointer of the parameters of the transcript.
    fn our_parameters(&self, operation: &OperationRef<'a>) -> Vec<(&'a str, &'a str, String)> {
        let item = operation
            .pointer
            .rsplit_once('/')
            .map_or("", |(item, _)| item);
        let mut parameters = Vec::new();
        for list in [format!("{item}/parameters"), operation.at("parameters")] {
            let listed = self.document.value.pointer(&list).and_then(Value::as_array);
            for index in 0..listed.map_or(0, Vec::len) {
                let pointer = resolved(&self.document.value, format!("{list}/{index}"));
                let text = |key: &str| {
                    let value = self.document.value.pointer(&format!("{pointer}/{key}"));
                    value.and_then(Value::as_str).unwrap_or_default()
                };
                parameters.push((text("name"), text("in"), pointer.clone()));
            }
        }
        parameters
    }

    fn parameter(&mut self, place: Location, field: &'a Field, ours: &str, pointer: &str) {
        if ours != place.word() {
            let message = format!(
                "`{}` is in the {} on the page, in the {ours} in the transcript",
                field.name,
                place.word()
            );
            let line = Some((field.line, "the page's parameter"));
            self.differ("page-parameter", (pointer, &field.name), line, message);
        }
        let required = self.document.value.pointer(&format!("{pointer}/required"));
        facts::mandatory(self, field, required == Some(&Value::Bool(true)), pointer);
        if let Some(view) = View::at(self.document, format!("{pointer}/schema")) {
            facts::compare(self, field, &view, pointer);
        }
    }

    fn body(&mut self, operation: &OperationRef<'_>) {
        let page = self.page;
        let body = resolved(&self.document.value, operation.at("requestBody"));
        let media = format!("{body}/content/application~1json");
        match (
            page.body.first(),
            View::at(self.document, format!("{media}/schema")),
        ) {
            (Some(_), Some(view)) => facts::fields(self, &page.body, &view),
            (Some(first), None) => {
                let line = Some((first.line, "the first field of the page's body"));
                let message = "the transcript has no request body, the page has one".to_owned();
                self.differ(
                    "page-field",
                    (&operation.pointer, "requestBody"),
                    line,
                    message,
                );
            }
            (None, Some(_)) => {
                let message = "the page has no table for the request's body".to_owned();
                self.differ("page-field", (&body, "requestBody"), None, message);
            }
            (None, None) => {}
        }
        let examples: Vec<&Example> = page.request_examples.iter().collect();
        let (pointer, ours) = self.our_examples(&media);
        self.examples(&pointer, &ours, &examples, "request");
    }

    fn answers(&mut self, operation: &OperationRef<'_>) {
        let page = self.page;
        for answer in &page.responses {
            self.answer(operation, answer);
        }
        let mut statuses: Vec<u16> = page
            .response_examples
            .iter()
            .map(|(status, _)| *status)
            .collect();
        statuses.dedup();
        for status in statuses {
            let mine = page
                .response_examples
                .iter()
                .filter(|(known, _)| *known == status);
            let examples: Vec<&Example> = mine.map(|(_, example)| example).collect();
            let (pointer, mut ours) = self.our_examples(&self.media(operation, status));
            // The errors of the operation's own page stand with the operation.
            let own = operation.value.get("x-error-examples");
            let own = own.and_then(|own| own.get(status.to_string()));
            ours.extend(own.and_then(Value::as_array).into_iter().flatten());
            ours.extend(own.filter(|own| own.is_object()));
            if self.has(&self.response(operation, status)) {
                self.examples(&pointer, &ours, &examples, &format!("answer {status}"));
            }
        }
        for (status, line) in &page.statuses {
            let documented = page.responses.iter().any(|answer| answer.status == *status);
            let schema = format!("{}/schema", self.media(operation, *status));
            if (200..300).contains(status) && !documented && self.has(&schema) {
                let name = status.to_string();
                let message = format!("the page has no table for the body of {status}");
                let line = Some((*line, "the page's status"));
                self.differ(
                    "page-field",
                    (&self.response(operation, *status), &name),
                    line,
                    message,
                );
            }
        }
    }

    fn answer(&mut self, operation: &OperationRef<'_>, answer: &'a Response) {
        // A contract that does not know the status means the success.
        let responses = operation.value.get("responses").and_then(Value::as_object);
        let mut known = responses.into_iter().flat_map(|map| map.keys());
        let success = known.find_map(|status| {
            status
                .parse()
                .ok()
                .filter(|status| (200..300).contains(status))
        });
        let status = match answer.status {
            0 => success.unwrap_or(200),
            status => status,
        };
        let schema = format!("{}/schema", self.media(operation, status));
        let response = self.response(operation, status);
        match View::at(self.document, schema) {
            Some(view) => facts::fields(self, &answer.fields, &view),
            None if self.has(&response) => {
                let name = status.to_string();
                let message = format!("the transcript has no body for {name}, the page has one");
                let line = Some((answer.line, "the first field of the page's body"));
                self.differ("page-field", (&response, &name), line, message);
            }
            None => {}
        }
    }

    fn response(&self, operation: &OperationRef<'_>, status: u16) -> String {
        resolved(
            &self.document.value,
            format!("{}/{status}", operation.at("responses")),
        )
    }

    fn media(&self, operation: &OperationRef<'_>, status: u16) -> String {
        format!(
            "{}/content/application~1json",
            self.response(operation, status)
        )
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
        let tables = tables.filter(|(status, _)| *status > 0);
        let theirs: Vec<(u16, usize)> = page
            .statuses
            .iter()
            .chain(&page.headings)
            .copied()
            .chain(tables)
            .collect();
        if theirs.is_empty() {
            return;
        }
        let responses = operation.value.get("responses").and_then(Value::as_object);
        let ours: Vec<&String> = responses.into_iter().flat_map(|map| map.keys()).collect();
        let mut told: Vec<u16> = Vec::new();
        for (status, line) in &theirs {
            let name = status.to_string();
            if !ours.iter().any(|known| **known == name) && !told.contains(status) {
                told.push(*status);
                let message = format!("the transcript has no status {name}, the page has");
                let line = Some((*line, "the page's status"));
                self.differ(
                    "page-status",
                    (&operation.at("responses"), &name),
                    line,
                    message,
                );
            }
        }
        for name in ours {
            if !theirs.iter().any(|(status, _)| status.to_string() == *name) {
                let pointer = format!("{}/{}", operation.at("responses"), escape(name));
                let message = format!("the page has no status {name}");
                self.differ("page-status", (&pointer, name), None, message);
            }
        }
    }

    /// Where the examples of a body stand, and they themselves.
    fn our_examples(&self, media: &str) -> (String, Vec<&'a Value>) {
        let Some(content) = self.document.value.pointer(media) else {
            return (media.to_owned(), Vec::new());
        };
        let several = content.get("examples").and_then(Value::as_object);
        let values = several.into_iter().flat_map(|several| several.values());
        let values = values.filter_map(|example| example.get("value"));
        let key = if several.is_some() {
            "examples"
        } else {
            "example"
        };
        (
            format!("{media}/{key}"),
            values.chain(content.get("example")).collect(),
        )
    }

    /// Each of the page's examples against the one of the transcript that is most like it.
    fn examples(&mut self, pointer: &str, ours: &[&Value], theirs: &[&Example], what: &str) {
        for example in theirs {
            let line = Some((example.line, "the page's example"));
            let theirs = match &example.value {
                Ok(value) => value,
                Err(error) => {
                    let message = format!("the page's example of the {what} is not JSON: {error}");
                    self.differ("page-example", (pointer, "example"), line, message);
                    continue;
                }
            };
            let differences = ours.iter().map(|ours| {
                let mut found = Vec::new();
                unlike("", ours, theirs, &mut found);
                found
            });
            let nearest = differences.min_by_key(Vec::len);
            // Another example altogether is one difference and not many.
            let nearest = nearest.filter(|found| {
                found.iter().all(|(name, _)| !name.is_empty()) && found.len() <= 12
            });
            let found = nearest.unwrap_or_else(|| {
                let message = "is not in the transcript".to_owned();
                vec![("example".to_owned(), message)]
            });
            for (name, how) in found {
                let field = if name == "example" {
                    String::new()
                } else {
                    format!("`{name}` of ")
                };
                let message = format!("{field}the page's example of the {what} {how}");
                self.differ("page-example", (pointer, &name), line, message);
            }
        }
    }

    /// A page without any limits is an edition without them, which is one difference and not many.
    fn limits_without_print(&mut self, operation: &OperationRef<'_>) {
        // Contracts leave out most of what pages print.
        let unprinted = std::mem::take(&mut self.unprinted);
        if self.page.contract {
            return;
        }
        let prints = self
            .page
            .fields()
            .iter()
            .any(|field| !field.values.printed.is_empty());
        if prints || unprinted.len() < 3 {
            for (pointer, name) in unprinted {
                let message = format!("the page prints no limit for `{name}`, the transcript does");
                self.differ("page-limit", (&pointer, &name), None, message);
            }
        } else {
            let count = unprinted.len();
            let message = format!(
                "the page prints no limits at all, the transcript has them in {count} places"
            );
            self.differ("page-limit", (&operation.pointer, "limits"), None, message);
        }
    }
}

/// In which fields a value of the page differs from ours, and how. The name is that of the nearest field.
fn unlike(name: &str, ours: &Value, theirs: &Value, found: &mut Vec<(String, String)>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in theirs {
                match ours.get(key) {
                    Some(own) => unlike(key, own, value, found),
                    None => found.push((key.clone(), "is not in the transcript's".to_owned())),
                }
            }
            let further = ours.keys().filter(|key| !theirs.contains_key(*key));
            found.extend(
                further.map(|key| (key.clone(), "is missing, the transcript has it".to_owned())),
            );
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (own, value) in ours.iter().zip(theirs) {
                unlike(name, own, value, found);
            }
        }
        _ if ours == theirs => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(60).collect::<String>();
            let how = format!("is {}, {} in the transcript", short(theirs), short(ours));
            found.push((name.to_owned(), how));
        }
    }
}

/// Whether a header is authentication, or one that core sends by itself.
pub fn is_everywhere(document: &Document, name: &str) -> bool {
    let schemes = document.value.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    let mut names = schemes.filter_map(|(_, scheme)| scheme.get("name")?.as_str());
    EVERYWHERE.contains(&name.to_lowercase().as_str())
        || names.any(|known| known.eq_ignore_ascii_case(name))
}
