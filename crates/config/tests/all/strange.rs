//! Tests unusual file content, unusual paths, and settings that are not supported.

use crate::support;

use huaweicloud_core::{AccessKey, ErrorKind};
use support::home::{CLOUDS, Home, KOOCLI, PROFILE, SECURE, key};

const PROFILES: &str = "[basic]\nak = b\nsk = s\nproject_id = p\n";

#[tokio::test]
async fn the_loader_reads_byte_order_marks_and_windows_line_breaks() {
    let expected = AccessKey::new("b", "s").with_project("p");
    let windows = format!("\u{feff}{}", PROFILES.replace('\n', "\r\n"));
    let home = Home::new(&[(PROFILE, &windows)]);
    assert_eq!(key(&home.load(&[]).await.unwrap()).await, expected);
    let yaml = "\u{feff}clouds:\r\n  c:\r\n    auth:\r\n      ak: b\r\n      sk: s\r\n      project_id: p\r\n";
    let home = Home::new(&[(CLOUDS, yaml)]);
    assert_eq!(key(&home.load(&[]).await.unwrap()).await, expected);
    let json = "\u{feff}{\"profiles\":[{\"name\":\"default\",\r\n\"accessKeyId\":\"b\",\"secretAccessKey\":\"s\",\"projectId\":\"p\"}]}";
    let home = Home::new(&[(KOOCLI, json)]);
    assert_eq!(key(&home.load(&[]).await.unwrap()).await, expected);
}

#[tokio::test]
async fn the_loader_reads_numbers_and_words_exactly_as_they_are_written() {
    let yaml = "clouds: {c: {auth: {ak: 0123, sk: 1e3, security_token: true, project_id: 00000000000000000000000000000012}}}";
    let home = Home::new(&[(CLOUDS, yaml)]);
    let expected = AccessKey::new("0123", "1e3")
        .with_security_token("true")
        .with_project("00000000000000000000000000000012");
    assert_eq!(key(&home.load(&[]).await.unwrap()).await, expected);
    let json = r#"{"profiles":[{"name":"default","accessKeyId":"k","secretAccessKey":12345678901234567890,"projectId":7}]}"#;
    let home = Home::new(&[(KOOCLI, json)]);
    let expected = AccessKey::new("k", "12345678901234567890").with_project("7");
    assert_eq!(key(&home.load(&[]).await.unwrap()).await, expected);
}

#[tokio::test]
async fn the_loader_follows_yaml_anchors() {
    let yaml = "base: &base {region_name: eu-nl, auth: &auth {ak: a, sk: s}}\nclouds: {c: {<<: *base, auth: {<<: *auth, project_id: p}}}\n";
    let home = Home::new(&[(CLOUDS, yaml)]);
    let config = home.load(&[]).await.unwrap();
    assert_eq!(config.region(), Some("eu-nl"));
    let expected = AccessKey::new("a", "s").with_project("p");
    assert_eq!(key(&config).await, expected);
}

