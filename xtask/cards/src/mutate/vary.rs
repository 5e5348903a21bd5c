//! Another value of the same form: as near to the old one as a slip of the pen.

use serde_json::{Number, Value, json};

/// A value that differs.
pub(super) fn value(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => more(number),
        Value::String(text) => json!(self::text(text)),
        Value::Null => json!("added"),
        Value::Array(_) => json!(["added"]),
        Value::Object(_) => json!({"added": 1}),
    }
}

fn more(number: &Number) -> Value {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) if whole < i64::MAX => json!(whole + 1),
        (_, Some(float)) => json!(float / 2.0 - 1.0),
        _ => json!(0),
    }
}

/// The last digit counts on; any other text grows by a letter.
pub(super) fn text(text: &str) -> String {
    let last = text.chars().next_back();
    match last.and_then(|last| last.to_digit(10)) {
        Some(digit) => format!("{}{}", &text[..text.len() - 1], (digit + 1) % 10),
        None => format!("{text}x"),
    }
}

/// The value of a key that takes one of a few words.
pub(super) fn word(key: &str, old: &str) -> String {
    let new = match (key, old) {
        ("in", "path") => "query",
        ("in", "query") => "header",
        ("in", _) => "query",
        ("type", "string") => "integer",
        ("type", "integer") => "number",
        ("type", "number") => "integer",
        ("type", "array") => "object",
        ("type", "object") => "array",
        ("type", "apiKey") => "http",
        ("type", _) => "string",
        ("format", "int32") => "int64",
        ("format", "int64") => "int32",
        ("format", "float") => "double",
        ("format", "double") => "float",
        ("format", "password") => "byte",
        ("format", _) => "password",
        ("x-retry", "safe") => "unsafe",
        ("x-retry", _) => "safe",
        _ => return text(old),
    };
    new.to_owned()
}

/// A status that none of the others is, of the same class.
pub(super) fn status(old: &str, taken: impl Fn(&str) -> bool) -> String {
    let all = if old.starts_with('2') {
        200..300
    } else {
        418..600
    };
    let free = all.map(|status| status.to_string());
    let mut free = free.filter(|status| status != old && !taken(status));
    free.next().unwrap_or_else(|| text(old))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{status, text, value};

    #[test]
    fn a_value_differs_and_keeps_its_form() {
        for old in [
            json!(null),
            json!(true),
            json!(0),
            json!(i64::MAX),
            json!(u64::MAX),
            json!(1.5),
            json!(""),
            json!("9"),
            json!("é"),
            json!([]),
            json!({}),
        ] {
            assert_ne!(value(&old), old);
        }
        assert_eq!(text("2024-01-09"), "2024-01-00");
        assert_eq!(text("Device"), "Devicex");
        assert_eq!(status("200", |status| status == "201"), "202");
        assert_eq!(status("404", |_| false), "418");
    }
}
