//! Tests each pass on progenitor's real output for one small document. Also tests the
//! excerpts of the document, the enums, and the static for each operation.

use quote::ToTokens;
use serde_json::{Value, json};

use super::*;
use crate::lower;
use crate::model::Api;
use crate::{part, progenitor};

fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Devices", "version": "v2" },
        "servers": [{ "url": "https://roma.{region}.example.com", "x-cloud": "huaweicloud", "variables": { "region": { "default": "a", "enum": ["a", "b"] } } }],
        "security": [{ "token": [] }],
        "tags": [{ "name": "devices", "description": "Devices" }],
        "paths": {
            "/v2/{project_id}/devices": { "get": {
                "operationId": "list_devices",
                "summary": "List devices",
                "tags": ["devices"],
                "externalDocs": { "url": "https://example.com/list", "description": "Listing" },
                "x-page-date": "2023-06-29",
                "parameters": [
                    { "name": "project_id", "in": "path", "required": true, "description": "Project", "schema": { "type": "string" } },
                    { "name": "owner", "in": "query", "required": true, "description": "Owner", "schema": { "type": "string" } },
                    { "name": "limit", "in": "query", "description": "How many", "schema": { "type": "integer", "format": "int32", "maximum": 100 } },
                    { "name": "type", "in": "query", "description": "Kind", "schema": { "$ref": "#/components/schemas/Kind" } },
                    { "name": "kinds", "in": "query", "explode": false, "description": "Kinds", "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Kind" } } },
                    { "name": "X-Language", "in": "header", "description": "Language", "schema": { "type": "string" } },
                ],
                "responses": { "200": { "description": "Devices", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Device" } } } } },
            } },
            "/v2/{project_id}/devices/{device_id}": { "put": {
                "operationId": "update_device",
                "x-huawei-operation-id": "UpdateDevice",
                "summary": "Modify a device",
                "description": "Sets [all] of it",
                "tags": ["devices"],
                "externalDocs": { "url": "https://example.com/page", "description": "Modifying a Device" },
                "x-page-date": "2023-06-29",
                "x-retry": "safe",
                "parameters": [
                    { "name": "project_id", "in": "path", "required": true, "description": "Project", "schema": { "type": "string" } },
                    { "name": "device_id", "in": "path", "required": true, "description": "Device", "schema": { "type": "integer", "format": "int64" } },
                ],
                "requestBody": { "required": true, "description": "New values", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/UpdateDeviceRequest" } } } },
                "responses": {
                    "200": { "description": "The device", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Device" } } } },
                    "404": { "description": "No such device", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/LinkError" } } } },
                },
            }, "delete": {
                "operationId": "delete_device",
                "summary": "Delete a device",
                "tags": ["devices"],
                "x-source": "the vendor's document",
                "security": [],
                "parameters": [
                    { "name": "project_id", "in": "path", "required": true, "description": "Project", "schema": { "type": "string" } },
                    { "name": "device_id", "in": "path", "required": true, "description": "Device", "schema": { "type": "integer", "format": "int64" } },
                ],
                "responses": { "204": { "description": "Gone" } },
            } },
        },
        "components": { "schemas": {
            "LinkError": { "type": "object", "description": "An error", "properties": {} },
            "UpdateDeviceRequest": {
                "type": "object",
                "description": "What to change",
                "required": ["name", "kind", "ids"],
                "properties": {
                    "name": { "type": "string", "description": "Name", "minLength": 2, "maxLength": 64 },
                    "kind": { "allOf": [{ "$ref": "#/components/schemas/Kind" }], "description": "Kind" },
                    "ids": { "type": "array", "description": "Ids", "items": { "type": "string" } },
                    "tags": { "type": "array", "description": "Tags", "items": { "type": "string" } },
                    "password": { "type": "string", "format": "password", "description": "Password", "minLength": 8 },
                    "renew": { "type": "string", "default": "false", "description": "true to renew" },
                    "size": { "type": "number", "description": "Size" },
                    "switch": { "allOf": [{ "$ref": "#/components/schemas/Switch" }], "description": "Switch" },
                },
            },
            "Device": {
                "type": "object",
                "description": "A device",
                "required": ["type"],
                "properties": {
                    "type": { "type": "string", "description": "What it is" },
                    "colour": { "allOf": [{ "$ref": "#/components/schemas/Colour" }], "description": "Colour" },
                    "password": { "type": "string", "format": "password", "description": "Password" },
                    "tags": { "type": "array", "description": "Tags", "items": { "type": "string" } },
                },
            },
            "Kind": { "type": "integer", "description": "Kinds", "enum": [0, 1], "x-enum-varnames": ["Common", "Gateway"], "x-enum-descriptions": ["plain", "with children"] },
            "Switch": { "type": "string", "description": "Switches", "enum": ["true", "false"], "x-enum-varnames": ["On", "Off"], "x-enum-descriptions": ["on", "off"] },
            "Colour": { "type": "string", "description": "Colours", "enum": ["red"], "x-enum-varnames": ["Red"], "x-enum-descriptions": ["like blood"] },
        } },
    })
}

