//! A service that was added by the recipe: the sandbox answers its example, and its address is found by its name.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use huaweicloud::config::Loader;
use huaweicloud::{AccessKey, Config, lights};
use huaweicloud_sandbox::Sandbox;

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
async fn the_sandbox_answers_the_example() {
    let (_sandbox, client) = client().await;
    client.show_lamp("7").await.unwrap();
}

/// The type is that of the document, and the value that of the example.
#[tokio::test]
async fn each_shape_is_answered() {
    let (_sandbox, client) = client().await;
    macro_rules! answers {
        ($($call:ident $type:ty = $value:expr;)*) => {
            $(let answer: $type = client.$call().await.unwrap().into_inner();
            assert_eq!(serde_json::to_value(answer).unwrap(), $value, stringify!($call));)*
        };
    }
    use lights::types::{Bulb, Mode};
    use serde_json::json;
    use std::collections::BTreeMap;
    answers! {
        show_answer_text String = json!("example");
        show_answer_short i32 = json!(7);
        show_answer_long i64 = json!(7);
        show_answer_number f64 = json!(0.5);
        show_answer_flag bool = json!(true);
        show_answer_option Mode = json!("on");
        show_answer_object Bulb = json!({"name": "example"});
        show_answer_texts Vec<String> = json!(["example"]);
        show_answer_longs Vec<i64> = json!([7]);
        show_answer_options Vec<Mode> = json!(["on"]);
        show_answer_objects Vec<Bulb> = json!([{"name": "example"}]);
        show_answer_nested Vec<Vec<i64>> = json!([[7]]);
        show_answer_map BTreeMap<String, String> = json!({"key": "example"});
        show_answer_map_of_objects BTreeMap<String, Bulb> = json!({"key": {"name": "example"}});
        show_answer_map_of_lists BTreeMap<String, Vec<String>> = json!({"key": ["example"]});
    }
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
async fn its_address_is_accepted() {
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
async fn a_misspelt_one_is_refused() {
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
