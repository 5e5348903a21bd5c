//! Changes a JSON value a little, usually without a change of its JSON type.

use serde_json::{Number, Value, json};

/// Returns another value of the same JSON type, or a string for `null`.
pub(super) fn vary(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => more(number),
        Value::String(old) => json!(text(old)),
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

/// Increases the last character if it is a digit: 8 becomes 9, and 9 becomes 0. Otherwise, adds the letter `x`.
pub(super) fn text(text: &str) -> String {
    let last = text.chars().next_back();
    match last.and_then(|last| last.to_digit(10)) {
        Some(digit) => format!("{}{}", &text[..text.len() - 1], (digit + 1) % 10),
        None => format!("{text}x"),
    }
}

#[test]
fn the_new_value_differs_from_the_old_value() {
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
        assert_ne!(vary(&old), old);
    }
    assert_eq!(text("2024-01-09"), "2024-01-00");
    assert_eq!(text("Device"), "Devicex");
}
