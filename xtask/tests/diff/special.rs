//! What needs more than one place of a document, or is judged otherwise than its rule says.

use diff::of_revisions;
use serde_json::{Value, json};

use super::documents::{diff, diff_texts, document, letters, operations, rules, yaml};
use super::front_door::Repository;

/// The rules of which no single edit is an example.
pub fn triggered() -> Vec<String> {
    let (one, two) = (
        with_path("/a/{id}", "id"),
        with_path("/a/{device_id}", "device_id"),
    );
    let renamed = rules(&diff(&one, &two).changes);
    assert_eq!(renamed, ["request-parameter-renamed DD"]);
    let moved = rules(&diff(&one, &with_path("/b/{id}", "id")).changes);
    assert_eq!(moved, ["endpoint-moved BD"]);
    let repository = Repository::new();
    repository.write("openapi/more/service.yaml", "openapi: 3.0.3\n");
    let added = of_revisions(repository.root(), Some("HEAD"), None)
        .unwrap()
        .findings
        .changes;
    assert_eq!(rules(&added), ["service-added AA"]);
    repository.commit("more");
    repository.remove("openapi/more");
    let removed = of_revisions(repository.root(), Some("HEAD"), None)
        .unwrap()
        .findings
        .changes;
    assert_eq!(rules(&removed), ["service-removed BB"]);
    let names = [
        "request-parameter-renamed",
        "endpoint-moved",
        "service-added",
        "service-removed",
    ];
    names.map(str::to_owned).to_vec()
}

fn with_path(path: &str, name: &str) -> Value {
    let operation = json!({
        "operationId": "show",
        "parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "It."}},
    });
    json!({"openapi": "3.0.3", "paths": { path: {"get": operation} }})
}

/// Compares two versions of the request body's schema; what the components say stays.
fn body(one: &str, two: &str) -> Vec<String> {
    let at = |schema: &str| {
        document(
            &json!({"requestBody": {"content": {"application/json": {"schema": yaml(schema)}}}}),
        )
    };
    let changes = diff(&at(one), &at(two)).changes;
    let changes: Vec<_> = changes
        .into_iter()
        .filter(|change| letters(change) != "DD")
        .collect();
    rules(&changes)
}

#[test]
fn the_first_optional_parameter_is_another_argument() {
    let with =
        |parameters: &str| document(&json!({"parameters": yaml(parameters), "responses": {}}));
    let none = with("[{name: id, in: path, required: true}]");
    let one = with("[{name: id, in: path, required: true}, {name: a, in: query}]");
    let two =
        with("[{name: a, in: query}, {name: b, in: query}, {name: id, in: path, required: true}]");
    assert_eq!(
        rules(&diff(&none, &one).changes),
        ["new-optional-request-parameter AB"]
    );
    assert_eq!(
        rules(&diff(&one, &two).changes),
        ["new-optional-request-parameter AA"]
    );
}

#[test]
fn the_project_is_no_argument() {
    let change = |from: &str, to: &str| {
        rules(
            &diff(
                &with_path(&format!("/{{{from}}}"), from),
                &with_path(&format!("/{{{to}}}"), to),
            )
            .changes,
        )
    };
    assert_eq!(change("project_id", "id"), ["request-parameter-renamed DB"]);
    assert_eq!(
        change("id", "instance_id"),
        ["request-parameter-renamed DD"]
    );
}

#[test]
fn a_parameter_of_the_path_is_one_of_each_operation() {
    let parameter = json!([{"name": "a", "in": "query", "schema": {"type": "string"}}]);
    let of_path = json!({"openapi": "3.0.3", "paths": {"/a": {"parameters": parameter, "get": {"responses": {}}}}});
    let of_operation = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"parameters": parameter, "responses": {}}}}});
    let changes = diff(&of_path, &of_operation).changes;
    assert!(
        changes.iter().all(|change| letters(change) == "DD"),
        "{changes:#?}"
    );
    let without = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {}}}}});
    assert_eq!(
        rules(&diff(&of_path, &without).changes)[0],
        "request-parameter-removed BB"
    );
}

#[test]
fn names_of_headers_have_no_case() {
    let with = |name: &str| {
        document(
            &json!({"parameters": [{"name": name, "in": "header"}], "responses": {"200": {"headers": { name: {} }}}}),
        )
    };
    let changes = diff(&with("X-Id"), &with("x-ID")).changes;
    assert!(
        changes
            .iter()
            .all(|change| change.wire == diff::Verdict::Documentation),
        "{changes:#?}"
    );
}

