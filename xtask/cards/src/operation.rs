//! The card of one operation.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use super::schema::{Fields, component_name};
use super::values::{Pair, leaves, plain, requirements, rest, yes};
use super::{Entry, Fact};
use huaweicloud_openapi::is_safe;
use huaweicloud_openapi::reference::resolve;

/// What is shown by a line of its own making.
const SHOWN: [&str; 11] = [
    "operationId",
    "x-huawei-operation-id",
    "tags",
    "externalDocs",
    "x-page-date",
    "x-source",
    "x-retry",
    "security",
    "parameters",
    "requestBody",
    "responses",
];

pub(super) fn facts(document: &Value, entry: &Entry<'_>) -> Result<Vec<Fact>> {
    let mut card = Card {
        document,
        facts: Vec::new(),
        errors: BTreeMap::new(),
    };
    card.about(entry);
    card.security(entry.value);
    card.parameters(entry)?;
    card.request(entry.value)?;
    card.answers(entry.value)?;
    card.error_schemas()?;
    Ok(card.facts)
}

/// A card in the making.
struct Card<'a> {
    document: &'a Value,
    facts: Vec<Fact>,
    /// Schemas of errors, by name. Many statuses share one, so it is described once and not below each of them.
    errors: BTreeMap<String, &'a Value>,
}

impl<'a> Card<'a> {
    fn add(&mut self, place: &str, name: &str, value: impl ToString) {
        self.facts.push(Fact {
            place: place.to_owned(),
            name: name.to_owned(),
            value: value.to_string(),
        });
    }

    fn add_all(&mut self, place: &str, pairs: Vec<Pair>) {
        for (name, value) in pairs {
            self.add(place, &name, value);
        }
    }

    fn about(&mut self, entry: &Entry<'_>) {
        let value = entry.value;
        self.add("operation", "id", plain(&value["operationId"]));
        self.text("x-huawei-operation-id", value);
        self.add("operation", "method", entry.method.to_uppercase());
        self.add("operation", "path", entry.path);
        for tag in value["tags"].as_array().into_iter().flatten() {
            self.add("operation", "chapter", plain(tag));
        }
        if let Some(page) = value.pointer("/externalDocs/url") {
            self.add("operation", "page", plain(page));
        }
        self.text("x-page-date", value);
        self.text("x-source", value);
        self.add("operation", "retry", retry(entry));
        self.add_all("operation", rest(value, &SHOWN));
    }

    fn text(&mut self, key: &str, of: &Value) {
        if let Some(value) = of.get(key) {
            self.add("operation", key, plain(value));
        }
    }

    fn security(&mut self, operation: &Value) {
        let document = self.document;
        let stated = operation.get("security").unwrap_or(&document["security"]);
        self.add_all("operation", requirements(stated));
        let listed = stated.as_array().into_iter().flatten();
        let schemes = listed.filter_map(Value::as_object);
        let mut schemes: Vec<&String> =
            schemes.flat_map(|requirement| requirement.keys()).collect();
        schemes.sort();
        schemes.dedup();
        for name in schemes {
            let scheme = &document["components"]["securitySchemes"][name];
            self.add_all(&format!("security {name}"), rest(scheme, &[]));
        }
    }

    fn parameters(&mut self, entry: &Entry<'a>) -> Result<()> {
        let document = self.document;
        let listed = [entry.item, entry.value]
            .into_iter()
            .filter_map(|v| v["parameters"].as_array())
            .flatten();
        let resolved: Result<Vec<&Value>> = listed
            .map(|parameter| Ok(resolve(document, parameter)?))
            .collect();
        let mut resolved = resolved?;
        resolved.sort_by_key(|parameter| (place_order(parameter), plain(&parameter["name"])));
        for parameter in resolved {
            let place = format!("{} {}", plain(&parameter["in"]), plain(&parameter["name"]));
            self.value(&place, parameter, &["name", "in"])?;
        }
        Ok(())
    }

    /// A parameter or a header.
    fn value(&mut self, place: &str, holder: &'a Value, shown: &[&str]) -> Result<()> {
        let mut pairs = vec![("mandatory".to_owned(), yes(holder["required"] == true))];
        let known = [&["required", "schema", "examples"], shown].concat();
        pairs.extend(rest(holder, &known));
        for (name, example) in self.examples(holder)? {
            pairs.extend(leaves(&format!("example {name}"), example));
        }
        self.fields(place, &holder["schema"], pairs)
    }

    fn request(&mut self, operation: &'a Value) -> Result<()> {
        let Some(body) = operation.get("requestBody") else {
            return Ok(());
        };
        let component = component(body);
        let body = resolve(self.document, body)?;
        let mut pairs = vec![("mandatory".to_owned(), yes(body["required"] == true))];
        pairs.extend(component);
        pairs.extend(rest(body, &["required", "content"]));
        self.content("request", body, pairs, Answer::Described)
    }

