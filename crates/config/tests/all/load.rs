//! Tests of the configuration that the loader makes from variables. The tests do not change the process environment.

use crate::support;

use huaweicloud_config::Loader;
use huaweicloud_core::{AccessKey, Config, Credential, ErrorKind, Token};
use support::variables::{credential, load, loader};
use support::{Cloud, SERVICE, call};

#[tokio::test]
async fn access_keys_are_found_in_every_family_of_variables() {
    let full = |ak| {
        AccessKey::new(ak, "s")
            .with_security_token("t")
            .with_project("p")
    };
    for (prefix, [access, secret, token, project], key) in [
        (
            "HUAWEICLOUD_SDK_",
            ["AK", "SK", "SECURITY_TOKEN", "PROJECT_ID"],
            full("a").with_domain("d"),
        ),
        (
            "HW_",
            ["ACCESS_KEY", "SECRET_KEY", "SECURITY_TOKEN", "PROJECT_ID"],
            full("b").with_domain("d"),
        ),
        (
            "OTC_SDK_",
            ["AK", "SK", "SECURITY_TOKEN", "PROJECTID"],
            full("c"),
        ),
        (
            "OS_",
            ["ACCESS_KEY", "SECRET_KEY", "SECURITY_TOKEN", "PROJECT_ID"],
            full("e").with_domain("d"),
        ),
    ] {
        let name = |rest: &str| format!("{prefix}{rest}");
        let config = load(&[
            (&name(access), &key.access),
            (&name(secret), "s"),
            (&name(token), "t"),
            (&name(project), "p"),
            (&name("DOMAIN_ID"), "d"),
        ])
        .await
        .unwrap();
        assert_eq!(
            credential(&config).await,
            Credential::AccessKey(key),
            "{prefix}"
        );
    }
}

#[tokio::test]
async fn tokens_are_found_with_their_project() {
    for (name, project) in [
        ("OS_TOKEN", "OS_PROJECT_ID"),
        ("HW_AUTH_TOKEN", "HW_PROJECT_ID"),
    ] {
        let config = load(&[(name, "t"), (project, "p")]).await.unwrap();
        let token = Token::new("t").with_project("p");
        assert_eq!(credential(&config).await, Credential::Token(token));
    }
}

#[tokio::test]
async fn the_loader_uses_the_first_source_in_the_documented_order() {
    let all = [
        ("HUAWEICLOUD_SDK_AK", "sdk"),
        ("HUAWEICLOUD_SDK_SK", "s"),
        ("HW_ACCESS_KEY", "hw"),
        ("HW_SECRET_KEY", "s"),
        ("OTC_SDK_AK", "otc"),
        ("OTC_SDK_SK", "s"),
        ("OS_ACCESS_KEY", "os"),
        ("OS_SECRET_KEY", "s"),
        ("OS_TOKEN", "os-token"),
        ("HW_AUTH_TOKEN", "hw-token"),
    ];
    let key = |access| Credential::AccessKey(AccessKey::new(access, "s"));
    let token = |value| Credential::Token(Token::new(value));
    let order = [
        (0, key("sdk")),
        (2, key("hw")),
        (4, key("otc")),
        (6, key("os")),
        (8, token("os-token")),
        (9, token("hw-token")),
    ];
    for (from, expected) in order {
        let config = load(&all[from..]).await.unwrap();
        assert_eq!(credential(&config).await, expected);
    }
}

