//! Reads the values of a field from JSON that is not decoded into a type.

use serde_json::Value;

/// Returns the values of the field at `path` as strings. Examples of paths are `status`, `task.status` and
/// `instances[].instance_id`. The function trims strings, and converts numbers and booleans to strings. The function
/// skips empty strings, `null`, objects and lists.
pub(super) fn texts(value: &Value, path: &str) -> Vec<String> {
    let mut found = vec![value];
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        found = found.iter().filter_map(|value| value.get(name)).collect();
        for _ in 0..(part.len() - name.len()) / 2 {
            let lists = found.iter().filter_map(|value| value.as_array());
            found = lists.flatten().collect();
        }
    }
    let text = |value: &&Value| match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    let texts = found.iter().filter_map(text);
    texts.filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_can_lead_through_objects_and_lists() {
        let value = json!({"a": {"b": "x"}, "l": [{"i": 1}, {"i": null}, {"i": true}, {}], "n": [["y"]], "e": " "});
        assert_eq!(texts(&value, "a.b"), ["x"]);
        assert_eq!(texts(&value, "l[].i"), ["1", "true"]);
        assert_eq!(texts(&value, "n[][]"), ["y"]);
        for nothing in ["a", "a.c", "l", "l[].j", "x.y", "e", "a[].b"] {
            assert!(texts(&value, nothing).is_empty(), "{nothing}");
        }
    }
}
