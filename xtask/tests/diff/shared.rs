//! Tests changes that affect several operations: changes of schemas, headers and security. `compare` returns such a
//! change once, with the affected operations. The verdict for a schema depends on whether requests or answers use the
//! schema.

use diff::{Side, compare};
use serde_json::{Value, json};

use super::documents::{EVERYTHING, edited, letters, operations, read, rules, side};

/// Returns a document with these paths and schemas, and with the other keys that the generator needs.
fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "servers": EVERYTHING["servers"],
        "security": [],
        "tags": [{"name": "things", "description": "Things."}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// Returns the value of a path: an operation `get` that answers with this schema.
fn answers(id: &str, schema: &str) -> Value {
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    let answer = json!({"description": "It.", "content": {"application/json": {"schema": schema}}});
    json!({"get": {"operationId": id, "summary": "It", "tags": ["things"], "responses": {"200": answer}}})
}

/// Returns a document with 100 operations and 40 schemas. The names of the schemas begin with `prefix`. Each schema has
/// 12 references to schemas, and a field whose `maximum` is `limit`.
fn tangled(prefix: &str, limit: u64) -> Side {
    let schema = |index: usize| {
        let links = (0..12).map(|step| {
            let to = (index * 7 + step * 3) % 40;
            let reference = format!("#/components/schemas/{prefix}{to}");
            (format!("l{step}"), json!({ "$ref": reference }))
        });
        let mut properties: serde_json::Map<String, Value> = links.collect();
        let size = json!({"type": "integer", "maximum": limit});
        properties.insert("size".to_owned(), size);
        json!({"type": "object", "description": "S.", "properties": properties})
    };
    let schemas = (0..40).map(|index| (format!("{prefix}{index}"), schema(index)));
    let paths = (0..100).map(|index| {
        let operation = answers(&format!("show_{index}"), &format!("{prefix}{}", index % 40));
        (format!("/a{index}"), operation)
    });
    side(&document(paths.collect(), schemas.collect()))
}

#[test]
fn each_change_of_tangled_schemas_is_reported_once_with_its_operations() {
    let changes = compare(&tangled("S", 5), &tangled("S", 6)).changes;
    assert_eq!(changes.len(), 40);
    for change in &changes {
        assert_eq!(change.rule.name, "schema-maximum-increased");
        assert_eq!(change.operations.len(), 100);
    }
    let mut out = Vec::new();
    diff::formats::json(&mut out, &changes).unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&out).unwrap();
    // In the JSON format, a change has one object for each affected operation.
    assert_eq!(rows.len(), 40 * 100);
    let mut out = Vec::new();
    diff::formats::text(&mut out, &changes, &report::terminal::Styles::plain()).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 3 * 40);
}

/// All names differ, so each reference changes. For each reference, `diff` compares the old component with the new one.
/// The references form circles, so `diff` must remember the compared pairs of components.
#[test]
fn tangled_schemas_with_different_names_do_not_cause_an_endless_comparison() {
    let changes = compare(&tangled("S", 5), &tangled("T", 6)).changes;
    let limits = changes
        .iter()
        .filter(|change| change.rule.name == "schema-maximum-increased");
    assert!(limits.count() >= 40);
}

#[test]
fn a_change_of_a_schema_in_requests_and_answers_has_the_worse_verdict() {
    let edit = (
        "/components/schemas/ThingError/properties/error_code/maxLength",
        "5",
    );
    // If only answers contain the schema, a new limit is additive.
    assert_eq!(rules(&edited(&[edit])[0]), ["schema-maxLength-added AD"]);
    let sent = (
        "/paths/~1v1~1{project_id}~1things~1{thing_id}~1parts~1{part_id}/put/requestBody/content/application~1json/schema/$ref",
        "'#/components/schemas/ThingError'",
    );
    let both = |edits: &[(&str, &str)]| side(&super::documents::with(edits));
    assert_eq!(
        rules(&compare(&both(&[sent]), &both(&[sent, edit]))),
        ["schema-maxLength-added BD"]
    );
}

#[test]
fn names_of_headers_are_not_case_sensitive() {
    let text = EVERYTHING
        .to_string()
        .replace("X-Trace", "x-TRACE")
        .replace("X-Count", "x-count");
    for (one, two) in [(&*EVERYTHING, &read(text).value)]
        .into_iter()
        .flat_map(|(one, two)| [(one.clone(), two.clone()), (two.clone(), one.clone())])
    {
        let changes = compare(&side(&one), &side(&two)).changes;
        assert!(!changes.is_empty());
        assert!(
            changes.iter().all(|change| letters(change) == "DD"),
            "{changes:#?}"
        );
    }
}

