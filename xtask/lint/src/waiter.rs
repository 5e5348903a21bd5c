//! Rules about `x-waiter` (how to wait for a requested state) and `x-outcome` (how a success answer shows a refusal).

use std::collections::BTreeSet;

use huaweicloud_openapi::extension::ValueSource;
use huaweicloud_openapi::is_safe;
use huaweicloud_openapi::reference::field;
use serde_json::Value;
use transcript::OperationRef;

use super::index::Index;
use super::lookup::{
    body_schema, may_be_empty, parameter, parameters, request_schema, scalar_field, success_schema,
    text, value_problem,
};
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "waiter",
        summary: "the operation, the parameters, the fields and the values in x-waiter exist; the polled operation is safe to repeat",
        reason: "the generator uses x-waiter to make the code that waits; a wait for a misspelt value can last until the timeout",
    },
    Rule {
        name: "outcome",
        summary: "x-outcome names a success status, a field of the body with this status, and values of this field",
        reason: "with x-outcome, the client returns an error if the body of a success answer reports a refusal",
    },
];

/// The scalar types. A field that a waiter or an outcome compares with values must have one of these types.
pub(super) const SCALARS: [&str; 4] = ["string", "integer", "number", "boolean"];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        for (rule, key, judge) in [
            ("waiter", "x-waiter", judge_waiter as Judge),
            ("outcome", "x-outcome", judge_outcome),
        ] {
            let Some(value) = operation.value.get(key).filter(|value| value.is_object()) else {
                continue;
            };
            let help = "openapi/README.md describes the extension";
            judge(index, operation, value, &mut |below, message| {
                let pointer = format!("{}/{below}", operation.at(key));
                findings.add(rule, &pointer, message, help);
            });
        }
    }
}

/// A function that reports a problem. Its arguments are a key of the extension (or an empty string) and a message.
type Wrong<'w> = &'w mut dyn FnMut(&str, String);
type Judge = for<'a> fn(&Index<'a>, &OperationRef<'a>, &'a Value, Wrong<'_>);

fn judge_waiter<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
    waiter: &'a Value,
    wrong: Wrong<'_>,
) {
    let named = waiter.get("operation").and_then(Value::as_str);
    let polled = match named {
        None => Some(operation),
        Some(id) => index.operations.iter().find(|other| other.id() == Some(id)),
    };
    let Some(polled) = polled else {
        let id = named.unwrap_or_default();
        return wrong("operation", format!("there is no operation `{id}`"));
    };
    let mut keys = ["x-pagination", "x-outcome"].iter();
    let is_special = keys.any(|key| operation.value.get(key).is_some());
    if named.is_none() && (is_special || may_be_empty(index, operation)) {
        let message = "an operation that polls itself must not have x-pagination or x-outcome, and each of its success answers must have a body";
        wrong("field", message.to_owned());
    }
    if !is_safe(polled.method, polled.value) {
        let route = polled.route();
        let message = format!("{route} is not safe to repeat, so a waiter must not call it");
        wrong("operation", message);
    }
    // The parameters that `x-waiter` passes to the polled operation, each with the source of its value.
    let given: Vec<(&str, &str)> = text_map(waiter, "ids");
    for (name, source) in &given {
        let known = parameter(index, polled, name).and_then(|found| found.get("schema"));
        let problem = source_problem(index, operation, source, &["string", "integer"]);
        if known.is_none() {
            let message = format!("{} has no parameter `{name}`", polled.route());
            wrong("ids", message);
        } else if let Some(problem) = problem {
            wrong("ids", format!("`{name}: {source}`: {problem}"));
        }
    }
    for (_, needed) in parameters(index, polled) {
        let name = text(needed, "name");
        let known = given.iter().any(|(given, _)| *given == name)
            || parameter(index, operation, name).is_some();
        if needed.get("required") == Some(&Value::Bool(true)) && !known {
            let route = polled.route();
            let message = format!("there is no value for the parameter `{name}` of {route}");
            wrong("ids", message);
        }
    }
    // The schema of the polled answer or, if `x-waiter` has `list`, of an element of this list.
    let mut answer = success_schema(index, polled);
    let key = text_map(waiter, "key");
    if let Some(list) = waiter.get("list").and_then(Value::as_str) {
        let found = answer.and_then(|schema| field(index.root, schema, list).ok());
        answer = found.and_then(|schema| schema.get("items"));
        if answer.is_none() {
            let message = format!("`list: {list}` is not a list in the polled answer");
            return wrong("list", message);
        }
        if key.len() != 1 {
            let message = "`key` must have one entry: the field that identifies the element, and the source of its value";
            wrong("key", message.to_owned());
        }
    } else if !key.is_empty() {
        wrong("key", "`key` needs `list`".to_owned());
    }
    for (name, source) in key {
        let problem = match scalar_field(index, answer, name, &SCALARS) {
            Ok(schema) => source_problem(index, operation, source, &[text(schema, "type")]),
            Err(problem) => Some(problem),
        };
        if let Some(problem) = problem {
            wrong("key", format!("`{name}: {source}`: {problem}"));
        }
    }
    let gone = text(waiter, "gone");
    let list = |key: &str| waiter[key].as_array().into_iter().flatten();
    if list("success").next().is_none() && gone != "success" {
        wrong("success", "no value ends the wait with success".to_owned());
    }
    let mut seen = BTreeSet::new();
    for value in list("success").chain(list("failure")) {
        if !seen.insert(value.to_string()) {
            wrong("failure", format!("{value} is listed twice"));
        }
    }
    if waiter.get("interval").and_then(Value::as_u64) == Some(0) {
        let message = "`interval` must be at least 1 second, because the service throttles polls without a pause".to_owned();
        wrong("interval", message);
    }
    match scalar_field(index, answer, text(waiter, "field"), &SCALARS) {
        Err(problem) => {
            let message = format!("`field` does not name a scalar of the polled answer: {problem}");
            wrong("field", message);
        }
        Ok(schema) => {
            for key in ["success", "failure"] {
                if let Some(problem) = value_problem(schema, &waiter[key]) {
                    wrong(key, problem);
                }
            }
        }
    }
}

