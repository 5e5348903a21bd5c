//! Tests the endpoints of services: the documented regions, and the settings that have priority over the documented
//! endpoints.

use crate::support;

use std::path::{Path, PathBuf};

use huaweicloud::config::Loader;
use huaweicloud::{Config, Error, dcs, iam, roma_link};
use huaweicloud_core::Service;

const KEY: [(&str, &str); 2] = [("HW_ACCESS_KEY", "A"), ("HW_SECRET_KEY", "Planted-key")];

fn regions(service: &Service, cloud: &str) -> usize {
    let servers = service.servers().iter().filter(|one| one.cloud() == cloud);
    servers.map(|server| server.regions().len().max(1)).sum()
}

fn dcs_at(region: &str) -> Result<String, Error> {
    let config = Config::builder().region(region).build()?;
    Ok(dcs::Client::new(&config)?.session().endpoint().to_owned())
}

fn iam_at(region: &str) -> Result<String, Error> {
    let config = Config::builder().region(region).build()?;
    Ok(iam::Client::new(&config)?.session().endpoint().to_owned())
}

#[test]
fn each_service_has_the_documented_number_of_regions() {
    assert_eq!(regions(&roma_link::operations::SERVICE, "huaweicloud"), 8);
    assert_eq!(regions(&roma_link::operations::SERVICE, "otc"), 0);
    assert_eq!(regions(&dcs::operations::SERVICE, "huaweicloud"), 34);
    assert_eq!(regions(&dcs::operations::SERVICE, "otc"), 2);
    // 27 regions have their own address in the domain `myhuaweicloud.com`. The region `eu-west-101` has an address in
    // another domain. The global address serves the other six regions.
    assert_eq!(regions(&iam::operations::SERVICE, "huaweicloud"), 34);
    assert_eq!(regions(&iam::operations::SERVICE, "otc"), 3);
}

#[test]
fn clients_use_the_documented_addresses_of_regions() {
    for (region, address) in [
        ("eu-west-101", "https://dcs.eu-west-101.myhuaweicloud.eu"),
        ("eu-west-0", "https://dcs.eu-west-0.myhuaweicloud.com"),
        ("eu-nl", "https://dcs.eu-nl.otc.t-systems.com"),
    ] {
        assert_eq!(dcs_at(region).unwrap(), address);
    }
    for (region, address) in [
        ("eu-ch2", "https://iam-pub.eu-ch2.sc.otc.t-systems.com"),
        ("eu-west-101", "https://iam.eu-west-101.myhuaweicloud.eu"),
        ("ru-northwest-2", "https://iam.myhuaweicloud.com"),
        ("eu-de", "https://iam.eu-de.otc.t-systems.com"),
    ] {
        assert_eq!(iam_at(region).unwrap(), address);
    }
}

#[test]
fn every_region_of_link_and_dcs_has_an_iam_address_in_the_same_cloud() {
    for service in [&roma_link::operations::SERVICE, &dcs::operations::SERVICE] {
        for server in service.servers() {
            let own = server.url().split('.').nth(1).into_iter();
            let fixed = own.filter(|_| server.regions().is_empty());
            for region in server.regions().iter().copied().chain(fixed) {
                let huawei = iam_at(region).unwrap().contains(".myhuaweicloud.");
                assert_eq!(huawei, server.cloud() == "huaweicloud", "{region}");
            }
        }
    }
}

#[test]
fn the_error_for_an_unknown_region_names_the_region_or_similar_regions() {
    let text = dcs_at("eu-ch2").unwrap_err().to_string();
    assert!(
        text.contains("dcs is not documented in the region eu-ch2"),
        "{text}"
    );
    let text = iam_at("cn-north-44").unwrap_err().to_string();
    assert!(
        text.contains("did you mean cn-north-4 or")
            && text.contains("https://iam.myhuaweicloud.com"),
        "{text}"
    );
}

#[tokio::test]
async fn the_loader_refuses_a_mistyped_region_and_does_not_show_the_password() {
    support::leaks::log_as_asked();
    let login = [
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", "Planted-0001"),
        ("OS_USER_DOMAIN_NAME", "d"),
        ("OS_REGION_NAME", "eu-dee"),
    ];
    let read = move |name: &str| {
        let found = login.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    };
    let loader = Loader::new().with_environment(read).without_metadata();
    let text = loader.load().await.unwrap_err().to_string();
    assert!(
        text.contains("iam is not documented in the region eu-dee; did you mean eu-de?"),
        "{text}"
    );
    assert!(!text.contains("Planted-0001"), "{text}");
}

/// Creates a home folder with the file `.huaweicloud/regions.yaml`, and returns the path of the home folder.
fn home(test: &str, regions: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let folder = home.join(".huaweicloud");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("regions.yaml"), regions).unwrap();
    home
}

