//! Tests the configuration and the environment variables that the sandbox provides for clients.

use huaweicloud::config::Loader;
use huaweicloud::{Config, dcs, iam, roma_link};
use huaweicloud_sandbox::{Details, Entrance, Options, Service};

use super::support::World;

/// Calls each service that has a client. The sandbox checks the signature and the project. If the sandbox uses TLS, the
/// client checks the certificate.
async fn calls_succeed(config: &Config, details: &Details) {
    let dcs = dcs::Client::new(config).unwrap();
    dcs.list_instances(&Default::default()).await.unwrap();
    let link = roma_link::Client::new(config).unwrap();
    let devices = link.list_devices(&details.instance_id, &Default::default());
    let devices: Vec<_> = devices.items().try_collect().await.unwrap();
    assert!(devices.is_empty());
    let iam = iam::Client::new(config).unwrap();
    let projects = iam.list_projects(&Default::default()).await.unwrap();
    assert!(!projects.projects.is_empty());
}

#[tokio::test]
async fn the_configuration_of_the_sandbox_works() {
    let world = World::new().await;
    let config = world.sandbox.config().build().unwrap();
    calls_succeed(&config, world.sandbox.details()).await;
}

/// If the sandbox uses TLS, `Sandbox::config` adds the certificate authority of the sandbox to the configuration.
#[tokio::test]
async fn the_configuration_of_the_sandbox_trusts_its_certificates() {
    let services = [Service::Dcs, Service::Iam, Service::RomaLink];
    let secure = services
        .into_iter()
        .fold(Options::default(), |options, service| {
            options.entrance(service, Entrance::Https)
        });
    let world = World::with(secure).await;
    let details = world.sandbox.details();
    assert!(details.addresses.dcs.starts_with("https://"));
    let config = world.sandbox.config().build().unwrap();
    calls_succeed(&config, details).await;
}

#[tokio::test]
async fn a_loader_reads_the_variables_of_the_sandbox() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let loader = Loader::new().with_variables(details.environment());
    let config = loader.load().await.unwrap();
    calls_succeed(&config, details).await;
    // The debug output of the two configurations does not contain the secret key.
    let shown = format!("{:?} {config:?}", world.sandbox.config());
    assert!(!shown.contains(&details.secret_key), "{shown}");
}
