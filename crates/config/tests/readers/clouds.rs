//! Compares how this crate, openstacksdk and keystoneauth1 read `clouds.yaml`, `secure.yaml` and the `OS_` variables.

use crate::peer::{Python, compare, record};
use crate::support::alone;
use crate::support::canned::{Canned, JSON, http};
use crate::support::home::Home;
use huaweicloud_config::Loader;
use huaweicloud_core::reqwest::Client;
use huaweicloud_core::{Config, Credential, Error, RetryPolicy, http_client_builder};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;
use std::time::Duration;

const RECORD: &str = "clouds.json";
const PACKAGES: [&str; 2] = ["openstacksdk", "keystoneauth1"];

/// Returns the settings that this crate reads for a case, such as the region, the address of the login, and the user.
async fn read(case: &Value, iam: &Canned) -> Result<Map<String, Value>, String> {
    let files = case["files"].as_object().unwrap();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str().unwrap()))
        .collect();
    let root = Home::new(&files);
    let shown = root.path("").display().to_string();
    let shown = shown.trim_end_matches('/').to_owned();
    let hide = |error: Error| error.to_string().replace(&shown, "{root}");
    let config = load(case, &root, None).await.map_err(hide)?;
    let address = huaweicloud_iam::Client::new(&config).map_err(hide)?;
    let address = address.session().endpoint();
    let mut found = Map::new();
    let mut add = |name: &str, value: &Value| {
        if !value.is_null() {
            found.insert(name.to_owned(), value.clone());
        }
    };
    add("region", &json!(config.region()));
    add("address", &json!(address.trim_end_matches('/')));
    // The test loads the configuration again, with an IAM that records the requests.
    let before = iam.seen().len();
    let config = load(case, &root, Some(&iam.url)).await.map_err(hide)?;
    let credentials = config.credentials().unwrap();
    match credentials.credential().await.map_err(hide)? {
        Credential::Token(token) if iam.seen().len() == before => {
            add("token", &json!(token.value.expose()));
            // If the token has no project id, the client looks up the id later. The test then compares project names.
            let shown = format!("{credentials:?}");
            let named = shown.split_once("project_name: Some(\"");
            let named = named.and_then(|(_, rest)| rest.split('"').next());
            if token.project_id.is_none() {
                add("project", &json!(named));
            }
            add("project_id", &json!(token.project_id));
        }
        Credential::Token(_) => {
            let seen = iam.seen();
            let (_, body) = seen.last().unwrap().split_once("\r\n\r\n").unwrap();
            let body: Value = serde_json::from_str(body).unwrap();
            let identity = &body["auth"]["identity"];
            let (user, project) = (
                &identity["password"]["user"],
                &body["auth"]["scope"]["project"],
            );
            add("user", &user["name"]);
            add("user_id", &user["id"]);
            add("domain", &user["domain"]["name"]);
            add("domain_id", &user["domain"]["id"]);
            add("password", &user["password"]);
            add("passcode", &identity["totp"]["user"]["passcode"]);
            add("project", &project["name"]);
            add("project_id", &project["id"]);
        }
        other => panic!("{other:?}"),
    }
    Ok(found)
}

