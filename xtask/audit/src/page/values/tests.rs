use super::*;

fn range(from: Option<i128>, to: Option<i128>) -> Range {
    Range { from, to }
}

#[test]
fn printed_limits_are_found_in_english_and_chinese() {
    for text in [
        "Name. Minimum: 0 Maximum: 32",
        "Name.\nMinimum: **0**\nMaximum: **32**",
        "名称。\n最小长度：0\n最大长度：32",
        "Count.\nMinimum value: **0**\n\nMaximum value: **32**",
    ] {
        let values = Values::find(text, &FieldType::String);
        assert_eq!(values.printed, range(Some(0), Some(32)), "{text}");
    }
}

#[test]
fn limits_in_sentences_match_the_type_and_the_unit_of_the_value() {
    let named = |text, kind| Values::find(text, &kind).named;
    assert_eq!(
        named("Must contain 8 to 32 characters.", FieldType::String),
        [range(Some(8), Some(32))]
    );
    assert_eq!(
        named("A maximum of 36 characters.", FieldType::String),
        [range(None, Some(36))]
    );
    assert_eq!(
        named(
            "The value ranges from **1** to **7**, where 1 is Monday.",
            FieldType::Integer
        ),
        [range(Some(1), Some(7))]
    );
    assert_eq!(
        named("Value range: 1-5000", FieldType::Integer),
        [range(Some(1), Some(5000))]
    );
    assert_eq!(
        named("Must contain 8 to 32 characters.", FieldType::Integer),
        []
    );
    let day = "Validity (in seconds). It ranges from 15 minutes to 24 hours.";
    assert_eq!(
        named(day, FieldType::Integer),
        [range(Some(900), Some(86400))]
    );
    let hours = "It ranges from 1 hour to 24 hours.";
    assert_eq!(named(hours, FieldType::Integer), [range(Some(1), Some(24))]);
}

#[test]
fn defaults_and_null_are_found_only_if_they_are_stated() {
    let read = |text| Values::find(text, &FieldType::String);
    assert_eq!(
        read("Default value: **false**").default,
        Some("false".into())
    );
    assert_eq!(
        read("The default value is **0**, no limit.").default,
        Some("0".into())
    );
    assert_eq!(read("默认值：10").default, Some("10".into()));
    assert_eq!(read("Default value: N/A").default, None);
    for text in [
        "(in seconds). The default value is **15min**.",
        "Unit: second. Default: 15 minutes",
    ] {
        let values = Values::find(text, &FieldType::Integer);
        assert_eq!(values.default, Some("900".into()), "{text}");
    }
    assert_eq!(read("The default template is used.").default, None);
    assert!(read("It is set to **null**.").null && !read("It is not **null**.").null);
}
