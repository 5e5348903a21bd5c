use std::collections::BTreeMap;

use http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::Value;

use super::schema;
use crate::password::Rule;

/// An operation of the document, ready to check requests.
pub(crate) struct Operation {
    pub id: String,
    pub official_id: String,
    pub tag: String,
    pub method: Method,
    /// Path parameters in the order of the path.
    pub path: Vec<Parameter>,
    pub query: Vec<Parameter>,
    pub body: Option<Body>,
    /// Whether callers have to say who they are.
    pub authenticated: bool,
    pub status: StatusCode,
    /// The documented example of a success.
    pub example: Option<Value>,
}

pub(crate) struct Parameter {
    pub name: String,
    pub place: Place,
    pub required: bool,
    /// The type that the text is read as.
    pub kind: String,
    pub default: Option<Value>,
    pub validator: Validator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Body,
}

impl Place {
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body => "body",
        }
    }
}

pub(crate) struct Body {
    pub required: bool,
    pub validator: Validator,
    /// Rules of password fields, by the field's name.
    rules: BTreeMap<String, Rule>,
}

impl Body {
    pub fn rule(&self, field: &str) -> Option<&Rule> {
        self.rules.get(field)
    }
}

/// Place in the document, and what is wrong there.
type Broken = (String, String);

pub(super) fn of_path(root: &Value, path: &str, item: &Value) -> Result<Vec<Operation>, Broken> {
    let methods = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
    ];
    let mut operations = Vec::new();
    for method in methods {
        let key = method.as_str().to_ascii_lowercase();
        if let Some(operation) = item.get(&key) {
            operations.push(
                read(root, path, item, operation, &method)
                    .map_err(|reason| (format!("{key} {path}"), reason))?,
            );
        }
    }
    Ok(operations)
}

fn read(
    root: &Value,
    path: &str,
    item: &Value,
    operation: &Value,
    method: &Method,
) -> Result<Operation, String> {
    let text = |key: &str| operation[key].as_str().unwrap_or_default().to_owned();
    let mut found = parameters(root, item)?;
    found.extend(parameters(root, operation)?);
    let (query, mut unordered): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|parameter| parameter.place == Place::Query);
    let mut in_path = Vec::new();
    for name in path
        .split('/')
        .filter(|segment| super::is_parameter(segment))
        .map(|segment| &segment[1..segment.len() - 1])
    {
        let index = unordered
            .iter()
            .position(|parameter| parameter.name == name)
            .ok_or_else(|| format!("path parameter {name} is not declared"))?;
        in_path.push(unordered.swap_remove(index));
    }
    let (status, example) = success(root, operation)?;
    let security = operation.get("security").or_else(|| root.get("security"));
    Ok(Operation {
        id: text("operationId"),
        official_id: text("x-huawei-operation-id"),
        tag: operation["tags"][0].as_str().unwrap_or_default().to_owned(),
        method: method.clone(),
        path: in_path,
        query,
        body: body(root, operation)?,
        authenticated: security
            .and_then(Value::as_array)
            .is_some_and(|schemes| !schemes.is_empty()),
        status,
        example,
    })
}

fn parameters(root: &Value, holder: &Value) -> Result<Vec<Parameter>, String> {
    let mut parameters = Vec::new();
    for parameter in holder["parameters"].as_array().into_iter().flatten() {
        let parameter = schema::resolve(root, parameter)?;
        let place = match parameter["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            // Headers of ours are security schemes; others change nothing here.
            _ => continue,
        };
        let inlined = schema::inline(root, &parameter["schema"])?;
        parameters.push(Parameter {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            place,
            required: parameter["required"].as_bool().unwrap_or(false),
            kind: schema::kind(&inlined).to_owned(),
            default: parameter["schema"].get("default").cloned(),
            validator: schema::validator(&inlined)?,
        });
    }
    Ok(parameters)
}

fn body(root: &Value, operation: &Value) -> Result<Option<Body>, String> {
    let Some(body) = operation.get("requestBody") else {
        return Ok(None);
    };
    let body = schema::resolve(root, body)?;
    let inlined = schema::inline(root, &body["content"]["application/json"]["schema"])?;
    let mut rules = BTreeMap::new();
    for (name, property) in inlined["properties"].as_object().into_iter().flatten() {
        if let Some(rule) = property.get(schema::PASSWORD_RULE) {
            rules.insert(name.clone(), schema::rule(rule)?);
        }
    }
    Ok(Some(Body {
        required: body["required"].as_bool().unwrap_or(false),
        validator: schema::validator(&inlined)?,
        rules,
    }))
}

/// The first documented status of success, and its example.
fn success(root: &Value, operation: &Value) -> Result<(StatusCode, Option<Value>), String> {
    let responses = operation["responses"]
        .as_object()
        .ok_or("responses are missing")?;
    let of_status = |(status, response): (&str, _)| Some((status.parse::<u16>().ok()?, response));
    let (status, response) = responses
        .iter()
        .filter_map(|(status, response)| of_status((status.as_str(), response)))
        .filter(|(status, _)| (200..300).contains(status))
        .min_by_key(|(status, _)| *status)
        .ok_or("no response with status 2xx")?;
    let media = &schema::resolve(root, response)?["content"]["application/json"];
    let first = || {
        media["examples"]
            .as_object()
            .and_then(|examples| examples.values().next())
            .and_then(|example| example.get("value"))
    };
    let status =
        StatusCode::from_u16(status).map_err(|_| format!("status {status} does not exist"))?;
    Ok((status, media.get("example").or_else(first).cloned()))
}
