use serde_json::json;

use super::{text, vary};

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
        assert_ne!(vary(&old), old);
    }
    assert_eq!(text("2024-01-09"), "2024-01-00");
    assert_eq!(text("Device"), "Devicex");
}
