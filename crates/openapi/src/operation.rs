//! Reads the operations of a document. An operation is an HTTP method of a path.

use serde_json::Value;

use crate::extension::{self, Outcome, Pagination, Waiter};
use crate::reference::{component, escape, resolve, target};
use crate::schema::{element_reference, holds_secrets};
use crate::value::{DocumentError, text};

/// The HTTP methods that a path item of OpenAPI 3.0 can have.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";

/// An operation of a document.
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
    /// The HTTP method in upper case.
    pub method: String,
    /// The path template, with parameters such as `{instance_id}`.
    pub path: String,
    /// The tag of the operation: the name of the chapter that contains the operation.
    pub chapter: String,
    /// The documentation page of the operation. `None` if no page is known, or if the page has no known date.
    pub page: Option<Page>,
    /// `x-source`: the source of the facts, if `page` is `None`.
    pub source: String,
    /// Whether a client can send the request twice without harm.
    pub safe: bool,
    /// Whether a request needs credentials: `security` is not empty. The operation's list overrides the document's.
    pub authenticated: bool,
    /// The parameters, in the order of the document.
    pub parameters: Vec<Parameter>,
    /// The body of the request. `None` if the operation has no request body.
    pub body: Option<RequestBody>,
    /// The documented success answers (status 2xx), in ascending order of the status.
    pub success: Vec<Success>,
    /// The status and the description of each documented answer with a status other than 2xx.
    pub errors: Vec<(u16, String)>,
    /// Whether the request, the body of a success answer, or a header of any answer contains a secret.
    pub secret: bool,
    /// `x-pagination`.
    pub pagination: Option<Pagination>,
    /// `x-waiter`.
    pub waiter: Option<Waiter>,
    /// `x-outcome`.
    pub outcome: Option<Outcome>,
    /// `x-error-examples`: examples of the operation's error bodies, by status.
    pub error_examples: Vec<(u16, Value)>,
}

/// The documentation page of an operation.
#[derive(Debug)]
pub struct Page {
    /// The URL of the documentation page.
    pub url: String,
    /// The title of the documentation page.
    pub title: String,
    /// `x-page-date`: the date of the page's revision from which we transcribed the operation.
    pub date: String,
}

/// The part of a request that contains a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterLocation {
    /// The parameter is in the path.
    Path,
    /// The parameter is in the query.
    Query,
    /// The parameter is in a header.
    Header,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// The name of the parameter in the request.
    pub name: String,
    /// The part of the request that contains the parameter.
    pub location: ParameterLocation,
    /// Whether the parameter is mandatory.
    pub required: bool,
    /// Whether the parameter is a list that a request contains as a single value, with commas between the elements.
    pub joined: bool,
    /// The description of the parameter.
    pub description: String,
    /// The schema of the parameter, without changes.
    pub schema: Value,
}

/// The body of a request.
#[derive(Debug)]
pub struct RequestBody {
    /// Whether the body is mandatory.
    pub required: bool,
    /// The schema of the body, without changes.
    pub schema: Value,
    /// The name of the only part of a form. The part is a file. `None` if the body is JSON.
    pub file: Option<String>,
    /// The description of the body.
    pub description: String,
}

/// A documented success answer (status 2xx).
#[derive(Debug)]
pub struct Success {
    /// The HTTP status.
    pub status: u16,
    /// The description of the answer.
    pub description: String,
    /// The content of the body.
    pub content: Content,
    /// The first documented example of the body. `None` if no example is documented.
    pub example: Option<Value>,
}

/// The content of the body of an answer.
#[derive(Debug, PartialEq)]
pub enum Content {
    /// The answer has no body.
    Empty,
    /// An object. The string is the name of the object's component.
    Object(String),
    /// A list. The JSON value is the schema of the list's elements.
    List(Value),
    /// A map from strings to values. The JSON value is the schema of the map's values, or `true` for any values.
    Map(Value),
    /// A string, a number or a boolean. The JSON value is its schema.
    Scalar(Value),
    /// Any JSON value.
    Json,
    /// Bytes. The string is the media type.
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

    /// The name of the component schema of the body, or of the elements of a list or map. `None` if there is none.
    pub fn component(&self) -> Option<&str> {
        match self {
            Self::Object(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Scalar(inner) => element_reference(inner),
            Self::Empty | Self::Json | Self::File(_) => None,
        }
    }
}

impl Success {
    /// The name of the component if the body is an object. `None` for any other content.
    pub fn object(&self) -> Option<&str> {
        match &self.content {
            Content::Object(name) => Some(name),
            _ => None,
        }
    }
}

impl Operation {
    pub(crate) fn sent(&self) -> Vec<String> {
        let body = self.body.iter().map(|body| &body.schema);
        let schemas = body.chain(self.parameters.iter().map(|parameter| &parameter.schema));
        schemas
            .filter_map(element_reference)
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn received(&self) -> Vec<String> {
        let contents = self.success.iter().map(|success| &success.content);
        let names = contents.filter_map(Content::component);
        names.map(str::to_owned).collect()
    }

    /// The query and header parameters that a caller passes as a struct. The iterator is empty if a mandatory parameter
    /// is the only parameter apart from `project_id`.
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

/// Whether a client can send the request twice without harm. If `x-retry` is missing, the HTTP method decides.
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
                    "parameter {name}: `in` must be path, query or header, not {other:?}"
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
    let schema = schema.ok_or("the request body has no schema for JSON or for a form")?;
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