fn model() -> Api {
    crate::model::read_api("roma-link", &document()).unwrap()
}

/// Returns the code after `field_order` and the passes with these names.
fn after(passes: &[&str]) -> Code {
    let api = model();
    let part = &part::split(&api)[0];
    let lowered = lower::lower(&document()).0;
    let mut code = progenitor::run(part, part.excerpt(&lowered)).unwrap();
    for name in ["field_order"].iter().chain(passes) {
        let (_, apply) = ALL.iter().find(|(known, _)| known == name).unwrap();
        apply(&mut code, part).unwrap();
    }
    code
}

/// Returns the content of a generated file.
fn generated(module: &str) -> String {
    let all = crate::generate("roma-link", &document(), "0").unwrap();
    let path = format!("src/generated/{module}.rs");
    let mut files = all.files.into_iter();
    files.find(|file| file.path == path).unwrap().content
}

/// Returns source code without whitespace.
fn text(of: impl ToTokens) -> String {
    of.to_token_stream()
        .to_string()
        .split_whitespace()
        .collect()
}

fn squeezed(source: &str) -> String {
    source.split_whitespace().collect()
}

fn impls(code: &Code, name: &str) -> String {
    code.types[name].impls.iter().map(text).collect()
}

fn assert_holds(source: &str, part: &str) {
    assert!(
        source.contains(&squeezed(part)),
        "no `{part}` in:\n{source}"
    );
}

#[test]
fn the_excerpt_of_a_part_omits_error_types_and_has_empty_schemas_for_enums() {
    let api = model();
    let excerpt = part::split(&api)[0].excerpt(&lower::lower(&document()).0);
    let schemas = &excerpt.document["components"]["schemas"];
    assert!(schemas["LinkError"].is_null());
    assert!(!schemas["Device"].is_null());
    assert_eq!(schemas["Kind"], json!({}));
    assert!(excerpt.elsewhere.iter().eq(["Colour", "Kind", "Switch"]));
}

#[test]
fn fields_have_the_order_of_the_document() {
    let code = after(&[]);
    let names: Vec<String> = code.types["Device"]
        .item
        .fields
        .iter()
        .map(syntax::wire_name)
        .collect();
    assert_eq!(names, ["type", "colour", "password", "tags"]);
}

#[test]
fn optional_collections_of_requests_are_options() {
    let code = after(&["optional_collections"]);
    let request = text(&code.types["UpdateDeviceRequest"].item);
    assert_holds(
        &request,
        "pub tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>",
    );
    assert_holds(&request, "pub ids: ::std::vec::Vec<::std::string::String>");
    assert_holds(
        &text(&code.types["Device"].item),
        "pub tags: ::std::vec::Vec<::std::string::String>",
    );
}

#[test]
fn the_pass_secrets_accepts_passwords_that_are_secrets() {
    let code = after(&["secrets"]);
    assert_holds(
        &text(&code.types["Device"].item),
        "pub password: ::std::option::Option<huaweicloud_core::Secret>",
    );
}

