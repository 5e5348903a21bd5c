use serde_json::json;

use super::{leaves, shown, type_of, words};

#[test]
fn a_value_is_written_as_one_unambiguous_line() {
    assert_eq!(shown(&json!("a b")), "a b");
    for text in ["a ", "", "1", "true", "a\nb", "[a", "\"a\""] {
        assert_eq!(shown(&json!(text)), json!(text).to_string());
    }
    assert_eq!(shown(&json!(1.5)), "1.5");
}

#[test]
fn a_list_is_numbered_under_the_key_example_and_sorted_under_the_key_x() {
    let value = json!({"b": [2, 1], "a": {"c": null, "d": {}, "e": []}});
    let names = |key| {
        let leaves = leaves(key, &value).into_iter();
        leaves
            .map(|(name, value)| format!("{name} {value}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("example"),
        [
            "example.a.c null",
            "example.a.d {}",
            "example.a.e []",
            "example.b[0] 2",
            "example.b[1] 1"
        ]
    );
    assert_eq!(names("x")[3..], ["x.b[] 1", "x.b[] 2"]);
}

#[test]
fn words_omit_explanations_and_excluded_keys() {
    let object = json!({
        "x-new": {"description": 1}, "description": "d", "type": "string", "required": true, "nullable": false,
        "externalDocs": {"url": "u", "description": "d"},
    });
    let expected = [
        "nullable false",
        "page.url u",
        "mandatory",
        "x-new.description 1",
    ];
    assert_eq!(words(&object, &["type"]), expected);
}

#[test]
fn a_nested_type_is_written_in_full() {
    let tags = json!({"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Tag"}]}});
    assert_eq!(type_of(&tags), "array of Tag");
    assert_eq!(type_of(&json!({"nullable": true})), "any");
    let map =
        json!({"type": "object", "additionalProperties": {"type": "integer", "format": "int64"}});
    assert_eq!(type_of(&map), "object of integer int64");
}
