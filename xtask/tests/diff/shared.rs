//! Schemas that are reached in many ways: compared once, told for each operation, and judged where they stand.

use serde_json::{Value, json};

use super::documents::{diff, diff_texts, document, find, operations, rules, yaml};

#[test]
fn many_operations_over_tangled_schemas_are_told_once_each() {
    let schema = |index: usize, limit: u64| {
        let links = (0..40).map(|step| {
            let to = (index * 7 + step * 3) % 40;
            (
                format!("l{step}"),
                json!({"$ref": format!("#/components/schemas/S{to}")}),
            )
        });
        let mut properties: serde_json::Map<String, Value> = links.collect();
        properties.insert(
            "size".to_owned(),
            json!({"type": "integer", "maximum": limit}),
        );
        json!({"type": "object", "properties": properties})
    };
    let with = |limit: u64| {
        let schemas: serde_json::Map<String, Value> = (0..40)
            .map(|index| (format!("S{index}"), schema(index, limit)))
            .collect();
        let paths: serde_json::Map<String, Value> = (0..200)
            .map(|index| {
                let schema = json!({"$ref": format!("#/components/schemas/S{}", index % 40)});
                let content = json!({"application/json": {"schema": schema}});
                (
                    format!("/{index}"),
                    json!({"get": {"responses": {"200": {"content": content}}}}),
                )
            })
            .collect();
        json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}})
    };
    let changes = diff(&with(5), &with(6)).changes;
    assert_eq!(changes.len(), 40);
    for change in &changes {
        assert_eq!(change.rule, "response-property-max-increased");
        assert_eq!(change.operations.len(), 200);
    }
    let mut out = Vec::new();
    diff::formats::json(&mut out, &changes).unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&out).unwrap();
    assert_eq!(rows.len(), 40 * 200);
    let mut out = Vec::new();
    diff::formats::text(&mut out, &changes, &report::terminal::Styles::plain()).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 3 * 40);
}

#[test]
fn a_field_that_travels_in_one_place_and_not_in_another_is_judged_where_it_does() {
    let with = |limit: u64| {
        let name = json!({"$ref": "#/components/schemas/Name"});
        let fixed = json!({"allOf": [name], "readOnly": true});
        let schema = json!({"type": "object", "properties": {"a": fixed, "b": name}});
        let mut document = document(
            &json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}),
        );
        document["components"]["schemas"]["Name"] = json!({"type": "string", "maxLength": limit});
        document
    };
    let found = rules(&diff(&with(6), &with(5)).changes);
    assert!(
        found.contains(&"request-property-max-length-decreased BD".to_owned()),
        "{found:?}"
    );
}

#[test]
fn what_is_written_as_text_takes_more() {
    let with = |media: &str, kind: &str| {
        let content = json!({ media: {"schema": {"properties": {"a": yaml(kind)}}} });
        document(&json!({"requestBody": {"content": content}}))
    };
    let change = |media: &str, one: &str, two: &str| {
        rules(&diff(&with(media, one), &with(media, two)).changes)
    };
    let (number, text) = ("{type: integer}", "{type: string}");
    assert_eq!(
        change("application/xml", number, text),
        ["request-property-type-generalized AB"]
    );
    assert_eq!(
        change("application/json", number, text),
        ["request-property-type-changed BB"]
    );
    let query = |schema: &str| {
        document(&json!({"parameters": [{"name": "p", "in": "query", "schema": yaml(schema)}]}))
    };
    let change = |one: &str, two: &str| rules(&diff(&query(one), &query(two)).changes);
    let list = "{type: array, items: {type: string}}";
    assert_eq!(
        change(text, list),
        ["request-parameter-type-generalized AB"]
    );
    assert_eq!(
        change(list, text),
        ["request-parameter-type-specialized BB"]
    );
    let two = "{type: array, minItems: 2, items: {type: string}}";
    assert_eq!(change(text, two), ["request-parameter-type-changed BB"]);
}

#[test]
fn a_change_of_a_shared_schema_is_told_for_each_operation() {
    let with = |length: u64| {
        let answer = json!({"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Name"}}}}}});
        json!({
            "openapi": "3.0.3",
            "paths": {"/a": {"get": answer}, "/b": {"get": answer, "put": {"responses": {}}}},
            "components": {"schemas": {"Name": {"type": "string", "maxLength": length}}},
        })
    };
    let changes = diff(&with(5), &with(6)).changes;
    let change = find(&changes, "response-body-max-length-increased");
    assert_eq!(operations(change), ["GET /a", "GET /b"]);
    assert_eq!((&change.before, &change.after), (&json!(5), &json!(6)));
}

#[test]
fn a_long_chain_of_references_costs_no_stack() {
    let with = |kind: &str| {
        let links = (0..4_000).map(|index| {
            format!(
                "    L{index}: {{properties: {{next: {{$ref: '#/components/schemas/L{}'}}}}}}\n",
                index + 1
            )
        });
        let links: String = links.collect();
        format!(
            "openapi: 3.0.3\npaths: {{/a: {{post: {{requestBody: {{content: {{a/b: {{schema: {{$ref: '#/components/schemas/L0'}}}}}}}}}}}}}}\n\
             components:\n  schemas:\n{links}    L4000: {{type: {kind}}}\n"
        )
    };
    assert_eq!(
        rules(&diff_texts(&with("string"), &with("integer"))),
        ["request-property-type-changed BB"]
    );
}

#[test]
fn a_schema_inside_itself_comes_to_an_end() {
    let with = |kind: &str| {
        format!(
            "openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Node'}}}}}}}}
components:
  schemas:
    Node:
      allOf:
        - $ref: '#/components/schemas/Node'
        - properties:
            next: {{$ref: '#/components/schemas/Node'}}
            all: {{type: array, items: {{$ref: '#/components/schemas/Node'}}}}
            value: {{type: {kind}}}
    Loop: {{$ref: '#/components/schemas/Loop'}}
"
        )
    };
    let changes = diff_texts(&with("string"), &with("integer"));
    assert_eq!(rules(&changes), ["response-property-type-changed BB"]);
    assert_eq!(
        (changes[0].place.line, operations(&changes[0])),
        (15, vec!["GET /a"])
    );
}
