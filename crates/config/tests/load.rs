//! What the environment gives, without touching the process's own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use huaweicloud_config::Loader;
use huaweicloud_core::{AccessKey, Config, Credential, Error, ErrorKind, Token};
use std::collections::BTreeMap;
use support::{Cloud, SERVICE, call};

fn loader(variables: &[(&str, &str)]) -> Loader {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    support::alone(Loader::new()).with_environment(move |name| variables.get(name).cloned())
}

async fn load(variables: &[(&str, &str)]) -> Result<Config, Error> {
    loader(variables).load().await
}

async fn credential(config: &Config) -> Credential {
    config.credentials().unwrap().credential().await.unwrap()
}

#[tokio::test]
async fn every_kind_of_access_key_is_found() {
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
async fn the_first_in_the_documented_order_wins() {
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
async fn half_a_source_is_an_error_that_names_the_other_half() {
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

/// A line break comes with what `$(cat file)` and copying leave behind. At the call nobody would know which variable it was.
#[tokio::test]
async fn a_key_that_was_not_copied_whole_is_named() {
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
            "{name} in the environment holds white space, a line break or another character that no key has; check"
        );
        assert!(text.contains(&expected), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn a_password_is_not_sent_to_a_cloud_of_chance() {
    let variables = [
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "p"),
        ("OS_DOMAIN_NAME", "d"),
        ("OS_PROJECT_NAME", "team"),
    ];
    let text = load(&variables).await.unwrap_err().to_string();
    assert!(text.contains("set OS_AUTH_URL or OS_REGION_NAME"), "{text}");
}

/// One a line, also where the error is shown by `main`, which prints its `Debug`.
#[tokio::test]
async fn nothing_found_lists_where_it_looked() {
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
  the metadata service of an elastic cloud server: it was turned off
set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or another of these with what belongs to it";
    assert_eq!(error.to_string(), expected);
    assert!(format!("{error:?}").contains(expected), "{error:?}");
}

#[tokio::test]
async fn the_region_is_the_nearest_one() {
    let key = [("HW_ACCESS_KEY", "a"), ("HW_SECRET_KEY", "s")];
    type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);
    let cases: [Case<'_>; 5] = [
        (&[], None),
        (&[("OS_REGION_NAME", "eu-nl")], Some("eu-nl")),
        (
            &[
                ("HW_PROJECT_NAME", "eu-de_team"),
                ("OS_REGION_NAME", "eu-nl"),
            ],
            Some("eu-de"),
        ),
        (
            &[
                ("HW_REGION_NAME", "cn-north-4"),
                ("HW_PROJECT_NAME", "eu-de"),
            ],
            Some("cn-north-4"),
        ),
        (
            &[
                ("HUAWEICLOUD_REGION", "eu-ch2"),
                ("HW_REGION_NAME", "eu-de"),
            ],
            Some("eu-ch2"),
        ),
    ];
    for (variables, region) in cases {
        let config = load(&[&key, variables].concat()).await.unwrap();
        assert_eq!(config.region(), region, "{variables:?}");
    }
}

#[tokio::test]
async fn endpoints_are_taken_over() {
    let config = load(&[
        ("OS_TOKEN", "t"),
        ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com/v3"),
        ("HUAWEICLOUD_ENDPOINT_DCS", "http://127.0.0.1:1"),
        ("HUAWEICLOUD_ENDPOINT_ROMA_LINK", "http://127.0.0.1:2"),
    ]);
    let config = config.await.unwrap();
    assert_eq!(
        config.endpoint("iam"),
        Some("https://iam.eu-de.otc.t-systems.com")
    );
    assert_eq!(config.endpoint("dcs"), Some("http://127.0.0.1:1"));
    assert_eq!(config.endpoint("roma-link"), Some("http://127.0.0.1:2"));
    let own = load(&[
        ("OS_TOKEN", "t"),
        ("OS_AUTH_URL", "https://a.example.com"),
        ("HUAWEICLOUD_ENDPOINT_IAM", "https://b.example.com"),
    ]);
    assert_eq!(
        own.await.unwrap().endpoint("iam"),
        Some("https://b.example.com")
    );
}

/// It is what the console's pages and other tools give; our paths begin with the version.
#[tokio::test]
async fn an_address_of_iam_may_have_a_version_and_a_path() {
    let cloud = Cloud::start().await;
    let login = [
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "p"),
        ("OS_USER_DOMAIN_NAME", "d"),
    ];
    for end in ["/v3/", "/v3.0", "/v3/auth/tokens"] {
        let url = format!("{}{end}", cloud.url);
        let by_region = [
            ("OS_REGION_NAME", "lab-1"),
            ("HUAWEICLOUD_SDK_REGION_IAM_LAB_1", &*url),
        ];
        for place in [
            &[("OS_AUTH_URL", &*url)][..],
            &[("HUAWEICLOUD_ENDPOINT_IAM", &*url)],
            &by_region,
        ] {
            let config = load(&[&login, place].concat()).await.unwrap();
            assert_eq!(
                credential(&config).await,
                Credential::Token(
                    Token::new(format!("token-{}", cloud.logins())).with_project("p0")
                )
            );
        }
        let settings = Config::builder().endpoint("iam", &url).build().unwrap();
        let config = loader(&login).with_settings(settings).load().await.unwrap();
        assert_eq!(config.endpoint("iam"), Some(cloud.url.as_str()));
        credential(&config).await;
    }
    assert_eq!(cloud.logins(), 3 * 4);
}

#[tokio::test]
async fn a_domain_of_all_addresses_is_taken_with_the_keys_beside_it() {
    let key = [
        ("HW_ACCESS_KEY", "a"),
        ("HW_SECRET_KEY", "s"),
        ("HW_REGION_NAME", "lab-1"),
    ];
    let found = |config: &Config, service: &str, region: &str| {
        config.region_endpoint(service, region).map(str::to_owned)
    };
    let variables = [&key[..], &[("HW_CLOUD", "cloud.example.com")]].concat();
    let config = load(&variables).await.unwrap();
    for (service, name) in [
        ("dcs", "dcs"),
        ("roma-link", "roma"),
        ("iam", "iam"),
        ("sts", "sts"),
    ] {
        for region in ["lab-1", "eu-de", "cn-north-4"] {
            let expected = format!("https://{name}.{region}.cloud.example.com");
            assert_eq!(found(&config, service, region), Some(expected));
        }
    }
    let nearer = [
        ("HW_CLOUD", "cloud.example.com"),
        (
            "HUAWEICLOUD_SDK_REGION_DCS_LAB_1",
            "https://nearer.example.com",
        ),
        (
            "HUAWEICLOUD_ENDPOINT_ROMA_LINK",
            "https://nearest.example.com",
        ),
        ("HW_AUTH_URL", "https://iam.example.com:443/v3"),
    ];
    let config = load(&[&key[..], &nearer].concat()).await.unwrap();
    assert_eq!(
        found(&config, "dcs", "lab-1").unwrap(),
        "https://nearer.example.com"
    );
    assert_eq!(
        config.endpoint("roma-link"),
        Some("https://nearest.example.com")
    );
    assert_eq!(config.endpoint("iam"), Some("https://iam.example.com:443"));
    // The usual domain says nothing new, and another family's is not asked.
    for other in [
        [&key[..], &[("HW_CLOUD", "myhuaweicloud.com")]].concat(),
        vec![
            ("OS_TOKEN", "t"),
            ("HW_CLOUD", "cloud.example.com"),
            ("OS_REGION_NAME", "lab-1"),
        ],
    ] {
        let config = load(&other).await.unwrap();
        assert_eq!(found(&config, "dcs", "lab-1"), None, "{other:?}");
    }
    // The region of the settings is the one in use.
    let settings = Config::builder().region("lab-2").build().unwrap();
    let variables = [&key[..2], &[("HW_CLOUD", "cloud.example.com")]].concat();
    let config = loader(&variables)
        .with_settings(settings)
        .load()
        .await
        .unwrap();
    assert_eq!(
        found(&config, "dcs", "lab-2").unwrap(),
        "https://dcs.lab-2.cloud.example.com"
    );
    for wrong in [
        "https://cloud.example.com",
        "example",
        "a..b",
        "a b.com",
        "x@y.com",
        "a.com/x",
    ] {
        let error = load(&[&key[..], &[("HW_CLOUD", wrong)]].concat())
            .await
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("HW_CLOUD in the environment is not a domain; give"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_used_is_named() {
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
async fn a_value_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let loader = support::alone(Loader::new()).with_environment(|name| {
        (name == "OS_TOKEN").then(|| std::ffi::OsString::from_vec(vec![0xff]))
    });
    let text = loader.load().await.unwrap_err().to_string();
    assert!(text.contains("OS_TOKEN is not UTF-8"), "{text}");
}

#[tokio::test]
async fn settings_go_before_the_environment() {
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
async fn a_password_from_the_environment_logs_in() {
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
