//! Checks whether the answer in an exchange agrees with the OpenAPI document, and masks the secrets in the exchange. An
//! exchange is a request and its answer.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::Exchange;

/// The string that replaces a secret in a displayed body.
const MASK: &str = "***";

/// The OpenAPI document of a service.
pub struct Document {
    value: Value,
}

impl Document {
    /// Parses an OpenAPI document in JSON, such as the constant `OPENAPI` of a service crate.
    ///
    /// # Errors
    ///
    /// If the string is not JSON.
    pub fn read(openapi: &str) -> Result<Document> {
        let mut value = serde_json::from_str(openapi).context("the document is not JSON")?;
        nullable_types(&mut value);
        Ok(Document { value })
    }

    /// Returns the id of the operation that was called in an exchange.
    ///
    /// # Errors
    ///
    /// If the document does not contain the path or the method, or if the operation has no id.
    pub fn operation_id(&self, exchange: &Exchange) -> Result<&str> {
        self.operation(exchange)?["operationId"]
            .as_str()
            .context("the operation has no id")
    }

    /// Checks that the status of an answer is documented, and that the body has the documented form. If the document
    /// describes the body as a file, the method checks only the status.
    ///
    /// # Errors
    ///
    /// If the answer does not agree with the document. The error never shows a value of the body.
    pub fn check(&self, exchange: &Exchange) -> Result<()> {
        if self.is_file(exchange)? {
            return Ok(());
        }
        let schema = self.answer_schema(exchange)?;
        let Some(schema) = schema else {
            match exchange.received.is_empty() {
                true => return Ok(()),
                false => bail!("the answer has a body that the document does not describe"),
            }
        };
        let body: Value =
            serde_json::from_slice(&exchange.received).context("the body is not JSON")?;
        let whole = json!({ "allOf": [schema], "components": self.value["components"] });
        let validator =
            jsonschema::draft4::new(&whole).context("the schema in the document is not valid")?;
        match validator.iter_errors(&body).next() {
            Some(error) => bail!(
                "the value at `{}` breaks the rule at `{}`",
                error.instance_path(),
                error.schema_path()
            ),
            None => Ok(()),
        }
    }

    /// Returns the body of a request for display, with masked secrets. The string is empty if there is no body.
    pub fn shown_request(&self, exchange: &Exchange) -> String {
        self.shown(self.request_schema(exchange), &exchange.sent)
    }

    fn request_schema(&self, exchange: &Exchange) -> Option<&Value> {
        let body = self.operation(exchange).ok()?.get("requestBody")?;
        body.pointer("/content/application~1json/schema")
    }

    /// Returns the body of an answer for display, with masked secrets. The string is empty if there is no body.
    pub fn shown_answer(&self, exchange: &Exchange) -> String {
        self.shown(
            self.answer_schema(exchange).ok().flatten(),
            &exchange.received,
        )
    }

    /// Returns the secrets of an exchange: the tokens in the headers, and the body fields with the format `password`.
    ///
    /// The method does not search a body that the document does not describe, or that is not JSON.
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

    /// Returns a body for display, with masked secrets. If the body has no schema or is not JSON, the secrets are
    /// unknown. The result then shows only the length. For an empty body, the result is empty.
    fn shown(&self, schema: Option<&Value>, body: &[u8]) -> String {
        match (schema, serde_json::from_slice(body)) {
            (Some(schema), Ok(mut value)) => {
                self.mask(schema, &mut value, &mut Vec::new());
                value.to_string()
            }
            _ if body.is_empty() => String::new(),
            _ => format!("({} bytes that are not shown)", body.len()),
        }
    }

    /// Masks the secrets in a value, and adds them to `found`.
    fn mask(&self, schema: &Value, value: &mut Value, found: &mut Vec<String>) {
        if schema["format"] == "password" && !value.is_null() {
            // If several schemas describe a value, an earlier call of `mask` can have replaced the value by `MASK`.
            // `MASK` is not a secret.
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

    /// Returns whether the documented answer is a file. A file can contain any bytes.
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
        let response = response.with_context(|| {
            format!("the document does not describe status {}", exchange.status)
        })?;
        match response["$ref"].as_str() {
            Some(reference) => self
                .value
                .pointer(reference.trim_start_matches('#'))
                .context("the target of a reference does not exist"),
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
        // If several templates match, a fixed segment has priority over a parameter. For example,
        // `devices/force-offline` has priority over `devices/{device_id}`.
        let is_open = |template: &str| -> Vec<bool> {
            let segments = template.split('/');
            segments.map(|segment| segment.starts_with('{')).collect()
        };
        let operation = matching.min_by_key(|(template, _)| is_open(template));
        let operation = operation.map(|(_, operation)| operation);
        operation
            .with_context(|| format!("the document does not describe {} {path}", exchange.method))
    }
}

/// Returns whether a path matches a template such as `/v2/{project_id}/instances`.
fn is_of(path: &str, template: &str) -> bool {
    let (path, template): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), template.split('/').collect());
    path.len() == template.len()
        && path
            .iter()
            .zip(template)
            .all(|(part, pattern)| pattern.starts_with('{') || *part == pattern)
}

/// Adds the type `null` to each schema with `nullable: true` and a `type`. OpenAPI 3.0 uses `nullable`, but JSON Schema
/// uses the list `type: [string, "null"]`.
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
