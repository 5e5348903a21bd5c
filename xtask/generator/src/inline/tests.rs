use serde_json::json;

use super::*;

#[test]
fn only_components_without_a_rust_type_are_inlined() {
    let document = json!({
        "components": {"schemas": {
            "Names": {"type": "array", "description": "Names.", "items": {"$ref": "#/components/schemas/Name"}},
            "Name": {"type": "string", "maxLength": 3},
            "Mode": {"type": "string", "enum": ["a"]},
            "Thing": {"type": "object", "properties": {"names": {"allOf": [{"$ref": "#/components/schemas/Names"}], "description": "Its names."}}},
        }},
        "schema": {"$ref": "#/components/schemas/Names"},
        "mode": {"$ref": "#/components/schemas/Mode"},
    });
    let inlined = inlined(&document);
    let names = json!({"type": "array", "description": "Names.", "items": {"type": "string", "maxLength": 3}});
    assert_eq!(inlined["schema"], names);
    assert_eq!(inlined["mode"], document["mode"]);
    let property = &inlined["components"]["schemas"]["Thing"]["properties"]["names"];
    assert_eq!(property["description"], "Its names.");
    assert_eq!(property["items"], names["items"]);
    let plain =
        json!({"components": {"schemas": {"Mode": document["components"]["schemas"]["Mode"]}}});
    assert!(matches!(super::inlined(&plain), Cow::Borrowed(_)));
}
