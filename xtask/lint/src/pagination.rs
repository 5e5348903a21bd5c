//! Lists that come in pages.

use serde_json::Value;

use super::index::Index;
use super::lookup::{parameters, success_schema};
use super::{Findings, Rule};
use transcript::OperationRef;

pub(super) static RULES: &[Rule] = &[Rule {
    name: "pagination",
    summary: "x-pagination names parameters of the operation and fields of its answer; stated where there are limit and offset",
    reason: "the pager is generated from it",
}];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        check_pagination(index, operation, &parameters(index, operation), findings);
    }
}

fn field<'a>(parameter: &'a Value, key: &str) -> &'a str {
    parameter
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn check_pagination(
    index: &Index<'_>,
    operation: &OperationRef<'_>,
    parameters: &[(String, &Value)],
    findings: &mut Findings<'_>,
) {
    let query = |name: &str| {
        parameters.iter().any(|(_, parameter)| {
            field(parameter, "in") == "query" && field(parameter, "name") == name
        })
    };
    let Some(paging) = operation.value.get("x-pagination") else {
        if query("limit") && query("offset") {
            let message = format!(
                "{} has limit and offset, and no x-pagination",
                operation.route()
            );
            findings.add(
                "pagination",
                &operation.pointer,
                message,
                "add x-pagination, so that a pager is generated",
            );
        }
        return;
    };
    let pointer = format!("{}/x-pagination", operation.pointer);
    let mut wrong = |message: String| {
        let help = "write {style: offset, limit: <parameter>, offset: <parameter>, items: <field>, total: <field>, start: <first offset>}";
        findings.add("pagination", &pointer, message, help);
    };
    let known = ["style", "limit", "offset", "items", "total", "start"];
    for key in paging
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys())
        .filter(|key| !known.contains(&key.as_str()))
    {
        wrong(format!("x-pagination has no key `{key}`"));
    }
    if field(paging, "style") != "offset" || !paging.get("start").is_some_and(Value::is_u64) {
        wrong("x-pagination needs `style: offset` and a whole number as `start`".to_owned());
    }
    for key in ["limit", "offset"]
        .into_iter()
        .filter(|key| !query(field(paging, key)))
    {
        wrong(format!(
            "`{key}: {}` is not a query parameter of the operation",
            field(paging, key)
        ));
    }
    let answer = success_schema(index, operation).map(|schema| index.schema(schema));
    let property =
        |key: &str| Some(index.schema(answer?.get("properties")?.get(field(paging, key))?));
    if property("items").is_none_or(|schema| field(schema, "type") != "array") {
        wrong(format!(
            "`items: {}` is not a list in the answer",
            field(paging, "items")
        ));
    }
    if paging.get("total").is_some()
        && property("total").is_none_or(|schema| field(schema, "type") != "integer")
    {
        wrong(format!(
            "`total: {}` is not an integer in the answer",
            field(paging, "total")
        ));
    }
}
