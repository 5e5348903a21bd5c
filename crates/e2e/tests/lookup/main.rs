//! Tests how a client looks up the project and the account. The client looks up their ids if neither the configuration
//! nor the credentials contain the ids. The tests check the requests to IAM, the number of requests, and the effects of
//! the answers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

#[path = "../support/mod.rs"]
mod support;
mod told;

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use huaweicloud::config::Loader;
use huaweicloud::dcs::types::ListInstancesParams;
use huaweicloud::iam::types::ListProjectsParams;
use huaweicloud::roma_link::types::ListDevicesParams;
use huaweicloud::{Config, Credential, Error, ErrorKind, ProvideCredential, dcs, iam, roma_link};
use huaweicloud_e2e::{Log, Recorder};
use huaweicloud_sandbox::Options;
use serde_json::{Value, json};
use support::World;
use told::Told;

/// Returns the configuration that `load()` makes with these settings. The variables replace the process environment.
async fn load(settings: Config, variables: &[(&str, &str)]) -> Config {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let read = move |name: &str| {
        let found = variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let loader = Loader::new().with_environment(read).without_metadata();
    loader.with_settings(settings).load().await.unwrap()
}

async fn list(world: &World, link: &roma_link::Client) -> Result<(), Error> {
    let instance = &world.sandbox.details().instance_id;
    let answer = link
        .list_devices(instance, &ListDevicesParams::default())
        .await;
    answer.map(drop)
}

/// Returns a configuration with the access key of the sandbox and these variables.
async fn key(world: &World, more: &[(&str, &str)]) -> Config {
    let details = world.sandbox.details();
    let mut variables = vec![
        ("HW_ACCESS_KEY", details.access_key.as_str()),
        ("HW_SECRET_KEY", details.secret_key.as_str()),
    ];
    variables.extend(more);
    load(world.config().build().unwrap(), &variables).await
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_calls_look_up_the_project_only_once() {
    let world = World::new().await;
    let config = key(&world, &[("HW_REGION_NAME", "eu-de")]).await;
    let link = roma_link::Client::new(&config).unwrap();
    assert_eq!(
        world.sandbox.requests_seen("list_projects"),
        0,
        "the client looked up the project before the first call"
    );
    for result in join_all((0..100).map(|_| list(&world, &link))).await {
        result.unwrap();
    }
    let other = roma_link::Client::new(&config).unwrap();
    list(&world, &other).await.unwrap();
    assert_eq!(world.sandbox.requests_seen("list_projects"), 1);
    assert_eq!(world.sandbox.requests_seen("list_devices"), 101);
}

#[tokio::test]
async fn a_client_finds_a_subproject_by_its_name() {
    let world = World::with(Options::default().project_name("eu-de_team")).await;
    let config = key(&world, &[("HW_PROJECT_NAME", "eu-de_team")]).await;
    assert_eq!(config.region(), Some("eu-de"));
    list(&world, &roma_link::Client::new(&config).unwrap())
        .await
        .unwrap();
    assert_eq!(world.sandbox.requests_seen("list_projects"), 1);
}

#[tokio::test]
async fn a_client_finds_the_project_of_a_token() {
    let world = World::new().await;
    let Credential::Token(token) = world.password().credential().await.unwrap() else {
        panic!("no token");
    };
    let variables = [
        ("OS_TOKEN", token.value.expose()),
        ("OS_REGION_NAME", "eu-de"),
    ];
    let config = load(world.config().build().unwrap(), &variables).await;
    list(&world, &roma_link::Client::new(&config).unwrap())
        .await
        .unwrap();
    assert_eq!(world.sandbox.requests_seen("list_auth_projects"), 1);
    assert_eq!(world.sandbox.requests_seen("list_projects"), 0);
}

#[tokio::test]
async fn a_client_does_not_look_up_a_configured_project() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let named = [
        ("HW_REGION_NAME", "eu-de"),
        ("HW_PROJECT_ID", details.project_id.as_str()),
    ];
    let config = key(&world, &named).await;
    list(&world, &roma_link::Client::new(&config).unwrap())
        .await
        .unwrap();
    let config = key(&world, &[("HW_REGION_NAME", "eu-de")]).await;
    let link = roma_link::Client::new(&config).unwrap();
    list(&world, &link.with_project(&details.project_id))
        .await
        .unwrap();
    for operation in ["list_projects", "list_auth_projects", "list_auth_domains"] {
        assert_eq!(world.sandbox.requests_seen(operation), 0, "{operation}");
    }
}

#[tokio::test]
async fn the_error_for_a_missing_project_lists_the_existing_projects() {
    let world = World::new().await;
    let config = key(&world, &[("HW_REGION_NAME", "eu-nl")]).await;
    let link = roma_link::Client::new(&config).unwrap();
    let error = list(&world, &link).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let (text, id) = (error.to_string(), &world.sandbox.details().project_id);
    let expected = format!("the project eu-nl was not found; there are eu-de ({id})");
    assert!(
        text.contains(&expected) && text.contains("HW_PROJECT_ID"),
        "{text}"
    );
    assert_eq!(world.sandbox.requests_seen("list_devices"), 0);
}

#[tokio::test]
async fn a_signed_request_without_a_project_names_the_account() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let log = Log::default();
    let recorder = Recorder::start("iam", &details.addresses.iam, &log)
        .await
        .unwrap();
    let settings = Config::builder().endpoint("iam", &recorder.address);
    let variables = [
        ("HW_ACCESS_KEY", details.access_key.as_str()),
        ("HW_SECRET_KEY", details.secret_key.as_str()),
    ];
    let config = load(settings.build().unwrap(), &variables).await;
    let iam = iam::Client::new(&config).unwrap();
    for _ in 0..2 {
        iam.list_projects(&ListProjectsParams::default())
            .await
            .unwrap();
    }
    let exchanges = log.take();
    let calls: Vec<_> = exchanges
        .iter()
        .map(|exchange| {
            let domain = exchange.headers.get("x-domain-id");
            (
                exchange.target.as_str(),
                domain.map(|id| id.to_str().unwrap()),
            )
        })
        .collect();
    let domain = Some(details.domain_id.as_str());
    let projects = ("/v3/projects", domain);
    assert_eq!(calls, [("/v3/auth/domains", None), projects, projects]);
}

