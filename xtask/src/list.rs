//! Lists the transcribed operations, with one row for each operation.

use std::io::{self, Write};

use huaweicloud_openapi::reference::inner_schemas;
use serde_json::{Map, Value, json};

use report::terminal::{Styles, table};
use transcript::{Document, OperationRef};

/// An operation, as `cargo xtask list` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name of the service's folder.
    pub service: String,
    /// `operationId`: the name of the operation in this SDK.
    pub operation_id: String,
    /// `x-huawei-operation-id`: the name in the official SDKs, or the name on the page if the SDKs do not have the
    /// operation.
    pub official_id: String,
    /// The method in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Address of the documentation page, if the operation has a page.
    pub page: Option<String>,
    /// Number of properties of the request body and of the answer's body, at every depth. Each reference to a component
    /// adds the component's properties, except a component's reference to itself. Parameters and errors do not count.
    pub fields: usize,
}

/// Returns the rows of one document, in the order of its operations.
pub fn rows(document: &Document) -> Vec<Row> {
    document
        .operations()
        .map(|operation| row(document, &operation))
        .collect()
}

fn row(document: &Document, operation: &OperationRef<'_>) -> Row {
    let text = |pointer: &str| {
        operation
            .value
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    Row {
        service: document.service.clone(),
        operation_id: text("/operationId").unwrap_or_default(),
        official_id: text("/x-huawei-operation-id").unwrap_or_default(),
        method: operation.method.to_ascii_uppercase(),
        path: operation.path.to_owned(),
        page: text("/externalDocs/url"),
        fields: bodies(document, operation)
            .map(|schema| fields(document, schema, &mut Vec::new()))
            .sum(),
    }
}

/// Returns the schema of the request body, and the schema of the first success that has a body.
fn bodies<'a>(
    document: &'a Document,
    operation: &OperationRef<'a>,
) -> impl Iterator<Item = &'a Value> {
    let responses = operation
        .value
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let successes = responses
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(_, response)| response);
    let answer = successes
        .into_iter()
        .find_map(|response| schema(follow(document, response)));
    let request = operation
        .value
        .get("requestBody")
        .and_then(|body| schema(follow(document, body)));
    request.into_iter().chain(answer)
}

fn schema(body: &Value) -> Option<&Value> {
    body.get("content")?
        .as_object()?
        .values()
        .find_map(|media| media.get("schema"))
}

fn follow<'a>(document: &'a Document, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str);
    target
        .and_then(|target| document.resolve(target))
        .unwrap_or(value)
}

fn fields<'a>(document: &'a Document, schema: &'a Value, open: &mut Vec<&'a str>) -> usize {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let Some(schema) = document.resolve(target).filter(|_| !open.contains(&target)) else {
            return 0;
        };
        open.push(target);
        let count = fields(document, schema, open);
        open.pop();
        return count;
    }
    let own = schema["properties"].as_object().map_or(0, Map::len);
    let inner = inner_schemas(schema).map(|schema| fields(document, schema, open));
    own + inner.sum::<usize>()
}

/// Writes an aligned table with a heading.
///
/// # Errors
/// If the output cannot be written.
pub fn text(out: &mut dyn Write, styles: &Styles, rows: &[Row]) -> io::Result<()> {
    let heading = [
        "SERVICE",
        "OPERATION",
        "OFFICIAL NAME",
        "METHOD",
        "PATH",
        "FIELDS",
        "PAGE",
    ];
    let mut lines = vec![heading.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().cloned().map(|row| {
        let page = row.page.unwrap_or_else(|| "-".to_owned());
        vec![
            row.service,
            row.operation_id,
            row.official_id,
            row.method,
            row.path,
            row.fields.to_string(),
            page,
        ]
    }));
    table(out, styles, &lines)
}

/// Writes an array of objects, with a key for each field of [`Row`]. If an operation has no page, `page` is null.
///
/// # Errors
/// If the output cannot be written.
pub fn json(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let rows = rows.iter().map(|row| {
        json!({
            "service": row.service,
            "operation_id": row.operation_id,
            "official_id": row.official_id,
            "method": row.method,
            "path": row.path,
            "page": row.page,
            "fields": row.fields,
        })
    });
    writeln!(out, "{:#}", Value::from_iter(rows))
}
