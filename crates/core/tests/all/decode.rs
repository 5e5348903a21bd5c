//! Tests the lenient decoder: what it accepts, what it refuses, and what its errors show.

use crate::model;

use huaweicloud_core::decode::{
    self, DecodeErrorKind, Lenient, Object, Value, from_answer, from_slice,
};
use huaweicloud_core::{Json, Secret};
use model::{Page, Part, Status, Thing};
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;

fn thing(json: &str) -> Thing {
    from_slice(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn scalars_are_decoded_from_several_forms() {
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
        assert_eq!(
            thing(&format!("{{\"plain\": 1, \"id\": {json}}}")).id,
            id,
            "{json}"
        );
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
        assert_eq!(
            thing(&format!("{{\"plain\": 1, \"on\": {json}}}")).on,
            on,
            "{json}"
        );
    }
    for (json, ratio) in [
        ("0.5", Some(0.5)),
        ("\"0.5\"", Some(0.5)),
        ("2", Some(2.0)),
        ("\"NaN\"", None),
        ("\"inf\"", None),
    ] {
        assert_eq!(
            thing(&format!("{{\"plain\": 1, \"ratio\": {json}}}")).ratio,
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
fn structures_can_be_null_or_empty() {
    let empty = thing(
        r#"{"tags": null, "attributes": null, "sorted": {}, "members": null, "part": {}, "child": null, "free": null}"#,
    );
    assert_eq!(empty, Thing::default());
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
    assert_eq!(read.free, Some(r#"{"a": [1]}"#.parse().unwrap()));
    assert_eq!(read.members.get("b"), Some(&Json::Null));
}

#[test]
fn the_decoder_uses_the_last_value_of_a_repeated_field() {
    assert_eq!(thing(r#"{"id": 1, "id": 2}"#).id, Some(2));
    assert_eq!(thing(r#"{"id": 1, "id": null}"#).id, None);
    assert_eq!(thing(r#"{"tags": ["a"], "tags": ["b"]}"#).tags, ["b"]);
    assert_eq!(thing(r#"{"\u0069d": 3}"#).id, Some(3));
}

/// Adds a valid field to `json` and decodes the result as a page. A lost field is a field that the decoder cannot read.
/// Returns the message about the only lost field.
fn lose(json: &str) -> String {
    let more = json.replacen('{', "{\"total\": 7, ", 1);
    let (page, lost) = from_answer::<Page>(more.as_bytes()).unwrap();
    assert_eq!((page.total, lost.len()), (Some(7), 1), "{json}: {lost:?}");
    lost[0].to_string()
}

fn refuse(json: &str) -> (DecodeErrorKind, String) {
    let error = from_slice::<Page>(json.as_bytes()).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn a_wrong_field_is_lost_but_a_body_without_a_readable_field_is_an_error() {
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
        (
            r#"{"items": [{"id": 0.125}]}"#,
            "items[0].id: expected integer, found number",
        ),
        (
            r#"{"items": [{"small": 1e400}]}"#,
            "items[0].small: expected integer, found string",
        ),
        (
            r#"{"items": [{"on": 2}]}"#,
            "items[0].on: expected boolean, found number",
        ),
        (
            r#"{"items": [{"part": ""}]}"#,
            "items[0].part: expected object, found string",
        ),
    ];
    for (json, expected) in cases {
        let expected = expected.split(" (").next().unwrap();
        assert_eq!(lose(json), expected, "{json}");
    }
    let cases = [
        (
            r#"{"items": {"a": 1}, "more": 1}"#,
            "items: expected array, found object (line 1, column",
        ),
        (
            r#"{"hunter2": 1}"#,
            "none of the documented fields can be read",
        ),
        ("[]", "expected object, found array"),
        ("true", "expected object, found boolean"),
        ("\"hunter2\"", "expected object, found string"),
    ];
    for (json, expected) in cases {
        let (kind, text) = refuse(json);
        let undocumented = json.contains("hunter2\":");
        let expected_kind = match undocumented {
            true => DecodeErrorKind::Undocumented,
            false => DecodeErrorKind::Shape,
        };
        assert_eq!(kind, expected_kind, "{json}: {text}");
        assert!(text.starts_with(expected), "{json}: {text}");
    }
}

#[test]
fn errors_distinguish_broken_json_from_a_wrong_structure() {
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
fn a_string_that_is_not_utf8_does_not_cause_an_error() {
    let page: Page = from_slice(b"{\"items\": [{\"name\": \"\xb1\xc3\"}, {\"id\": 2}]}").unwrap();
    assert_eq!(page.items[0].name.as_deref(), Some("\u{fffd}\u{fffd}"));
    assert_eq!(page.items[1].id, Some(2));
}

/// The derive macros of serde make messages that quote values. Some values in this test imitate the error strings that
/// the decoder parses.
#[test]
fn decode_errors_do_not_contain_messages_of_other_code() {
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

/// If the feature `arbitrary_precision` of `serde_json` is enabled, `serde_json` returns a number as a map with one
/// entry.
#[test]
fn numbers_of_arbitrary_precision_are_decoded_as_numbers() {
    let number = [("$serde_json::private::Number", "12")];
    let access =
        || serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(number.into_iter());
    assert_eq!(i64::lenient(access()), Ok(Some(12)));
    assert_eq!(String::lenient(access()), Ok(Some("12".to_owned())));
    assert_eq!(Json::lenient(access()), Ok(Some(Json::from(12))));
}

/// A page of a list. If `items`, an element of `items`, or `total` has the wrong type, decoding fails.
#[derive(Debug, Default)]
struct Paged {
    items: Vec<Thing>,
    total: Option<i32>,
}

impl Object for Paged {
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "items" => value.read_essential(&mut self.items),
            "total" => value.read_essential(&mut self.total),
            _ => value.skip(),
        }
    }
}

impl<'de> Deserialize<'de> for Paged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::object(deserializer)
    }
}

#[test]
fn a_wrong_essential_field_is_an_error() {
    for (json, expected) in [
        (
            r#"{"items": {"a": 1}, "total": 1}"#,
            "items: expected array, found object",
        ),
        (
            r#"{"items": [{"id": 1}, "x"], "total": 2}"#,
            "items[1]: expected object, found string",
        ),
        (
            r#"{"items": [{"id": 0.5}], "total": 0.5}"#,
            "total: expected integer, found number",
        ),
    ] {
        let error = from_slice::<Paged>(json.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), DecodeErrorKind::Shape, "{json}: {error}");
        let types = expected.split_once(": ").unwrap().1;
        assert!(error.to_string().contains(types), "{json}: {error}");
    }
    let json = br#"{"items": [{"id": 0.5, "plain": 3}], "total": 1}"#;
    let (page, lost) = from_answer::<Paged>(json).unwrap();
    assert_eq!((page.items[0].plain, page.total), (3, Some(1)));
    assert_eq!(lost[0].path(), "items[0].id");
}
