//! Contract cards: what an operation promises, for reviewers of a diff.
//!
//! A card is a list of facts, one a line: where, what, and its value. Nothing
//! in it depends on wording or on the order of keys and files. The columns
//! have fixed widths, so that a new, longer name does not move other lines.

mod schema;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::model::{is_safe, resolve};
use schema::Fields;

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Where it holds: `operation`, `path device_id`, `request tags[]`, `200 product.id`.
    pub place: String,
    /// What is said: `type`, `mandatory`, `maxLength`.
    pub name: String,
    /// The value.
    pub value: String,
}

/// The card of one operation.
///
/// # Errors
///
/// When the document has no such operation, or a reference leads nowhere.
pub fn card(document: &Value, operation_id: &str) -> Result<String> {
    Ok(render(&facts(document, operation_id)?))
}

/// The ids of the document's operations, sorted.
pub fn operation_ids(document: &Value) -> Vec<String> {
    let ids = operations(document).filter_map(|(_, _, _, value)| value["operationId"].as_str());
    let mut ids: Vec<String> = ids.map(str::to_owned).collect();
    ids.sort();
    ids
}

/// The facts of one operation.
///
/// # Errors
///
/// As [`card`].
pub fn facts(document: &Value, operation_id: &str) -> Result<Vec<Fact>> {
    let found = operations(document).find(|(_, _, _, value)| value["operationId"] == operation_id);
    let (path, method, item, value) =
        found.with_context(|| format!("no operation is named {operation_id}"))?;
    let mut card = Card {
        document,
        facts: Vec::new(),
    };
    card.about(path, method, value);
    card.parameters(item, value)?;
    card.request(value)?;
    card.answers(value)?;
    Ok(card.facts)
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value, &Value)> {
    let items = document["paths"].as_object().into_iter().flatten();
    items.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, value)| (path, method, item, value))
    })
}

fn render(facts: &[Fact]) -> String {
    let lines = facts.iter().map(|fact| {
        let line = format!("{:<44} {:<22} {}", fact.place, fact.name, fact.value);
        line.trim_end().to_owned() + "\n"
    });
    lines.collect()
}

/// A card in the making.
struct Card<'a> {
    document: &'a Value,
    facts: Vec<Fact>,
}

