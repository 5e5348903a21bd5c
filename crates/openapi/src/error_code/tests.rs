use serde_json::json;

use super::read_all;

#[test]
fn each_code_has_a_hint_and_the_hints_are_sorted() {
    let document = json!({"x-error-codes": [
        {"codes": ["DCS.2", "DCS.10"], "status": 500, "transient": true, "advice": "wait"},
        {"codes": ["111"], "status": 400, "advice": "check"},
    ]});
    let hints = read_all(&document);
    let found: Vec<_> = hints
        .iter()
        .map(|hint| (hint.code.as_str(), hint.advice.as_str(), hint.transient))
        .collect();
    assert_eq!(
        found,
        [
            ("111", "check", false),
            ("DCS.10", "wait", true),
            ("DCS.2", "wait", true)
        ]
    );
    assert!(read_all(&json!({})).is_empty());
}
