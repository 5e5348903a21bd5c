//! Tests the region and the addresses of services that come from the environment.

use crate::support;

use huaweicloud_core::{Config, Credential, Token};
use support::Cloud;
use support::variables::{credential, load, loader};

#[tokio::test]
async fn the_region_comes_from_the_first_setting_in_the_documented_order() {
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
async fn the_configuration_contains_the_endpoints_of_the_variables() {
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

/// The console and other programs show addresses that end in a version (`/v3`) or in `/v3/auth/tokens`. The loader must
/// remove this end, because the paths of our requests begin with the version.
#[tokio::test]
async fn an_address_of_iam_can_have_a_version_and_a_path() {
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
async fn hw_cloud_sets_the_domain_of_all_services_without_another_address() {
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
    // The value `myhuaweicloud.com` has no effect. If the credentials come from another family of variables, `HW_CLOUD`
    // has no effect either.
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
    // The loader also uses the domain if the region comes from the settings of the program.
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
                .contains("HW_CLOUD in the environment is not a domain; write"),
            "{error}"
        );
    }
}