fn text_map<'a>(holder: &'a Value, key: &str) -> Vec<(&'a str, &'a str)> {
    let map = holder[key].as_object().into_iter().flatten();
    map.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .collect()
}

/// Returns a message if a source is not valid, or its value has none of the given types.
fn source_problem<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
    source: &str,
    types: &[&str],
) -> Option<String> {
    let found = match ValueSource::parse(source) {
        None => Err("write answer.<field>, request.<field> or parameter.<name>".to_owned()),
        Some(ValueSource::Answer(path)) => {
            scalar_field(index, success_schema(index, operation), &path, types)
        }
        Some(ValueSource::Request(path)) => {
            scalar_field(index, request_schema(index, operation), &path, types)
        }
        Some(ValueSource::Parameter(name)) => {
            let parameter = parameter(index, operation, &name);
            let schema = parameter.and_then(|found| found.get("schema"));
            let schema = schema.map(|schema| index.schema(schema));
            let fits = schema.filter(|schema| types.contains(&text(schema, "type")));
            let types = types.join(" or ");
            fits.ok_or_else(|| format!("there is no parameter `{name}` of type {types}"))
        }
    };
    found.err()
}

fn judge_outcome<'a>(
    index: &Index<'a>,
    operation: &OperationRef<'a>,
    outcome: &'a Value,
    wrong: Wrong<'_>,
) {
    let status = outcome["status"].as_u64().unwrap_or_default();
    let response = operation.value["responses"].get(status.to_string());
    let response = response.filter(|_| (200..300).contains(&status));
    let Some(body) = response.and_then(|response| body_schema(index, response)) else {
        let message = format!("{status} is not a documented success with a body");
        return wrong("status", message);
    };
    if operation.value.get("x-pagination").is_some() {
        wrong("", "x-outcome must not be beside x-pagination".to_owned());
    }
    match scalar_field(index, Some(body), text(outcome, "field"), &SCALARS) {
        Err(problem) => wrong("field", problem),
        Ok(_) if text(outcome, "field").matches("[]").count() > 1 => {
            wrong("field", "a list in a list is not supported".to_owned());
        }
        Ok(schema) => {
            let good = outcome.get("good").unwrap_or(&Value::Null);
            let options = schema.get("enum").and_then(Value::as_array);
            let count = good.as_array().map_or(0, Vec::len);
            if let Some(problem) = value_problem(schema, good) {
                wrong("good", problem);
            } else if count == 0 || options.is_some_and(|options| options.len() <= count) {
                let message = "`good` must list some possible values, but not all".to_owned();
                wrong("good", message);
            }
        }
    }
    if let Some(path) = outcome.get("message").and_then(Value::as_str)
        && let Err(problem) = scalar_field(index, Some(body), path, &["string"])
    {
        wrong("message", problem);
    }
}
