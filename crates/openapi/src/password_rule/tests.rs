use serde_json::json;

use super::PasswordRule;

#[test]
fn passwords_are_checked_for_length_characters_and_classes() {
    let rule = json!({"minLength": 8, "maxLength": 12, "classes": ["digit", "upper", "lower", "special"], "specials": "#!", "minClasses": 3});
    let rule = PasswordRule::parse(&rule).unwrap();
    assert_eq!(rule.check("Example#2023"), Ok(()));
    assert_eq!(rule.check("Example2023"), Ok(()));
    for bad in [
        "Ex#2023",
        "Example#20230",
        "Example?2023",
        "Exampl\u{e9}2023",
        "example2023",
        "",
    ] {
        let reason = rule.check(bad).unwrap_err();
        assert!(bad.is_empty() || !reason.contains(bad), "{bad}: {reason}");
    }
}

#[test]
fn invalid_and_impossible_rules_are_refused() {
    for bad in [
        json!(1),
        json!({"minLength": 8}),
        json!({"minLength": 9, "maxLength": 8, "classes": ["digit"], "minClasses": 1}),
        json!({"minLength": 1, "maxLength": 8, "classes": ["digit"], "minClasses": 2}),
        json!({"minLength": 1, "maxLength": 8, "classes": ["special"], "minClasses": 1}),
        json!({"minLength": 1, "maxLength": 8, "classes": ["digit"], "minClasses": 1, "specials": "#"}),
        json!({"minLength": 1, "maxLength": 8, "classes": ["digits"], "minClasses": 1}),
        json!({"minLength": 1, "maxLength": 8, "classes": ["digit"], "minClasses": 1, "other": 1}),
    ] {
        assert!(PasswordRule::parse(&bad).is_err(), "{bad}");
    }
}
