//! Calls each documented operation of DCS and ROMA Connect LINK with an official SDK. The module `given` provides the
//! values of the requests. The sandbox answers with the documented examples.

use std::collections::{BTreeMap, HashMap};
use std::process::Command;

use huaweicloud_sandbox::{Options, Service};
use serde_json::{Map, Value, json};

use crate::given::{Given, documented, examples};
use crate::peer::{run, say};
use crate::support::World;

/// Operations that fail for the same reason.
struct Failing {
    sdks: &'static [&'static str],
    service: &'static str,
    /// The official names of the operations.
    operations: &'static [&'static str],
    reason: &'static str,
}

const BOTH: &[&str] = &["Python", "Go"];

/// The operations that fail. If one of these operations works, the test fails.
const FAILING: &[Failing] = &[
    Failing {
        sdks: BOTH,
        service: "roma-link",
        operations: &[
            "BatchDeleteDevicesInGroup",
            "DownloadDevices",
            "SendCustomizeCommand",
            "SyncProductsFromTemplates",
            "SyncTemplateToProducts",
        ],
        reason: "the SDK has no such method; only a documentation page describes the operation",
    },
    Failing {
        sdks: BOTH,
        service: "roma-link",
        operations: &["BatchDeleteDevices"],
        reason: "the SDK sends `resources` instead of the documented `device_ids`",
    },
    Failing {
        sdks: &["Python"],
        service: "dcs",
        operations: &["ChangeNodesStartStopStatus", "UpdateBandwidth"],
        reason: "the SDK expects a string as the answer, and returns the documented object in Python's notation",
    },
    Failing {
        sdks: &["Go"],
        service: "roma-link",
        operations: &["CreateProductTopic", "ListProductTopics"],
        reason: "the SDK expects a string for `topic_id`, but the documented answer has a number",
    },
    Failing {
        sdks: &["Go"],
        service: "dcs",
        operations: &["ResizeInstance"],
        reason: "the SDK expects a whole number for `new_capacity`, but 0.5 is a documented capacity",
    },
];

/// Returns all services except IAM, with their documents. The SDKs call IAM with the credentials of an account, but
/// this test uses the credentials of a project. `the_python_sdk_calls_the_sandbox` and `the_go_sdk_calls_the_sandbox`
/// call IAM.
fn services() -> Vec<(&'static str, Value)> {
    macro_rules! all {
        ($($name:literal $module:ident;)*) => {
            vec![$(($name, huaweicloud::$module::OPENAPI)),*]
        };
    }
    let all: Vec<(&str, &str)> = huaweicloud::each_service!(all);
    let own = all.into_iter().filter(|(name, _)| *name != "iam");
    own.map(|(name, text)| (name, serde_json::from_str(text).unwrap()))
        .collect()
}

/// An operation: its id, its requests, and the JSON example of its success answer. The example is `None` if the
/// document has no such example.
struct Documented {
    id: String,
    requests: Vec<Value>,
    example: Option<Value>,
}

fn operations(document: &Value, instance: &str) -> BTreeMap<String, Documented> {
    let operations = documented(document).into_iter();
    let operations = operations.map(|(id, operation)| {
        let official = operation["x-huawei-operation-id"].as_str().unwrap();
        let request = |given: Given| {
            let mut request: Map<String, Value> = given.params();
            request
                .entry("instance_id")
                .and_modify(|id| *id = json!(instance));
            request.extend(given.body.map(|body| ("body".to_owned(), body)));
            Value::Object(request)
        };
        let requests = Given::of(document, operation).into_iter().map(request);
        let found = Documented {
            id: id.to_owned(),
            requests: requests.collect(),
            example: answer(operation).cloned(),
        };
        (official.to_owned(), found)
    });
    operations.collect()
}

/// Returns the first example of a successful answer with a JSON body.
fn answer(operation: &Value) -> Option<&Value> {
    let answers = operation["responses"].as_object().unwrap().iter();
    let mut successes = answers.filter(|(status, _)| status.starts_with('2'));
    successes.find_map(|(_, answer)| {
        let examples = examples(&answer["content"]["application/json"]);
        examples.first().map(|(_, example)| *example)
    })
}

