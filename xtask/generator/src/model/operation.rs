//! Operations: one method of one path.

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use serde_json::Value;

use super::{identifier, reference, resolve, text};
use transcript::METHODS;

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// `x-huawei-operation-id`.
    pub official_id: String,
    /// `summary`.
    pub summary: String,
    /// `description`.
    pub description: String,
    /// The method in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The tag: the chapter that describes it.
    pub chapter: String,
    /// The documentation's page, where there is one.
    pub page: Option<Page>,
    /// `x-source`: where the facts come from when no page documents it.
    pub source: String,
    /// True when a repeat does no harm.
    pub safe: bool,
    /// False for `security: []`.
    pub authenticated: bool,
    /// Parameters in the document's order, the path item's first.
    pub parameters: Vec<Parameter>,
    /// The JSON body, where there is one.
    pub body: Option<Body>,
    /// The documented 2xx answers in ascending order.
    pub success: Vec<Success>,
    /// The documented other answers: status and description.
    pub errors: Vec<(u16, String)>,
    /// True when the request or the answer carries a secret.
    pub secret: bool,
}

/// Where the documentation describes an operation.
#[derive(Debug)]
pub struct Page {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The date of the revision that was transcribed.
    pub date: String,
}

/// Where a parameter stands in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// One parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// The Rust name that progenitor gives it.
    pub argument: String,
    /// Where it stands.
    pub place: Place,
    /// Whether the page calls it mandatory.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// Its schema, as the document has it.
    pub schema: Value,
}

/// The body of a request.
#[derive(Debug)]
pub struct Body {
    /// The component that it is.
    pub schema: String,
    /// What it is for.
    pub description: String,
}

/// One documented 2xx answer.
#[derive(Debug)]
pub struct Success {
    /// The HTTP status.
    pub status: u16,
    /// What it means.
    pub description: String,
    /// The component of its body; `None` for an answer without a body.
    pub schema: Option<String>,
}

impl Operation {
    /// The components that the request or a success answer names.
    pub fn roots(&self) -> Vec<String> {
        let body = self.body.iter().map(|body| body.schema.clone());
        let parameters = self.parameters.iter().filter_map(|p| reference(&p.schema));
        let answers = self
            .success
            .iter()
            .filter_map(|success| success.schema.clone());
        body.chain(parameters.map(str::to_owned))
            .chain(answers)
            .collect()
    }

    /// The query and header parameters that may be left out.
    pub fn optional_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|p| p.place != Place::Path && !p.required)
    }
}

pub(super) fn read_all(document: &Value) -> Result<Vec<Operation>> {
    let paths = document["paths"]
        .as_object()
        .context("the document has no paths")?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(value) = item.get(method) {
                let operation = read(document, path, method, item, value);
                operations.push(operation.with_context(|| format!("{method} {path}"))?);
            }
        }
    }
    Ok(operations)
}

fn read(
    document: &Value,
    path: &str,
    method: &str,
    item: &Value,
    value: &Value,
) -> Result<Operation> {
    let security = value.get("security").or_else(|| document.get("security"));
    let (success, errors) = responses(document, value)?;
    let id = text(value, "/operationId");
    identifier(&id)?;
    Ok(Operation {
        id,
        official_id: text(value, "/x-huawei-operation-id"),
        summary: text(value, "/summary"),
        description: text(value, "/description"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        chapter: text(value, "/tags/0"),
        page: page(value),
        source: text(value, "/x-source"),
        safe: is_safe(method, value),
        authenticated: security
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty()),
        parameters: parameters(document, item, value)?,
        body: body(document, value)?,
        success,
        errors,
        secret: secret_headers(document, value)?,
    })
}

/// True when a repeat does no harm: what `x-retry` says, else what the method says.
pub fn is_safe(method: &str, operation: &Value) -> bool {
    match operation.get("x-retry").and_then(Value::as_str) {
        Some(retry) => retry == "safe",
        None => matches!(method, "get" | "head" | "options"),
    }
}

fn page(value: &Value) -> Option<Page> {
    value.get("externalDocs").map(|docs| Page {
        url: text(docs, "/url"),
        title: text(docs, "/description"),
        date: text(value, "/x-page-date"),
    })
}

fn parameters(document: &Value, item: &Value, value: &Value) -> Result<Vec<Parameter>> {
    let listed = [item, value]
        .into_iter()
        .filter_map(|v| v["parameters"].as_array())
        .flatten();
    listed
        .map(|parameter| read_parameter(resolve(document, parameter)?))
        .collect()
}

fn read_parameter(value: &Value) -> Result<Parameter> {
    let name = text(value, "/name");
    Ok(Parameter {
        place: match value["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("header") => Place::Header,
            other => bail!("parameter {name}: it stands in {other:?}, which is not supported"),
        },
        required: value["required"].as_bool().unwrap_or(false),
        description: text(value, "/description"),
        schema: value["schema"].clone(),
        argument: argument(&name).with_context(|| format!("parameter {name}"))?,
        name,
    })
}

/// Snake case, and an underscore behind Rust's own words.
fn argument(wire: &str) -> Result<String> {
    let name = wire.to_snake_case();
    if identifier(&name).is_ok() {
        return Ok(name);
    }
    let name = name + "_";
    identifier(&name)?;
    Ok(name)
}

fn body(document: &Value, value: &Value) -> Result<Option<Body>> {
    let Some(body) = value.get("requestBody") else {
        return Ok(None);
    };
    let body = resolve(document, body)?;
    let schema = json_schema(body).context("the request body is not a named JSON component")?;
    Ok(Some(Body {
        schema,
        description: text(body, "/description"),
    }))
}

type Responses = (Vec<Success>, Vec<(u16, String)>);

fn responses(document: &Value, value: &Value) -> Result<Responses> {
    let (mut success, mut errors) = (Vec::new(), Vec::new());
    for (status, response) in value["responses"].as_object().into_iter().flatten() {
        let code: u16 = status.parse().with_context(|| format!("status {status}"))?;
        let response = resolve(document, response)?;
        let description = text(response, "/description");
        if (200..300).contains(&code) {
            success.push(Success {
                status: code,
                description,
                schema: json_schema(response),
            });
        } else {
            errors.push((code, description));
        }
    }
    success.sort_by_key(|answer| answer.status);
    errors.sort();
    Ok((success, errors))
}

fn json_schema(content: &Value) -> Option<String> {
    reference(content.pointer("/content/application~1json/schema")?).map(str::to_owned)
}

fn secret_headers(document: &Value, value: &Value) -> Result<bool> {
    for response in value["responses"]
        .as_object()
        .into_iter()
        .flat_map(|map| map.values())
    {
        let headers = resolve(document, response)?["headers"].as_object();
        let mut schemas = headers
            .into_iter()
            .flatten()
            .map(|(_, header)| &header["schema"]);
        if schemas.any(|schema| schema["format"] == "password") {
            return Ok(true);
        }
    }
    Ok(false)
}
