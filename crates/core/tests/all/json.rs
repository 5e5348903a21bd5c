//! Tests JSON without a documented structure: as a value, and as an answer. Such an answer is called an open answer.

use crate::support;

use huaweicloud_core::decode::Lenient;
use huaweicloud_core::{Error, ErrorKind, Json, Request};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Debug;
use support::{CREATE, LIST, Scripted, answer, config, json as reply, shown};

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]
    #[test]
    fn conversions_do_not_change_a_json_value(value in any_value()) {
        let json: Json = serde_json::from_value(value.clone()).unwrap();
        prop_assert_eq!(&serde_json::to_value(&json).unwrap(), &value);
        prop_assert_eq!(&Json::from_value(&value).unwrap(), &json);
        prop_assert_eq!(&json.to_string().parse::<Json>().unwrap(), &json);
        prop_assert_eq!(json.decode::<Value>().unwrap(), value);
    }
}

#[test]
fn json_values_can_be_made_and_read() {
    let json = Json::from_value(&json!({"a": [1, "x", true, 1.5, null]})).unwrap();
    let Some(Json::List(list)) = json.get("a") else {
        panic!("{json}")
    };
    assert_eq!(
        (list[0].as_i64(), list[1].as_str(), list[2].as_bool()),
        (Some(1), Some("x"), Some(true))
    );
    assert_eq!(list[3..], [Json::from(1.5), Json::Null]);
    assert_eq!(
        (list[0].as_str(), list[0].get("a"), json.as_i64()),
        (None, None, None)
    );
    assert_eq!(Json::from(u64::MAX).to_string(), u64::MAX.to_string());
    assert_eq!(Json::from(vec!["a"]).to_string(), r#"["a"]"#);
    assert_eq!(Json::from(f64::NAN).to_string(), "null");
    assert!(Json::from_value(&BTreeMap::from([((1, 2), "hunter2")])).is_err());
    assert!("{hunter2".parse::<Json>().is_err());
    let deep = "[".repeat(100_000);
    assert!(deep.parse::<Json>().is_err());
}

async fn open<T: Lenient + Send + 'static>(body: &str) -> Result<T, Error> {
    let server = Scripted::start([reply(200, body)]).await;
    let session = server.session_with(config().token("token-hunter2"));
    let answer = session.send_open::<T>(Request::new(&LIST)).await?;
    Ok(answer.into_inner())
}

/// Checks that the client decodes `body` to `expected`.
async fn is<T: Lenient + Send + PartialEq + Debug + 'static>(body: &str, expected: T) {
    assert_eq!(open::<T>(body).await.unwrap(), expected, "{body}");
}

#[tokio::test]
async fn open_answers_are_decoded_leniently() {
    is("\"7\"", 7_i64).await;
    is("7", "7".to_owned()).await;
    is(r#"["7", null, 8, {}]"#, vec![7_i64, 8]).await;
    is(
        r#"{"a": 1, "b": "x"}"#,
        BTreeMap::from([
            ("a".to_owned(), "1".to_owned()),
            ("b".to_owned(), "x".to_owned()),
        ]),
    )
    .await;
    is("{}", BTreeMap::<String, Json>::new()).await;
    is("[]", Json::List(Vec::new())).await;
    is(
        r#"{"error_code": null, "a": [null]}"#,
        Json::from_value(&json!({"error_code": null, "a": [null]})).unwrap(),
    )
    .await;
}

#[tokio::test]
async fn an_error_body_is_not_decoded_as_an_open_answer() {
    for body in [
        r#"{"error_code": "DCS.4201", "error_msg": "hunter2"}"#,
        r#"{"error": {"code": 401, "message": "hunter2"}}"#,
        r#"{"error_code": "DCS.4201", "devices": null}"#,
        r#"{"errMessage": "hunter2", "devices": null}"#,
        r#"{"err_message": "hunter2", "devices": {}}"#,
    ] {
        let all = [
            open::<Json>(body).await.err(),
            open::<BTreeMap<String, Json>>(body).await.err(),
            open::<BTreeMap<String, String>>(body).await.err(),
            open::<Vec<Vec<i64>>>(body).await.err(),
            open::<String>(body).await.err(),
        ];
        for error in all {
            let error = error.unwrap();
            assert_eq!(error.kind(), ErrorKind::Service, "{body}: {error}");
            assert!(!shown(&error).contains("hunter2"), "{}", shown(&error));
        }
    }
    let error = open::<i64>(r#""hunter2""#).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(
        error.to_string().contains("expected integer, found string"),
        "{error}"
    );
    assert!(open::<Json>("null").await.is_err() && open::<Json>("").await.is_err());
}

#[tokio::test]
async fn an_optional_open_answer_can_have_no_body() {
    let server = Scripted::start([answer(204, &[], ""), reply(201, "{\"a\": 1}")]).await;
    let session = server.session();
    let call = || session.send_open_optional::<Json>(Request::new(&CREATE));
    assert_eq!(call().await.unwrap().into_inner(), None);
    assert_eq!(
        call().await.unwrap().into_inner().unwrap().get("a"),
        Some(&Json::from(1))
    );
}