#[test]
fn the_pass_secrets_refuses_a_password_that_is_a_string() {
    let api = model();
    let part = &part::split(&api)[0];
    // Without `format: password`, progenitor writes a `String`.
    let mut lowered = lower::lower(&document()).0;
    lowered["components"]["schemas"]["UpdateDeviceRequest"]["properties"]["password"] =
        json!({ "type": "string" });
    let mut code = progenitor::run(part, part.excerpt(&lowered)).unwrap();
    field_order::apply(&mut code, part).unwrap();
    let error = secrets::apply(&mut code, part).unwrap_err();
    assert!(
        error.to_string().contains("UpdateDeviceRequest.password"),
        "{error}"
    );
}

#[test]
fn the_pass_params_groups_query_and_header_parameters() {
    let code = after(&["params"]);
    let method = &code.methods["list_devices"];
    let signature = text(&method.function.sig);
    assert_holds(
        &signature,
        "project_id: &'a str, params: &ListDevicesParams)",
    );
    let params: String = method.params.iter().map(text).collect();
    for field in [
        "#[derive(Clone, Debug, PartialEq)]",
        "impl Eq for ListDevicesParams {}",
        "pub owner: String",
        "pub fn new(owner: impl Into<String>) -> Self",
        "pub limit: Option<i32>",
        "pub type_: Option<Kind>",
        "pub fn with_kinds<How>(mut self, value: impl MaybeInto<List<Kind>, How>) -> Self",
        "#[cfg_attr(feature = \"serde-full\", serde(rename = \"X-Language\"))] pub x_language: Option<String>",
    ] {
        assert_holds(&params, field);
    }
    assert_holds(
        &params,
        "pub fn with_type<How>(mut self, value: impl MaybeInto<Kind, How>) -> Self",
    );
    assert!(code.methods["update_device"].params.is_empty());
}

#[test]
fn the_pass_session_builds_the_request_without_a_project_argument() {
    let code = after(&["params", "session"]);
    let update = text(&code.methods["update_device"].function);
    let signature =
        "pub fn update_device(&self, device_id: i64, body: &UpdateDeviceRequest) -> Call<Device>";
    assert_holds(&update, signature);
    let request =
        "Request::new(&operations::UPDATE_DEVICE).path(\"device_id\", device_id).json(body)";
    assert_holds(&update, request);
    let list = text(&code.methods["list_devices"].function);
    let parts = ".query(\"owner\", &params.owner).query(\"limit\", &params.limit).query(\"type\", &params.type_)\
                 .query(\"kinds\", &huaweicloud_core::Joined(&params.kinds)).header(\"X-Language\", &params.x_language)";
    assert_holds(&list, parts);
    assert_holds(
        &text(&code.methods["delete_device"].function),
        "self.session.send_empty(request)",
    );
}

#[test]
fn constructors_take_mandatory_fields() {
    let code = after(&["optional_collections", "constructors"]);
    let request = impls(&code, "UpdateDeviceRequest");
    assert_holds(
        &request,
        "pub fn new(required: UpdateDeviceRequired<impl Into<List<::std::string::String>>, impl Into<Kind>, \
         impl Into<::std::string::String>>) -> Self",
    );
    // The type parameters are sorted. The fields have the order of the document.
    let group = text(code.types["UpdateDeviceRequest"].impls.last());
    assert_holds(&group, "pub struct UpdateDeviceRequired<Ids, Kind, Name>");
    assert!(group.find("name:Name") < group.find("kind:Kind") && !group.contains("derive"));
    assert_holds(
        &request,
        "pub fn with_tags<How>(mut self, value: impl MaybeInto<List<::std::string::String>, How>)",
    );
    for setter in [
        "pub fn with_renew<How>(mut self, value: impl MaybeInto<Flag, How>)",
        "pub fn with_size<How>(mut self, value: impl MaybeInto<Number<f64>, How>)",
        "pub fn with_switch<How>(mut self, value: impl MaybeInto<Switch, How>)",
    ] {
        assert_holds(&request, setter);
    }
    assert!(
        code.types["Device"].impls.is_empty(),
        "callers do not construct answers"
    );
}

#[test]
fn the_pass_decoding_matches_the_names_of_json_fields() {
    let code = after(&["decoding"]);
    assert_holds(
        &impls(&code, "Device"),
        "\"type\" => value.read(&mut self.type_)",
    );
    assert_holds(&impls(&code, "Device"), "_ => value.skip()");
    assert!(
        code.types["UpdateDeviceRequest"].impls.is_empty(),
        "the pass skips types of requests"
    );
}

