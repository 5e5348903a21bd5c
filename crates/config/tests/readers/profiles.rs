//! Compares how this crate and the official Python SDK read the profile file, the variables and the answers of the
//! metadata service.

use crate::peer::{Python, compare, record};
use crate::support::alone;
use crate::support::canned::{Canned, http};
use crate::support::home::Home;
use huaweicloud_config::{Loader, MetadataCredentials};
use huaweicloud_core::{AccessKey, Credential, ProvideCredential};
use serde_json::{Map, Value, json};

const RECORD: &str = "profiles.json";
const PACKAGES: [&str; 1] = ["huaweicloudsdkcore"];

/// Returns the values that this crate reads for a case, such as the access key and the project.
async fn read(case: &Value) -> Result<Map<String, Value>, String> {
    if case.get("answers").is_some() {
        return metadata(case).await;
    }
    let pairs = |name: &str| -> Vec<(String, String)> {
        let pairs = case.get(name).and_then(Value::as_object);
        let pairs = pairs.into_iter().flatten();
        pairs
            .map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned()))
            .collect()
    };
    let files = pairs("files");
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let home = Home::new(&files);
    let mut variables = pairs("variables");
    variables.push(("HUAWEICLOUD_REGION".to_owned(), "cn-north-4".to_owned()));
    if let Some(name) = case.get("type").and_then(Value::as_str) {
        variables.push(("HUAWEICLOUD_PROFILE".to_owned(), name.to_owned()));
    }
    let root = home.path("").display().to_string();
    let loader = alone(Loader::new()).with_home_dir(home.path(""));
    let loader = loader.with_environment(move |name| {
        let found = variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    });
    let config = loader.load().await;
    let config = config.map_err(|error| {
        error
            .to_string()
            .replace(root.trim_end_matches('/'), "{root}")
    })?;
    let mut found = Map::new();
    let credentials = config.credentials().unwrap();
    let shown = format!("{credentials:?}");
    if shown.contains("provider_id") {
        for (name, start) in [("idp_id", "provider_id: \""), ("id_token_file", "File(\"")] {
            let (_, rest) = shown.split_once(start).unwrap();
            found.insert(name.to_owned(), json!(rest.split('"').next().unwrap()));
        }
    } else if let Credential::AccessKey(key) = credentials.credential().await.unwrap() {
        add_key(&mut found, &key);
    }
    let project = config.project_id().map(str::to_owned);
    for (name, value) in [
        ("project_id", project),
        ("domain_id", config.domain_id().map(str::to_owned)),
        ("iam_endpoint", config.endpoint("iam").map(str::to_owned)),
    ] {
        if let Some(value) = value {
            found.insert(name.to_owned(), json!(value));
        }
    }
    Ok(found)
}

fn add_key(found: &mut Map<String, Value>, key: &AccessKey) {
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            found.insert(name.to_owned(), json!(value));
        }
    };
    add("ak", Some(&key.access));
    add("sk", Some(key.secret.expose()));
    add(
        "security_token",
        key.security_token.as_ref().map(|token| token.expose()),
    );
    add("project_id", key.project_id.as_deref());
    add("domain_id", key.domain_id.as_deref());
}

async fn metadata(case: &Value) -> Result<Map<String, Value>, String> {
    let answers = case["answers"].clone();
    let server = Canned::start(move |request| {
        let answer = &answers[request.split(' ').next().unwrap()];
        let status = answer[0].as_u64().unwrap();
        http(
            u16::try_from(status).unwrap(),
            "",
            answer[1].as_str().unwrap(),
        )
    });
    let server = server.await;
    let credentials = MetadataCredentials::at(&server.url).unwrap();
    let credential = credentials.credential().await.map_err(|error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        source.unwrap_or_default()
    })?;
    let mut found = Map::new();
    if let Credential::AccessKey(key) = credential {
        add_key(&mut found, &key);
    }
    let requests = server.seen();
    let requests = requests.iter().map(|request| {
        let line = request.split(" HTTP").next().unwrap();
        let token = request
            .lines()
            .find_map(|line| line.strip_prefix("x-metadata-token: "));
        token.map_or(line.to_owned(), |token| format!("{line} with {token}"))
    });
    found.insert("requests".to_owned(), requests.collect());
    Ok(found)
}

/// Compares the results. Returns `same`, the error of this crate, the difference, or a note that only the official SDK
/// returns an error.
fn verdict(theirs: &Value, ours: Result<Map<String, Value>, String>) -> String {
    let ours = match (ours, theirs.get("refused")) {
        // If the error lists all sources, the function returns only the line about the profile file. Otherwise the
        // function returns the whole error.
        (Err(refusal), _) => {
            let mut lines = refusal
                .lines()
                .filter(|line| line.contains("credentials: {root}"));
            return lines.next().unwrap_or(&refusal).trim().to_owned();
        }
        (Ok(_), Some(_)) => return "read, though they refuse it".to_owned(),
        (Ok(ours), None) => ours,
    };
    // This crate keeps the ids of the project and of the account. The official SDK keeps only one of these ids. So the
    // function compares each of these two ids only if the official SDK has the id.
    let both =
        |name: &&str| theirs.get(*name).is_some() || !name.ends_with("_id") || *name == "idp_id";
    let names = [
        "ak",
        "sk",
        "security_token",
        "project_id",
        "domain_id",
        "iam_endpoint",
        "idp_id",
        "id_token_file",
        "requests",
    ];
    let names = names.into_iter().filter(both);
    let different: Vec<&str> = names
        .filter(|name| theirs.get(*name) != ours.get(*name))
        .collect();
    match different.as_slice() {
        [] => "same".to_owned(),
        some => format!("DIFFERENT: {}", some.join(", ")),
    }
}

#[tokio::test]
async fn this_crate_reads_each_case_as_recorded_and_no_value_differs_from_the_sdk() {
    let record = record(RECORD);
    let mut wrong = Vec::new();
    for case in record["cases"].as_array().unwrap() {
        let verdict = verdict(&case["theirs"], read(case).await);
        if verdict != case["ours"].as_str().unwrap() || verdict.starts_with("DIFFERENT") {
            wrong.push(format!(
                "{}: {verdict}\n  recorded: {}",
                case["name"], case["ours"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "fetches the official Python SDK; run with `--test readers -- --ignored`"]
async fn the_official_sdk_agrees_with_the_record() {
    let Some(python) = Python::with(&PACKAGES) else {
        return;
    };
    let mut new = record(RECORD);
    new["origin"] = json!(PACKAGES.map(|name| format!("{name} {}", python.version(name))));
    let cases = new["cases"].as_array_mut().unwrap();
    let theirs = python.run("read_profiles.py", &[], &json!(cases));
    assert_eq!(theirs.len(), cases.len());
    for (case, theirs) in cases.iter_mut().zip(theirs) {
        case["ours"] = json!(verdict(&theirs, read(case).await));
        case["theirs"] = theirs;
    }
    compare(RECORD, &new);
}