/// Calls all operations, and prints how many operations succeed. Panics if the failures differ from `FAILING`.
pub async fn judge(sdk: &str, command: impl Fn() -> Command) {
    let mut wrong = Vec::new();
    for (service, document) in services() {
        wrong.extend(judge_service(sdk, service, &document, command()).await);
    }
    assert!(wrong.is_empty(), "{sdk}:\n{}", wrong.join("\n"));
}

async fn judge_service(
    sdk: &str,
    service: &str,
    document: &Value,
    mut command: Command,
) -> Vec<String> {
    let known: Service = service.parse().unwrap();
    let world = World::with(Options::default().examples(known)).await;
    let details = serde_json::to_value(world.sandbox.details()).unwrap();
    let operations = operations(document, details["instance_id"].as_str().unwrap());
    let calls = operations.iter().flat_map(|(official, operation)| {
        let requests = operation.requests.iter();
        requests.map(move |request| json!({"operation": official, "request": request}))
    });
    // The official SDKs name a service by the first word of our name: `roma` for `roma-link`.
    let module = service.split('-').next();
    let input = json!({"module": module, "endpoint": details[service.replace('-', "_")], "cloud": details,
        "calls": calls.collect::<Vec<_>>()});
    // If a form contains a file, the Go SDK needs the path of this file. The test uses the documented example both as
    // the path and as the content of the file.
    let folder = tempfile::tempdir().unwrap();
    for body in operations
        .values()
        .flat_map(|operation| &operation.requests)
    {
        if let Some(file) = body["body"]["file"].as_str() {
            std::fs::write(folder.path().join(file), file).unwrap();
        }
    }
    command.current_dir(&folder);
    let mut told = run(command, input).await;
    let methods = told.pop().unwrap();
    let mut failures: BTreeMap<String, String> = BTreeMap::new();
    for outcome in told {
        let official = outcome["step"].as_str().unwrap().to_owned();
        if let Err(why) = verdict(operations[&official].example.as_ref(), &outcome) {
            failures.entry(official).or_insert(why);
        }
    }
    for (official, operation) in &operations {
        let seen = world.sandbox.requests_seen(&operation.id);
        if seen != operation.requests.len() as u64 && !failures.contains_key(official) {
            let why = format!("{seen} requests reached the operation {}", operation.id);
            failures.insert(official.clone(), why);
        }
    }
    let methods = methods["methods"].as_array().unwrap();
    report(sdk, service, &operations, failures, methods)
}

/// Returns an error if the call failed, if the SDK read no value of the example, or if the SDK read a different value.
fn verdict(example: Option<&Value>, outcome: &Value) -> Result<(), String> {
    if let Some(error) = outcome["error"].as_str() {
        return Err(error.to_owned());
    }
    let Some(example) = example else {
        return Ok(());
    };
    // If an SDK does not know the fields of an answer, the SDK puts the body of the answer into a field `body`. The
    // field contains the JSON as a string, or the decoded value.
    let answer = &outcome["answer"];
    let body = answer.get("body").filter(|_| example.get("body").is_none());
    let raw = body.and_then(|body| serde_json::from_str::<Value>(body.as_str()?).ok());
    let parsed = raw.as_ref().or(body).unwrap_or(answer);
    match leaves(example) > 0 && compare(example, parsed, "")? == 0 {
        true => Err("the SDK read no value of the answer".to_owned()),
        false => Ok(()),
    }
}

