//! Tests the certificates that an entry of `clouds.yaml` names. The certificates apply to logins and to calls.

use crate::secure::{Authority, Server};
use crate::support::World;
use crate::try_to_list;
use huaweicloud::config::Loader;
use huaweicloud::{Config, ErrorKind, dcs};
use huaweicloud_sandbox::{Entrance, Options, Service};
use std::path::Path;

async fn load(home: &Path, settings: Config) -> Config {
    let loader = Loader::new().with_environment(|_| None::<String>);
    let loader = loader.with_home_dir(home).with_current_dir(home);
    let loader = loader.with_system_dir(home).with_settings(settings);
    loader.without_metadata().load().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_trusts_the_certificate_authority_in_clouds_yaml() {
    let options = Options::default()
        .entrance(Service::Iam, Entrance::Https)
        .entrance(Service::Dcs, Entrance::Https);
    let world = World::with(options).await;
    let details = world.sandbox.details();
    let home = tempfile::tempdir().unwrap();
    let pem = home.path().join("ca.pem");
    std::fs::write(&pem, details.ca_certificate.as_ref().unwrap()).unwrap();
    for (cacert, trusted) in [("cacert: ~/ca.pem", true), ("verify: true", false)] {
        let yaml = format!(
            "clouds:\n  mine:\n    {cacert}\n    auth:\n      auth_url: {}/v3/auth/tokens\n      username: {}\n      password: {:?}\n      user_domain_name: {}\n      project_name: {}\n",
            details.addresses.iam,
            details.user_name,
            details.password,
            details.domain_name,
            details.project_name
        );
        std::fs::write(home.path().join("clouds.yaml"), yaml).unwrap();
        let settings = Config::builder().endpoint("dcs", &details.addresses.dcs);
        let config = load(home.path(), settings.build().unwrap()).await;
        let client = dcs::Client::new(&config).unwrap();
        let listed = client.list_instances(&Default::default()).await;
        let kind = listed.map(drop).map_err(|error| error.kind());
        let expected = if trusted { Ok(()) } else { Err(ErrorKind::Tls) };
        assert_eq!(kind, expected, "{cacert}");
    }
    assert_eq!(world.sandbox.requests_seen("create_token"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sends_the_certificate_in_clouds_yaml_on_request() {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = Server::asking_for_certificates(&authority, &clients).await;
    let (certificate, key) = clients.issue("somebody");
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    write("ca.pem", &authority.pem);
    write("cert.pem", &certificate);
    write("key.pem", &key);
    write("both.pem", &format!("{certificate}{key}"));
    for identity in ["cert: ~/cert.pem, key: ~/key.pem", "cert: ~/both.pem"] {
        let yaml = format!(
            "clouds: {{mine: {{cacert: ~/ca.pem, {identity}, auth: {{ak: a, sk: s, project_id: p}}}}}}"
        );
        write("clouds.yaml", &yaml);
        let config = load(home.path(), Config::builder().build().unwrap()).await;
        let listed = try_to_list(config.to_builder(), &server).await;
        assert!(listed.is_ok(), "{identity}: {listed:?}");
    }
    // A certificate in the settings of the program has priority over a certificate in `clouds.yaml`.
    let (stranger, key) = Authority::new("strangers").issue("somebody");
    let settings = Config::builder().identity(stranger, key).build().unwrap();
    let config = load(home.path(), settings).await;
    let error = try_to_list(config.to_builder(), &server).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}