    fn answers(&mut self, operation: &'a Value) -> Result<()> {
        let responses = operation["responses"].as_object().into_iter().flatten();
        let mut responses: Vec<_> = responses.collect();
        responses.sort_by_key(|(status, _)| *status);
        for (status, response) in responses {
            let mut pairs: Vec<Pair> = component(response).into_iter().collect();
            let response = resolve(self.document, response)?;
            pairs.extend(rest(response, &["content", "headers"]));
            let answer = if status.starts_with('2') {
                Answer::Described
            } else {
                Answer::Shared
            };
            self.content(status, response, pairs, answer)?;
            let headers = response["headers"].as_object().into_iter().flatten();
            let mut headers: Vec<_> = headers.collect();
            headers.sort_by_key(|(name, _)| *name);
            for (name, header) in headers {
                let header = resolve(self.document, header)?;
                self.value(&format!("{status} header {name}"), header, &[])?;
            }
        }
        Ok(())
    }

    /// The bodies of a request or an answer, one for each content type.
    fn content(
        &mut self,
        place: &str,
        body: &'a Value,
        first: Vec<Pair>,
        answer: Answer,
    ) -> Result<()> {
        let media = body["content"].as_object().into_iter().flatten();
        let mut media: Vec<_> = media.collect();
        media.sort_by_key(|(name, _)| *name);
        let alone = media.len() < 2;
        let mut pairs = first;
        if media.is_empty() {
            pairs.push(("content".to_owned(), "none".to_owned()));
        }
        if !alone || media.is_empty() {
            self.add_all(place, std::mem::take(&mut pairs));
        }
        for (name, media) in media {
            let place = if alone {
                place.to_owned()
            } else {
                format!("{place} {name}")
            };
            let mut pairs = std::mem::take(&mut pairs);
            pairs.push(("content".to_owned(), name.clone()));
            pairs.extend(rest(media, &["schema", "example", "examples"]));
            self.body(&place, media, pairs, answer)?;
        }
        Ok(())
    }

    fn body(
        &mut self,
        place: &str,
        media: &'a Value,
        mut pairs: Vec<Pair>,
        answer: Answer,
    ) -> Result<()> {
        let schema = &media["schema"];
        match (answer, schema["$ref"].as_str()) {
            (Answer::Shared, Some(reference)) => {
                let name = component_name(reference).to_owned();
                pairs.push(("schema".to_owned(), name.clone()));
                self.add_all(place, pairs);
                self.errors.insert(name, schema);
            }
            _ => self.fields(place, schema, pairs)?,
        }
        if let Some(example) = media.get("example") {
            self.example(&format!("{place} example"), example);
        }
        for (name, example) in self.examples(media)? {
            self.example(&format!("{place} example {name}"), example);
        }
        Ok(())
    }

    fn example(&mut self, place: &str, example: &Value) {
        for (name, value) in leaves("", example) {
            let name = if name.is_empty() { "body" } else { &name };
            self.add(place, name, value);
        }
    }

    /// The named examples, sorted.
    fn examples(&self, holder: &'a Value) -> Result<Vec<(&'a String, &'a Value)>> {
        let named = holder["examples"].as_object().into_iter().flatten();
        let resolved: Result<Vec<_>> = named
            .map(|(name, example)| Ok((name, &resolve(self.document, example)?["value"])))
            .collect();
        let mut examples = resolved?;
        examples.sort_by_key(|(name, _)| *name);
        Ok(examples)
    }

    fn error_schemas(&mut self) -> Result<()> {
        for (name, schema) in std::mem::take(&mut self.errors) {
            let target = resolve(self.document, schema)?;
            self.fields(&name, target, Vec::new())?;
        }
        Ok(())
    }

    fn fields(&mut self, place: &str, schema: &'a Value, first: Vec<Pair>) -> Result<()> {
        let mut fields = Fields::new(self.document, place);
        fields.describe(schema, first)?;
        self.facts.append(&mut fields.facts);
        Ok(())
    }
}

/// Whether the schema of an answer is described where the answer stands.
#[derive(Clone, Copy)]
enum Answer {
    Described,
    /// Once for all errors that have it.
    Shared,
}

fn place_order(parameter: &Value) -> usize {
    let places = ["path", "query", "header", "cookie"];
    places
        .iter()
        .position(|place| parameter["in"] == *place)
        .unwrap_or(places.len())
}

/// The name of the component that stands for an answer or a request.
fn component(value: &Value) -> Option<Pair> {
    let name = component_name(value["$ref"].as_str()?).to_owned();
    Some(("component".to_owned(), name))
}

fn retry(entry: &Entry<'_>) -> String {
    let safe = if is_safe(entry.method, entry.value) {
        "safe"
    } else {
        "unsafe"
    };
    match entry.value.get("x-retry") {
        Some(_) => safe.to_owned(),
        None => format!("{safe}, by its method"),
    }
}
