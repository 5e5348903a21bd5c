use serde_json::json;

use super::*;

#[test]
fn unescape_reverses_escape_for_slash_and_tilde() {
    for key in ["a/b", "a~b", "~1", "plain", ""] {
        assert_eq!(unescape(&escape(key)), key);
    }
}

#[test]
fn resolve_reports_loops_and_missing_targets() {
    let document = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"$ref": "#/d"}, "d": {"type": "string"}});
    assert_eq!(resolve(&document, &document["c"]), Ok(&document["d"]));
    assert!(
        resolve(&document, &document["a"])
            .unwrap_err()
            .to_string()
            .contains("itself")
    );
    let nowhere = json!({"$ref": "#/e"});
    assert_eq!(
        resolve(&document, &nowhere),
        Err("#/e does not exist".to_owned())
    );
}

#[test]
fn fields_are_found_through_references_and_lists() {
    let document = json!({"components": {"schemas": {
        "Task": {"properties": {"status": {"type": "string"}}},
        "Answer": {"properties": {"tasks": {"type": "array", "items": {"$ref": "#/components/schemas/Task"}}, "id": {"type": "integer"}}},
    }}});
    let answer = json!({"$ref": "#/components/schemas/Answer"});
    let found = |path| field(&document, &answer, path);
    assert_eq!(found("id"), Ok(&json!({"type": "integer"})));
    assert_eq!(found("tasks[].status"), Ok(&json!({"type": "string"})));
    assert!(found("id[]").is_err() && found("tasks.status").is_err() && found("").is_err());
}
