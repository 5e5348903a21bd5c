//! Tests how the loader reads the name of a service in variables such as `HUAWEICLOUD_ENDPOINT_DCS` and in settings.

use huaweicloud_config::Loader;
use huaweicloud_core::Config;

/// Loads a configuration from an access key and from a variable with this name. The variable contains an address.
async fn with_variable(name: &str) -> Result<Config, String> {
    let variables = [
        ("HUAWEICLOUD_SDK_AK", "AKIDEXAMPLE"),
        ("HUAWEICLOUD_SDK_SK", "Planted-secret-key"),
        (name, "https://there.example.com"),
    ];
    let loader = Loader::new().with_variables(variables).without_metadata();
    let folder = tempfile::tempdir().unwrap();
    let loader = loader
        .with_home_dir(folder.path())
        .with_current_dir(folder.path());
    loader.load().await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn each_service_has_a_variable() {
    for (variable, service) in [
        ("HUAWEICLOUD_ENDPOINT_DCS", "dcs"),
        ("HUAWEICLOUD_ENDPOINT_IAM", "iam"),
        ("HUAWEICLOUD_ENDPOINT_ROMA_LINK", "roma-link"),
        ("HUAWEICLOUD_ENDPOINT_STS", "sts"),
        ("HUAWEICLOUD_SDK_STS_ENDPOINT", "sts"),
    ] {
        let config = with_variable(variable).await.unwrap();
        let address = Some("https://there.example.com");
        assert_eq!(config.endpoint(service), address, "{variable}");
    }
}

#[tokio::test]
async fn the_error_of_a_misspelt_variable_suggests_the_right_name() {
    for (variable, meant) in [
        ("HUAWEICLOUD_ENDPOINT_DSC", "HUAWEICLOUD_ENDPOINT_DCS"),
        (
            "HUAWEICLOUD_ENDPOINT_ROMALINK",
            "HUAWEICLOUD_ENDPOINT_ROMA_LINK",
        ),
        ("HUAWEICLOUD_ENDPOINT_IAN", "HUAWEICLOUD_ENDPOINT_IAM"),
    ] {
        let error = with_variable(variable).await.unwrap_err();
        let named = format!("the variable {variable} is for an unknown service");
        let meant = format!("did you mean {meant}?");
        assert!(error.contains(&named) && error.contains(&meant), "{error}");
    }
    let error = with_variable("HUAWEICLOUD_ENDPOINT_WEATHER")
        .await
        .unwrap_err();
    assert!(!error.contains("did you mean"), "{error}");
    assert!(error.contains("HUAWEICLOUD_ENDPOINT_IAM"), "{error}");
}

#[tokio::test]
async fn the_error_of_a_misspelt_service_name_suggests_the_right_name() {
    let settings = Config::builder().endpoint("romalink", "https://there.example.com");
    let loader = Loader::new().with_variables([("HUAWEICLOUD_SDK_AK", "AKIDEXAMPLE")]);
    let error = loader
        .with_settings(settings.build().unwrap())
        .without_metadata()
        .load()
        .await
        .unwrap_err();
    let error = error.to_string();
    assert!(error.contains("did you mean roma-link?"), "{error}");
}
