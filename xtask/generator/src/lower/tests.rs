use serde_json::{Value, json};

use super::{STEPS, lower, unused};

/// A document that every step changes.
fn document() -> Value {
    json!({
        "paths": { "/v2/{project_id}/devices": { "put": {
            "operationId": "update_device",
            "summary": "s",
            "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "default": 10 } }],
            "requestBody": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/UpdateDeviceRequest" },
                "example": { "description": "d" },
            } } },
            "responses": {
                "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Device" } } } },
                "404": { "$ref": "#/components/responses/NotFound" },
            },
        }, "post": {
            "requestBody": { "content": { "multipart/form-data": { "schema": {
                "type": "object",
                "properties": { "file": { "type": "string", "format": "binary" } },
            } } } },
            "responses": {},
        } } },
        "components": {
            "responses": { "NotFound": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/LinkError" } } } } },
            "schemas": {
                "LinkError": { "type": "object", "properties": {} },
                "UpdateDeviceRequest": {
                    "type": "object",
                    "required": ["minimum"],
                    "properties": { "minimum": { "type": "string", "maxLength": 3 } },
                },
                "Device": {
                    "type": "object",
                    "required": ["status"],
                    "properties": {
                        "status": { "allOf": [{ "$ref": "#/components/schemas/DeviceStatus" }], "maximum": 10 },
                        "description": { "type": "string", "description": "d", "x-not-secret": "r" },
                        "authentication": { "allOf": [{ "$ref": "#/components/schemas/Authentication" }] },
                    },
                },
                "Authentication": {
                    "type": "object",
                    "required": ["password"],
                    "properties": {
                        "password": { "type": "string", "format": "password", "description": "d", "example": "***", "x-password-rule": {} },
                    },
                },
                "DeviceStatus": { "type": "integer", "enum": [0, 1], "x-enum-varnames": ["On", "Off"] },
            },
        },
    })
}

fn lowered() -> Value {
    lower(&document()).0
}

fn schema<'a>(document: &'a Value, name: &str) -> &'a Value {
    &document["components"]["schemas"][name]
}

#[test]
fn error_answers_are_dropped() {
    let lowered = lowered();
    let responses = &lowered["paths"]["/v2/{project_id}/devices"]["put"]["responses"];
    assert!(responses.get("404").is_none());
    assert!(responses.get("200").is_some());
}

#[test]
fn answers_lose_required_at_every_depth_and_requests_keep_required() {
    let lowered = lowered();
    assert!(schema(&lowered, "Device").get("required").is_none());
    assert!(schema(&lowered, "Authentication").get("required").is_none());
    assert_eq!(
        schema(&lowered, "UpdateDeviceRequest")["required"],
        json!(["minimum"])
    );
}

#[test]
fn limits_are_dropped_but_a_property_named_minimum_is_kept() {
    let lowered = lowered();
    let properties = &schema(&lowered, "UpdateDeviceRequest")["properties"];
    assert_eq!(properties["minimum"], json!({ "type": "string" }));
    let status = &schema(&lowered, "Device")["properties"]["status"];
    assert!(status.get("maximum").is_none());
}

#[test]
fn defaults_of_parameters_are_dropped() {
    let lowered = lowered();
    let parameter = &lowered["paths"]["/v2/{project_id}/devices"]["put"]["parameters"][0];
    assert_eq!(parameter["schema"], json!({ "type": "integer" }));
}

#[test]
fn a_secret_loses_its_description_its_example_and_its_password_rule() {
    let lowered = lowered();
    let password = &schema(&lowered, "Authentication")["properties"]["password"];
    assert_eq!(*password, json!({ "type": "string", "format": "password" }));
}

#[test]
fn an_enumeration_becomes_its_plain_type() {
    assert_eq!(
        *schema(&lowered(), "DeviceStatus"),
        json!({ "type": "integer" })
    );
}

#[test]
fn wording_is_dropped_but_a_property_named_description_is_kept() {
    let lowered = lowered();
    let operation = &lowered["paths"]["/v2/{project_id}/devices"]["put"];
    assert!(operation.get("summary").is_none());
    let body = &operation["requestBody"]["content"]["application/json"];
    assert!(body.get("schema").is_some() && body.get("example").is_none());
    let device = &schema(&lowered, "Device")["properties"];
    assert_eq!(device["description"], json!({ "type": "string" }));
}

#[test]
fn a_form_becomes_a_body_of_bytes() {
    let body = &lowered()["paths"]["/v2/{project_id}/devices"]["post"]["requestBody"];
    let file = json!({ "schema": { "type": "string", "format": "binary" } });
    assert_eq!(body["content"], json!({ "application/octet-stream": file }));
}

#[test]
fn the_function_unused_returns_only_the_steps_that_change_nothing() {
    let (_, counts) = lower(&document());
    assert!(
        unused(std::slice::from_ref(&counts)).is_empty(),
        "{counts:?}"
    );
    let (_, nothing) = lower(&json!({ "paths": {}, "components": { "schemas": {} } }));
    assert_eq!(unused(std::slice::from_ref(&nothing)).len(), STEPS.len());
    // A step counts as used if it changes the document of at least one service.
    assert!(unused(&[nothing, counts]).is_empty());
}

#[test]
fn any_json_gets_the_format_any_json_and_a_date_loses_its_format() {
    let mut document = json!({"components": {"schemas": {"Thing": {"type": "object", "properties": {
        "any": {"additionalProperties": true, "nullable": true, "description": "d"},
        "free": {"type": "object", "additionalProperties": true},
        "list": {"type": "array", "items": {"additionalProperties": true}},
        "day": {"type": "string", "format": "date", "nullable": true},
    }}}}});
    super::schemas::plain_strings(&mut document);
    let json = json!({"type": "string", "format": super::ANY_JSON});
    let properties = &schema(&document, "Thing")["properties"];
    assert_eq!(
        properties["free"],
        json!({"type": "object", "additionalProperties": json})
    );
    assert_eq!(properties["list"], json!({"type": "array", "items": json}));
    assert_eq!(properties["any"]["nullable"], true);
    assert_eq!(properties["any"]["format"], super::ANY_JSON);
    assert_eq!(
        properties["day"],
        json!({"type": "string", "nullable": true})
    );
}

#[test]
fn answers_that_are_files_lose_their_content() {
    let answer = |media: &str| json!({"content": {media: {"schema": {"type": "string", "format": "binary"}}}});
    let responses = json!({"200": answer("text/csv"), "202": answer("application/json")});
    let mut document = json!({"paths": {"/a": {"get": {"responses": responses}}}});
    super::answers::drop_error_answers(&mut document);
    assert_eq!(
        document["paths"]["/a"]["get"]["responses"],
        json!({"200": {}, "202": {}})
    );
}
