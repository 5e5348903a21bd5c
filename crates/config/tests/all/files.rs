//! Tests of configuration files that users or other tools write. The files are in a temporary home directory.

use crate::support;

use huaweicloud_core::{AccessKey, ErrorKind};
use std::path::Path;
use support::canned::{Canned, JSON, http};
use support::home::{CLOUDS, Home, KOOCLI, PROFILE, SECURE, key};

const TWO_CLOUDS: &str = "\
clouds:
  signed:
    region_name: eu-nl
    auth: {auth_url: 'https://iam.eu-nl.otc.t-systems.com/v3', project_id: p1, ak: a1, sk: '0123'}
  other:
    auth: {access_key: a2, security_token: planted-token}
";

#[tokio::test]
async fn a_named_cloud_is_found_and_an_agency_variable_is_refused() {
    let home = Home::new(&[
        (CLOUDS, TWO_CLOUDS),
        (SECURE, "clouds: {other: {auth: {secret_key: s2}}}"),
    ]);
    let agency = [("OS_CLOUD", "signed"), ("OS_AGENCY_NAME", "x")];
    let text = home.load(&agency).await.unwrap_err().to_string();
    assert!(
        text.ends_with("unset OS_AGENCY_NAME, and set auth.agency_name in clouds.yaml"),
        "{text}"
    );
    let config = home.load(&[("OS_CLOUD", "signed")]).await.unwrap();
    assert_eq!(
        key(&config).await,
        AccessKey::new("a1", "0123").with_project("p1")
    );
    assert_eq!(config.region(), Some("eu-nl"));
    assert_eq!(
        config.endpoint("iam"),
        Some("https://iam.eu-nl.otc.t-systems.com")
    );
    let config = home.loader(&[]).with_cloud("other").load().await.unwrap();
    let expected = AccessKey::new("a2", "s2").with_security_token("planted-token");
    assert_eq!(key(&config).await, expected, "the secret is in secure.yaml");
}

#[tokio::test]
async fn a_file_must_contain_one_cloud_if_no_cloud_is_named() {
    let home = Home::new(&[(CLOUDS, TWO_CLOUDS)]);
    let text = home.load(&[]).await.unwrap_err().to_string();
    assert!(
        text.contains("OS_CLOUD is not set") && text.contains("signed, other"),
        "{text}"
    );
    let home = Home::new(&[(CLOUDS, "clouds: {one: {auth: {ak: a, sk: s}}}")]);
    assert_eq!(key(&home.load(&[]).await.unwrap()).await.access, "a");
}

#[tokio::test]
async fn a_missing_or_incomplete_cloud_is_an_error() {
    let home = Home::new(&[(CLOUDS, TWO_CLOUDS)]);
    let text = home
        .load(&[("OS_CLOUD", "typo")])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("has no cloud typo") && text.contains("signed, other"),
        "{text}"
    );
    let error = home.load(&[("OS_CLOUD", "other")]).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("auth.access_key and auth.security_token are set in the cloud other of")
            && text.contains("but auth.secret_key or auth.access_key_secret is not"),
        "{text}"
    );
    assert!(!text.contains("planted-token"), "{text}");
    let nowhere = Home::new(&[]);
    let text = nowhere
        .load(&[("OS_CLOUD", "x")])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("the cloud x was requested") && text.contains("does not exist"),
        "{text}"
    );
}

#[tokio::test]
async fn variables_can_name_the_files_with_clouds_and_public_profiles() {
    let home = Home::new(&[
        (
            "x/mine.yaml",
            "clouds: {c: {profile: otc, auth: {ak: a, sk: s}}}",
        ),
        (
            "x/public.yaml",
            "public-clouds: {otc: {region_name: eu-de, auth: {ak: no}}}",
        ),
    ]);
    let path = home.path("x/mine.yaml").display().to_string();
    let variables = [
        ("OS_CLIENT_CONFIG_FILE", path.as_str()),
        ("OS_CLIENT_VENDOR_FILE", "~/x/public.yaml"),
    ];
    let config = home.load(&variables).await.unwrap();
    assert_eq!(config.region(), Some("eu-de"));
    assert_eq!(key(&config).await.access, "a");
    let error = home
        .load(&[("OS_CLIENT_CONFIG_FILE", "/nowhere/c.yaml")])
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("/nowhere/c.yaml does not exist"),
        "{error}"
    );
}