#[test]
fn an_all_of_is_what_its_parts_demand_together() {
    let parts =
        "{allOf: [{type: object, required: [a]}, {properties: {a: {type: string, maxLength: 5}}}]}";
    let whole = "{type: object, required: [a], properties: {a: {maxLength: 5, type: string}}}";
    assert!(body(parts, whole).is_empty(), "{:?}", body(parts, whole));
    let tighter = "{allOf: [{type: object, required: [a]}, {properties: {a: {type: string, maxLength: 5}}}, {properties: {a: {maxLength: 4}}}]}";
    assert_eq!(
        body(parts, tighter),
        ["request-property-max-length-decreased BD"]
    );
    let more =
        "{allOf: [{$ref: '#/components/schemas/Thing'}, {$ref: '#/components/schemas/Third'}]}";
    let plain = "{$ref: '#/components/schemas/Thing'}";
    assert_eq!(body(plain, more), ["new-optional-request-property AA"]);
    // The idiom that gives a reference a description.
    assert!(
        body(
            plain,
            "{allOf: [{$ref: '#/components/schemas/Thing'}], description: It.}"
        )
        .is_empty()
    );
}

#[test]
fn null_is_written_in_four_ways() {
    let ways = [
        "{type: string, nullable: true}",
        "{type: [string, 'null']}",
        "{anyOf: [{type: string}, {type: 'null'}]}",
        "{oneOf: [{type: 'null'}, {type: string}]}",
    ];
    for way in ways {
        assert!(
            body(ways[0], way).is_empty(),
            "{way}: {:?}",
            body(ways[0], way)
        );
        assert_eq!(
            body("{type: string}", way),
            ["request-body-became-nullable AB"],
            "{way}"
        );
    }
}

#[test]
fn types_that_travel_as_text_are_not_told_apart() {
    let with = |kind: &str| {
        document(
            &json!({"parameters": [{"name": "p", "in": "query", "schema": {"type": kind}}], "responses": {}}),
        )
    };
    assert_eq!(
        rules(&diff(&with("integer"), &with("string")).changes),
        ["request-parameter-type-generalized AB"]
    );
    assert_eq!(
        body("{type: integer}", "{type: string}"),
        ["request-body-type-changed BB"]
    );
}

#[test]
fn a_field_that_does_not_travel_breaks_nobody_on_the_wire() {
    let with = |field: &str| {
        format!("{{type: object, properties: {{a: {{}}, id: {field}}}, required: [id]}}")
    };
    let read_only = with("{type: integer, readOnly: true, maximum: 5}");
    assert_eq!(
        body("{type: object, properties: {a: {}}}", &read_only),
        ["new-required-request-property DB"]
    );
    assert!(
        body(
            &read_only,
            &with("{type: integer, readOnly: true, maximum: 4}")
        )
        .is_empty()
    );
    // It must be sent now.
    assert_eq!(
        body(&read_only, &with("{type: integer, maximum: 5}")),
        ["request-property-became-not-read-only BD"]
    );
}

#[test]
fn a_type_that_travels_both_ways_has_only_optional_fields() {
    let with = |required: Value| {
        let schema = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tag"}}}});
        json!({
            "openapi": "3.0.3",
            "paths": {"/tags": {"put": {"requestBody": schema, "responses": {"200": schema}}}},
            "components": {"schemas": {"Tag": {"type": "object", "properties": {"key": {"type": "string"}}, "required": required}}},
        })
    };
    let changes = diff(&with(json!([])), &with(json!(["key"]))).changes;
    assert_eq!(
        rules(&changes),
        [
            "request-property-became-required BD",
            "response-property-became-required AD"
        ]
    );
}

#[test]
fn failures_are_no_types_of_rust() {
    let with = |status: &str, kind: &str| {
        document(
            &json!({"responses": { status: {"content": {"application/json": {"schema": {"type": kind}}}}}}),
        )
    };
    assert_eq!(
        rules(&diff(&with("400", "string"), &with("400", "object")).changes),
        ["response-body-type-changed BD"]
    );
    assert_eq!(
        rules(&diff(&with("200", "string"), &with("200", "object")).changes),
        ["response-body-type-changed BB"]
    );
}

#[test]
fn what_asks_for_less_makes_up_for_a_way_that_is_gone() {
    let with = |security: &str| document(&json!({"security": yaml(security), "responses": {}}));
    let change = |one: &str, two: &str| rules(&diff(&with(one), &with(two)).changes);
    assert_eq!(
        change("[{a: [], b: []}]", "[{a: []}]"),
        ["api-security-added AD", "api-security-removed AD"]
    );
    assert_eq!(
        change("[{a: []}]", "[{a: [], b: []}]"),
        ["api-security-removed BD", "api-security-added AD"]
    );
    assert_eq!(
        change("[]", "[{a: []}]"),
        ["api-security-removed BD", "api-security-added AD"]
    );
    assert_eq!(
        change("[{a: []}]", "[]"),
        ["api-security-added AD", "api-security-removed AD"]
    );
    assert!(change("[{a: []}, {b: []}]", "[{b: []}, {a: []}]").is_empty());
}

