//! Tests the lenient decoder with random input.

use crate::model;

use huaweicloud_core::Json;
use huaweicloud_core::decode::{DecodeErrorKind, from_slice};
use model::{Page, Part, Thing};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

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
                    free: Some(Json::from(vec![1])),
                    ..Thing::default()
                })
            }),
            free: Some(Json::Bool(true)),
            plain,
            ..Thing::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn serialized_values_are_decoded_to_equal_values(thing in a_thing()) {
        let body = serde_json::to_vec(&thing).unwrap();
        prop_assert_eq!(from_slice::<Thing>(&body).unwrap(), thing);
    }

    #[test]
    fn errors_for_random_json_contain_no_values(json in any_json()) {
        let body = serde_json::to_vec(&json).unwrap();
        if let Err(error) = from_slice::<Page>(&body) {
            let undocumented = error.kind() == DecodeErrorKind::Undocumented;
            prop_assert!(undocumented || error.kind() == DecodeErrorKind::Shape);
            let text = format!("{error} {error:?}");
            prop_assert!(!text.contains("hunter2"), "{}", text);
            prop_assert!(undocumented || (error.expected().is_some() && error.found().is_some()));
        }
    }

    #[test]
    fn random_bytes_cause_no_panic(body in any::<Vec<u8>>()) {
        let _ = from_slice::<Page>(&body);
    }

    #[test]
    fn a_truncated_body_is_not_reported_as_a_wrong_type(thing in a_thing(), cut in any::<prop::sample::Index>()) {
        let body = serde_json::to_vec(&thing).unwrap();
        let cut = cut.index(body.len());
        // The cut can be inside a character. Then the test checks a body that is not valid UTF-8.
        let error = from_slice::<Thing>(&body[..cut]).unwrap_err();
        prop_assert!(error.kind() != DecodeErrorKind::Shape);
    }
}
