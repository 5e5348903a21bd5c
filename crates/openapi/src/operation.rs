//! Operations: one method of one path.

use serde_json::Value;

use crate::extension::{self, Outcome, Pagination, Waiter};
use crate::reference::{component, escape, resolve, target};
use crate::schema::{element_reference, holds_secrets};
use crate::value::{DocumentError, text};

/// The methods of a path item that OpenAPI 3.0 knows.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";

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
    /// The page of the documentation. None if no page documents the operation.
    pub page: Option<Page>,
    /// `x-source`: the source of the facts if no page documents the operation.
    pub source: String,
    /// True if a repeat of the request does no harm.
    pub safe: bool,
    /// False for `security: []`.
    pub authenticated: bool,
    /// The parameters in the document's order. Those of the path item come first.
    pub parameters: Vec<Parameter>,
    /// The body of the request, if the operation has one.
    pub body: Option<RequestBody>,
    /// The documented 2xx answers in ascending order of the status.
    pub success: Vec<Success>,
    /// The other documented answers: status and description.
    pub errors: Vec<(u16, String)>,
    /// True if the request or the answer carries a secret.
    pub secret: bool,
    /// `x-pagination`.
    pub pagination: Option<Pagination>,
    /// `x-waiter`.
    pub waiter: Option<Waiter>,
    /// `x-outcome`.
    pub outcome: Option<Outcome>,
    /// `x-error-examples`: the operation's own error bodies, by status.
    pub error_examples: Vec<(u16, Value)>,
}

/// The page that documents an operation.
#[derive(Debug)]
pub struct Page {
    /// The address of the page.
    pub url: String,
    /// The title of the page.
    pub title: String,
    /// The date of the revision that was transcribed.
    pub date: String,
}

/// The position of a parameter in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterLocation {
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
    /// The name in the request.
    pub name: String,
    /// The position in the request.
    pub location: ParameterLocation,
    /// Whether the page says that it is mandatory.
    pub required: bool,
    /// Whether the elements of a list are joined with commas.
    pub joined: bool,
    /// The description.
    pub description: String,
    /// The schema as it is in the document.
    pub schema: Value,
}

/// The body of a request.
#[derive(Debug)]
pub struct RequestBody {
    /// Whether the body is mandatory.
    pub required: bool,
    /// The schema as it is in the document.
    pub schema: Value,
    /// The only part of a form. This part is a file. None if the body is JSON.
    pub file: Option<String>,
    /// The description.
    pub description: String,
}

/// One documented 2xx answer.
#[derive(Debug)]
pub struct Success {
    /// The HTTP status.
    pub status: u16,
    /// The description.
    pub description: String,
    /// The content of the body.
    pub content: Content,
    /// The first documented example of the body.
    pub example: Option<Value>,
}

/// The content of the body of an answer.
#[derive(Debug, PartialEq)]
pub enum Content {
    /// There is no body.
    Empty,
    /// An object of this component.
    Object(String),
    /// A list of these elements.
    List(Value),
    /// A map whose keys are texts and whose values have this schema.
    Map(Value),
    /// A text, a number or a boolean of this schema.
    Scalar(Value),
    /// Any JSON value.
    Json,
    /// Bytes, of this media type.
    File(String),
}

impl Content {
    fn from_response(document: &Value, response: &Value) -> Self {
        let mut content = response["content"].as_object().into_iter().flatten();
        let Some((name, media)) = content.next() else {
            return Self::Empty;
        };
        let schema = &media["schema"];
        if name != JSON || schema["format"] == "binary" {
            return Self::File(name.clone());
        }
        let target = target(document, schema);
        match (target["type"].as_str(), component(schema)) {
            (Some("array"), _) => Self::List(target["items"].clone()),
            (Some("object"), _) if target.get("additionalProperties").is_some() => {
                Self::Map(target["additionalProperties"].clone())
            }
            (Some("object"), Some(name)) if target.get("properties").is_some() => {
                Self::Object(name.to_owned())
            }
            (Some("object") | None, _) => Self::Json,
            (Some(_), _) => Self::Scalar(schema.clone()),
        }
    }

    fn is_secret(&self) -> bool {
        match self {
            Self::List(schema) | Self::Map(schema) | Self::Scalar(schema) => holds_secrets(schema),
            Self::Empty | Self::Object(_) | Self::Json | Self::File(_) => false,
        }
    }

    /// The component of the content, or of its elements.
    pub fn component(&self) -> Option<&str> {
        match self {
            Self::Object(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Scalar(inner) => element_reference(inner),
            Self::Empty | Self::Json | Self::File(_) => None,
        }
    }
}

impl Success {
    /// The component of an object. None for any other content.
    pub fn object(&self) -> Option<&str> {
        match &self.content {
            Content::Object(name) => Some(name),
            _ => None,
        }
    }
}

impl Operation {
    /// The components that the request refers to.
    pub(crate) fn sent(&self) -> Vec<String> {
        let body = self.body.iter().map(|body| &body.schema);
        let schemas = body.chain(self.parameters.iter().map(|parameter| &parameter.schema));
        schemas
            .filter_map(element_reference)
            .map(str::to_owned)
            .collect()
    }

    /// The components that a success refers to.
    pub(crate) fn received(&self) -> Vec<String> {
        let contents = self.success.iter().map(|success| &success.content);
        let names = contents.filter_map(Content::component);
        names.map(str::to_owned).collect()
    }