#[test]
fn security_of_the_document_is_that_of_its_operations() {
    let with = |security: &str| {
        json!({
            "openapi": "3.0.3",
            "security": yaml(security),
            "paths": {"/a": {"get": {"responses": {}}}, "/b": {"get": {"security": [], "responses": {}}}},
        })
    };
    let changes = diff(&with("[{a: []}, {b: []}]"), &with("[{a: []}]")).changes;
    assert_eq!(rules(&changes), ["api-security-removed BD"]);
    assert_eq!(operations(&changes[0]), ["GET /a"]);
}

#[test]
fn a_reference_that_leads_nowhere_is_named() {
    let with = |target: &str| {
        document(&json!({
            "parameters": [{"$ref": "#/components/parameters/Missing"}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": target}}}}},
        }))
    };
    let found = diff(
        &with("other.yaml#/Thing"),
        &with("https://example.com/a.yaml"),
    );
    let warnings = found.warnings.into_iter().collect::<Vec<_>>().join("\n");
    for reference in [
        "#/components/parameters/Missing",
        "other.yaml#/Thing",
        "https://example.com/a.yaml",
    ] {
        assert!(warnings.contains(&format!("`{reference}`")), "{warnings}");
    }
}

#[test]
fn the_order_in_which_things_are_written_means_nothing() {
    let one = yaml(
        "{type: object, required: [a, b], properties: {a: {enum: [x, y]}, b: {oneOf: [{type: string}, {type: integer}]}}}",
    );
    let two = yaml(
        "{properties: {b: {oneOf: [{type: integer}, {type: string}]}, a: {enum: [y, x]}}, required: [b, a], type: object}",
    );
    let with = |schema: &Value, parameters: &str| {
        document(
            &json!({"parameters": yaml(parameters), "requestBody": {"content": {"application/json": {"schema": schema}}}}),
        )
    };
    let one = with(&one, "[{name: a, in: query}, {name: b, in: query}]");
    let two = with(&two, "[{in: query, name: b}, {name: a, in: query}]");
    let changes = diff(&one, &two).changes;
    // But for the order of options, which people see.
    assert!(
        changes.iter().all(|change| letters(change) == "DD"),
        "{changes:#?}"
    );
}

#[test]
fn callbacks_are_judged_the_other_way_round() {
    let with = |kind: &str| {
        document(&json!({
            "responses": {},
            "callbacks": {"done": {"{$request.body#/url}": {"post": {
                "requestBody": {"content": {"application/json": {"schema": {"enum": yaml(kind), "maxLength": 5}}}},
            }}}},
        }))
    };
    assert_eq!(
        rules(&diff(&with("[a, b]"), &with("[a]")).changes),
        ["response-body-enum-value-removed AD"]
    );
}

#[test]
fn documents_of_others_are_read_as_they_are() {
    let json = "\u{feff}{\n\t\"openapi\": \"3.0.3\",\n\t\"info\": {\"title\": \"\\ud83d\\ude00\"},\n\t\"paths\": {}\n}";
    let yaml = "openapi: 3.0.3\ninfo: &info {title: \u{1f600}}\nx-info: *info\npaths: !!map {}\n";
    let changes = diff_texts(json, yaml);
    assert_eq!(rules(&changes), ["extension-changed DD"]);
    let merged = "openapi: 3.0.3\nx-base: &base {title: \u{1f600}}\ninfo: {<<: *base}\npaths: {}\n";
    assert_eq!(changes[0].after, json!({"title": "\u{1f600}"}));
    let tagged = "openapi: 3.0.3\ninfo: {title: \u{1f600}}\npaths: {}\nx-text: !!str 1\nx-large: 123456789012345678901234567890\ntrue: 1\n";
    let changes = diff_texts(json, tagged);
    let values: Vec<_> = changes.iter().map(|change| change.after.clone()).collect();
    assert_eq!(
        values,
        [
            json!("1"),
            json!(123456789012345678901234567890.0),
            json!(1)
        ]
    );
    assert_eq!(rules(&diff_texts(json, merged)), ["extension-changed DD"]);
}

#[test]
fn long_wording_is_shown_where_it_differs() {
    let with = |word: &str| {
        let text = format!(
            "This is a long description of an operation, which says what it {word} and nothing else."
        );
        document(&json!({"description": text, "responses": {}}))
    };
    let changes = diff(&with("does"), &with("did")).changes;
    let mut out = Vec::new();
    diff::formats::text(&mut out, &changes, &report::terminal::Styles::plain()).unwrap();
    let out = String::from_utf8(out).unwrap();
    let expected = "     Wording description: ...says what it does and nothing else. -> ...says what it did and nothing else. [description-changed]\n";
    assert!(out.starts_with(expected), "{out}");
}