/// Returns a client with an access key, and with endpoints for two regions.
async fn client(told: &Told) -> dcs::Client {
    let mut settings = Config::builder().region("eu-de");
    for region in ["eu-de", "eu-nl"] {
        settings = settings
            .region_endpoint("iam", region, format!("{}/{region}", told.url))
            .region_endpoint("dcs", region, &told.url);
    }
    let variables = [("HW_ACCESS_KEY", "A"), ("HW_SECRET_KEY", "Planted-key")];
    let config = load(settings.build().unwrap(), &variables).await;
    dcs::Client::new(&config).unwrap()
}

async fn call(client: &dcs::Client) -> Result<(), Error> {
    let answer = client.list_instances(&ListInstancesParams::default()).await;
    answer.map(drop)
}

fn projects(named: &[(&str, &str)]) -> Value {
    let one = |(name, id): &(&str, &str)| json!({"name": name, "id": id, "enabled": true});
    json!({"projects": named.iter().map(one).collect::<Vec<_>>(), "links": {}})
}

#[tokio::test]
async fn a_client_looks_up_the_project_of_each_region() {
    let told = Told::new(|target| {
        let name = target.rsplit('=').next().unwrap();
        (200, projects(&[(name, &format!("id-of-{name}"))]))
    })
    .await;
    let client = client(&told).await;
    call(&client).await.unwrap();
    call(&client.with_region("eu-nl").unwrap()).await.unwrap();
    call(&client).await.unwrap();
    let seen = told.take();
    let paths: Vec<&str> = seen
        .iter()
        .map(|target| target.split("/instances").next().unwrap())
        .collect();
    let expected = [
        "/eu-de/v3/projects?name=eu-de",
        "/v2/id-of-eu-de",
        "/eu-nl/v3/projects?name=eu-nl",
        "/v2/id-of-eu-nl",
        "/v2/id-of-eu-de",
    ];
    assert_eq!(paths, expected);
}

#[tokio::test]
async fn the_error_lists_several_projects_with_the_same_name() {
    let told = Told::new(|_| (200, projects(&[("eu-de", "one"), ("eu-de", "two")]))).await;
    let client = client(&told).await;
    for _ in 0..2 {
        let text = call(&client).await.unwrap_err().to_string();
        assert!(
            text.contains("eu-de (one), eu-de (two)") && text.contains("project_id"),
            "{text}"
        );
    }
    assert_eq!(told.take().len(), 2, "each call makes its own lookup");
}

#[tokio::test]
async fn a_client_without_permissions_finds_the_project_of_its_user() {
    let told = Told::new(|target| match target {
        "/eu-de/v3/auth/projects" => (200, projects(&[("MOS", "mos"), ("eu-de", "mine")])),
        _ => (403, json!({"error_code": "IAM.0003", "error_msg": "no"})),
    })
    .await;
    call(&client(&told).await).await.unwrap();
    assert!(told.take()[2].starts_with("/v2/mine/"));
}

#[tokio::test]
async fn the_next_call_retries_a_failed_lookup() {
    let times = Arc::new(Mutex::new(0));
    let told = Told::new(move |_| {
        let mut times = times.lock().unwrap();
        *times += 1;
        match *times {
            1 => (
                401,
                json!({"error_code": "APIGW.0301", "error_msg": "Planted-0001"}),
            ),
            2 => (200, json!({"projects": "Planted-0001"})),
            3 => (200, projects(&[("eu-de", "../Planted-0001")])),
            _ => (200, projects(&[("eu-de", "p")])),
        }
    })
    .await;
    let client = client(&told).await;
    for (kind, part) in [
        (ErrorKind::Service, "APIGW.0301"),
        (ErrorKind::Decode, "projects: expected array"),
        (ErrorKind::UnexpectedAnswer, "the id that IAM gives"),
    ] {
        let error = call(&client).await.unwrap_err();
        let text = error.to_string();
        assert!(error.kind() == kind && text.contains(part), "{text}");
        let shown = format!("{text} {error:?} {client:?}");
        assert!(!shown.contains("Planted-0001"), "{shown}");
    }
    call(&client).await.unwrap();
    assert!(told.take().last().unwrap().starts_with("/v2/p/"));
}