/// Returns the number of values that the SDK read. The function ignores fields that the SDK does not know. If the SDK
/// read a value that differs from the example, the function returns an error.
fn compare(example: &Value, parsed: &Value, place: &str) -> Result<usize, String> {
    match (example, parsed) {
        (_, Value::Null) => Ok(0),
        (Value::Object(example), Value::Object(parsed)) => {
            let both = parsed
                .iter()
                .filter_map(|(name, parsed)| Some((name, example.get(name)?, parsed)));
            both.map(|(name, example, parsed)| compare(example, parsed, &format!("{place}/{name}")))
                .sum()
        }
        (Value::Array(example), Value::Array(parsed)) if example.len() == parsed.len() => {
            let both = example.iter().zip(parsed).enumerate();
            both.map(|(at, (example, parsed))| compare(example, parsed, &format!("{place}/{at}")))
                .sum()
        }
        _ if text(example) == text(parsed) => Ok(1),
        _ => Err(format!("{place} was read as {parsed}, not as {example}")),
    }
}

/// Formats a scalar without its type. An SDK can use a string instead of a documented number, or the reverse.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().unwrap_or_default().to_string(),
        other => other.to_string(),
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(leaves).sum(),
        Value::Array(list) => list.iter().map(leaves).sum(),
        Value::Null => 0,
        Value::String(text) => usize::from(!text.is_empty()),
        _ => 1,
    }
}

/// Prints how many operations succeed, and returns the differences from `FAILING`.
fn report(
    sdk: &str,
    service: &str,
    operations: &BTreeMap<String, Documented>,
    failures: BTreeMap<String, String>,
    methods: &[Value],
) -> Vec<String> {
    let rows = FAILING
        .iter()
        .filter(|row| row.sdks.contains(&sdk) && row.service == service);
    let reasons = rows.flat_map(|row| row.operations.iter().map(|name| (*name, row.reason)));
    let mut reasons: HashMap<&str, &str> = reasons.collect();
    let (all, works) = (operations.len(), operations.len() - failures.len());
    say(&format!(
        "official SDK: {sdk}, {service}: {works} of {all} operations work\n"
    ));
    let mut wrong = Vec::new();
    for (operation, why) in failures {
        match reasons.remove(operation.as_str()) {
            Some(reason) => say(&format!("  {operation}: {reason}\n")),
            None => wrong.push(format!("{service} {operation} does not work: {why}")),
        }
    }
    let unused = reasons.keys();
    wrong.extend(
        unused.map(|name| format!("{service} {name} works now, so remove it from `FAILING`")),
    );
    let known = |method: &&Value| {
        let name = method.as_str().unwrap_or_default();
        operations
            .keys()
            .any(|official| name.eq_ignore_ascii_case(official))
    };
    let others = methods.iter().filter(|method| !known(method)).count();
    say(&format!(
        "  {others} methods of the SDK's client are not in the document\n"
    ));
    wrong
}

#[test]
fn each_operation_in_the_list_of_failures_is_documented() {
    let services: BTreeMap<&str, Value> = services().into_iter().collect();
    for row in FAILING {
        let documented = operations(&services[row.service], "");
        for name in row.operations {
            assert!(documented.contains_key(*name), "{name}");
        }
        assert!(row.sdks.iter().all(|sdk| BOTH.contains(sdk)) && !row.reason.is_empty());
    }
}

#[test]
fn the_check_detects_unread_and_wrong_values() {
    let example = json!({"list": [{"name": "a", "size": 1}], "none": null});
    let judged = |answer: Value| verdict(Some(&example), &json!({"answer": answer}));
    judged(json!({"list": [{"name": "a"}], "more": "of a header"})).unwrap();
    judged(json!({"list": [{"name": "a", "size": "1"}]})).unwrap();
    for wrong in [
        json!({}),
        json!({"list": []}),
        json!({"list": [{"name": "b"}]}),
        json!({"list": null}),
    ] {
        judged(wrong).unwrap_err();
    }
    verdict(None, &json!({"error": "400"})).unwrap_err();
    // An SDK can return the body of an answer in a field `body`, as the decoded value or as a string.
    judged(json!({"body": example})).unwrap();
    judged(json!({"body": example.to_string()})).unwrap();
    judged(json!({"body": "{}"})).unwrap_err();
    let list = json!(["a"]);
    verdict(Some(&list), &json!({"answer": {"body": ["a"]}})).unwrap();
    verdict(Some(&list), &json!({"answer": {"body": []}})).unwrap_err();
}
