//! Everything that can happen outside of schemas: one place of a document is changed, there and back.

use serde_json::{Value, json};

use super::documents::{diff, find, letters, yaml};

/// The rule and its verdicts there, and back; the place; what stands there before, and after (`~` for nothing).
struct Edit {
    there: (&'static str, &'static str),
    back: (&'static str, &'static str),
    place: &'static str,
    one: &'static str,
    two: &'static str,
}

const fn edit(
    there: (&'static str, &'static str),
    back: (&'static str, &'static str),
    place: &'static str,
    one: &'static str,
    two: &'static str,
) -> Edit {
    Edit {
        there,
        back,
        place,
        one,
        two,
    }
}

const OPERATION: &str = "/paths/~1things~1{id}/post";

#[rustfmt::skip]
const EDITS: &[Edit] = &[
    edit(("endpoint-added", "AA"), ("api-removed-without-deprecation", "BB"), "/paths/~1new", "~", "{get: {responses: {}}}"),
    edit(("endpoint-added", "AA"), ("api-removed-with-deprecation", "BB"), "/paths/~1new", "~", "{get: {deprecated: true, responses: {}}}"),
    edit(("endpoint-deprecated", "DD"), ("endpoint-reactivated", "DD"), "@/deprecated", "~", "true"),
    edit(("sunset-added", "DD"), ("sunset-deleted", "BD"), "@/x-sunset", "~", "'2030-01-01'"),
    edit(("sunset-date-later", "AD"), ("sunset-date-earlier", "BD"), "@/x-sunset", "'2030-01-01'", "'2031-01-01'"),
    edit(("api-stability-decreased", "BD"), ("api-stability-increased", "AD"), "@/x-stability-level", "~", "alpha"),
    edit(("api-operation-id-removed", "DB"), ("api-operation-id-added", "DB"), "@/operationId", "make", "~"),
    edit(("api-operation-id-changed", "DB"), ("api-operation-id-changed", "DB"), "@/operationId", "make", "create"),
    edit(("api-chapter-changed", "DB"), ("api-chapter-changed", "DB"), "@/tags", "[things]", "[others]"),
    edit(("api-tag-added", "DD"), ("api-tag-removed", "DD"), "@/tags", "[things]", "[things, others]"),
    edit(("retry-changed", "DA"), ("retry-changed", "DA"), "@/x-retry", "~", "safe"),
    edit(("pagination-added", "DA"), ("pagination-removed", "DA"), "@/x-pagination", "~", "{style: offset}"),
    edit(("pagination-changed", "DA"), ("pagination-changed", "DA"), "@/x-pagination", "{style: marker}", "{style: offset}"),
    edit(("waiter-added", "DA"), ("waiter-removed", "DA"), "@/x-waiter", "~", "{field: status}"),
    edit(("waiter-changed", "DA"), ("waiter-changed", "DA"), "@/x-waiter", "{field: state}", "{field: status}"),
    edit(("new-required-request-parameter", "BB"), ("request-parameter-removed", "BB"), "@/parameters/9", "~", "{name: q, in: query, required: true}"),
    edit(("new-optional-request-parameter", "AA"), ("request-parameter-removed", "BB"), "@/parameters/9", "~", "{name: H, in: header}"),
    edit(("request-parameter-became-required", "BB"), ("request-parameter-became-optional", "AB"), "@/parameters/1/required", "~", "true"),
    edit(("request-parameter-style-changed", "BD"), ("request-parameter-style-changed", "BD"), "@/parameters/1/explode", "~", "false"),
    edit(("request-parameter-content-changed", "BB"), ("request-parameter-content-changed", "BB"), "@/parameters/1/content", "~", "{application/json: {}}"),
    edit(("request-parameter-empty-value-allowed", "AD"), ("request-parameter-empty-value-forbidden", "BD"), "@/parameters/1/allowEmptyValue", "~", "true"),
    edit(("request-parameter-deprecated", "DD"), ("request-parameter-reactivated", "DD"), "@/parameters/1/deprecated", "~", "true"),
    edit(("request-body-added-required", "BB"), ("request-body-removed", "BB"), "@/requestBody", "~", "{required: true, content: {}}"),
    edit(("request-body-added-optional", "AB"), ("request-body-removed", "BB"), "@/requestBody", "~", "{content: {}}"),
    edit(("request-body-became-required", "BD"), ("request-body-became-optional", "AD"), "@/requestBody/required", "~", "true"),
    edit(("request-body-media-type-added", "AD"), ("request-body-media-type-removed", "BD"), "@/requestBody/content/text~1plain", "~", "{}"),
    edit(("request-body-media-type-name-specialized", "BD"), ("request-body-media-type-name-generalized", "AD"), "@/requestBody/content", "{a/b: {}}", "{a/b; c=d: {}}"),
    edit(("request-body-media-type-name-changed", "BD"), ("request-body-media-type-name-changed", "BD"), "@/requestBody/content", "{a/b; c=e: {}}", "{a/b; c=d: {}}"),
    edit(("request-body-media-type-schema-removed", "AB"), ("request-body-media-type-schema-added", "BB"), "@/requestBody/content/application~1json/schema", "{}", "~"),
    edit(("request-body-encoding-changed", "BD"), ("request-body-encoding-changed", "BD"), "@/requestBody/content/application~1json/encoding", "~", "{a: {contentType: b}}"),
    edit(("response-media-type-added", "AD"), ("response-media-type-removed", "BD"), "@/responses/200/content/text~1plain", "~", "{}"),
    edit(("response-media-type-name-specialized", "AD"), ("response-media-type-name-generalized", "BD"), "@/responses/200/content", "{a/b: {}}", "{a/b; c=d: {}}"),
    edit(("response-media-type-name-changed", "BD"), ("response-media-type-name-changed", "BD"), "@/responses/200/content", "{a/b; c=e: {}}", "{a/b; c=d: {}}"),
    edit(("response-body-media-type-schema-removed", "BB"), ("response-body-media-type-schema-added", "AB"), "@/responses/200/content/application~1json/schema", "{}", "~"),
    edit(("response-body-encoding-changed", "BD"), ("response-body-encoding-changed", "BD"), "@/responses/200/content/application~1json/encoding", "~", "{a: {contentType: b}}"),
    edit(("response-body-removed", "BB"), ("response-body-added", "AB"), "@/responses/200/content", "{application/json: {schema: {$ref: '#/components/schemas/Thing'}}}", "~"),
    edit(("response-success-status-added", "AB"), ("response-success-status-removed", "BB"), "@/responses/204", "~", "{description: Nothing.}"),
    edit(("response-success-status-added", "AD"), ("response-success-status-removed", "BD"), "@/responses/201", "~", "{content: {application/json: {}}}"),
    edit(("response-non-success-status-added", "AD"), ("response-non-success-status-removed", "AD"), "@/responses/409", "~", "{description: No.}"),
    edit(("response-status-generalized", "BD"), ("response-status-specialized", "AD"), "@/responses", "{'404': {}}", "{4XX: {}}"),
    edit(("response-header-added", "AD"), ("optional-response-header-removed", "BD"), "@/responses/200/headers/Y", "~", "{schema: {}}"),
    edit(("response-header-added", "AD"), ("required-response-header-removed", "BD"), "@/responses/200/headers/Y", "~", "{required: true}"),
    edit(("response-header-became-required", "AD"), ("response-header-became-optional", "BD"), "@/responses/200/headers/X/required", "~", "true"),
    edit(("new-optional-request-property", "AA"), ("request-property-removed", "BB"), "@/requestBody/content/application~1json/schema", "{properties: {}}", "{properties: {a: {}}}"),
    edit(("new-required-request-property", "BB"), ("request-property-removed", "BB"), "@/requestBody/content/application~1json/schema", "{properties: {}}", "{properties: {a: {}}, required: [a]}"),
    edit(("response-optional-property-added", "AA"), ("response-optional-property-removed", "BB"), "@/responses/200/content/application~1json/schema", "{properties: {}}", "{properties: {a: {}}}"),
    edit(("response-required-property-added", "AA"), ("response-required-property-removed", "BB"), "@/responses/200/content/application~1json/schema", "{properties: {}}", "{properties: {a: {}}, required: [a]}"),
    edit(("api-security-added", "AD"), ("api-security-removed", "BD"), "@/security", "[{token: []}]", "[{token: []}, {oauth: []}]"),
    edit(("api-security-scope-added", "BD"), ("api-security-scope-removed", "AD"), "@/security", "[{oauth: []}]", "[{oauth: [read]}]"),
    edit(("api-security-component-type-changed", "BD"), ("api-security-component-type-changed", "BD"), "/components/securitySchemes/token/name", "X-Auth-Token", "X-Token"),
    edit(("api-security-component-oauth-url-changed", "BD"), ("api-security-component-oauth-url-changed", "BD"), "/components/securitySchemes/oauth/flows/implicit/authorizationUrl", "https://a", "https://b"),
    edit(("api-security-component-oauth-scope-added", "AD"), ("api-security-component-oauth-scope-removed", "BD"), "/components/securitySchemes/oauth/flows/implicit/scopes/write", "~", "Writes."),
    edit(("server-added", "AD"), ("server-removed", "BD"), "/servers/9", "~", "{url: 'https://other'}"),
    edit(("server-cloud-changed", "DB"), ("server-cloud-changed", "DB"), "/servers/0/x-cloud", "otc", "huaweicloud"),
    edit(("server-variable-default-changed", "BD"), ("server-variable-default-changed", "BD"), "/servers/0/variables/region/default", "a", "b"),
    edit(("server-variable-value-added", "AA"), ("server-variable-value-removed", "BB"), "/servers/0/variables/region/enum", "[a]", "[a, b]"),
    edit(("server-region-added", "AA"), ("server-region-removed", "BB"), "/servers/0/x-regions", "[a]", "[a, b]"),
    edit(("error-codes-changed", "DA"), ("error-codes-changed", "DA"), "/x-error-codes", "~", "[{codes: [A.1], status: 500, advice: Wait.}]"),
    edit(("callback-added", "AD"), ("callback-removed", "BD"), "@/callbacks", "~", "{done: {'{$request.body#/url}': {post: {responses: {}}}}}"),
    edit(("webhook-added", "AD"), ("webhook-removed", "BD"), "/webhooks", "~", "{done: {post: {responses: {}}}}"),
    edit(("reference-broken", "BB"), ("reference-mended", "AA"), "@/responses/200/content/application~1json/schema/$ref", "'#/components/schemas/Thing'", "'#/nowhere'"),
    edit(("api-schema-added", "DD"), ("api-schema-removed", "DD"), "/components/schemas/New", "~", "{type: object}"),
    edit(("component-added", "DD"), ("component-removed", "DD"), "/components/parameters", "{A: {name: a, in: query}}", "{A: {name: a, in: query}, B: {name: b, in: query}}"),
    edit(("description-changed", "DD"), ("description-changed", "DD"), "@/description", "~", "Makes a thing."),
    edit(("example-changed", "DD"), ("example-changed", "DD"), "@/responses/200/content/application~1json/example", "~", "{name: x}"),
    edit(("page-changed", "DD"), ("page-changed", "DD"), "@/x-page-date", "'2023-01-01'", "'2024-01-01'"),
    edit(("info-changed", "DD"), ("info-changed", "DD"), "/info/version", "1.2.3", "1.2.4"),
    edit(("extension-changed", "DD"), ("extension-changed", "DD"), "@/x-anything", "~", "1"),
    edit(("other-changed", "DD"), ("other-changed", "DD"), "@/anything", "~", "1"),
];

