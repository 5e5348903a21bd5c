//! The lenient reader: what it takes, what it refuses, and what its errors show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use huaweicloud_core::Secret;
use huaweicloud_core::decode::{self, DecodeErrorKind, Lenient, Object, Value, from_slice};
use proptest::prelude::*;
use serde::de::{Deserializer, MapAccess};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// An open enum, as generated code has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Status {
    Other(String),
}

impl Lenient for Status {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(decode::lenient_string(deserializer)?.map(Self::Other))
    }
}

macro_rules! object {
    ($type:ident { $($field:ident: $of:ty,)* }) => {
        #[derive(Debug, Default, Clone, PartialEq, Serialize)]
        struct $type { $($field: $of,)* }

        impl Object for $type {
            fn field<'de, A: MapAccess<'de>>(&mut self, name: &str, value: Value<'_, A>) -> Result<(), A::Error> {
                match name {
                    $(stringify!($field) => value.read(&mut self.$field),)*
                    _ => value.skip(),
                }
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::object(deserializer)
            }
        }
    };
}

object!(Page { items: Vec<Thing>, total: Option<i32>, });
object!(Thing {
    id: Option<i64>,
    small: Option<u32>,
    big: Option<u64>,
    ratio: Option<f64>,
    on: Option<bool>,
    name: Option<String>,
    secret: Option<Secret>,
    status: Option<Status>,
    tags: Vec<String>,
    attributes: HashMap<String, String>,
    sorted: BTreeMap<String, i64>,
    free: Option<serde_json::Value>,
    members: serde_json::Map<String, serde_json::Value>,
    part: Option<Part>,
    child: Option<Box<Thing>>,
    plain: i64,
});
object!(Part { id: Option<String>, sizes: Vec<Vec<f64>>, });

