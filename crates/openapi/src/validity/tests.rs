use super::*;

fn reasons(document: &Value, schema: &Value, value: &Value, strictness: Strictness) -> Vec<String> {
    let definitions = Definitions::new(document, strictness);
    let validator = definitions.validators().unwrap().compile(schema).unwrap();
    let found = problems(&validator, value).into_iter();
    found
        .map(|problem| format!("{}: {}", problem.pointer, problem.reason))
        .collect()
}

#[test]
fn nullable_references_and_integer_formats_are_checked() {
    let document = json!({"components": {"schemas": {"Kind": {"type": "integer", "format": "int32", "enum": [0, 1]}}}});
    let schema = json!({"type": "object", "required": ["kind"], "properties": {
        "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "description": "d", "nullable": true},
        "id": {"type": "integer", "format": "int64"},
    }});
    for good in [
        json!({"kind": 1, "id": i64::MAX}),
        json!({"kind": null, "unknown": true}),
    ] {
        let none: Vec<String> = Vec::new();
        assert_eq!(
            reasons(&document, &schema, &good, Strictness::Request),
            none
        );
    }
    for bad in [
        json!({"kind": 2}),
        json!({}),
        json!({"kind": 1, "id": u64::MAX}),
    ] {
        assert_eq!(
            reasons(&document, &schema, &bad, Strictness::Request).len(),
            1,
            "{bad}"
        );
    }
}

#[test]
fn an_unknown_property_is_an_error_in_examples_only() {
    let schema = json!({"type": "object", "properties": {"a/b": {"type": "string"}}});
    let value = json!({"a~b": 1});
    let found = reasons(&json!({}), &schema, &value, Strictness::Example);
    assert_eq!(found, ["/a~0b: the schema has no property `a~b`"]);
    assert!(reasons(&json!({}), &schema, &value, Strictness::Request).is_empty());
}

#[test]
fn a_schema_can_refer_to_itself() {
    let tree = json!({"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}, "id": {"type": "integer"}}});
    let document = json!({"components": {"schemas": {"Tree": tree}}});
    let schema = json!({"$ref": "#/components/schemas/Tree"});
    let value = json!({"children": [{"children": [{"id": "x"}]}]});
    assert_eq!(
        reasons(&document, &schema, &value, Strictness::Request),
        ["/children/0/children/0/id: must be of type integer"]
    );
}

#[test]
fn a_password_is_checked_and_not_shown() {
    let schema = json!({"type": "string", "x-password-rule":
            {"minLength": 8, "maxLength": 32, "classes": ["digit", "upper", "lower"], "minClasses": 3}});
    let judge =
        |password: &str| reasons(&json!({}), &schema, &json!(password), Strictness::Request);
    assert!(judge("Planted1").is_empty());
    let found = judge("planted1");
    assert!(
        found.len() == 1 && !found[0].contains("planted"),
        "{found:?}"
    );
}