fn base() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.2.3"},
        "servers": [{"url": "https://{region}", "x-cloud": "otc", "variables": {"region": {"default": "a", "enum": ["a"]}}}],
        "paths": {"/things/{id}": {"post": {
            "operationId": "make",
            "tags": ["things"],
            "parameters": [{"name": "id", "in": "path", "required": true}, {"name": "filter", "in": "query"}],
            "requestBody": {"content": {"application/json": {"schema": {}}}},
            "responses": {"200": {
                "headers": {"X": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }},
        }}},
        "components": {
            "schemas": {"Thing": {"type": "object"}},
            "parameters": {},
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"},
                "oauth": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://a", "scopes": {"read": "Reads."}}}},
            },
        },
    })
}

/// The base with something else at a place; `~` takes away what is there.
fn with(place: &str, text: &str) -> Value {
    let place = place.replacen('@', OPERATION, 1);
    let (parent, key) = place.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let mut document = base();
    let parent = document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("no {place}"));
    match parent {
        Value::Array(items) => items.extend(Some(yaml(text)).filter(|_| text != "~")),
        Value::Object(map) if text == "~" => drop(map.remove(&key)),
        Value::Object(map) => drop(map.insert(key, yaml(text))),
        _ => panic!("{place} is no place"),
    }
    document
}

/// All examples: the names of the rules that they trigger.
pub fn triggered() -> Vec<String> {
    let mut rules = Vec::new();
    for edit in EDITS {
        let (one, two) = (with(edit.place, edit.one), with(edit.place, edit.two));
        for ((rule, verdicts), base, head) in [(edit.there, &one, &two), (edit.back, &two, &one)] {
            let changes = diff(base, head).changes;
            let change = find(&changes, rule);
            assert_eq!(letters(change), verdicts, "{rule}: {change:#?}");
            rules.push(rule.to_owned());
        }
    }
    rules.extend(super::special::triggered());
    rules
}