fn thing(json: &str) -> Thing {
    from_slice(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn scalars_are_taken_in_every_form() {
    for (json, id) in [
        ("7", Some(7)),
        ("\"7\"", Some(7)),
        ("\" -7 \"", Some(-7)),
        ("7.0", Some(7)),
        ("\"7.0\"", Some(7)),
        ("1e3", Some(1000)),
        ("true", Some(1)),
        ("9223372036854775807", Some(i64::MAX)),
        ("\"9223372036854775807\"", Some(i64::MAX)),
        ("9223372036854775808", None),
        ("7.5", None),
        ("\"abc\"", None),
        ("\"\"", None),
        ("null", None),
        ("{}", None),
        ("{ }", None),
    ] {
        assert_eq!(thing(&format!("{{\"id\": {json}}}")).id, id, "{json}");
    }
    for (json, name) in [
        ("\"a\\u00fc\\n\"", Some("aü\n")),
        ("7", Some("7")),
        ("-7", Some("-7")),
        ("1.0", Some("1.0")),
        ("0.25", Some("0.25")),
        ("true", Some("true")),
        ("\"\"", Some("")),
        ("null", None),
        ("{}", None),
    ] {
        assert_eq!(
            thing(&format!("{{\"name\": {json}}}")).name.as_deref(),
            name,
            "{json}"
        );
    }
    for (json, on) in [
        ("true", Some(true)),
        ("\"TRUE\"", Some(true)),
        ("\"false\"", Some(false)),
        ("0", Some(false)),
        ("\"1\"", Some(true)),
        ("2", None),
        ("\"yes\"", None),
        ("null", None),
    ] {
        assert_eq!(thing(&format!("{{\"on\": {json}}}")).on, on, "{json}");
    }
    for (json, ratio) in [
        ("0.5", Some(0.5)),
        ("\"0.5\"", Some(0.5)),
        ("2", Some(2.0)),
        ("\"NaN\"", None),
        ("\"inf\"", None),
    ] {
        assert_eq!(
            thing(&format!("{{\"ratio\": {json}}}")).ratio,
            ratio,
            "{json}"
        );
    }
    let read = thing(
        r#"{"small": 4294967296, "big": 18446744073709551615, "secret": 12, "status": "new", "plain": null}"#,
    );
    assert_eq!(
        (read.small, read.big, read.plain),
        (None, Some(u64::MAX), 0)
    );
    assert_eq!(read.secret, Some(Secret::new("12")));
    assert_eq!(read.status, Some(Status::Other("new".to_owned())));
}

#[test]
fn structures_may_be_null_or_empty() {
    let empty = thing(
        r#"{"tags": null, "attributes": null, "sorted": {}, "members": null, "part": {}, "child": null, "free": null}"#,
    );
    assert_eq!(
        empty,
        Thing {
            free: Some(serde_json::Value::Null),
            ..Thing::default()
        }
    );
    assert_eq!(thing(r#"{"tags": {}, "part": null}"#), Thing::default());
    assert_eq!(thing("{}"), Thing::default());
    assert_eq!(thing("null"), Thing::default());
    let read = thing(
        r#"{"tags": ["a", null, 1, {}], "attributes": {"a": 1, "b": null}, "part": {"unknown": [1, {"x": 2}]}}"#,
    );
    assert_eq!(read.tags, ["a", "1"]);
    assert_eq!(
        read.attributes,
        HashMap::from([("a".to_owned(), "1".to_owned())])
    );
    assert_eq!(read.part, Some(Part::default()));
    let read =
        thing(r#"{"child": {"child": {"id": 1}}, "free": {"a": [1]}, "members": {"b": null}}"#);
    assert_eq!(read.child.unwrap().child.unwrap().id, Some(1));
    assert_eq!(read.free, Some(serde_json::json!({"a": [1]})));
    assert_eq!(read.members.get("b"), Some(&serde_json::Value::Null));
}

#[test]
fn the_last_of_two_equal_names_wins() {
    assert_eq!(thing(r#"{"id": 1, "id": 2}"#).id, Some(2));
    assert_eq!(thing(r#"{"id": 1, "id": null}"#).id, None);
    assert_eq!(thing(r#"{"tags": ["a"], "tags": ["b"]}"#).tags, ["b"]);
    assert_eq!(thing(r#"{"\u0069d": 3}"#).id, Some(3));
}

fn refuse(json: &str) -> (DecodeErrorKind, String) {
    let error = from_slice::<Page>(json.as_bytes()).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn another_structure_is_refused_by_place_and_type() {
    let cases = [
        (
            r#"{"items": [{}, {"part": {"id": {"a": 1}}}]}"#,
            "items[1].part.id: expected string, found object (line 1, column 35)",
        ),
        (
            r#"{"items": [{"id": [1]}]}"#,
            "items[0].id: expected integer, found array",
        ),
        (
            r#"{"items": [{"on": [1]}]}"#,
            "items[0].on: expected boolean, found array",
        ),
        (
            r#"{"items": [{"ratio": {"a": 1}}]}"#,
            "items[0].ratio: expected number, found object",
        ),
        (
            r#"{"items": {"a": 1}}"#,
            "items: expected array, found object",
        ),
        (r#"{"items": "x"}"#, "items: expected array, found string"),
        (
            r#"{"items": [{"part": "x"}]}"#,
            "items[0].part: expected object, found string",
        ),
        (
            r#"{"items": [{"part": [1]}]}"#,
            "items[0].part: expected object, found array",
        ),
        (
            r#"{"items": [{"part": 1}]}"#,
            "items[0].part: expected object, found number",
        ),
        (
            r#"{"items": [{"part": {"sizes": [[1], [2, [3]]]}}]}"#,
            "items[0].part.sizes[1][1]: expected number, found array",
        ),
        (
            r#"{"items": [{"attributes": [1]}]}"#,
            "items[0].attributes: expected object, found array",
        ),
        (
            r#"{"items": [{"attributes": {"hunter2": [1]}}]}"#,
            "items[0].attributes.*: expected string, found array",
        ),
        (
            r#"{"items": [{"sorted": true}]}"#,
            "items[0].sorted: expected object, found boolean",
        ),
        (
            r#"{"items": [{"members": 1.5}]}"#,
            "items[0].members: expected object, found number",
        ),
        (
            r#"{"items": [{"child": {"child": {"id": [1]}}}]}"#,
            "items[0].child.child.id: expected integer, found array",
        ),
        ("[]", "expected object, found array"),
        ("true", "expected object, found boolean"),
        ("\"hunter2\"", "expected object, found string"),
    ];
    for (json, expected) in cases {
        let (kind, text) = refuse(json);
        assert_eq!(kind, DecodeErrorKind::Shape, "{json}: {text}");
        assert!(text.starts_with(expected), "{json}: {text}");
    }
}

#[test]
fn broken_json_is_told_from_another_structure() {
    for (json, kind, place) in [
        ("", DecodeErrorKind::Eof, ""),
        (
            "{\"items\": [{\"name\": \"hun",
            DecodeErrorKind::Eof,
            "items[0].name: ",
        ),
        (
            "{\"items\": [{\"name\": hunter2}]}",
            DecodeErrorKind::Syntax,
            "items[0].name: ",
        ),
        (
            "{\"items\": [{\"hunter2\": hunter2}]}",
            DecodeErrorKind::Syntax,
            "items[0]: ",
        ),
        ("{\"total\": 1,}", DecodeErrorKind::Syntax, ""),
        ("{\"total\": 1} hunter2", DecodeErrorKind::Syntax, ""),
        ("{\"total\": \"\\q\"}", DecodeErrorKind::Syntax, "total: "),
        ("{\n\"total\": \u{1}}", DecodeErrorKind::Syntax, "total: "),
    ] {
        let (found, text) = refuse(json);
        assert_eq!(found, kind, "{json}: {text}");
        assert!(
            text.starts_with(&format!("{place}th")) && !text.contains("hunter2"),
            "{json}: {text}"
        );
    }
    let deep = format!("{{\"items\": [{}", "{\"child\":".repeat(500));
    assert_eq!(refuse(&deep).0, DecodeErrorKind::Eof);
    let closed = format!("{deep}1{}]}}", "}".repeat(500));
    assert_eq!(refuse(&closed).0, DecodeErrorKind::Shape);
}

#[test]
fn text_in_another_encoding_does_not_lose_the_answer() {
    let page: Page = from_slice(b"{\"items\": [{\"name\": \"\xb1\xc3\"}, {\"id\": 2}]}").unwrap();
    assert_eq!(page.items[0].name.as_deref(), Some("\u{fffd}\u{fffd}"));
    assert_eq!(page.items[1].id, Some(2));
}

/// Derived code quotes values, and a value may look like our own messages.
#[test]
fn foreign_messages_are_not_shown() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Strict {
        id: i64,
        kind: Option<Kind>,
    }
    #[derive(Debug, Deserialize)]
    enum Kind {
        A,
    }
    for json in [
        r#"{"id": "hunter2"}"#,
        r#"{"hunter2": 1}"#,
        r#"{"kind": "hunter2"}"#,
        r#"{"kind": "hunter2\u001finteger\u001fobject"}"#,
        r#"{"\u001finteger\u001fhunter2": 1}"#,
        r#"{"kind": "\u001fhunter2\u001fhunter2 at line 1 column 1"}"#,
    ] {
        let error = from_slice::<Strict>(json.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), DecodeErrorKind::Shape);
        let text = format!("{error} {error:?}");
        assert!(!text.contains("hunter2"), "{json}: {text}");
    }
    assert!(matches!(from_slice::<Kind>(b"\"A\""), Ok(Kind::A)));
}

/// What serde_json hands out for a number where its feature `arbitrary_precision` is on.
#[test]
fn numbers_of_arbitrary_precision_are_numbers() {
    let number = [("$serde_json::private::Number", "12")];
    let access =
        || serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(number.into_iter());
    assert_eq!(i64::lenient(access()), Ok(Some(12)));
    assert_eq!(String::lenient(access()), Ok(Some("12".to_owned())));
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        Just("hunter2".into()),
        "\\PC{0,8}".prop_map(Into::into),
    ];
    let name = prop_oneof![
        Just("items"),
        Just("total"),
        Just("id"),
        Just("name"),
        Just("tags"),
        Just("attributes"),
        Just("part"),
        Just("child"),
        Just("free"),
        Just("secret"),
        Just("sizes"),
        Just("hunter2")
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::Array),
            prop::collection::vec((name.clone(), inner), 0..5).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

fn a_thing() -> impl Strategy<Value = Thing> {
    let scalars = (
        any::<Option<i64>>(),
        any::<Option<u64>>(),
        any::<Option<bool>>(),
        any::<Option<String>>(),
    );
    let many = (
        any::<Vec<String>>(),
        any::<HashMap<String, String>>(),
        any::<BTreeMap<String, i64>>(),
    );
    (scalars, many, any::<Option<String>>(), any::<i64>()).prop_map(
        |((id, big, on, name), (tags, attributes, sorted), part, plain)| Thing {
            id,
            big,
            on,
            name: name.clone(),
            tags,
            attributes,
            sorted,
            part: part.map(|id| Part {
                id: Some(id),
                sizes: vec![vec![0.5]],
            }),
            child: name.map(|name| {
                Box::new(Thing {
                    name: Some(name),
                    free: Some(serde_json::json!([1])),
                    ..Thing::default()
                })
            }),
            free: Some(serde_json::Value::Null),
            plain,
            ..Thing::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_is_read(thing in a_thing()) {
        let body = serde_json::to_vec(&thing).unwrap();
        prop_assert_eq!(from_slice::<Thing>(&body).unwrap(), thing);
    }

    #[test]
    fn any_json_is_read_or_refused_without_its_values(json in any_json()) {
        let body = serde_json::to_vec(&json).unwrap();
        if let Err(error) = from_slice::<Page>(&body) {
            prop_assert_eq!(error.kind(), DecodeErrorKind::Shape);
            let text = format!("{error} {error:?}");
            prop_assert!(!text.contains("hunter2"), "{}", text);
            prop_assert!(error.expected().is_some() && error.found().is_some());
        }
    }

    #[test]
    fn any_bytes_are_no_panic(body in any::<Vec<u8>>()) {
        let _ = from_slice::<Page>(&body);
    }

    #[test]
    fn a_truncated_body_is_told(thing in a_thing(), cut in any::<prop::sample::Index>()) {
        let body = serde_json::to_vec(&thing).unwrap();
        let cut = cut.index(body.len());
        // A cut may fall within a character, which is then no valid text.
        let error = from_slice::<Thing>(&body[..cut]).unwrap_err();
        prop_assert!(error.kind() != DecodeErrorKind::Shape);
    }
}