impl Card<'_> {
    fn add(&mut self, place: &str, name: &str, value: impl ToString) {
        self.facts.push(Fact {
            place: place.to_owned(),
            name: name.to_owned(),
            value: value.to_string(),
        });
    }

    fn about(&mut self, path: &str, method: &str, value: &Value) {
        self.add("operation", "id", plain(&value["operationId"]));
        self.add("operation", "method", method.to_uppercase());
        self.add("operation", "path", path);
        for tag in value["tags"].as_array().into_iter().flatten() {
            self.add("operation", "chapter", plain(tag));
        }
        if let Some(page) = value.pointer("/externalDocs/url") {
            self.add("operation", "page", plain(page));
        }
        self.add(
            "operation",
            "retry",
            if is_safe(method, value) {
                "safe"
            } else {
                "unsafe"
            },
        );
        for (name, extension) in extensions(value)
            .into_iter()
            .filter(|(name, _)| *name != "x-retry")
        {
            self.add("operation", name, plain(extension));
        }
        if value["deprecated"] == true {
            self.add("operation", "deprecated", "yes");
        }
        self.security(value.get("security").unwrap_or(&self.document["security"]));
    }

    fn security(&mut self, requirements: &Value) {
        let listed = requirements
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        if listed.is_empty() {
            self.add("operation", "security", "none");
        }
        let mut schemes: Vec<String> = listed
            .iter()
            .map(|requirement| self.scheme(requirement))
            .collect();
        schemes.sort();
        for scheme in schemes {
            self.add("operation", "security", scheme);
        }
    }

    fn scheme(&self, requirement: &Value) -> String {
        let names = requirement
            .as_object()
            .into_iter()
            .flat_map(|map| map.keys());
        let described = names.map(|name| {
            let scheme = &self.document["components"]["securitySchemes"][name];
            format!(
                "{name} ({} {} {})",
                plain(&scheme["type"]),
                plain(&scheme["in"]),
                plain(&scheme["name"])
            )
        });
        described.collect::<Vec<_>>().join(" and ")
    }

    fn parameters(&mut self, item: &Value, value: &Value) -> Result<()> {
        let document = self.document;
        let listed = [item, value]
            .into_iter()
            .filter_map(|v| v["parameters"].as_array())
            .flatten();
        let resolved: Result<Vec<&Value>> = listed
            .map(|parameter| resolve(document, parameter))
            .collect();
        let mut resolved = resolved?;
        resolved.sort_by_key(|parameter| (place_order(parameter), plain(&parameter["name"])));
        for parameter in resolved {
            let place = format!("{} {}", plain(&parameter["in"]), plain(&parameter["name"]));
            self.add(&place, "mandatory", yes(&parameter["required"]));
            for name in ["style", "explode", "allowEmptyValue", "deprecated"] {
                self.value(&place, name, parameter);
            }
            self.fields(&place, &parameter["schema"])?;
        }
        Ok(())
    }

    fn request(&mut self, value: &Value) -> Result<()> {
        let Some(body) = value.get("requestBody") else {
            return Ok(());
        };
        let body = resolve(self.document, body)?;
        self.add("request", "mandatory", yes(&body["required"]));
        self.content("request", body)
    }

    fn answers(&mut self, value: &Value) -> Result<()> {
        let responses = value["responses"].as_object().into_iter().flatten();
        let mut responses: Vec<_> = responses.collect();
        responses.sort_by_key(|(status, _)| (*status).clone());
        for (status, response) in responses {
            let response = resolve(self.document, response)?;
            if response.get("content").is_none() {
                self.add(status, "content", "none");
            }
            self.content(status, response)?;
            let headers = response["headers"].as_object().into_iter().flatten();
            for (name, header) in headers {
                let place = format!("{status} header {name}");
                self.add(&place, "mandatory", yes(&header["required"]));
                self.fields(&place, &header["schema"])?;
            }
        }
        Ok(())
    }

    fn content(&mut self, place: &str, body: &Value) -> Result<()> {
        for (media_type, content) in body["content"].as_object().into_iter().flatten() {
            self.add(place, "content", media_type);
            self.fields(place, &content["schema"])?;
        }
        Ok(())
    }

    fn fields(&mut self, place: &str, schema: &Value) -> Result<()> {
        let mut fields = Fields::new(self.document, place);
        fields.describe(schema)?;
        self.facts.append(&mut fields.facts);
        Ok(())
    }

    fn value(&mut self, place: &str, name: &str, of: &Value) {
        if let Some(value) = of.get(name) {
            self.add(place, name, plain(value));
        }
    }
}

fn place_order(parameter: &Value) -> usize {
    let places = ["path", "query", "header", "cookie"];
    places
        .iter()
        .position(|place| parameter["in"] == *place)
        .unwrap_or(places.len())
}

/// The `x-` entries of a node, sorted.
fn extensions(value: &Value) -> Vec<(&String, &Value)> {
    let entries = value.as_object().into_iter().flatten();
    let mut extensions: Vec<_> = entries.filter(|(name, _)| name.starts_with("x-")).collect();
    extensions.sort_by_key(|(name, _)| (*name).clone());
    extensions
}

fn yes(value: &Value) -> &'static str {
    if value == &Value::Bool(true) {
        "yes"
    } else {
        "no"
    }
}

/// A value on one line: text without quotes, anything else as JSON with sorted keys.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if !text.contains('\n') => text.clone(),
        Value::Null => String::new(),
        other => sorted(other).to_string(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