#[test]
fn encoding_omits_unset_fields() {
    let code = after(&["optional_collections", "encoding"]);
    let request = impls(&code, "UpdateDeviceRequest");
    assert_holds(
        &request,
        "encode::Object::new(serializer).field(\"name\", &self.name)",
    );
    assert_holds(&request, ".optional(\"tags\", &self.tags)");
    assert!(!request.contains("serde-full"), "{request}");
    let answer = impls(&code, "Device");
    assert_holds(
        &answer,
        "#[cfg(feature = \"serde-full\")] impl serde::Serialize for Device",
    );
    assert_holds(&answer, ".optional(\"type\", &self.type_)");
}

#[test]
fn derives_differ_between_types_of_requests_and_of_answers() {
    let code = after(&["optional_collections", "derives"]);
    let request = text(&code.types["UpdateDeviceRequest"].item);
    assert_holds(&request, "#[derive(Clone, Debug, PartialEq)]");
    assert_holds(
        &request,
        "#[cfg_attr(feature = \"serde-full\", derive(serde::Deserialize))]",
    );
    assert_holds(
        &request,
        "#[cfg_attr(feature = \"schemars\", derive(huaweicloud_core::schemars::JsonSchema), schemars(crate = \"huaweicloud_core::schemars\"))]
         #[non_exhaustive]",
    );
    let answer = text(&code.types["Device"].item);
    assert_holds(&answer, "#[derive(Clone, Debug, PartialEq, Default)]");
    assert_holds(&impls(&code, "Device"), "impl Eq for Device {}");
    assert!(
        !impls(&code, "UpdateDeviceRequest").contains("implEqfor"),
        "the field `size` can be a float"
    );
    assert_holds(
        &answer,
        "#[cfg_attr(feature = \"schemars\", schemars(rename = \"type\"))]",
    );
    assert!(!request.contains("schemars(default)"), "{request}");
}

#[test]
fn docs_contain_limits_errors_and_the_page() {
    let code = after(&["params", "session", "docs", "derives"]);
    let request = text(&code.types["UpdateDeviceRequest"].item);
    assert_holds(&request, "Name. (mandatory, 2 to 64 characters)");
    let method = text(&code.methods["update_device"].function);
    for part in [
        "Sets \\\\[all\\\\] of it.",
        "[404](crate::operations#errors)",
        "[Modifying a Device](https://example.com/page), 2023-06-29",
        "[do not contain the body](crate::operations#secrets)",
        "[safe to repeat](crate::operations#repeats)",
    ] {
        assert_holds(&method, part);
    }
    let delete = text(&code.methods["delete_device"].function);
    assert_holds(&delete, "Source: the vendor's document.");
    assert_holds(&delete, "[not safe to repeat](crate::operations#repeats)");
    assert_holds(
        &squeezed(&generated("operations/mod")),
        "- 404: No such device.",
    );
}

#[test]
fn enumerations_are_open_for_integers_and_strings() {
    let all = squeezed(&generated("types/devices"));
    for part in [
        "Common, /// `1`: with children. Gateway,",
        "Unknown(i64)",
        "1 => Self::Gateway, other => Self::Unknown(other)",
        "\"red\" => Self::Red, other => Self::Unknown(other.to_owned())",
        "huaweicloud_core::schema::options(\"Colours\", &[Self::Red])",
        "impl From<bool> for Switch",
    ] {
        assert_holds(&all, part);
    }
    assert!(!all.contains("implFrom<bool>forColour"));
}

#[test]
fn operations_have_the_facts_of_the_document() {
    let all = squeezed(&(generated("operations/mod") + &generated("operations/devices")));
    for part in [
        ".with_regions(&[\"a\", \"b\"])",
        "pub static UPDATE_DEVICE: Operation = \
         Operation::new(&SERVICE, \"update_device\", Method::PUT, \"/v2/{project_id}/devices/{device_id}\") \
         .with_official_id(\"UpdateDevice\") .with_retry(Retry::Safe) .with_success(&[200]) .with_secrets() \
         .with_page(\"https://example.com/page\");",
        ".with_retry(Retry::Unsafe) .with_success(&[204]) .without_credentials();",
    ] {
        assert_holds(&all, part);
    }
}