/// If the key of one profile were used with the secret of another profile, a service would refuse the request. The user
/// would not see the reason.
#[tokio::test]
async fn the_loader_refuses_repeated_profiles_settings_and_clouds() {
    for text in [
        "[basic]\nak = a\n[team]\nak = t\n[basic]\nsk = hunter2\n",
        "[basic]\nak = a\nsk = hunter2\nSK = hunter2\n",
    ] {
        let home = Home::new(&[(PROFILE, text)]);
        let text = home.load(&[]).await.unwrap_err().to_string();
        assert!(
            text.contains("credentials:") && text.contains("repeats a profile"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
    let yaml = "clouds: {c: {auth: {ak: a}}, c: {auth: {sk: hunter2}}}";
    let home = Home::new(&[(CLOUDS, yaml)]);
    let text = home.load(&[]).await.unwrap_err().to_string();
    assert!(
        text.contains("no key occurs twice") && !text.contains("hunter2"),
        "{text}"
    );
}

#[tokio::test]
async fn errors_report_files_that_are_not_utf8_and_folders_at_the_path_of_a_file() {
    for (name, variable) in [
        (CLOUDS, "OS_CLIENT_CONFIG_FILE"),
        (PROFILE, "HUAWEICLOUD_SDK_CREDENTIALS_FILE"),
        (KOOCLI, "HW_SHARED_CONFIG_FILE"),
    ] {
        let home = Home::new(&[(name, "")]);
        let path = home.path(name);
        // Windows PowerShell writes this encoding (UTF-16).
        std::fs::write(&path, b"\xff\xfe[\0b\0").unwrap();
        let error = home.load(&[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let shown = path.display().to_string();
        let expected = format!("{shown} is not UTF-8 text; save it as UTF-8");
        assert!(error.to_string().contains(&expected), "{error}");
        // The loader skips a folder at this path. But if the user names the path, the loader returns an error.
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        let text = home.load(&[]).await.unwrap_err().to_string();
        let expected = format!("{shown} cannot be read (is a directory)");
        assert!(
            text.starts_with("no credentials found:") && text.contains(&expected),
            "{text}"
        );
        let text = home
            .load(&[(variable, &shown)])
            .await
            .unwrap_err()
            .to_string();
        assert!(text.starts_with(&expected), "{text}");
    }
}

#[tokio::test]
async fn the_loader_refuses_large_files_deep_nesting_and_anchors_that_expand_too_much() {
    let large = format!("# {}\n{PROFILES}", "x".repeat(5 << 20));
    let home = Home::new(&[(PROFILE, &large)]);
    let text = home.load(&[]).await.unwrap_err().to_string();
    assert!(text.contains("is larger than 4194304 bytes"), "{text}");
    let deep = format!("clouds: {}", "[".repeat(1 << 20));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    for text in [deep, format!("{bomb}clouds: {{c: *a11}}\n")] {
        let home = Home::new(&[(CLOUDS, &text)]);
        let text = home.load(&[]).await.unwrap_err().to_string();
        assert!(text.contains("clouds.yaml:"), "{text}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_loader_reads_only_the_start_of_an_endless_device() {
    let home = Home::new(&[]);
    let variables = [("OS_CLIENT_CONFIG_FILE", "/dev/zero")];
    let text = home.load(&variables).await.unwrap_err().to_string();
    assert!(text.contains("/dev/zero is larger than"), "{text}");
    let uri = "http://127.0.0.1:1/";
    let variables = [
        ("HC_CONTAINER_CREDENTIALS_FULL_URI", uri),
        ("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/dev/zero"),
    ];
    let config = home.load(&variables).await.unwrap();
    let error = config.credentials().unwrap().credential().await;
    let cause = std::error::Error::source(&error.unwrap_err())
        .unwrap()
        .to_string();
    assert!(
        cause.contains("the token file /dev/zero is larger than"),
        "{cause}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_name_of_the_home_directory_can_contain_bytes_that_are_not_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let name = std::ffi::OsString::from_vec(b"home-\xff".to_vec());
    let outside = tempfile::tempdir().unwrap();
    let home = outside.path().join(name);
    std::fs::create_dir_all(home.join(".huaweicloud")).unwrap();
    std::fs::write(home.join(PROFILE), PROFILES).unwrap();
    let loader = support::alone(huaweicloud_config::Loader::new());
    let loader = loader.with_environment(move |name| (name == "HOME").then(|| home.clone()));
    assert_eq!(key(&loader.load().await.unwrap()).await.access, "b");
}

fn cloud(more: &str) -> Home {
    let yaml = format!("clouds: {{c: {{{more}, auth: {{ak: a, sk: s}}}}}}");
    Home::new(&[(CLOUDS, &yaml)])
}

/// The client always checks certificates. So the loader must not ignore a setting that turns the checks off.
#[tokio::test]
async fn the_loader_refuses_settings_that_turn_off_certificate_checks() {
    for (more, name) in [
        ("verify: false", "verify"),
        ("verify: 'no'", "verify"),
        ("insecure: true", "insecure"),
        ("insecure: 1, cacert: /x.pem", "insecure"),
    ] {
        let error = cloud(more).load(&[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("{name} in the cloud c of")),
            "{text}"
        );
        let cure =
            format!("remove {name}, and set the file of the certificate authority with cacert");
        assert!(text.contains(&cure), "{text}");
    }
    for more in [
        "verify: true",
        "insecure: off",
        "verify: yes, insecure: False",
    ] {
        let config = cloud(more).load(&[]).await.unwrap();
        assert_eq!(key(&config).await.access, "a");
    }
    let text = cloud("verify: maybe")
        .load(&[])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("verify in the cloud c of") && text.contains("neither true nor false"),
        "{text}"
    );
    let home = Home::new(&[]);
    for (variables, cure) in [
        (
            [("OS_AK", "a"), ("OS_SK", "s"), ("OS_INSECURE", "true")],
            "remove OS_INSECURE, and set the file of the certificate authority with OS_CACERT",
        ),
        (
            [
                ("HW_ACCESS_KEY", "a"),
                ("HW_SECRET_KEY", "s"),
                ("HW_INSECURE", "1"),
            ],
            "remove HW_INSECURE, and set the file of the certificate authority with root_certificate_file()",
        ),
    ] {
        let text = home.load(&variables).await.unwrap_err().to_string();
        assert!(text.contains(cure), "{text}");
    }
}

#[tokio::test]
async fn the_error_names_the_setting_of_an_unusable_certificate_file() {
    let text = cloud("cacert: /nowhere/ca.pem")
        .load(&[])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("`/nowhere/ca.pem` cannot be read")
            && text.contains("root certificates from cacert"),
        "{text}"
    );
    let text = cloud("key: /nowhere/key.pem")
        .load(&[])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("key is set in the cloud c of") && text.contains("but cert is not"),
        "{text}"
    );
    // `secure.yaml` can also name the certificate. One file can contain the certificate and the key.
    let home = cloud("region_name: eu-de");
    std::fs::write(home.path(SECURE), "clouds: {c: {cert: ~/both.pem}}").unwrap();
    let text = home.load(&[]).await.unwrap_err().to_string();
    assert!(
        text.contains("both.pem` cannot be read") && text.contains("client certificate from cert"),
        "{text}"
    );
    let variables = [
        ("OS_AK", "a"),
        ("OS_SK", "s"),
        ("OS_CACERT", "/nowhere/os.pem"),
    ];
    let text = Home::new(&[])
        .load(&variables)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("`/nowhere/os.pem` cannot be read")
            && text.contains("root certificates from OS_CACERT"),
        "{text}"
    );
}

/// If the program sets the HTTP client, the program decides which certificates the client trusts.
#[tokio::test]
async fn the_http_client_of_the_program_overrides_the_certificate_files() {
    let client = huaweicloud_core::http_client_builder(std::time::Duration::from_secs(1));
    let client = client.unwrap().build().unwrap();
    let settings = huaweicloud_core::Config::builder().http_client(client);
    let home = cloud("cacert: /nowhere/ca.pem, verify: false");
    let loader = home.loader(&[]).with_settings(settings.build().unwrap());
    assert_eq!(key(&loader.load().await.unwrap()).await.access, "a");
}
