use serde_json::Value;

/// Removes each field in `fields` whose value is an empty string. Null is not an empty string, so the check of types
/// refuses null later.
///
/// Two pages of LINK say that an empty password in the request does not change the password. The pages also say that
/// the service generates a password if both the password and the user name are empty. But the limits on these pages
/// forbid an empty string. The sandbox accepts an empty string, and treats the field as missing. The sandbox does the
/// same with `new_password` of the DCS operation `reset_instance_password`.
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
    fn only_named_fields_with_empty_strings_are_removed() {
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