#[tokio::test]
async fn variables_override_files_and_the_current_folder_overrides_other_folders() {
    let home = Home::new(&[
        (CLOUDS, "clouds: {c: {auth: {ak: home, sk: s}}}"),
        ("here/clouds.yaml", "clouds: {c: {auth: {ak: here, sk: s}}}"),
        (
            "etc/openstack/clouds.yaml",
            "clouds: {c: {auth: {ak: etc, sk: s}}}",
        ),
        (PROFILE, "[basic]\nak = profile\nsk = s\n"),
    ]);
    let here = || {
        home.loader(&[("OS_CLOUD", "c")])
            .with_current_dir(home.path("here"))
    };
    assert_eq!(key(&here().load().await.unwrap()).await.access, "here");
    let config = home.load(&[("OS_CLOUD", "c")]).await.unwrap();
    assert_eq!(key(&config).await.access, "home");
    std::fs::remove_file(home.path(CLOUDS)).unwrap();
    let system = home.loader(&[]).with_system_dir(home.path("etc")).load();
    assert_eq!(key(&system.await.unwrap()).await.access, "etc");
    let config = home.load(&[]).await.unwrap();
    assert_eq!(key(&config).await.access, "profile");
    let config = home.load(&[("HW_ACCESS_KEY", "variable"), ("HW_SECRET_KEY", "s")]);
    assert_eq!(key(&config.await.unwrap()).await.access, "variable");
}

