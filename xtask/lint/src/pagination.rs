//! Rules about `x-pagination`, which describes how an operation returns a list in several pages.

use huaweicloud_openapi::is_safe;
use huaweicloud_openapi::reference::{component, field};
use serde_json::Value;
use transcript::OperationRef;

use super::index::Index;
use super::lookup::{parameter, scalar_field, success_schema, text};
use super::waiter::SCALARS;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[Rule {
    name: "pagination",
    summary: "x-pagination names query parameters of its operation and fields of the answer; an operation with x-pagination is safe to repeat; each operation with the query parameters limit and offset has x-pagination",
    reason: "the generator uses x-pagination to make the code that reads all pages",
}];

/// For each style of pagination: the keys that the style needs, and that the other style forbids.
const OF_STYLE: [(&str, &[&str]); 2] = [
    ("offset", &["offset", "start"]),
    ("marker", &["marker", "next"]),
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        match operation.value.get("x-pagination") {
            Some(paging) => check_pagination(index, operation, paging, findings),
            None => check_absent(index, operation, findings),
        }
    }
}

fn query<'a>(index: &Index<'a>, operation: &OperationRef<'a>, name: &str) -> Option<&'a Value> {
    parameter(index, operation, name).filter(|parameter| text(parameter, "in") == "query")
}

fn check_absent(index: &Index<'_>, operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let mut names = ["limit", "offset"].iter();
    if names.all(|name| query(index, operation, name).is_some()) {
        let route = operation.route();
        let message = format!("{route} has limit and offset, and no x-pagination");
        let help = "add x-pagination, so that the client can read all pages";
        findings.add("pagination", &operation.pointer, message, help);
    }
}

fn check_pagination<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
    paging: &'a Value,
    findings: &mut Findings<'_>,
) {
    let pointer = operation.at("x-pagination");
    let mut wrong = |key: &str, message: String| {
        let help = "write {style: offset, limit: <parameter>, offset: <parameter>, start: <first offset>, items: <field>, total: <field>, id: <field>} \
                    or {style: marker, limit: <parameter>, marker: <parameter>, next: <field>, items: <field>}";
        findings.add("pagination", &format!("{pointer}/{key}"), message, help);
    };
    let route = operation.route();
    if !is_safe(operation.method, operation.value) {
        let message = format!("{route} is not safe to repeat, so it must not have x-pagination");
        wrong("", message);
    }
    let style = text(paging, "style");
    for (name, keys) in OF_STYLE {
        for key in keys
            .iter()
            .filter(|key| paging.get(**key).is_some() != (name == style))
        {
            let verb = if name == style { "needs" } else { "forbids" };
            wrong(key, format!("the style `{style}` {verb} `{key}`"));
        }
    }
    for key in ["limit", "offset", "marker"] {
        let Some(name) = paging.get(key).and_then(Value::as_str) else {
            continue;
        };
        let schema = query(index, operation, name).and_then(|parameter| parameter.get("schema"));
        match schema.map(|schema| index.schema(schema)) {
            None => wrong(
                key,
                format!("`{key}: {name}` is not a query parameter of the operation"),
            ),
            Some(schema) if !matches!(text(schema, "type"), "integer" | "string") => {
                let message = format!("the parameter `{name}` is neither an integer nor a string");
                wrong(key, message);
            }
            Some(schema) if key == "offset" => {
                if let Some(problem) = start_problem(schema, paging.get("start")) {
                    wrong("start", problem);
                }
            }
            Some(_) => {}
        }
    }
    let answer = success_schema(index, operation);
    if let Some(path) = paging.get("items").and_then(Value::as_str) {
        let found = answer.ok_or("there is no body".to_owned());
        let found = found.and_then(|schema| field(index.root, schema, path));
        let list = found.ok().filter(|schema| text(schema, "type") == "array");
        if list.is_none() {
            let message = format!("`items: {path}` is not a list in the answer");
            wrong("items", message);
        }
        let element = list.and_then(|list| list.get("items"));
        let is_named = |element: &Value| {
            let schema = index.schema(element);
            // This check accepts an object without a name, because the rule `inline-object` already reports the object.
            let is_object = schema.get("properties").is_some();
            let is_enum = schema.get("enum").is_some();
            let is_scalar = component(element).is_none() && SCALARS.contains(&text(schema, "type"));
            is_object || is_scalar != is_enum
        };
        if !element.is_none_or(is_named) {
            let message = format!(
                "each element of `{path}` must be a named object, a named enum, or a scalar without a name"
            );
            wrong("items", message);
        }
        let id = paging.get("id").and_then(Value::as_str);
        let found = id.map(|id| scalar_field(index, element, id, &["string", "integer"]));
        if let Some(Err(problem)) = found {
            let message = format!("`id` names no string or integer of an element: {problem}");
            wrong("id", message);
        }
    }
    for (key, types) in [
        ("total", &["integer", "string"][..]),
        ("next", &["string", "integer"]),
    ] {
        let path = paging.get(key).and_then(Value::as_str);
        let found = path.map(|path| scalar_field(index, answer, path, types));
        if let Some(Err(problem)) = found {
            let types = types.join(" or ");
            let message = format!(
                "`{key}` does not name a field of the answer with the type {types}: {problem}"
            );
            wrong(key, message);
        }
    }
}

/// Returns a message if `start` contradicts the default or the minimum of the offset parameter.
fn start_problem(schema: &Value, start: Option<&Value>) -> Option<String> {
    let start = start?.as_u64()?;
    let number = |key: &str| match schema.get(key)? {
        Value::String(text) => text.parse::<u64>().ok(),
        value => value.as_u64(),
    };
    if let Some(default) = number("default").filter(|default| *default != start) {
        return Some(format!(
            "`start` is {start}, but the default of the parameter is {default}"
        ));
    }
    let minimum = number("minimum").filter(|minimum| *minimum > start);
    minimum
        .map(|minimum| format!("`start` is {start}, but the minimum of the parameter is {minimum}"))
}