async fn load(case: &Value, root: &Home, iam: Option<&str>) -> Result<Config, Error> {
    let mut variables: Vec<(String, String)> = Vec::new();
    variables.push(("HOME".to_owned(), root.path("home").display().to_string()));
    for (name, value) in case["variables"].as_object().unwrap() {
        let path = root.path("").display().to_string();
        let value = value.as_str().unwrap();
        let value = value.replace("{root}", path.trim_end_matches('/'));
        variables.push((name.clone(), value));
    }
    if let Some(iam) = iam {
        variables.push(("HUAWEICLOUD_ENDPOINT_IAM".to_owned(), iam.to_owned()));
    }
    // The test creates the client once, because reading the certificates of the machine takes some time.
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let client = CLIENT.get_or_init(|| {
        let builder = http_client_builder(Duration::from_secs(10)).unwrap();
        // An idle connection belongs to a runtime, and each test has its own runtime. So the client keeps no idle
        // connections.
        builder.pool_max_idle_per_host(0).build().unwrap()
    });
    let settings = Config::builder().retry(RetryPolicy::none());
    let settings = settings.http_client(client.clone()).build()?;
    alone(Loader::new())
        .with_settings(settings)
        .with_current_dir(root.path("cwd"))
        .with_environment(move |name| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
        .load()
        .await
}

/// Compares the results. Returns `same`, the error of this crate, or the difference. If only openstacksdk refuses the
/// case, returns "read, though they refuse it".
fn verdict(theirs: &Value, ours: Result<Map<String, Value>, String>) -> String {
    let ours = match (ours, theirs.get("refused")) {
        // If the error lists all sources, the function returns only the line about `clouds.yaml`. Otherwise the
        // function returns the whole error.
        (Err(refusal), _) => {
            let mut lines = refusal
                .lines()
                .filter(|line| line.contains("in clouds.yaml: "));
            return lines.next().unwrap_or(&refusal).trim().to_owned();
        }
        (Ok(_), Some(_)) => return "read, though they refuse it".to_owned(),
        (Ok(ours), None) => ours,
    };
    let mut keys = vec![
        "address", "user", "user_id", "password", "passcode", "token",
    ];
    // If these settings are missing, openstacksdk logs in without a region, a project or an account. This crate finds
    // the values in other settings. So the function compares these settings only if openstacksdk has them.
    let optional = [
        ("region", &["region"][..]),
        ("project", &["project", "project_id"][..]),
        ("domain", &["domain", "domain_id"][..]),
    ];
    let is_there = |name: &&str| {
        let text = theirs.get(*name).and_then(Value::as_str);
        // openstacksdk writes a missing value as the string `None`.
        text.is_some_and(|text| !text.trim().is_empty() && text != "None")
    };
    for (_, names) in optional {
        if names.iter().any(is_there) {
            keys.extend(names);
        }
    }
    let different: Vec<&str> = keys
        .into_iter()
        .filter(|key| theirs.get(*key) != ours.get(*key))
        .collect();
    match different.as_slice() {
        [] => "same".to_owned(),
        some => format!("DIFFERENT: {}", some.join(", ")),
    }
}

/// Returns whether `secure.yaml` contains a blank value.
///
/// In this crate, such a value replaces nothing. In openstacksdk, the blank value replaces the value in `clouds.yaml`.
/// If the same setting exists outside of `auth`, openstacksdk then uses that setting.
fn has_blank_over(case: &Value) -> bool {
    let mut files = case["files"].as_object().unwrap().iter();
    files.any(|(name, text)| name.contains("/secure.") && text.as_str().unwrap().contains("''"))
}

async fn iam() -> Canned {
    let token =
        r#"{"token":{"issued_at":"2026-01-01T00:00:00Z","expires_at":"2100-01-01T00:00:00Z"}}"#;
    Canned::start(move |_| http(201, &format!("X-Subject-Token: t\r\n{JSON}"), token)).await
}

#[tokio::test]
async fn this_crate_reads_each_case_as_recorded() {
    let record = record(RECORD);
    let iam = iam().await;
    let (mut same, mut wrong) = (0, Vec::new());
    for case in record["cases"].as_array().unwrap() {
        let verdict = verdict(&case["theirs"], read(case, &iam).await);
        same += usize::from(verdict == "same");
        if verdict != case["ours"].as_str().unwrap() {
            wrong.push(format!(
                "{}: {verdict}\n  recorded: {}",
                case["name"], case["ours"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(same >= 60, "only {same} cases are the same");
}

/// This crate can refuse a recorded case. But this crate and openstacksdk must not read different values.
#[test]
fn no_recorded_case_is_read_differently() {
    for case in record(RECORD)["cases"].as_array().unwrap() {
        let ours = case["ours"].as_str().unwrap();
        assert!(!ours.starts_with("DIFFERENT"), "{}: {ours}", case["name"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "fetches openstacksdk; run with `--test readers -- --ignored`"]
async fn openstacksdk_agrees_with_the_record_and_with_this_crate() {
    let Some(python) = Python::with(&PACKAGES) else {
        return;
    };
    let iam = iam().await;
    let mut new = record(RECORD);
    new["origin"] = json!(PACKAGES.map(|name| format!("{name} {}", python.version(name))));
    let cases = new["cases"].as_array_mut().unwrap();
    let theirs = python.run("read_clouds.py", &["read"], &json!(cases));
    assert_eq!(theirs.len(), cases.len());
    for (case, theirs) in cases.iter_mut().zip(theirs) {
        let ours = verdict(&theirs, read(case, &iam).await);
        case["theirs"] = theirs;
        case["ours"] = json!(ours);
    }
    compare(RECORD, &new);
    let setting =
        |name: &str, usual: &str| std::env::var(name).unwrap_or_else(|_| usual.to_owned());
    let seed = setting("HUAWEICLOUD_READERS_SEED", "20261128");
    let count = setting("HUAWEICLOUD_READERS_COUNT", "150");
    let own: Vec<&Value> = new["cases"].as_array().unwrap().iter().collect();
    let made = json!(python.run("read_clouds.py", &["mutate", &seed, &count], &json!(own)));
    let theirs = python.run("read_clouds.py", &["read"], &made);
    let mut wrong = Vec::new();
    for (case, theirs) in made.as_array().unwrap().iter().zip(theirs) {
        let ours = read(case, &iam).await;
        let shown = format!("{ours:?}");
        let verdict = verdict(&theirs, ours);
        if verdict.starts_with("DIFFERENT") && !has_blank_over(case) {
            wrong.push(format!(
                "{verdict}\n{case:#}\ntheirs: {theirs}\nours: {shown}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "seed {seed}: {} differ\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
