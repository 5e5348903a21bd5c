//! Tests the service `lights`. A test in `new.rs` adds this service, and then runs this file. The sandbox must answer
//! with the documented examples. A program must be able to set the address of the service.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use huaweicloud::config::Loader;
use huaweicloud::lights::types::{Bulb, Level, LightOutcome, Mode, Spark, Tree};
use huaweicloud::{AccessKey, Call, Config, Download, Json, Secret, ShowSecrets, lights};
use huaweicloud_sandbox::Sandbox;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

async fn client() -> (Sandbox, lights::Client) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let details = sandbox.details();
    let key = AccessKey::new(&details.access_key, details.secret_key.as_str());
    let settings = Config::builder()
        .credentials(key)
        .project_id(&details.project_id)
        .region("cn-north-4")
        .endpoint("lights", &details.addresses.lights);
    let client = lights::Client::new(&settings.build().unwrap()).unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn the_sandbox_answers_show_lamp() {
    let (_sandbox, client) = client().await;
    client.show_lamp("7").await.unwrap();
}

/// Checks that the call returns the example. The compiler checks that the answer has the Rust type `T`.
async fn answers<T: Serialize>(call: Call<T>, example: &str) {
    let answer = call.await.unwrap().into_inner();
    let example: Value = serde_json::from_str(example).unwrap();
    let answer = serde_json::to_value(ShowSecrets(&answer)).unwrap();
    assert_eq!(answer, example);
}

async fn file(call: Call<Download>, example: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut file = call.await.unwrap();
    let path = file.save_in(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join("show_answer_file.csv"));
    assert_eq!(std::fs::read_to_string(path).unwrap(), example);
}

fn value<T: DeserializeOwned>(example: &str) -> T {
    serde_json::from_str(example).unwrap()
}

#[tokio::test]
async fn the_sandbox_answers_the_calls_of_the_shapes() {
    let (_sandbox, client) = client().await;
    // `new.rs` replaces this line with the code that `shapes::calls` returns.
}

fn loader(variable: &str) -> Loader {
    let variables = [
        ("HUAWEICLOUD_SDK_AK", "AKIDEXAMPLE"),
        ("HUAWEICLOUD_SDK_SK", "Planted-secret-key"),
        (variable, "https://lights.example.com"),
    ];
    Loader::new().with_variables(variables).without_metadata()
}

#[tokio::test]
async fn programs_can_set_the_address_of_the_service() {
    let config = loader("HUAWEICLOUD_ENDPOINT_LIGHTS").load().await.unwrap();
    assert_eq!(
        config.endpoint("lights"),
        Some("https://lights.example.com")
    );
    let settings = Config::builder().endpoint("lights", "https://lights.example.com");
    let loader = loader("HUAWEICLOUD_REGION_OF_NOBODY");
    let config = loader
        .with_settings(settings.build().unwrap())
        .load()
        .await
        .unwrap();
    assert_eq!(
        config.endpoint("lights"),
        Some("https://lights.example.com")
    );
}

#[tokio::test]
async fn a_misspelt_service_name_is_refused() {
    let error = loader("HUAWEICLOUD_ENDPOINT_LIGTHS")
        .load()
        .await
        .unwrap_err();
    let meant = "did you mean HUAWEICLOUD_ENDPOINT_LIGHTS?";
    assert!(error.to_string().contains(meant), "{error}");
    let settings = Config::builder().endpoint("ligths", "https://lights.example.com");
    let loader = loader("HUAWEICLOUD_REGION_OF_NOBODY");
    let error = loader
        .with_settings(settings.build().unwrap())
        .load()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("did you mean lights?"),
        "{error}"
    );
}