async fn load(
    home: &Path,
    variables: &[(&'static str, &'static str)],
    settings: Config,
) -> Result<Config, Error> {
    let variables: Vec<_> = KEY.iter().chain(variables).copied().collect();
    let read = move |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    };
    let loader = Loader::new().with_environment(read).with_home_dir(home);
    loader
        .without_metadata()
        .with_settings(settings)
        .load()
        .await
}

fn settings() -> Config {
    Config::builder().region("eu-de").build().unwrap()
}

const FILE: &str = "DCS:\n- {id: eu-de, endpoint: 'https://file/de'}\n- {id: lab-1, endpoints: [https://lab, https://lab2]}\n- {id: eu-nl, endpoint: 'https://file/nl'}\n";

#[tokio::test]
async fn settings_have_priority_over_variables_files_and_documented_addresses() {
    let home = home("order", FILE);
    let variables = [
        (
            "HUAWEICLOUD_SDK_REGION_DCS_EU_NL",
            "https://env/nl, https://env2",
        ),
        ("HUAWEICLOUD_SDK_REGION_ROMA_CN_NORTH_4", "https://env/roma"),
        ("HUAWEICLOUD_SDK_REGION_IAM_EU_DE", "https://env/iam"),
    ];
    let config = load(&home, &variables, settings()).await.unwrap();
    let client = dcs::Client::new(&config).unwrap();
    assert_eq!(client.session().endpoint(), "https://file/de");
    for (region, address) in [
        ("eu-nl", "https://env/nl"),
        ("lab-1", "https://lab"),
        ("cn-north-4", "https://dcs.cn-north-4.myhuaweicloud.com"),
    ] {
        let there = client.with_region(region).unwrap();
        assert_eq!(there.session().endpoint(), address);
    }
    assert_eq!(
        config.region_endpoint("dcs", "lab-1"),
        Some("https://lab,https://lab2")
    );
    let iam = iam::Client::new(&config).unwrap();
    assert_eq!(iam.session().endpoint(), "https://env/iam");
    let link = config.to_builder().region("cn-north-4").build().unwrap();
    let link = roma_link::Client::new(&link).unwrap();
    assert_eq!(link.session().endpoint(), "https://env/roma");

    let own = Config::builder()
        .region("eu-nl")
        .region_endpoint("dcs", "eu-nl", "https://own/nl")
        .build()
        .unwrap();
    let config = load(&home, &variables, own).await.unwrap();
    let client = dcs::Client::new(&config).unwrap();
    assert_eq!(client.session().endpoint(), "https://own/nl");
    let all = [("HUAWEICLOUD_ENDPOINT_DCS", "https://all")];
    let config = load(&home, &all, settings()).await.unwrap();
    let client = dcs::Client::new(&config).unwrap();
    assert_eq!(client.session().endpoint(), "https://all");
}

#[tokio::test]
async fn the_error_for_an_invalid_endpoint_setting_explains_the_mistake() {
    let nothing = Path::new("/nonexistent");
    let named = [("HUAWEICLOUD_SDK_REGIONS_FILE", "/nonexistent/regions.yaml")];
    let variable = [("HUAWEICLOUD_SDK_REGION_DCS_EU_DE", "dcs.example.com")];
    let broken = home("broken", "DCS:\n- {id: eu-de}\n");
    for (home, variables, parts) in [
        (
            nothing,
            &named[..],
            ["/nonexistent/regions.yaml", "does not exist"],
        ),
        (
            nothing,
            &variable[..],
            ["is not a URL", "HUAWEICLOUD_SDK_REGION_DCS_EU_DE"],
        ),
        (
            &broken,
            &[][..],
            ["regions.yaml: DCS[0] has neither", "write for example"],
        ),
    ] {
        let text = load(home, variables, settings())
            .await
            .unwrap_err()
            .to_string();
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    }
    let mistyped = Config::builder()
        .endpoint("dsc", "https://a")
        .build()
        .unwrap();
    let text = load(nothing, &[], mistyped).await.unwrap_err().to_string();
    assert!(text.contains("`dsc`") && text.contains("dcs"), "{text}");
}

#[tokio::test]
async fn a_loader_with_a_configured_key_reads_the_iam_endpoint_from_the_environment() {
    let given = Config::builder()
        .access_key("A", "Planted-key")
        .build()
        .unwrap();
    let iam = [("OTC_IAM_ENDPOINT", "https://iam.example.com/v3")];
    let config = load(Path::new("/nonexistent"), &iam, given).await.unwrap();
    assert_eq!(config.endpoint("iam"), Some("https://iam.example.com"));
}
