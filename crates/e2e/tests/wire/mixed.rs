//! Tests answers with a success status and with JSON fields (members) that errors have. If a body also has documented
//! fields, the client returns an answer. If a body has only fields of errors, the client returns an error. By default,
//! the tests use only a sample of the cases.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use huaweicloud::ErrorKind;
use serde_json::{Map, Value, json};

use crate::answering::Answer;
use crate::given::Given;
use crate::{Stage, answers, changes, documented, resolve, services};

/// Bodies that are errors, even if the operation has no documented body.
const MARKS: [&str; 25] = [
    r#"{"error_code":"X.01"}"#,
    r#"{"errorCode":7}"#,
    r#"{"ErrorCode":"X.01","ErrorMessage":"m"}"#,
    r#"{"errcode":7,"errmsg":"m"}"#,
    r#"{"error_msg":"m"}"#,
    r#"{"errorMessage":"m"}"#,
    r#"{"err_message":"m"}"#,
    r#"{"error_description":"m"}"#,
    r#"{"error_details":[{"error_code":"X.01"}]}"#,
    r#"{"encoded_authorization_message":"m"}"#,
    r#"{"error":"invalid_grant"}"#,
    r#"{"error":true}"#,
    r#"{"Error":{"Code":"X.01","Message":"m"}}"#,
    r#"{"error":{"code":401,"message":"m","title":"Unauthorized"}}"#,
    r#"{"errors":[{"error_code":"X.01","error_msg":"m"}]}"#,
    r#"{"errors":{"password":["m"]}}"#,
    r#"{"fault":{"faultstring":"m","detail":{"errorcode":"X.01"}}}"#,
    r#"{"faultcode":"Client","faultstring":"m"}"#,
    r#"{"exception":"m"}"#,
    r#"{"NeutronError":{"type":"InUse","message":"m"}}"#,
    r#"{"badRequest":{"code":400,"message":"m"}}"#,
    r#"{"code":"X.01","message":"m"}"#,
    r#"{"title":"t","detail":"m"}"#,
    r#"{"success":false,"msg":"m"}"#,
    r#"{"retcode":7,"retmsg":"m"}"#,
];

/// Bodies that are errors only if the answer has documented fields, and the body has none of them. Without documented
/// fields, such a body can be a confirmation.
const REST: [&str; 12] = [
    r#"{"code":7}"#,
    r#"{"return_code":7}"#,
    r#"{"message":"m"}"#,
    r#"{"msg":"m"}"#,
    r#"{"detail":"m"}"#,
    r#"{"explanation":"m"}"#,
    r#"{"description":"m"}"#,
    r#"{"reason":"m"}"#,
    r#"{"return_message":"m"}"#,
    r#"{"error_ext_msg":"m"}"#,
    r#"{"title":"t"}"#,
    r#"{"request_id":"r","status":400,"type":"about:blank"}"#,
];

