//! If lint accepts a document, the generator must accept the document without an error and without a panic.

#[allow(dead_code)]
use crate::cases;

use std::collections::BTreeSet;
use std::panic;

use cases::{base, cases, text_of};
use generator::generate;
use lint::lint;
use serde_json::{Value, json};
use transcript::Document;

fn document(files: &[(String, String)]) -> Document {
    let files = files
        .iter()
        .map(|(name, text)| (format!("openapi/demo/{name}"), text.clone().into_bytes()));
    Document::from_files("demo", files.collect()).unwrap()
}

/// Returns the error of the generator about a document, or the word `panic` if the generator panics. Returns `None` if
/// the generator accepts the document.
fn refusal(document: &Value) -> Option<String> {
    match panic::catch_unwind(|| generate("demo", document, "fingerprint")) {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(format!("{error:#}")),
        Err(_) => Some("panic".to_owned()),
    }
}

/// Each case has a part that breaks a rule (`bad`), and a similar part that breaks no rule (`good`).
#[test]
fn code_is_generated_from_the_good_part_of_each_lint_case() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let mut files = base();
        let text = text_of(&mut files, case.file);
        *text = text.replace(case.from, case.good);
        let document = document(&files);
        if !seen.insert(document.value.to_string()) {
            continue;
        }
        if let Some(refusal) = refusal(&document.value) {
            wrong.push(format!("{} `{}`: {refusal}", case.rule, case.good));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the error of the generator about a document, if lint accepts the document.
///
/// Findings of the rules in `OF_NO_MATTER` do not count. If a document breaks only these rules, the generator must
/// accept the document.
fn gap(files: &[(String, String)]) -> Option<String> {
    const OF_NO_MATTER: [&str; 4] = [
        "line-length",
        "key-order",
        "component-home",
        "example-invalid",
    ];
    let document = document(files);
    let clean = lint(&document)
        .iter()
        .all(|finding| OF_NO_MATTER.contains(&finding.rule));
    refusal(&document.value).filter(|_| clean)
}

fn with_property(name: &str, schema: &Value) -> Vec<(String, String)> {
    let mut files = base();
    let named = |(name, _): &&mut (String, String)| name.ends_with("devices.yaml");
    let text = &mut files.iter_mut().find(named).unwrap().1;
    let anchor = "\n        labels:\n          type";
    assert_eq!(text.matches(anchor).count(), 1);
    *text = text.replace(
        anchor,
        &format!("\n        {}: {schema}{anchor}", json!(name)),
    );
    files
}

#[test]
fn lint_refuses_difficult_names_and_types_or_the_generator_accepts_them() {
    let names = [
        "type", "self", "Self", "in", "required", "crate", "_", "", "2fa", "a-b", "a.b", "$x",
        "名前", "body", "new", "x y", "é", "A", "__a__", "-",
    ];
    let types = [
        json!({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
        json!({"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer", "format": "int64"}}}),
        json!({"type": "object", "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/Device"}}}),
        json!({"type": "object", "additionalProperties": {}}),
        json!({"type": "object", "additionalProperties": true}),
        json!({"type": "string", "nullable": true}),
        json!({"type": "array", "nullable": true, "uniqueItems": true, "items": {"type": "string", "minLength": 1}}),
        json!({"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number", "format": "double"}}),
        json!({"type": "number"}),
        json!({"type": "number", "format": "float", "minimum": 0.5, "multipleOf": 0.5}),
        json!({"type": "integer", "format": "int32", "minimum": 1}),
        json!({"type": "integer", "format": "int64", "minimum": -5, "maximum": -1, "exclusiveMinimum": true}),
        json!({"type": "boolean", "default": true}),
        json!({"type": "string", "default": "x", "maxLength": 3}),
        json!({"type": "array", "items": {"type": "string", "format": "password"}}),
        json!({"type": "object", "additionalProperties": {"type": "string", "format": "password"}}),
        json!({"type": "string", "format": "byte"}),
        json!({"type": "string", "format": "binary"}),
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "format": "uuid"}),
        json!({"type": "string", "format": "uri"}),
        json!({"type": "string", "format": "email"}),
        json!({"type": "string", "format": "ipv4"}),
        json!({"allOf": [{"$ref": "#/components/schemas/DeviceStatus"}], "nullable": true, "default": 1}),
        json!({"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/DeviceStatus"}]}}),
        json!({"type": "array", "items": {"$ref": "#/components/schemas/DeviceStatus"}, "default": [0]}),
    ];
    let mut wrong = Vec::new();
    let named = names
        .into_iter()
        .map(|name| (name, json!({"type": "string"})));
    let typed = types.into_iter().map(|schema| ("probe", schema));
    for (name, mut schema) in named.chain(typed) {
        schema["description"] = "d".into();
        if let Some(refusal) = gap(&with_property(name, &schema)) {
            wrong.push(format!("{name}: {schema}: {refusal}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lint_refuses_difficult_operations_or_the_generator_accepts_them() {
    let operation = |extra: Value| {
        let mut operation = json!({
            "operationId": "show_probe",
            "x-huawei-operation-id": "ProbeDevice",
            "summary": "Probe",
            "description": "d",
            "tags": ["devices"],
            "x-source": "s",
            "x-retry": "safe",
            "responses": {"204": {"description": "d"}},
        });
        operation
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        operation
    };
    let parameter = |name: &str, place: &str, schema: Value| json!({"name": name, "in": place, "required": true, "description": "d", "schema": schema});
    let answer = |schema: Value| json!({"200": {"description": "d", "content": {"application/json": {"schema": schema, "example": null}}}});
    let string = json!({"type": "string"});
    let status = json!({"allOf": [{"$ref": "#/components/schemas/DeviceStatus"}]});
    let shapes = [
        ("/v1/probe", "head", operation(json!({}))),
        ("/v1/probe", "options", operation(json!({}))),
        ("/v1/probe", "patch", operation(json!({}))),
        ("/", "get", operation(json!({}))),
        (
            "/v1/{a}{b}",
            "get",
            operation(
                json!({"parameters": [parameter("a", "path", string.clone()), parameter("b", "path", string.clone())]}),
            ),
        ),
        (
            "/v1/x{a}.json",
            "get",
            operation(json!({"parameters": [parameter("a", "path", string.clone())]})),
        ),
        (
            "/v1/{a-b}",
            "get",
            operation(json!({"parameters": [parameter("a-b", "path", string.clone())]})),
        ),
        (
            "/v1/{type}",
            "get",
            operation(json!({"parameters": [parameter("type", "path", string.clone())]})),
        ),
        (
            "/v1/{self}",
            "get",
            operation(json!({"parameters": [parameter("self", "path", string.clone())]})),
        ),
        (
            "/v1/{a}",
            "get",
            operation(json!({"parameters": [parameter("a", "path", status.clone())]})),
        ),
        ("/v1/{a", "get", operation(json!({}))),
        ("/v1/a}", "get", operation(json!({}))),
        (
            "/v1/{}",
            "get",
            operation(json!({"parameters": [parameter("", "path", string.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("", "query", string.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("名前", "query", string.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("2fa", "query", string.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("X-Language", "header", string.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("X-Status", "header", status.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("status", "query", status.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"parameters": [parameter("status", "query", json!({"type": "array", "items": status}))]}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"parameters": [parameter("ok", "query", json!({"type": "boolean"}))]}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("at", "query", json!({"type": "number"}))]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"parameters": [parameter("a", "query", string.clone()), parameter("a", "header", string.clone())]}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("client", "query", string.clone())]})),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"parameters": [parameter("request", "query", string.clone())]})),
        ),
        ("/v1/probe", "get", operation(json!({"security": []}))),
        ("/v1/probe", "get", operation(json!({"deprecated": true}))),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": answer(json!({"type": "array", "items": {"$ref": "#/components/schemas/Device"}}))}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": answer(json!({"type": "array", "items": {"type": "string"}}))}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": answer(json!({"type": "object", "additionalProperties": {"type": "string"}}))}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": answer(json!({"type": "object", "additionalProperties": true}))}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"responses": answer(json!({"type": "string"}))})),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": answer(json!({"$ref": "#/components/schemas/DeviceStatus"}))}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": answer(json!({"allOf": [{"$ref": "#/components/schemas/Device"}]}))}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(json!({"responses": {"200": {"$ref": "#/components/responses/Shared"}}})),
        ),
        (
            "/v1/probe",
            "post",
            operation(json!({"requestBody": {"$ref": "#/components/requestBodies/Shared"}})),
        ),
        (
            "/v1/probe",
            "delete",
            operation(
                json!({"requestBody": {"description": "d", "required": true, "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/CreateDeviceRequest"}, "example": {"name": "thermometer"}}}}}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": {"200": {"description": "d", "content": {"application/octet-stream": {
            "schema": {"type": "string", "format": "binary"}}}}}}),
            ),
        ),
        (
            "/v1/probe",
            "get",
            operation(
                json!({"responses": {"200": {"description": "d"}, "202": {"description": "d"}}}),
            ),
        ),
    ];
    let shared = json!({
        "responses": {"Shared": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Device"}, "example": {}}}}},
        "requestBodies": {"Shared": {"description": "d", "required": true, "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/CreateDeviceRequest"}, "example": {"name": "thermometer"}}}}},
    });
    let mut wrong = Vec::new();
    for (path, method, operation) in shapes {
        let probe = json!({ path: { method: operation } });
        let mut files = base();
        let text = text_of(&mut files, "devices.yaml");
        let others = text.strip_prefix("paths:\n").unwrap();
        *text = format!("paths:\n  {}: {}\n{others}", json!(path), probe[path]);
        let common = text_of(&mut files, "common.yaml");
        if probe.to_string().contains("responses/Shared") {
            *common = common.replace(
                "  responses:\n",
                &format!(
                    "  responses:\n    Shared: {}\n",
                    shared["responses"]["Shared"]
                ),
            );
        }
        if probe.to_string().contains("requestBodies/Shared") {
            *common = common.replace(
                "  responses:\n",
                &format!(
                    "  requestBodies: {}\n  responses:\n",
                    shared["requestBodies"]
                ),
            );
        }
        if let Some(refusal) = gap(&files) {
            wrong.push(format!("{probe}: {refusal}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_second_success_status_without_a_body_makes_the_answer_an_option() {
    let generated = generate("demo", &document(&base()).value, "fingerprint").unwrap();
    let code = generated
        .files
        .iter()
        .find(|file| file.path.ends_with("operations/devices.rs"))
        .unwrap();
    assert!(code.content.contains("send_optional"), "{}", code.content);
}
