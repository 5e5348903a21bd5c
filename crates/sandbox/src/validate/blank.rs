use serde_json::Value;

/// Drops these fields of a body if they are empty. Null is not text, and is refused like any other wrong type.
///
/// The text of the pages says that an empty user name or password keeps the present one. Their printed limits forbid
/// the empty string. The text decides.
pub(crate) fn without_blanks(mut body: Value, fields: &[&str]) -> Value {
    if let Some(object) = body.as_object_mut() {
        object.retain(|name, value| !(fields.contains(&name.as_str()) && value == ""));
    }
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_named_and_empty_fields_go() {
        let body =
            json!({"user_name": "", "password": null, "other": "", "nested": {"user_name": ""}});
        assert_eq!(
            without_blanks(body, &["user_name", "password"]),
            json!({"password": null, "other": "", "nested": {"user_name": ""}})
        );
        assert_eq!(
            without_blanks(json!({"user_name": " "}), &["user_name"]),
            json!({"user_name": " "})
        );
        assert_eq!(without_blanks(json!([""]), &["user_name"]), json!([""]));
    }
}