fn members(of: &[&str]) -> Vec<Map<String, Value>> {
    of.iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

/// Returns as many cases as the variable `MIXED_ANSWERS` says, or `usual` cases by default. A fixed step spreads these
/// cases over all cases.
fn sample<T>(cases: Vec<T>, usual: usize) -> Vec<T> {
    let asked = std::env::var("MIXED_ANSWERS").map(|text| text.parse().unwrap());
    let (count, all) = (asked.unwrap_or(usual), cases.len());
    let chosen: BTreeSet<usize> = (0..count.min(all)).map(|at| at * 7919 % all).collect();
    let numbered = cases.into_iter().enumerate();
    numbered
        .filter(|(at, _)| count >= all || chosen.contains(at))
        .map(|(_, case)| case)
        .collect()
}

/// Collects the names of the documented fields of a schema, without the fields of inner objects.
fn properties(document: &Value, schema: &Value, into: &mut BTreeSet<String>) {
    let schema = resolve(document, schema);
    let own = schema["properties"].as_object().into_iter().flatten();
    into.extend(own.map(|(name, _)| name.clone()));
    for part in schema["allOf"].as_array().into_iter().flatten() {
        properties(document, part, into);
    }
}

/// Returns the names of the documented fields in the success answers of an operation. The set is empty if no fields are
/// documented.
fn answered(document: &Value, operation: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (status, response) in operation["responses"].as_object().unwrap() {
        if status.starts_with('2') {
            let schema = &resolve(document, response)["content"]["application/json"]["schema"];
            properties(document, schema, &mut names);
        }
    }
    names
}

#[tokio::test]
async fn answers_with_additional_error_members_are_not_errors() {
    let added = [members(&MARKS), members(&REST)].concat();
    for service in services() {
        let stage = Stage::new(service).await;
        let mut cases = Vec::new();
        for (id, operation) in documented(&stage.value) {
            let given = Given::of(&stage.value, operation)[0].sparing();
            // Without documented fields, the body can be a map. Then the members of an error would be values of this
            // map.
            if answered(&stage.value, operation).is_empty() {
                continue;
            }
            for answer in answers(&stage.value, operation) {
                let is_object = answer.answer.body.as_ref().is_some_and(Value::is_object);
                if answer.answer.status < 300 && is_object {
                    let of = |added| (id, given.clone(), answer.answer.clone(), added);
                    cases.extend(added.iter().map(of));
                }
            }
        }
        for (id, given, answer, added) in sample(cases, 200) {
            let operations = &stage.service.operations;
            let operation = operations.iter().find(|known| known.id == id).unwrap();
            let call = |answer| stage.call_of(operation, &given, answer);
            let plain = call(answer.clone()).await.unwrap();
            let mut mixed = answer;
            let body = mixed.body.as_mut().unwrap().as_object_mut().unwrap();
            let new: Vec<&String> = added
                .keys()
                .filter(|name| !body.contains_key(*name))
                .collect();
            body.extend(
                new.iter()
                    .map(|name| ((*name).clone(), added[*name].clone())),
            );
            let case = format!("{id} with {}", json!(added));
            let read = call(mixed).await;
            let read = read.unwrap_or_else(|error| panic!("{case}: {error}"));
            // A new member can be a documented field that the example does not contain. The decoded answer then has
            // this field, and the test ignores the difference.
            let own: Vec<String> = new.iter().map(|name| format!("/{name}")).collect();
            let mut changed = changes::places(&plain.body, &read.body);
            changed.retain(|place| !own.iter().any(|own| place.starts_with(own)));
            assert!(changed.is_empty(), "{case}: {changed:?}");
        }
    }
}

#[tokio::test]
async fn bodies_with_only_error_members_are_errors() {
    for service in services() {
        let stage = Stage::new(service).await;
        let mut cases = Vec::new();
        for (id, operation) in documented(&stage.value) {
            let given = Given::of(&stage.value, operation)[0].sparing();
            let names = answered(&stage.value, operation);
            let marks = members(&MARKS).into_iter().map(|body| (body, true));
            let rest = members(&REST).into_iter().map(|body| (body, false));
            let rest = rest.filter(|_| !names.is_empty());
            for (body, marked) in marks.chain(rest) {
                if body.keys().all(|name| !names.contains(name)) {
                    cases.extend(
                        [200, 201, 202]
                            .map(|status| (id, given.clone(), status, body.clone(), marked)),
                    );
                }
            }
        }
        for (id, given, status, body, marked) in sample(cases, 200) {
            let operations = &stage.service.operations;
            let operation = operations.iter().find(|known| known.id == id).unwrap();
            let case = format!("{id} {status} {}", json!(body));
            let answer = Answer {
                status,
                headers: HeaderMap::new(),
                body: Some(body.into()),
                is_file: false,
            };
            match stage.call_of(operation, &given, answer).await {
                Ok(read) => panic!("{case}: {}", read.body),
                Err(error) if marked => assert_eq!(error.kind(), ErrorKind::Service, "{case}"),
                Err(_) => {}
            }
        }
    }
}