#[test]
fn security_of_the_document_applies_to_its_operations() {
    let [there, back] = edited(&[("/security", "[{token: []}, {basic: []}]")]);
    assert_eq!(
        rules(&there),
        [
            "operation-security-widened AD",
            "document-security-changed DD"
        ]
    );
    assert_eq!(
        rules(&back),
        [
            "operation-security-narrowed BD",
            "document-security-changed DD"
        ]
    );
    // The change affects all operations except the operation with its own `security`.
    assert_eq!(operations(&back.changes[0]).len(), 3);
    let first_rule = |one: &str, two: &str| {
        let side = |security: &str| side(&super::documents::with(&[("/security", security)]));
        rules(&compare(&side(one), &side(two)))[0].clone()
    };
    // A request must satisfy all schemes of one element of `security`. If the element has fewer schemes, the
    // operations accept more requests.
    assert_eq!(
        first_rule("[{token: [], basic: []}]", "[{token: []}]"),
        "operation-security-widened AD"
    );
    assert_eq!(
        first_rule("[{token: []}]", "[{token: [], basic: []}]"),
        "operation-security-narrowed BD"
    );
    assert_eq!(
        first_rule("[]", "[{token: []}]"),
        "operation-security-narrowed BD"
    );
}

#[test]
fn a_change_of_a_security_scheme_affects_the_operations_that_accept_the_scheme() {
    let [there, _] = edited(&[("/components/securitySchemes/token/name", "X-Other")]);
    assert_eq!(rules(&there), ["security-scheme-name-changed BD"]);
    assert_eq!(operations(&there.changes[0]).len(), 4);
}

/// In a chain, each schema refers to the next schema. The test compares two chains with equal names, then two chains
/// with different names.
#[test]
fn a_long_chain_of_references_does_not_overflow_the_stack() {
    let chain = |prefix: &str, kind: &str| {
        let links = (0..600).map(|index| {
            let next = json!({"$ref": format!("#/components/schemas/{prefix}{}", index + 1)});
            let link = json!({"type": "object", "description": "L.", "properties": {"next": next}});
            (format!("{prefix}{index}"), link)
        });
        let last =
            json!({"type": "object", "description": "L.", "properties": {"value": {"type": kind}}});
        let schemas = links.chain([(format!("{prefix}600"), last)]).collect();
        side(&document(
            json!({"/a": answers("show", &format!("{prefix}0"))}),
            schemas,
        ))
    };
    let changes = compare(&chain("L", "string"), &chain("L", "integer"));
    assert_eq!(rules(&changes), ["schema-type-changed BB"]);
    let changes = compare(&chain("L", "string"), &chain("M", "integer"));
    let found = rules(&changes);
    assert!(
        found.contains(&"schema-type-changed BD".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn a_schema_that_refers_to_itself_does_not_cause_an_endless_comparison() {
    let with = |kind: &str| {
        let node = json!({"$ref": "#/components/schemas/Node"});
        let properties =
            json!({"next": node, "all": {"type": "array", "items": node}, "value": {"type": kind}});
        let schema = json!({"type": "object", "description": "N.", "properties": properties});
        side(&document(
            json!({"/a": answers("show", "Node")}),
            json!({"Node": schema}),
        ))
    };
    let findings = compare(&with("string"), &with("integer"));
    assert_eq!(rules(&findings), ["schema-type-changed BB"]);
    assert_eq!(operations(&findings.changes[0]), ["GET /a"]);
}

/// No operation uses the components of this test. Two of the components refer to themselves.
#[test]
fn unused_components_do_not_cause_an_endless_comparison() {
    let with = |next: &str| {
        let node = |name: &str| json!({"type": "object", "properties": {"next": {"$ref": format!("#/components/schemas/{name}")}}});
        let schemas = json!({"One": node("One"), "Two": node("Two"), "Start": node(next)});
        side(&document(json!({}), schemas))
    };
    let findings = compare(&with("One"), &with("Two"));
    let references = rules(&findings)
        .into_iter()
        .filter(|rule| rule.starts_with("reference-changed D"));
    assert_eq!(references.count(), 2, "{findings:#?}");
}