    /// The query and header parameters that callers give as one struct. Empty if the operation has one parameter in
    /// all, and it is mandatory.
    pub fn grouped_parameters(&self) -> impl Iterator<Item = &Parameter> {
        let mut given = self.parameters.iter().filter(|p| p.name != "project_id");
        let alone = given.next().is_none_or(|first| first.required) && given.next().is_none();
        let grouped = |p: &&Parameter| p.location != ParameterLocation::Path;
        let all = self.parameters.iter().filter(grouped);
        all.filter(move |_| !alone)
    }
}

pub(crate) fn read_all(document: &Value) -> Result<Vec<Operation>, DocumentError> {
    let broken = |pointer: String| |reason: String| DocumentError { pointer, reason };
    let paths = document["paths"].as_object();
    let paths = paths.ok_or_else(|| broken("/paths".to_owned())("missing".to_owned()))?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(value) = item.get(method) {
                let pointer = format!("/paths/{}/{method}", escape(path));
                let operation = read_operation(document, path, method, value);
                operations.push(operation.map_err(broken(pointer))?);
            }
        }
    }
    Ok(operations)
}

fn read_operation(
    document: &Value,
    path: &str,
    method: &str,
    value: &Value,
) -> Result<Operation, String> {
    let security = value.get("security").or_else(|| document.get("security"));
    let (success, errors) = responses(document, value)?;
    let (parameters, body) = (parameters(document, value)?, body(document, value)?);
    let sent = parameters.iter().map(|parameter| &parameter.schema);
    let mut sent = sent.chain(body.iter().map(|body| &body.schema));
    let secret = sent.any(holds_secrets) || success.iter().any(|answer| answer.content.is_secret());
    let examples = value["x-error-examples"].as_object().into_iter().flatten();
    let examples = examples.filter_map(|(status, body)| Some((status.parse().ok()?, body.clone())));
    Ok(Operation {
        id: text(value, "/operationId"),
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
        parameters,
        body,
        success,
        errors,
        secret: secret || secret_headers(document, value)?,
        pagination: value
            .get("x-pagination")
            .and_then(extension::parse_extension),
        waiter: value.get("x-waiter").and_then(extension::parse_extension),
        outcome: value.get("x-outcome").and_then(extension::parse_extension),
        error_examples: examples.collect(),
    })
}

/// True if a repeat of the request does no harm. `x-retry` decides. Without `x-retry`, the method decides.
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

fn parameters(document: &Value, value: &Value) -> Result<Vec<Parameter>, String> {
    let listed = value["parameters"].as_array().into_iter().flatten();
    listed
        .map(|parameter| read_parameter(resolve(document, parameter)?))
        .collect()
}

fn read_parameter(value: &Value) -> Result<Parameter, String> {
    let name = text(value, "/name");
    Ok(Parameter {
        location: match value["in"].as_str() {
            Some("path") => ParameterLocation::Path,
            Some("query") => ParameterLocation::Query,
            Some("header") => ParameterLocation::Header,
            other => {
                return Err(format!(
                    "parameter {name}: {other:?} is not a place for one"
                ));
            }
        },
        required: value["required"].as_bool().unwrap_or(false),
        joined: value["explode"] == false && value["schema"]["type"] == "array",
        description: text(value, "/description"),
        schema: value["schema"].clone(),
        name,
    })
}

fn body(document: &Value, value: &Value) -> Result<Option<RequestBody>, String> {
    let Some(body) = value.get("requestBody") else {
        return Ok(None);
    };
    let body = resolve(document, body)?;
    let form = body["content"][FORM].get("schema");
    let schema = body["content"][JSON].get("schema").or(form);
    let schema = schema.ok_or("the request body is neither JSON nor a form with a schema")?;
    Ok(Some(RequestBody {
        required: body["required"].as_bool().unwrap_or(false),
        schema: schema.clone(),
        file: form.and_then(|form| form["properties"].as_object()?.keys().next().cloned()),
        description: text(body, "/description"),
    }))
}

type Responses = (Vec<Success>, Vec<(u16, String)>);

fn responses(document: &Value, value: &Value) -> Result<Responses, String> {
    let (mut success, mut errors) = (Vec::new(), Vec::new());
    for (status, response) in value["responses"].as_object().into_iter().flatten() {
        let code: u16 = status
            .parse()
            .map_err(|_| format!("`{status}` is not a status"))?;
        let response = resolve(document, response)?;
        let description = text(response, "/description");
        if (200..300).contains(&code) {
            success.push(Success {
                status: code,
                description,
                content: Content::from_response(document, response),
                example: example(document, response)?,
            });
        } else {
            errors.push((code, description));
        }
    }
    success.sort_by_key(|answer| answer.status);
    errors.sort();
    Ok((success, errors))
}

fn example(document: &Value, response: &Value) -> Result<Option<Value>, String> {
    let content = response["content"].as_object();
    let Some(media) = content.and_then(|content| content.values().next()) else {
        return Ok(None);
    };
    if let Some(example) = media.get("example") {
        return Ok(Some(example.clone()));
    }
    let examples = media["examples"].as_object();
    match examples.and_then(|examples| examples.values().next()) {
        Some(first) => Ok(resolve(document, first)?.get("value").cloned()),
        None => Ok(None),
    }
}

fn secret_headers(document: &Value, value: &Value) -> Result<bool, String> {
    for (_, response) in value["responses"].as_object().into_iter().flatten() {
        let headers = resolve(document, response)?["headers"].as_object();
        let mut headers = headers.into_iter().flatten();
        if headers.any(|(_, header)| header["schema"]["format"] == "password") {
            return Ok(true);
        }
    }
    Ok(false)
}
