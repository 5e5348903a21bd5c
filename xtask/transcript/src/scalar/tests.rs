use serde_json::{Value, json};

use super::{OutOfRange, parse_scalar};

#[test]
fn scalars_follow_the_core_schema() {
    let table: [(&str, Value); 18] = [
        ("", json!(null)),
        ("~", json!(null)),
        ("true", json!(true)),
        ("yes", json!("yes")),
        ("on", json!("on")),
        ("12", json!(12)),
        ("-3", json!(-3)),
        ("+3", json!(3)),
        (
            "18446744073709551615",
            json!(18_446_744_073_709_551_615_u64),
        ),
        ("0x1f", json!(31)),
        ("0o17", json!(15)),
        ("0xg", json!("0xg")),
        ("0.5", json!(0.5)),
        ("1e3", json!(1000.0)),
        ("1.2.3", json!("1.2.3")),
        ("-", json!("-")),
        (".", json!(".")),
        ("2024-01-19", json!("2024-01-19")),
    ];
    for (text, value) in table {
        assert_eq!(parse_scalar(text), Ok(value), "{text}");
    }
}

#[test]
fn integers_beyond_64_bits_and_numbers_that_are_not_finite_are_refused() {
    for text in [
        "99999999999999999999999",
        "-99999999999999999999",
        "1e400",
        ".inf",
        "-.INF",
        ".nan",
        "0xfffffffffffffffff",
    ] {
        assert_eq!(parse_scalar(text), Err(OutOfRange), "{text}");
    }
}
