use serde_json::json;

use super::mapping;
use transcript::Document;

#[test]
fn written_yaml_has_short_lines_and_is_read_as_the_original_value() {
    let value = json!({
        "/v2/{id}/a": {"words": ["a", "b"], "numbers": [1, 2], "none": [], "nothing": {}},
        "strings": ["yes", "12", "1.5e3", "a: b", "- x", "it's", "", " a ", "a\nb", "#", "2024-01-19", "~", "a, b"],
        "list": [{"a": 1, "b": {"c": null}}, {"a": [true, {"d": 0.5}]}, [1, [2]]],
        "200": "status",
        "long": "word ".repeat(60).trim(),
        "unbroken": "0123456789".repeat(60),
        "escaped": "\"é\n \u{9}\\ ".repeat(60),
    });
    let mut text = String::new();
    mapping(&mut text, value.as_object().unwrap(), 0);
    let document = Document::from_files(
        "demo",
        vec![("a.yaml".to_owned(), text.clone().into_bytes())],
    );
    assert_eq!(document.unwrap().value, value, "{text}");
    assert!(text.lines().all(|line| line.len() <= 130), "{text}");
}