#[tokio::test]
async fn the_loader_finds_named_profiles_and_the_usual_profiles() {
    let text = "[basic]\nak = b\nsk = s#;\nproject_id = p\niam_endpoint = https://iam.example.com\n[global]\nak = g\nsk = s\ndomain_id = d\n[team]\nak = t\nsk = s\nsecurity_token = x\nregion = eu-de\n";
    let home = Home::new(&[
        (PROFILE, text),
        ("else/where", "[default]\nak = e\nsk = s\n"),
    ]);
    let config = home.load(&[]).await.unwrap();
    assert_eq!(
        key(&config).await,
        AccessKey::new("b", "s#;").with_project("p")
    );
    assert_eq!(config.endpoint("iam"), Some("https://iam.example.com"));
    for name in ["HUAWEICLOUD_PROFILE", "HW_PROFILE"] {
        let config = home.load(&[(name, "team")]).await.unwrap();
        assert_eq!(
            key(&config).await,
            AccessKey::new("t", "s").with_security_token("x")
        );
        assert_eq!(config.region(), Some("eu-de"));
    }
    let config = home
        .loader(&[])
        .with_profile("global")
        .load()
        .await
        .unwrap();
    assert_eq!(
        key(&config).await,
        AccessKey::new("g", "s").with_domain("d")
    );
    let config = home.load(&[("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "~/else/where")]);
    assert_eq!(key(&config.await.unwrap()).await.access, "e");
    let error = home
        .load(&[("HUAWEICLOUD_PROFILE", "typo")])
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("has no profile typo; use one of these profiles: basic, global, team"),
        "{error}"
    );
}

#[tokio::test]
async fn no_other_profile_replaces_a_named_profile() {
    let koocli = r#"{"profiles":[{"name":"team","accessKeyId":"k","secretAccessKey":"s"}]}"#;
    let home = Home::new(&[(PROFILE, "[basic]\nak = b\nsk = s\n"), (KOOCLI, koocli)]);
    let config = home.load(&[("HW_PROFILE", "team")]).await.unwrap();
    assert_eq!(key(&config).await.access, "k");
    let (empty, encrypted) = (
        Home::new(&[]),
        Home::new(&[(KOOCLI, r#"{"authEncrypt":true}"#)]),
    );
    for (home, name, part) in [
        (&home, "HW_PROFILE", "has no profile typo"),
        (&empty, "HW_PROFILE", "the profile typo was requested"),
        (
            &empty,
            "HUAWEICLOUD_PROFILE",
            "the profile typo was requested",
        ),
        (&encrypted, "HW_PROFILE", "is encrypted"),
    ] {
        let text = home.load(&[(name, "typo")]).await.unwrap_err().to_string();
        assert!(
            text.contains(part) && !text.contains("no credentials found"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn the_loader_skips_an_unusable_cloud_that_is_not_named() {
    let foreign =
        "clouds: {one: {auth_type: v3applicationcredential, auth: {application_credential_id: x}}}";
    let home = Home::new(&[(CLOUDS, foreign), (PROFILE, "[basic]\nak = b\nsk = s\n")]);
    assert_eq!(key(&home.load(&[]).await.unwrap()).await.access, "b");
    let error = home.load(&[("OS_CLOUD", "one")]).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no credentials that can be used"),
        "{error}"
    );
    let home = Home::new(&[(CLOUDS, "")]);
    let text = home.load(&[]).await.unwrap_err().to_string();
    assert!(text.contains("has no clouds\n"), "{text}");
    let text = home
        .load(&[("OS_CLOUD", "x")])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("has no cloud x; the file contains no clouds"),
        "{text}"
    );
}

#[tokio::test]
async fn the_error_names_the_variable_of_an_invalid_id() {
    let home = Home::new(&[]);
    for set in [
        &[
            ("HW_ACCESS_KEY", "a"),
            ("HW_SECRET_KEY", "s"),
            ("HW_PROJECT_ID", "p\n"),
        ],
        &[
            ("HW_ACCESS_KEY", "a"),
            ("HW_SECRET_KEY", "s"),
            ("HW_DOMAIN_ID", "my account"),
        ],
    ] {
        let text = home.load(set).await.unwrap_err().to_string();
        assert!(
            text.contains(&format!("{} in the environment is not an id", set[2].0)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_incomplete_profile_is_an_error_that_shows_no_value() {
    let home = Home::new(&[(PROFILE, "[basic]\nsk = hunter2\n")]);
    let error = home.load(&[]).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("sk is set in the profile basic of") && text.contains("but ak is not"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn the_loader_reads_koocli_profiles_that_are_not_encrypted() {
    let text = |encrypted| {
        format!(
            r#"{{"current":"two","authEncrypt":"{encrypted}","profiles":[{{"name":"one","accessKeyId":"k1","secretAccessKey":"s"}},{{"name":"two","accessKeyId":"k2","secretAccessKey":"s","securityToken":"t","region":"cn-north-4","projectId":"p"}}]}}"#
        )
    };
    let home = Home::new(&[(KOOCLI, &text(false))]);
    let config = home.load(&[]).await.unwrap();
    let expected = AccessKey::new("k2", "s")
        .with_security_token("t")
        .with_project("p");
    assert_eq!(key(&config).await, expected);
    assert_eq!(config.region(), Some("cn-north-4"));
    let config = home.load(&[("HW_PROFILE", "one")]).await.unwrap();
    assert_eq!(key(&config).await.access, "k1");
    let home = Home::new(&[(KOOCLI, &text(true))]);
    let text = home.load(&[]).await.unwrap_err().to_string();
    assert!(
        text.contains("is encrypted") && text.contains("no credentials found"),
        "{text}"
    );
    let file = home.path(KOOCLI).display().to_string();
    let error = home
        .load(&[("HW_SHARED_CONFIG_FILE", &file)])
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("--cli-auth-encrypt=false"),
        "{error}"
    );
}

#[tokio::test]
async fn the_error_names_an_invalid_file_and_does_not_quote_the_file() {
    for (name, text, part) in [
        (
            CLOUDS,
            "clouds:\n  c: {auth: {ak: hunter2",
            "clouds.yaml:3:",
        ),
        (
            PROFILE,
            "[basic\nak = hunter2\n",
            "credentials is not an INI file (line 1)",
        ),
        (
            KOOCLI,
            "{\"profiles\": hunter2}",
            "config.json:1 is not JSON",
        ),
    ] {
        let home = Home::new(&[(name, text)]);
        let error = home.load(&[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let text = format!("{error} {error:?}");
        assert!(text.contains(part) && !text.contains("hunter2"), "{text}");
    }
}

/// gophertelekomcloud, another SDK, loses the security token and the agency of an access key. gophertelekomcloud also
/// uses `project_domain_id` as the id of the project. This crate must not have these bugs.
#[tokio::test]
async fn an_access_key_keeps_its_security_token_and_its_agency() {
    let iam = Canned::start(|_| {
        http(
            201,
            JSON,
            r#"{"credential":{"access":"agencys","secret":"s","securitytoken":"t"}}"#,
        )
    })
    .await;
    let text = format!(
        "clouds: {{c: {{auth: {{auth_url: '{}/v3', ak: a, sk: s, security_token: own-token, agency_name: ag, agency_domain_name: acc, project_id: p, project_domain_id: d}}}}}}",
        iam.url
    );
    let home = Home::new(&[(CLOUDS, &text)]);
    let config = home.load(&[("OS_CLOUD", "c")]).await.unwrap();
    assert_eq!(key(&config).await.access, "agencys");
    let asked = &iam.seen()[0];
    assert!(
        asked.starts_with("POST /v3.0/OS-CREDENTIAL/securitytokens "),
        "{asked}"
    );
    assert!(asked.contains("x-security-token: own-token\r\n"), "{asked}");
    assert!(
        asked.contains("authorization: SDK-HMAC-SHA256 Access=a, "),
        "{asked}"
    );
    let identity = r#""methods":["assume_role"],"assume_role":{"agency_name":"ag","domain_name":"acc","duration_seconds":3600}"#;
    let has = |part: &str| asked.contains(part);
    assert!(
        has(identity) || (has(r#""agency_name":"ag""#) && has(r#""domain_name":"acc""#)),
        "{asked}"
    );

    let without = Home::new(&[(
        CLOUDS,
        "clouds: {c: {auth: {ak: a, sk: s, project_id: p, project_domain_id: d}}}",
    )]);
    let config = without.load(&[]).await.unwrap();
    let key = key(&config).await;
    assert_eq!(
        (key.project_id.as_deref(), key.domain_id.as_deref()),
        (Some("p"), Some("d"))
    );
}

#[cfg(unix)]
#[test]
fn the_loader_warns_of_a_file_that_everybody_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(&[(PROFILE, "[basic]\nak = a\nsk = hunter2\n")]);
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        let path: &Path = &home.path(PROFILE);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        let log = support::log_of(home.loader(&[]));
        assert_eq!(log.contains("chmod 600"), warned, "{log}");
        assert!(!log.contains("hunter2"), "{log}");
    }
}

/// An unreadable file could contain the intended credentials, so the loader must not ignore the file silently.
///
/// If the test runs as root, it can read even a file without read permission. So the test creates a folder at the path
/// of the file.
#[test]
fn an_existing_file_that_cannot_be_read_causes_a_warning() {
    let key = [("HW_ACCESS_KEY", "a"), ("HW_SECRET_KEY", "s")];
    for (name, later) in [
        (CLOUDS, (PROFILE, "[basic]\nak = a\nsk = s\n")),
        (
            PROFILE,
            (
                KOOCLI,
                r#"{"profiles":[{"name":"default","accessKeyId":"k","secretAccessKey":"s"}]}"#,
            ),
        ),
    ] {
        let home = Home::new(&[later]);
        let quiet = support::log_of(home.loader(&[]));
        assert!(!quiet.contains("ignored, so"), "{quiet}");
        std::fs::create_dir_all(home.path(name)).unwrap();
        let log = support::log_of(home.loader(&[]));
        let file = home.path(name).display().to_string();
        let warning = log
            .lines()
            .find(|line| line.contains("WARN"))
            .unwrap_or_default();
        assert!(
            warning.contains(&file)
                && warning.contains("cannot be read (")
                && warning.contains(
                    "make it a file that the user of this program can read, or remove it"
                ),
            "{log}"
        );
        // If an earlier source has credentials, the loader does not read the file.
        let log = support::log_of(home.loader(&key));
        assert!(!log.contains("ignored, so"), "{log}");
    }
}

#[tokio::test]
async fn an_unreadable_regions_yaml_is_an_error() {
    let home = Home::new(&[]);
    let name = ".huaweicloud/regions.yaml";
    std::fs::create_dir_all(home.path(name)).unwrap();
    let key = [("HW_ACCESS_KEY", "a"), ("HW_SECRET_KEY", "s")];
    let error = home.load(&key).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let text = error.to_string();
    assert!(
        text.contains(name) && text.contains("cannot be read (") && text.contains("or remove it"),
        "{text}"
    );
}
