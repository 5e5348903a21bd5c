//! What the documentation promises: whether an exchange keeps it, and which of
//! its values are secrets.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::Exchange;

/// What stands for a secret where one is shown.
const MASK: &str = "***";

/// The OpenAPI document of a service.
pub struct Document {
    value: Value,
}

impl Document {
    /// Reads a service's `OPENAPI`.
    ///
    /// # Errors
    ///
    /// When it is not JSON.
    pub fn read(openapi: &str) -> Result<Document> {
        let mut value = serde_json::from_str(openapi).context("the document is not JSON")?;
        nullable_types(&mut value);
        Ok(Document { value })
    }

    /// The id of the operation that an exchange is a call of.
    ///
    /// # Errors
    ///
    /// When the document has no such path or method.
    pub fn operation_id(&self, exchange: &Exchange) -> Result<&str> {
        self.operation(exchange)?["operationId"]
            .as_str()
            .context("the operation has no id")
    }

    /// Checks an answer: its status is documented, and so is its body.
    ///
    /// # Errors
    ///
    /// Says what is not as documented; never shows a value.
    pub fn check(&self, exchange: &Exchange) -> Result<()> {
        if self.is_file(exchange)? {
            return Ok(());
        }
        let schema = self.answer_schema(exchange)?;
        let Some(schema) = schema else {
            match exchange.received.is_empty() {
                true => return Ok(()),
                false => bail!("a body came that the page does not document"),
            }
        };
        let body: Value =
            serde_json::from_slice(&exchange.received).context("the body is not JSON")?;
        let whole = json!({ "allOf": [schema], "components": self.value["components"] });
        let validator =
            jsonschema::draft4::new(&whole).context("the document's schema is not one")?;
        match validator.iter_errors(&body).next() {
            Some(error) => bail!("{} breaks {}", error.instance_path(), error.schema_path()),
            None => Ok(()),
        }
    }

    /// The request's body for people: secrets masked, empty when there is none.
    pub fn shown_request(&self, exchange: &Exchange) -> String {
        self.shown(self.request_schema(exchange), &exchange.sent)
    }

    fn request_schema(&self, exchange: &Exchange) -> Option<&Value> {
        let body = self.operation(exchange).ok()?.get("requestBody")?;
        body.pointer("/content/application~1json/schema")
    }

    /// The answer's body for people: secrets masked, empty when there is none.
    pub fn shown_answer(&self, exchange: &Exchange) -> String {
        self.shown(
            self.answer_schema(exchange).ok().flatten(),
            &exchange.received,
        )
    }

    /// What is secret in an exchange: what its bodies have where the document says password, the caller's token, and one that is issued.
    ///
    /// Nothing of bodies that the document does not know.
    pub fn secrets(&self, exchange: &Exchange) -> Vec<String> {
        let Exchange {
            headers, answered, ..
        } = exchange;
        let tokens = [
            headers.get("x-auth-token"),
            headers.get("x-security-token"),
            answered.get("x-subject-token"),
        ];
        let tokens = tokens.into_iter().flatten();
        let mut found: Vec<String> = tokens
            .filter_map(|token| token.to_str().ok())
            .map(str::to_owned)
            .collect();
        let request = self.request_schema(exchange);
        let answer = self.answer_schema(exchange).ok().flatten();
        for (schema, body) in [(request, &exchange.sent), (answer, &exchange.received)] {
            if let (Some(schema), Ok(mut value)) = (schema, serde_json::from_slice(body)) {
                self.mask(schema, &mut value, &mut found);
            }
        }
        found
    }

    /// Without a schema nobody can tell what is secret, so nothing is shown.
    fn shown(&self, schema: Option<&Value>, body: &[u8]) -> String {
        match (schema, serde_json::from_slice(body)) {
            (Some(schema), Ok(mut value)) => {
                self.mask(schema, &mut value, &mut Vec::new());
                value.to_string()
            }
            _ if body.is_empty() => String::new(),
            _ => format!("({} bytes that are not documented)", body.len()),
        }
    }

    /// Replaces what is secret, and adds it to what was found.
    fn mask(&self, schema: &Value, value: &mut Value, found: &mut Vec<String>) {
        if schema["format"] == "password" && !value.is_null() {
            // What is masked already is no secret any more.
            found.extend(
                value
                    .as_str()
                    .filter(|text| *text != MASK)
                    .map(str::to_owned),
            );
            *value = MASK.into();
            return;
        }
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let target = schema["$ref"]
            .as_str()
            .and_then(|r| self.value.pointer(r.strip_prefix('#')?));
        parts
            .chain(target)
            .for_each(|schema| self.mask(schema, value, found));
        match value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| self.mask(&schema["items"], item, found)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.mask(&schema["properties"][name], field, found);
                    self.mask(&schema["additionalProperties"], field, found);
                }
            }
            _ => {}
        }
    }

    /// Whether the documented answer is a file: any bytes will do.
    fn is_file(&self, exchange: &Exchange) -> Result<bool> {
        let content = self.response(exchange)?["content"].as_object();
        let mut all = content.into_iter().flat_map(|content| content.values());
        Ok(all.any(|media| media["schema"]["format"] == "binary"))
    }

    fn answer_schema(&self, exchange: &Exchange) -> Result<Option<&Value>> {
        let response = self.response(exchange)?;
        Ok(response.pointer("/content/application~1json/schema"))
    }

    fn response(&self, exchange: &Exchange) -> Result<&Value> {
        let responses = &self.operation(exchange)?["responses"];
        let response = responses.get(exchange.status.to_string());
        let response = response
            .with_context(|| format!("the page does not document status {}", exchange.status))?;
        match response["$ref"].as_str() {
            Some(reference) => self
                .value
                .pointer(reference.trim_start_matches('#'))
                .context("a reference leads nowhere"),
            None => Ok(response),
        }
    }

    fn operation(&self, exchange: &Exchange) -> Result<&Value> {
        let path = exchange.target.split('?').next().unwrap_or_default();
        let paths = self.value["paths"]
            .as_object()
            .context("the document has no paths")?;
        let method = exchange.method.to_lowercase();
        let matching = paths.iter().filter_map(|(template, item)| {
            let operation = item.get(&method)?;
            is_of(path, template).then_some((template, operation))
        });
        // A fixed segment goes before a parameter: `devices/force-offline` before `devices/{device_id}`.
        let is_open = |template: &str| -> Vec<bool> {
            let segments = template.split('/');
            segments.map(|segment| segment.starts_with('{')).collect()
        };
        let operation = matching.min_by_key(|(template, _)| is_open(template));
        let operation = operation.map(|(_, operation)| operation);
        operation.with_context(|| format!("no page documents {} {path}", exchange.method))
    }
}

/// True when a path follows a template such as `/v2/{project_id}/instances`.
fn is_of(path: &str, template: &str) -> bool {
    let (path, template): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), template.split('/').collect());
    path.len() == template.len()
        && path
            .iter()
            .zip(template)
            .all(|(part, pattern)| pattern.starts_with('{') || *part == pattern)
}

/// JSON Schema says `type: [string, "null"]` where OpenAPI 3.0 says `nullable`.
fn nullable_types(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = map.get_mut("type").filter(|kind| kind.is_string())
            {
                *kind = json!([kind.clone(), "null"]);
            }
            map.values_mut().for_each(nullable_types);
        }
        Value::Array(items) => items.iter_mut().for_each(nullable_types),
        _ => {}
    }
}
