use super::*;

fn values(text: &str, kind: FieldType) -> Vec<String> {
    let choices = find(text, &kind);
    choices.into_iter().map(|choice| choice.value).collect()
}

#[test]
fn options_are_found_only_in_known_forms() {
    for (text, kind, found) in [
        (
            "The options are as follows: 0: enabled; 1: disabled.",
            FieldType::Integer,
            vec!["0", "1"],
        ),
        (
            "Protocol. 0: mqtt 1: CoAP 2: modbus 4: opcua",
            FieldType::Integer,
            vec!["0", "1", "2", "4"],
        ),
        (
            "Kind: (br]0: common; (br]1: gateway.",
            FieldType::Integer,
            vec!["0", "1"],
        ),
        (
            "State:\n- **on**: it is on.\n- **off**: it is off.",
            FieldType::String,
            vec!["on", "off"],
        ),
        (
            "State.\nEnumeration values:\n- **on**\n- **off**",
            FieldType::String,
            vec!["on", "off"],
        ),
        ("枚举值：\non\noff", FieldType::String, vec!["on", "off"]),
        (
            "The value can be **create** or **delete**.",
            FieldType::String,
            vec!["create", "delete"],
        ),
        (
            "Whether it is on. The value can be **true** or **false**.",
            FieldType::Boolean,
            vec![],
        ),
        (
            "Whether it is on.\n- **true**: it is.\n- **false**: it is not.",
            FieldType::String,
            vec![],
        ),
        ("At 18:00 or 19:00.", FieldType::Integer, vec![]),
        ("Minimum: 0 Maximum: 10", FieldType::Integer, vec![]),
        ("- **Note**: only one.", FieldType::String, vec![]),
    ] {
        assert_eq!(values(text, kind), found, "{text}");
    }
}
