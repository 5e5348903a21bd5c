use serde_json::Value;

/// Removes the given fields from a body if they are empty strings. Null is not an empty string, so the check of types
/// refuses null later.
///
/// A documentation page says that an empty user name or password keeps the present value. But the limits on this page
/// forbid an empty string. The sandbox follows the statement of the page, not the limits.
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
    fn only_the_given_fields_are_removed_if_they_are_empty() {
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
