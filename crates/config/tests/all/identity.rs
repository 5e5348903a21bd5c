//! Tests that calls act only as the intended identity, and that a password is sent only to the intended address.

use crate::support;

use huaweicloud_config::{ContainerCredentials, MetadataCredentials};
use huaweicloud_core::{Credential, ErrorKind};
use support::Cloud;
use support::home::{CLOUDS, Home, KOOCLI, PROFILE, SECURE, key};

async fn refusal(home: &Home, variables: &[(&'static str, &str)]) -> String {
    let error = home.load(variables).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains("Planted"), "{text}");
    error.to_string()
}

/// Logs in with the credentials that the loader finds. Returns the body of the login request.
async fn login(cloud: &Cloud, home: &Home, variables: &[(&'static str, &str)]) -> String {
    let mut variables = variables.to_vec();
    variables.push(("HUAWEICLOUD_ENDPOINT_IAM", cloud.url.as_str()));
    let config = home.load(&variables).await.unwrap();
    config.credentials().unwrap().credential().await.unwrap();
    cloud.seen().pop().unwrap()
}

const LOGIN: &str = "auth_url: 'https://iam.example.com/v3', username: me, password: Planted-pw, user_domain_name: acc";

#[tokio::test]
async fn the_loader_refuses_unsupported_login_methods() {
    for method in [
        "v3oidcpassword",
        "v3applicationcredential",
        "v3totp",
        "none",
        "v2password",
        "v3kerberos",
        "gssapi",
    ] {
        let text = format!("clouds: {{c: {{auth_type: {method}, auth: {{{LOGIN}}}}}}}");
        let home = Home::new(&[(CLOUDS, &text)]);
        for variables in [&[][..], &[("OS_CLOUD", "c")]] {
            let text = refusal(&home, variables).await;
            assert!(
                text.contains(&format!("auth_type selects the method {method}")),
                "{text}"
            );
        }
        let variables = [
            ("OS_AUTH_TYPE", method),
            ("OS_AUTH_URL", "https://iam.example.com/v3"),
            ("OS_USERNAME", "me"),
            ("OS_PASSWORD", "Planted-pw"),
            ("OS_USER_DOMAIN_NAME", "acc"),
        ];
        let text = refusal(&Home::new(&[]), &variables).await;
        assert!(
            text.contains(&format!("OS_AUTH_TYPE selects the method {method}")),
            "{text}"
        );
        // The loader also returns an error if a profile contains usable credentials.
        let variables = [("OS_AUTH_TYPE", method), ("OS_TOKEN", "Planted-token")];
        refusal(
            &Home::new(&[(PROFILE, "[basic]\nak = a\nsk = s\n")]),
            &variables,
        )
        .await;
    }
}

/// With these settings, other programs log in by another method, or without the full permissions of the user. So this
/// crate must not send the user's password. The last setting is different: a list is not a valid value of `auth_type`.
#[tokio::test]
async fn the_loader_refuses_settings_of_another_identity() {
    for setting in [
        "application_credential_id: a",
        "application_credential_name: a",
        "trust_id: t",
        "system_scope: all",
        "auth_type: v3totp",
        "auth-type: v3totp",
        "auth_type: [password]",
    ] {
        for text in [
            format!("clouds: {{c: {{auth: {{{LOGIN}, {setting}}}}}}}"),
            format!("clouds: {{c: {{auth: {{{LOGIN}}}, {setting}}}}}"),
        ] {
            let home = Home::new(&[(CLOUDS, &text)]);
            let refused = refusal(&home, &[("OS_CLOUD", "c")]).await;
            let name = setting.split(':').next().unwrap().replace('-', "_");
            assert!(refused.contains(&name), "{text}: {refused}");
        }
    }
    let password = [
        ("OS_AUTH_URL", "https://iam.example.com/v3"),
        ("OS_USERNAME", "me"),
        ("OS_PASSWORD", "Planted-pw"),
        ("OS_USER_DOMAIN_NAME", "acc"),
    ];
    for name in [
        "OS_APPLICATION_CREDENTIAL_ID",
        "OS_APPLICATION_CREDENTIAL_SECRET",
        "OS_TRUST_ID",
        "OS_SYSTEM_SCOPE",
    ] {
        // The loader must not ignore the setting, and must not use the credentials of the profile instead.
        let home = Home::new(&[(PROFILE, "[basic]\nak = a\nsk = s\n")]);
        for variables in [&password[..], &[]] {
            let variables = [variables, &[(name, "Planted-other")]].concat();
            let refused = refusal(&home, &variables).await;
            assert!(refused.contains(name), "{refused}");
        }
    }
}

#[tokio::test]
async fn clouds_yaml_must_be_one_document_and_login_settings_must_be_scalars() {
    for (name, value) in [
        ("username", "[me]"),
        ("password", "{a: Planted-pw}"),
        ("auth_url", "['https://iam.example.com/v3']"),
        ("user_domain_name", "[acc]"),
    ] {
        let mut login: Vec<String> = LOGIN.split(", ").map(str::to_owned).collect();
        login.retain(|setting| !setting.starts_with(name));
        login.push(format!("{name}: {value}"));
        let text = format!("clouds: {{c: {{auth: {{{}}}}}}}", login.join(", "));
        let home = Home::new(&[(CLOUDS, &text)]);
        let refused = refusal(&home, &[("OS_CLOUD", "c"), ("OS_PASSWORD", "Planted-env")]).await;
        let why = format!("auth.{name} in the cloud c of");
        assert!(
            refused.contains(&why) && refused.contains("a list or a mapping"),
            "{refused}"
        );
    }
    let text = format!("clouds: {{c: {{auth: {{{LOGIN}}}}}}}\n---\nclouds: {{}}\n");
    let refused = refusal(&Home::new(&[(CLOUDS, &text)]), &[("OS_CLOUD", "c")]).await;
    assert!(refused.contains("more than one YAML document"), "{refused}");
}

#[tokio::test]
async fn settings_of_other_methods_are_ignored_if_a_method_is_stated() {
    let cloud = Cloud::start().await;
    for left_over in [
        "token: Planted-token",
        "ak: a, sk: Planted-sk",
        "access_key: a, secret_key: Planted-sk",
    ] {
        let text =
            format!("clouds: {{c: {{auth_type: password, auth: {{{LOGIN}, {left_over}}}}}}}");
        let home = Home::new(&[(CLOUDS, &text)]);
        assert!(
            login(&cloud, &home, &[]).await.contains(r#""name":"me""#),
            "{left_over}"
        );
    }
    let text = format!(
        "clouds: {{c: {{auth_type: token, auth: {{{LOGIN}, token: Planted-token, ak: a, sk: b}}}}}}"
    );
    let home = Home::new(&[(CLOUDS, &text)]);
    let config = home.load(&[]).await.unwrap();
    let credential = config.credentials().unwrap().credential().await.unwrap();
    assert!(
        matches!(credential, Credential::Token(token) if token.value.expose() == "Planted-token")
    );
    let variables = [
        ("OS_AUTH_TYPE", "v3password"),
        ("OS_TOKEN", "Planted-token"),
        ("OS_ACCESS_KEY", "a"),
        ("OS_SECRET_KEY", "b"),
        ("OS_AUTH_URL", "https://iam.example.com/v3"),
        ("OS_USERNAME", "me"),
        ("OS_PASSWORD", "Planted-pw"),
        ("OS_USER_DOMAIN_NAME", "acc"),
    ];
    let none = Home::new(&[]);
    assert!(
        login(&cloud, &none, &variables)
            .await
            .contains(r#""name":"me""#)
    );
    let text = refusal(
        &none,
        &[("OS_AUTH_TYPE", "password"), ("OS_TOKEN", "Planted-token")],
    )
    .await;
    assert!(
        text.contains("requires login by password, but OS_USERNAME is not set"),
        "{text}"
    );
}

#[tokio::test]
async fn a_named_cloud_overrides_the_os_variables() {
    let cloud = Cloud::start().await;
    let home = Home::new(&[(CLOUDS, &format!("clouds: {{c: {{auth: {{{LOGIN}}}}}}}"))]);
    let variables = [
        ("OS_CLOUD", "c"),
        ("OS_USERNAME", "other"),
        ("OS_PASSWORD", "Planted-other"),
        ("OS_USER_DOMAIN_NAME", "acc"),
        ("OS_AUTH_URL", "https://other.example.com"),
    ];
    let seen = login(&cloud, &home, &variables).await;
    assert!(
        seen.contains(r#""name":"me""#) && seen.contains("Planted-pw"),
        "{seen}"
    );
}

#[tokio::test]
async fn secure_yaml_overrides_clouds_yaml_and_blank_values_are_ignored() {
    let main = "clouds: {c: {auth: {ak: a, sk: placeholder, security_token: '  '}}, d: {auth: {ak: b, sk: ''}}}";
    let secure = "clouds: {c: {auth: {sk: Planted-real, ak: ''}}, d: {auth: {sk: Planted-d}}, e: {auth: {ak: e, sk: Planted-e}}}";
    let home = Home::new(&[(CLOUDS, main), (SECURE, secure)]);
    for (name, access, secret) in [
        ("c", "a", "Planted-real"),
        ("d", "b", "Planted-d"),
        ("e", "e", "Planted-e"),
    ] {
        let key = key(&home.load(&[("OS_CLOUD", name)]).await.unwrap()).await;
        assert_eq!((key.access.as_str(), key.secret.expose()), (access, secret));
        assert_eq!(key.security_token, None);
    }
    let text = refusal(&home, &[]).await;
    assert!(text.contains("more than one cloud: c, d, e"), "{text}");
    // The two files can be in different folders. If `secure.yaml` contains all settings, `clouds.yaml` is not needed.
    let apart = Home::new(&[("here/clouds.yml", main), (SECURE, secure)]);
    let loader = apart
        .loader(&[("OS_CLOUD", "d")])
        .with_current_dir(apart.path("here"));
    assert_eq!(
        key(&loader.load().await.unwrap()).await.secret.expose(),
        "Planted-d"
    );
    let alone = Home::new(&[(SECURE, secure)]);
    assert_eq!(
        key(&alone.load(&[("OS_CLOUD", "e")]).await.unwrap())
            .await
            .access,
        "e"
    );
}

#[tokio::test]
async fn the_settings_of_a_region_override_the_settings_of_the_cloud() {
    let text = format!(
        "clouds: {{c: {{auth: {{{LOGIN}}}, regions: [{{name: eu-de, values: {{auth: {{auth_url: 'https://own.example.com/v3', project_name: eu-de_own}}}}}}, eu-nl]}}}}"
    );
    let home = Home::new(&[(CLOUDS, &text)]);
    let config = home.load(&[]).await.unwrap();
    assert_eq!(
        (config.region(), config.endpoint("iam")),
        (Some("eu-de"), Some("https://own.example.com"))
    );
    for variable in ["OS_REGION_NAME", "HUAWEICLOUD_REGION"] {
        let config = home.load(&[(variable, "eu-nl")]).await.unwrap();
        assert_eq!(
            (config.region(), config.endpoint("iam")),
            (Some("eu-nl"), Some("https://iam.example.com"))
        );
        let text = refusal(&home, &[(variable, "eu-xx")]).await;
        assert!(
            text.contains(variable) && text.contains("eu-xx") && text.contains("(eu-de, eu-nl)"),
            "{text}"
        );
    }
    let settings = huaweicloud_core::Config::builder()
        .region("eu-nl")
        .build()
        .unwrap();
    let config = home
        .loader(&[])
        .with_settings(settings)
        .load()
        .await
        .unwrap();
    assert_eq!(config.endpoint("iam"), Some("https://iam.example.com"));
    let cloud = Cloud::start().await;
    assert!(login(&cloud, &home, &[]).await.contains("eu-de_own"));
    let settings = huaweicloud_core::Config::builder()
        .region("eu-xx")
        .build()
        .unwrap();
    let text = home
        .loader(&[])
        .with_settings(settings)
        .load()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("the program requests the region eu-xx"),
        "{text}"
    );
}

#[tokio::test]
async fn a_known_public_cloud_needs_no_address() {
    for key in ["profile", "cloud"] {
        let text = format!(
            "clouds: {{c: {{{key}: otc, auth: {{username: me, password: Planted-pw, user_domain_name: acc}}}}}}"
        );
        let home = Home::new(&[(CLOUDS, &text)]);
        let config = home.load(&[("OS_REGION_NAME", "eu-nl")]).await.unwrap();
        assert_eq!(
            config.endpoint("iam"),
            Some("https://iam.eu-nl.otc.t-systems.com")
        );
        refusal(&home, &[("OS_REGION_NAME", "cn-north-4")]).await;
    }
}

const PROFILES: &str = r#"{"current":"plain","profiles":[
    {"name":"work","mode":"SSO","region":"eu-de","ssoAuth":{"stsToken":{"accessKeyId":"sso","secretAccessKey":"Planted-sso","securityToken":"Planted-sts"}}},
    {"name":"out","mode":"SSO","accessKeyId":"left","secretAccessKey":"Planted-left"},
    {"name":"server","mode":"ecsAgency","accessKeyId":"left","secretAccessKey":"Planted-left"},
    {"name":"agent","mode":"AKSK","region":"eu-de","accessKeyId":"k","secretAccessKey":"Planted-k","agencyName":"ops","agencyDomainName":"other"},
    {"name":"half","accessKeyId":"k","secretAccessKey":"Planted-k","agencyName":"ops"},
    {"name":"none"},
    {"name":"plain","accessKeyId":"p","secretAccessKey":"Planted-p"}]}"#;

#[tokio::test]
async fn the_loader_uses_or_refuses_each_mode_of_a_koocli_profile() {
    let home = Home::new(&[(KOOCLI, PROFILES)]);
    let named = |name: &'static str| [("HW_PROFILE", name)];
    let found = key(&home.load(&named("work")).await.unwrap()).await;
    assert_eq!(found.access, "sso");
    assert_eq!(found.security_token.unwrap().expose(), "Planted-sts");
    assert_eq!(key(&home.load(&[]).await.unwrap()).await.access, "p");
    let config = home.load(&named("agent")).await.unwrap();
    let shown = format!("{config:?}");
    assert!(shown.contains("ops") && shown.contains("other"), "{shown}");
    for (name, why) in [
        ("out", "has no keys of a single sign-on"),
        ("server", "has the mode ecsAgency"),
        ("half", "agencyDomainName is not"),
        ("none", "has no access key"),
        ("typo", "has no profile typo"),
    ] {
        let text = refusal(&home, &named(name)).await;
        assert!(
            text.contains(why) && !text.contains("no credentials found"),
            "{text}"
        );
    }
}

/// The user names a file. But the file contains several clouds, no profile with a default name, or no access key. The
/// loader must not use another source instead.
#[tokio::test]
async fn a_named_file_that_determines_no_credentials_is_an_error() {
    let clouds = "clouds: {a: {auth: {ak: a, sk: s}}, b: {auth: {ak: b, sk: s}}}";
    let none = r#"{"profiles":[{"name":"default"}]}"#;
    let home = Home::new(&[
        ("x", clouds),
        ("y", "[team]\nak = a\nsk = s\n"),
        ("z", none),
        (PROFILE, "[basic]\nak = b\nsk = s\n"),
    ]);
    for (variable, name) in [
        ("OS_CLIENT_CONFIG_FILE", "x"),
        ("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "y"),
    ] {
        let path = home.path(name).display().to_string();
        let text = refusal(&home, &[(variable, &path)]).await;
        assert!(
            text.contains(&path) && !text.contains("no credentials found"),
            "{text}"
        );
    }
    let only = Home::new(&[("z", none)]);
    let path = only.path("z").display().to_string();
    let text = refusal(&only, &[("HW_SHARED_CONFIG_FILE", &path)]).await;
    assert!(
        text.contains("has no access key") && !text.contains("no credentials found"),
        "{text}"
    );
}

#[tokio::test]
async fn a_file_of_the_current_folder_cannot_request_passwords_without_tls() {
    let text = "clouds: {c: {region_name: eu-de, auth: {auth_url: 'http://evil.example.com/v3', username: me, user_domain_name: acc}}}";
    let home = Home::new(&[("here/clouds.yaml", text)]);
    let variables = [("OS_CLOUD", "c"), ("OS_PASSWORD", "Planted-pw")];
    let here = home.loader(&variables).with_current_dir(home.path("here"));
    let text = here.load().await.unwrap_err().to_string();
    assert!(
        text.contains("auth.auth_url in the cloud c of")
            && text.contains("here/clouds.yaml is a plain http address"),
        "{text}"
    );
    assert!(text.contains("write https"), "{text}");
}

#[tokio::test]
async fn the_loader_refuses_two_spellings_of_a_setting() {
    for (one, other) in [
        ("auth_url", "auth-url"),
        ("user_domain_name", "user-domain-name"),
    ] {
        let text = format!("clouds: {{c: {{auth: {{{LOGIN}, {other}: x}}}}}}");
        let text = refusal(&Home::new(&[(CLOUDS, &text)]), &[]).await;
        assert!(text.contains(&format!("{one} occurs twice")), "{text}");
    }
}

#[tokio::test]
async fn an_invalid_token_in_a_file_is_not_sent() {
    for text in [
        "Planted-half\nPlanted-rest",
        "\"Planted-token\"",
        "Planted one",
    ] {
        let home = Home::new(&[("token", text)]);
        let path = home.path("token").display().to_string();
        let variables = [
            ("HUAWEICLOUD_SDK_IDP_ID", "provider"),
            ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", &*path),
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "http://127.0.0.1:9"),
        ];
        let config = home.load(&variables).await.unwrap();
        let error = config
            .credentials()
            .unwrap()
            .credential()
            .await
            .unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        let text = format!("{error} {error:?} {source}");
        assert!(
            source.contains("token contains white space, a quotation mark or another"),
            "{text}"
        );
        assert!(!text.contains("Planted"), "{text}");
    }
}

/// A file of the current folder must not add a plain HTTP address to a cloud in a file of another folder.
#[tokio::test]
async fn a_second_file_of_the_current_folder_cannot_request_passwords_without_tls() {
    let own = "clouds: {c: {profile: lab, region_name: eu-de, auth: {username: me, password: Planted-pw, user_domain_name: acc}}}";
    let evil = "{auth: {auth_url: 'http://evil.example.com/v3'}}";
    for (name, text) in [
        ("here/secure.yaml", format!("clouds: {{c: {evil}}}")),
        (
            "here/clouds-public.yaml",
            format!("public-clouds: {{lab: {evil}}}"),
        ),
    ] {
        let home = Home::new(&[(CLOUDS, own), (name, &text)]);
        let loader = home
            .loader(&[("OS_CLOUD", "c")])
            .with_current_dir(home.path("here"));
        let error = loader.load().await.unwrap_err().to_string();
        assert!(error.contains("is a plain http address"), "{error}");
    }
}

#[test]
fn the_loader_warns_of_plain_http_and_files_of_the_current_folder() {
    let text = "clouds: {c: {region_name: eu-de, auth: {auth_url: 'http://iam.example.com/v3', username: me, user_domain_name: acc}}}";
    let home = Home::new(&[
        (CLOUDS, text),
        ("here/clouds.yaml", &text.replace("http:", "https:")),
    ]);
    let variables = [("OS_CLOUD", "c"), ("OS_PASSWORD", "Planted-pw")];
    let log = support::log_of(home.loader(&variables));
    assert!(
        log.contains("WARN") && log.contains("without encryption") && log.contains("auth.auth_url"),
        "{log}"
    );
    let log = support::log_of(home.loader(&variables).with_current_dir(home.path("here")));
    assert!(log.contains("OS_PASSWORD can be sent to"), "{log}");
    assert!(
        log.contains("here/clouds.yaml") && !log.contains("Planted"),
        "{log}"
    );
    let regions = "IAM: [{id: eu-de, endpoint: 'http://iam.example.com'}]";
    let own = Home::new(&[
        (".huaweicloud/regions.yaml", regions),
        (
            CLOUDS,
            &text.replace("auth_url: 'http://iam.example.com/v3', ", ""),
        ),
    ]);
    let log = support::log_of(own.loader(&variables));
    assert!(
        log.contains("without encryption") && log.contains("regions.yaml"),
        "{log}"
    );
    let over = Home::new(&[
        (CLOUDS, &text.replace("http:", "https:")),
        ("here/secure.yaml", "clouds: {c: {auth: {username: other}}}"),
    ]);
    let log = support::log_of(over.loader(&variables).with_current_dir(over.path("here")));
    assert!(
        log.contains("this file in the current folder adds settings to another file"),
        "{log}"
    );
    let oidc = [
        ("HUAWEICLOUD_OIDC_PROVIDER_URN", "p"),
        ("HUAWEICLOUD_OIDC_AGENCY_URN", "a"),
        ("HUAWEICLOUD_OIDC_ID_TOKEN", "Planted-token"),
        ("HUAWEICLOUD_SDK_STS_ENDPOINT", "http://sts.example.com"),
    ];
    let log = support::log_of(Home::new(&[]).loader(&oidc));
    assert!(
        log.contains("without encryption") && log.contains("HUAWEICLOUD_SDK_STS_ENDPOINT"),
        "{log}"
    );
    let near = text.replace("iam.example.com", "127.0.0.1:1");
    let log = support::log_of(Home::new(&[(CLOUDS, &near)]).loader(&variables));
    assert!(!log.contains("without encryption"), "{log}");
}

#[cfg(unix)]
#[test]
fn the_loader_warns_of_secrets_that_other_users_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let clouds = "clouds: {c: {auth: {ak: a, sk: Planted-s}}}";
    let public = "clouds: {c: {auth: {ak: a}}}";
    let secure = "clouds: {c: {auth: {sk: Planted-s}}}";
    let warned = |home: &Home, mode: u32| {
        for name in [CLOUDS, SECURE, PROFILE, KOOCLI] {
            let path = home.path(name);
            if path.exists() {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
            }
        }
        support::log_of(home.loader(&[]))
    };
    for files in [
        &[(CLOUDS, clouds)][..],
        &[(CLOUDS, public), (SECURE, secure)],
        &[(PROFILE, "[basic]\nak = a\nsk = s\n")],
        &[(
            KOOCLI,
            r#"{"profiles":[{"name":"default","accessKeyId":"a","secretAccessKey":"s"}]}"#,
        )],
    ] {
        let home = Home::new(files);
        let log = warned(&home, 0o640);
        assert!(
            log.contains("a group of users can read the credentials"),
            "{log}"
        );
        let log = warned(&home, 0o644);
        assert!(log.contains("everybody on this machine can read"), "{log}");
        assert!(!warned(&home, 0o600).contains("WARN"));
    }
    // The loader does not warn if everybody can read a file without secrets.
    let home = Home::new(&[(CLOUDS, public), (SECURE, secure)]);
    let secure = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(home.path(SECURE), secure).unwrap();
    assert!(!support::log_of(home.loader(&[])).contains("WARN"));
}

#[test]
fn keys_are_not_fetched_with_plain_http_from_other_machines() {
    for near in [
        "http://127.0.0.1:1/x",
        "http://[::1]:1",
        "http://localhost/x",
        "http://169.254.169.254/x",
        "https://pods.example.com",
    ] {
        ContainerCredentials::new(near, "/x").unwrap();
        MetadataCredentials::at(near).unwrap();
    }
    for (address, why) in [
        (
            "http://pods.example.com/x",
            "is plain http to another machine",
        ),
        ("http://10.0.0.1", "is plain http to another machine"),
        (
            "http://localhost.evil.example.com",
            "is plain http to another machine",
        ),
        ("http://user:Planted-pw@127.0.0.1", "is not usable"),
        ("ftp://127.0.0.1", "is not usable"),
        ("127.0.0.1:80", "is not usable"),
    ] {
        let errors = [
            ContainerCredentials::new(address, "/x").err().unwrap(),
            MetadataCredentials::at(address).err().unwrap(),
        ];
        for error in errors {
            let text = format!("{error} {error:?}");
            assert!(text.contains(why) && !text.contains("Planted"), "{text}");
            assert_eq!(error.kind(), ErrorKind::Config);
        }
    }
}

#[tokio::test]
async fn the_error_names_the_variable_of_a_wrong_value() {
    let none = Home::new(&[]);
    let base = [
        ("OS_AUTH_URL", "https://iam.example.com/v3"),
        ("OS_USERNAME", "me"),
        ("OS_PASSWORD", "Planted-pw"),
        ("OS_USER_DOMAIN_NAME", "acc"),
    ];
    for (name, value, why) in [
        ("OS_USERNAME", "\"me\"", "is in quotation marks"),
        ("OS_USERNAME", "'me'", "is in quotation marks"),
        ("OS_USER_DOMAIN_NAME", "acc\n", "line break"),
        ("OS_PROJECT_NAME", "'eu-de'", "is in quotation marks"),
        ("OS_PASSWORD", "Planted-pw\n", "line break"),
        (
            "OS_AUTH_URL",
            "\"https://iam.example.com/v3\"",
            "is in quotation marks",
        ),
        (
            "OS_AUTH_URL",
            "https://iam.example.com/v2.0",
            "version other than v3",
        ),
        (
            "OS_AUTH_URL",
            "https://iam.example.com/v2.0/tokens",
            "version other than v3",
        ),
    ] {
        let mut variables = base.to_vec();
        variables.retain(|(known, _)| *known != name);
        variables.push((name, value));
        let text = refusal(&none, &variables).await;
        assert!(text.contains(name) && text.contains(why), "{text}");
    }
    for (name, value) in [
        ("HUAWEICLOUD_SDK_AK", "\"a\""),
        ("HUAWEICLOUD_SDK_SK", "'Planted-s'"),
    ] {
        let other = match name {
            "HUAWEICLOUD_SDK_AK" => ("HUAWEICLOUD_SDK_SK", "s"),
            _ => ("HUAWEICLOUD_SDK_AK", "a"),
        };
        let text = refusal(&none, &[(name, value), other]).await;
        assert!(
            text.contains(name) && text.contains("quotation marks"),
            "{text}"
        );
    }
    // The loader accepts these versions, and removes them.
    for address in [
        "https://iam.example.com/V3",
        "https://iam.example.com/v3.0/",
    ] {
        let mut variables = base.to_vec();
        variables[0].1 = address;
        let config = none.load(&variables).await.unwrap();
        assert_eq!(config.endpoint("iam"), Some("https://iam.example.com"));
    }
}