#[tokio::test]
async fn the_error_of_an_incomplete_source_names_the_missing_settings() {
    let cases: [(&[(&str, &str)], &str); 6] = [
        (
            &[("HUAWEICLOUD_SDK_AK", "hunter2"), ("OS_TOKEN", "t")],
            "HUAWEICLOUD_SDK_AK is set in the environment, but HUAWEICLOUD_SDK_SK is not; set HUAWEICLOUD_SDK_SK, or unset HUAWEICLOUD_SDK_AK",
        ),
        (
            &[("HW_SECRET_KEY", "hunter2"), ("HW_ACCESS_KEY", " ")],
            "HW_SECRET_KEY is set in the environment, but HW_ACCESS_KEY is not; set",
        ),
        (
            &[("OTC_SDK_SECURITY_TOKEN", "hunter2")],
            "OTC_SDK_SECURITY_TOKEN is set in the environment, but OTC_SDK_AK and OTC_SDK_SK are not; set",
        ),
        (
            &[("OS_USERNAME", "u"), ("OS_PASSWORD", "hunter2")],
            "OS_USERNAME and OS_PASSWORD are set in the environment, but OS_USER_DOMAIN_NAME or OS_DOMAIN_NAME is not; set OS_USER_DOMAIN_NAME or OS_DOMAIN_NAME, or unset OS_USERNAME and OS_PASSWORD",
        ),
        (
            &[("HW_USER_PASSWORD", "hunter2"), ("HW_DOMAIN_NAME", "d")],
            "HW_USER_PASSWORD and HW_DOMAIN_NAME are set in the environment, but HW_USER_NAME is not; set",
        ),
        (
            &[("HUAWEICLOUD_OIDC_ID_TOKEN", "hunter2")],
            "HUAWEICLOUD_OIDC_ID_TOKEN is set in the environment, but HUAWEICLOUD_OIDC_PROVIDER_URN and HUAWEICLOUD_OIDC_AGENCY_URN are not; set",
        ),
    ];
    for (variables, expected) in cases {
        let error = load(variables).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

/// If variables name an agency, Huawei Cloud's Terraform provider acts as the agency even with the key of a profile.
/// Users can expect the same of this crate.
///
/// If this crate ignored the agency, a program could delete resources in the wrong account.
#[tokio::test]
async fn an_agency_without_credentials_of_its_family_is_an_error() {
    let sdk = [
        ("HUAWEICLOUD_SDK_AK", "a"),
        ("HUAWEICLOUD_SDK_SK", "hunter2"),
    ];
    let hw = [("HW_ACCESS_KEY", "a"), ("HW_SECRET_KEY", "hunter2")];
    let (in_sdk, in_hw) = (
        "the access key in HUAWEICLOUD_SDK_AK",
        "the access key in HW_ACCESS_KEY",
    );
    for (key, taken, agency, cure) in [
        (
            sdk,
            in_sdk,
            "OS_AGENCY_NAME",
            "OS_ACCESS_KEY and OS_SECRET_KEY, or set OS_USERNAME",
        ),
        (
            hw,
            in_hw,
            "OS_TARGET_DOMAIN_NAME",
            "OS_ACCESS_KEY and OS_SECRET_KEY, or set OS_USERNAME",
        ),
        (
            sdk,
            in_sdk,
            "HW_ASSUME_ROLE_AGENCY_NAME",
            "HW_ACCESS_KEY and HW_SECRET_KEY, or set HW_USER_NAME",
        ),
    ] {
        let error = load(&[&key[..], &[(agency, "x")]].concat())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let text = format!("{error} {error:?}");
        let expected = format!(
            "{agency} is set in the environment, but the credentials come from another source ({taken}), so the client would not act as this agency; set {cure} with its password and account, or unset {agency};"
        );
        assert!(text.contains(&expected), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    // A token with the same prefix as the agency (`OS_`) is set, but the loader uses an earlier source. So the agency
    // belongs to the unused token, and there is no error. If the program sets the credentials, there is no error
    // either.
    let own = [
        ("OS_AGENCY_NAME", "x"),
        ("OS_AGENCY_DOMAIN_NAME", "d"),
        ("OS_TOKEN", "t"),
    ];
    let config = load(&[&sdk[..], &own].concat()).await.unwrap();
    assert_eq!(
        credential(&config).await,
        Credential::AccessKey(AccessKey::new("a", "hunter2"))
    );
    let settings = Config::builder().token("mine").build().unwrap();
    let config = loader(&own[..2])
        .with_settings(settings)
        .load()
        .await
        .unwrap();
    assert_eq!(
        credential(&config).await,
        Credential::Token(Token::new("mine"))
    );
}

/// A copied value can contain a line break. The loader must report this, because the error of a later call could not
/// name the variable.
#[tokio::test]
async fn the_error_names_the_variable_of_a_badly_copied_key() {
    for (variables, name) in [
        (
            [("HW_ACCESS_KEY", "a"), ("HW_SECRET_KEY", "hunter2\n")],
            "HW_SECRET_KEY",
        ),
        ([("OS_AK", " hunter2"), ("OS_SK", "s")], "OS_AK"),
        (
            [("OS_TOKEN", "hunter2\r\nX-Evil: 1"), ("OS_PROJECT_ID", "p")],
            "OS_TOKEN",
        ),
    ] {
        let error = load(&variables).await.unwrap_err();
        let text = format!("{error} {error:?}");
        let expected = format!(
            "{name} in the environment contains white space, a line break or another character that this value cannot contain; check"
        );
        assert!(text.contains(&expected), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_password_without_an_address_or_a_region_is_not_sent() {
    let variables = [
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "p"),
        ("OS_DOMAIN_NAME", "d"),
        ("OS_PROJECT_NAME", "team"),
    ];
    let text = load(&variables).await.unwrap_err().to_string();
    assert!(text.contains("set OS_AUTH_URL or OS_REGION_NAME"), "{text}");
}

/// The error has one line for each source, even if `main` prints the error with `Debug`.
#[tokio::test]
async fn without_credentials_the_error_lists_all_sources() {
    let loader = loader(&[("OS_PROJECT_ID", "p"), ("HW_ACCESS_KEY", "")]).with_home_dir("/nowhere");
    let error = loader.load().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let expected = "\
no credentials found:
  the access key in HUAWEICLOUD_SDK_AK: HUAWEICLOUD_SDK_AK is not set
  the access key in HW_ACCESS_KEY: HW_ACCESS_KEY is not set
  the access key in OTC_SDK_AK: OTC_SDK_AK is not set
  the access key in OS_ACCESS_KEY or OS_ACCESS_KEY_ID: OS_ACCESS_KEY is not set
  the token in OS_TOKEN or OS_TOKEN_ID: OS_TOKEN is not set
  the token in HW_AUTH_TOKEN: HW_AUTH_TOKEN is not set
  the password of OS_USERNAME: OS_USERNAME is not set
  the password of HW_USER_NAME: HW_USER_NAME is not set
  the cloud of OS_CLOUD in clouds.yaml: /nowhere/clouds.yaml does not exist, /nowhere/.config/openstack/clouds.yaml does not exist, /nowhere/openstack/clouds.yaml does not exist
  the profile of HUAWEICLOUD_PROFILE in ~/.huaweicloud/credentials: /nowhere/.huaweicloud/credentials does not exist
  the profile of HW_PROFILE in ~/.hcloud/config.json: /nowhere/.hcloud/config.json does not exist
  the OpenID Connect provider of HUAWEICLOUD_OIDC_PROVIDER_URN: HUAWEICLOUD_OIDC_PROVIDER_URN is not set
  the identity provider of HUAWEICLOUD_SDK_IDP_ID: HUAWEICLOUD_SDK_IDP_ID is not set
  the container's credentials at HC_CONTAINER_CREDENTIALS_FULL_URI: HC_CONTAINER_CREDENTIALS_FULL_URI is not set
  the metadata service of an elastic cloud server: the program called without_metadata()
set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or the settings of another source in this list";
    assert_eq!(error.to_string(), expected);
    assert!(format!("{error:?}").contains(expected), "{error:?}");
}

#[tokio::test]
async fn the_error_names_the_variable_of_an_unusable_value() {
    for (name, value) in [
        ("HUAWEICLOUD_ENDPOINT_DCS", "dcs"),
        ("OS_REGION_NAME", "Frankfurt am Main"),
        ("OS_AUTH_URL", "iam"),
    ] {
        let error = load(&[("OS_TOKEN", "t"), (name, value)]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_error_names_a_variable_that_is_not_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let loader = support::alone(Loader::new()).with_environment(|name| {
        (name == "OS_TOKEN").then(|| std::ffi::OsString::from_vec(vec![0xff]))
    });
    let text = loader.load().await.unwrap_err().to_string();
    assert!(text.contains("OS_TOKEN is not UTF-8"), "{text}");
}

#[tokio::test]
async fn settings_of_the_program_override_the_environment() {
    let settings = Config::builder()
        .region("eu-nl")
        .token("mine")
        .endpoint("dcs", "http://127.0.0.1:1")
        .build()
        .unwrap();
    let variables = [
        ("HW_ACCESS_KEY", "a"),
        ("OS_REGION_NAME", "eu-de"),
        ("HUAWEICLOUD_ENDPOINT_DCS", "http://127.0.0.1:2"),
        ("HUAWEICLOUD_ENDPOINT_IAM", "http://127.0.0.1:3"),
    ];
    let config = loader(&variables).with_settings(settings).load();
    let config = config.await.unwrap();
    assert_eq!(config.region(), Some("eu-nl"));
    assert_eq!(config.endpoint("dcs"), Some("http://127.0.0.1:1"));
    assert_eq!(config.endpoint("iam"), Some("http://127.0.0.1:3"));
    assert_eq!(
        credential(&config).await,
        Credential::Token(Token::new("mine"))
    );
}

#[tokio::test]
async fn the_variables_determine_the_scope_of_a_login_with_a_password() {
    let cloud = Cloud::start().await;
    let url = format!("{}/v3/", cloud.url);
    let user = [
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "hunter2"),
        ("OS_USER_DOMAIN_NAME", "d"),
        ("OS_AUTH_URL", &*url),
        ("HUAWEICLOUD_ENDPOINT_DCS", &*cloud.url),
    ];
    let scopes: [(&[(&str, &str)], &str); 4] = [
        (&[], r#""scope":{"domain":{"name":"d"}}"#),
        (
            &[("OS_REGION_NAME", "eu-de")],
            r#""scope":{"project":{"name":"eu-de"}}"#,
        ),
        (
            &[("OS_REGION_NAME", "eu-de"), ("OS_TENANT_NAME", "eu-de_x")],
            r#""scope":{"project":{"name":"eu-de_x"}}"#,
        ),
        (
            &[("OS_PROJECT_ID", "p1"), ("OS_PROJECT_NAME", "eu-de_x")],
            r#""scope":{"project":{"id":"p1"}}"#,
        ),
    ];
    for (variables, scope) in scopes {
        let config = load(&[&user, variables].concat()).await.unwrap();
        assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
        let session = huaweicloud_core::Session::new(&config, &SERVICE).unwrap();
        call(&session).await.unwrap();
        let seen = cloud.seen();
        let login = &seen[seen.len() - 2];
        assert!(login.contains(scope), "{login}");
    }
    assert_eq!(cloud.logins(), scopes.len());
}
