//! Runs every example except `testing` as a separate program. The programs send their requests to a sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use huaweicloud::dcs;
use huaweicloud::dcs::types::{
    BackupStatus, CacheEngine, ChangeInstancePasswordRequest, ChangeInstancePasswordRequired,
    CreateInstanceRequest, CreateInstanceRequired, CreateOrDeleteInstanceTagsRequest,
    CreateOrDeleteInstanceTagsRequired, ListBackupsParams, ListInstancesParams, TagAction,
    TagRequest,
};
use huaweicloud::roma_link;
use huaweicloud::roma_link::types::{
    AddDevicesToGroupRequest, CreateDeviceGroupRequest, CreateDeviceGroupRequired,
    CreateProductRequest, CreateProductRequired, CreatePropertyRequest, CreatePropertyRequired,
    CreateServiceRequest, CreateServiceRequired, DestinationType, Device, DownloadDevicesParams,
    ExportedPassword, ListDestinationsParams, ListDevicesParams, ListRulesParams, ProductType,
    PropertyDataType, PropertyRequirement, ProtocolType, Rule, RuleStatus, ServiceStatus,
};
use huaweicloud_sandbox::{Fault, RetryAfter, Sandbox, Service};

const OLD: &str = "Planted-Example-0001!";
const NEW: &str = "Planted-Example-0002!";
const DEVICES: usize = 1000;

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.rs"))
}

/// Returns the path of an example that cargo has built for this test.
fn program(name: &str) -> PathBuf {
    let folder = std::env::current_exe().unwrap();
    let folder = folder.parent().unwrap().with_file_name("examples");
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let changed = |path: &Path| {
        path.metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    assert!(
        changed(&program) >= changed(&source(name)) && program.is_file(),
        "{name} is not built, or is older than its source: run `cargo test -p huaweicloud`, or `cargo build -p huaweicloud --examples`"
    );
    program
}

struct Examples {
    sandbox: Sandbox,
    /// The examples that have not run yet. At the end of the test, this set must be empty.
    left: BTreeSet<String>,
    folder: PathBuf,
}

impl Examples {
    fn command(&mut self, name: &str) -> Command {
        self.left.remove(name);
        let details = self.sandbox.details();
        let mut command = Command::new(program(name));
        command
            .envs(details.environment())
            .env("ROMA_INSTANCE_ID", &details.instance_id)
            .env_remove("RUST_LOG")
            .current_dir(&self.folder);
        command
    }

    /// Runs an example, and returns its exit code and its output.
    fn run(&mut self, name: &str, arguments: &[&str], more: &[(&str, &str)]) -> (i32, String) {
        let mut command = self.command(name);
        command.args(arguments).envs(more.iter().copied());
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        let text = [stdout, stderr]
            .map(|text| String::from_utf8(text).unwrap())
            .concat();
        let details = self.sandbox.details();
        for secret in [OLD, NEW, &details.secret_key] {
            assert!(!text.contains(secret), "{name} prints a secret");
        }
        (status.code().unwrap(), text)
    }
}

impl Examples {
    async fn start() -> Self {
        let sources = std::fs::read_dir(source("x").parent().unwrap()).unwrap();
        let names = sources.map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        });
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            // In the sandbox, a creation takes some time, as in the cloud.
            sandbox: Sandbox::builder()
                .change_time(Duration::from_millis(500))
                .start()
                .await
                .unwrap(),
            left: names.collect(),
            folder,
        }
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_example_runs() {
    let mut examples = Examples::start().await;
    let config = examples.sandbox.config().build().unwrap();
    devices(&mut examples, &roma_link::Client::new(&config).unwrap()).await;
    caches(&mut examples, &dcs::Client::new(&config).unwrap()).await;
    nightly(&mut examples, &dcs::Client::new(&config).unwrap()).await;
    assert!(examples.left.is_empty(), "no test runs {:?}", examples.left);
    std::fs::remove_dir_all(&examples.folder).unwrap();
}

async fn devices(examples: &mut Examples, link: &roma_link::Client) {
    let instance = examples.sandbox.details().instance_id.clone();
    let product = product(link, &instance).await;
    let list = |count| {
        let numbers = 0..count;
        let rows = numbers.map(|number| format!("node-{number},Device {number},sensor,factory\n"));
        "node_id,device_name,product_name,app_id\n".to_owned() + &rows.collect::<String>()
    };
    examples.write("few.csv", &list(3));
    examples.write("all.csv", &list(DEVICES));
    let (code, text) = examples.run("register_devices", &["few.csv"], &[]);
    assert_eq!(
        (code, text.matches(" is device ").count()),
        (0, 3),
        "{text}"
    );
    let (code, text) = examples.run("register_devices", &["all.csv"], &[]);
    assert_eq!(
        (code, text.matches(" already exists").count()),
        (0, 3),
        "{text}"
    );
    examples.write(
        "wrong.csv",
        "node_id,device_name,product_name,app_id\nlost,Lost,nothing,factory\n",
    );
    let (code, text) = examples.run("register_devices", &["wrong.csv"], &[]);
    assert!(
        code == 1 && text.contains("line 2: there is no product nothing"),
        "{text}"
    );

    let seen = examples.sandbox.requests_seen("list_devices");
    let (code, text) = examples.run("list_devices", &[], &[]);
    assert!(
        code == 0 && text.ends_with(&format!("{DEVICES} devices\n")),
        "{text}"
    );
    let pages = examples.sandbox.requests_seen("list_devices") - seen;
    assert!((5..=6).contains(&pages), "{pages} pages of 200");

    let (code, text) = examples.run("inventory", &[], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with(&format!("{DEVICES:>6}  ")), "{text}");

    let arguments = [&*product, "new.csv"];
    let (code, text) = examples.run("rotate_passwords", &arguments, &[]);
    assert!(
        code == 0 && text.contains("1001 new passwords in new.csv, 0 failed"),
        "{text}"
    );
    let written = std::fs::read_to_string(examples.folder.join("new.csv")).unwrap();
    assert!(
        written.starts_with("product,"),
        "the first line is not the password of the product"
    );
    assert_eq!(written.lines().count(), 1 + DEVICES);
    for line in [written.lines().nth(1), written.lines().last()] {
        let (_, login) = line.unwrap().split_once(',').unwrap();
        let (user, password) = login.split_once(',').unwrap();
        assert!(examples.sandbox.device_login(&instance, user, password));
    }
    // The program must not overwrite an existing file of passwords.
    assert_eq!(examples.run("rotate_passwords", &arguments, &[]).0, 1);

    // The sandbox answers the resets of five devices with status 500. The program does not retry a reset, so these five
    // resets fail.
    let mut command = examples.command("rotate_passwords");
    command.args([&*product, "again.csv"]);
    let sandbox = &examples.sandbox;
    let resets = || sandbox.requests_seen("reset_device_authentication");
    let before = resets();
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            while resets() < before + 10 {
                std::thread::sleep(Duration::from_millis(1));
            }
            let faults = sandbox.faults();
            faults.inject(Service::RomaLink, Fault::InternalServerError, 5);
        });
        command.output().unwrap()
    });
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("996 new passwords in again.csv, 5 failed"),
        "{text}"
    );
    assert_eq!(text.matches("\ndevice ").count() + 1, 5, "{text}");
    assert_eq!(output.status.code(), Some(1));
    fleet(examples, link).await;
    rules(examples, link, &product).await;
    groups(examples, link).await;
    shadow(examples, link, &product).await;
}

/// Exports devices to a file, and registers these devices in another sandbox. Each device must have the same node id,
/// name, application and product in both sandboxes. The exported login of the first device must be valid in the
/// other sandbox.
async fn fleet(examples: &mut Examples, link: &roma_link::Client) {
    let first = examples.sandbox.details().instance_id.clone();
    let page = ListDevicesParams::default().with_limit(50);
    let devices = link
        .list_devices(&first, &page)
        .await
        .unwrap()
        .into_inner()
        .items;
    let ids: Vec<i64> = devices
        .iter()
        .filter_map(|device| device.device_id)
        .collect();
    let chosen = DownloadDevicesParams::default()
        .with_device_ids(ids)
        .with_password_type(ExportedPassword::Plaintext);
    let mut file = link.download_devices(&first, &chosen).await.unwrap();
    file.save_to(examples.folder.join("fleet.csv"))
        .await
        .unwrap();

    let other = Sandbox::builder().start().await.unwrap();
    let second = other.details().instance_id.clone();
    let copy = roma_link::Client::new(&other.config().build().unwrap()).unwrap();
    product(&copy, &second).await;
    let mut command = examples.command("register_devices");
    let environment = other.details().environment();
    command
        .arg("fleet.csv")
        .envs(environment)
        .env("ROMA_INSTANCE_ID", &second);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with("50 registered, 0 failed\n"), "{text}");

    let all = ListDevicesParams::default().with_limit(100);
    let copies = copy
        .list_devices(&second, &all)
        .await
        .unwrap()
        .into_inner()
        .items;
    let same = |device: &Device| {
        let product = device
            .product
            .as_ref()
            .and_then(|product| product.product_name.clone());
        (
            device.node_id.clone(),
            device.device_name.clone(),
            device.app_id.clone(),
            product,
        )
    };
    let sorted = |devices: &[Device]| {
        let mut all: Vec<_> = devices.iter().map(same).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&copies), sorted(&devices));
    let text = std::fs::read_to_string(examples.folder.join("fleet.csv")).unwrap();
    let login = text
        .lines()
        .nth(1)
        .unwrap()
        .rsplit(',')
        .take(2)
        .collect::<Vec<_>>();
    assert!(other.device_login(&second, login[1], login[0]));
}

/// A device reports a value, and later another value. The example prints these two values.
async fn shadow(examples: &mut Examples, link: &roma_link::Client, product: &str) {
    let instance = &*examples.sandbox.details().instance_id.clone();
    let product: i64 = product.parse().unwrap();
    let service = CreateServiceRequest::new(CreateServiceRequired {
        service_name: "climate",
        status: ServiceStatus::Enabled,
    });
    let service = service.with_product_id(product);
    let service = link.create_service(instance, &service).await.unwrap();
    let service = service.service_id.unwrap();
    let property = CreatePropertyRequest::new(CreatePropertyRequired {
        property_name: "heat",
        data_type: PropertyDataType::Number,
        required: PropertyRequirement::Optional,
    });
    link.create_property(instance, &service.to_string(), &property)
        .await
        .unwrap();
    let page = ListDevicesParams::default().with_limit(1);
    let page = link.list_devices(instance, &page).await.unwrap();
    let device = page.items[0].device_id.unwrap();
    let (device_id, service_id) = (device.cast_unsigned(), service.cast_unsigned());
    let mut command = examples.command("watch_shadow");
    command.args([device.to_string(), "2".to_owned()]);
    let sandbox = &examples.sandbox;
    let report = |value: &str| {
        let reported = sandbox.report_properties(device_id, service_id, &[("heat", value)]);
        assert!(reported.unwrap());
    };
    report("20");
    let polls = || sandbox.requests_seen("list_shadows");
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            while polls() == 0 {
                std::thread::sleep(Duration::from_millis(10));
            }
            report("21");
        });
        command.output().unwrap()
    });
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text, "climate.heat = 20\nclimate.heat = 21\n");
    assert!(output.status.success());
}

/// Creates a tree of groups with two levels. Only the group of the second level contains devices.
async fn groups(examples: &mut Examples, link: &roma_link::Client) {
    let instance = &*examples.sandbox.details().instance_id.clone();
    let group = async |name: &str, parent_id: i64| {
        let group = CreateDeviceGroupRequest::new(CreateDeviceGroupRequired {
            name,
            parent_id,
            app_id: "factory",
        });
        let group = link.create_device_group(instance, &group).await.unwrap();
        group.id.unwrap()
    };
    let hall = group("hall", 0).await;
    let line = group("line", hall).await;
    group("yard", 0).await;
    let page = ListDevicesParams::default().with_limit(5);
    let page = link.list_devices(instance, &page).await.unwrap();
    let ids = page.items.iter().map(|device| device.device_id.unwrap());
    let all = AddDevicesToGroupRequest::new(ids.collect::<Vec<_>>());
    link.add_devices_to_group(instance, line, &all)
        .await
        .unwrap();
    let (code, text) = examples.run("group_tree", &["factory"], &[]);
    let tree = "|-- hall (0)\n|   `-- line (5)\n`-- yard (0)\n";
    assert_eq!((code, text.as_str()), (0, tree));
}

/// The example creates one rule successfully. For a second rule, a step fails, so the example deletes this rule.
async fn rules(examples: &mut Examples, link: &roma_link::Client, product: &str) {
    let instance = &*examples.sandbox.details().instance_id.clone();
    let arguments = ["factory", product, "telemetry"];
    let server = [("MQS_SERVER", "10.0.0.5:9092")];
    let (code, text) = examples.run("forward_data", &arguments, &server);
    assert!(code == 0 && text.contains(" topics\n"), "{text}");
    let all = ListRulesParams::default();
    let rules = link.list_rules(instance, &all).items();
    let rules: Vec<Rule> = rules.try_collect().await.unwrap();
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].status, Some(RuleStatus::Enabled));
    let id = rules[0].rule_id.unwrap().to_string();
    let all = ListDestinationsParams::default();
    let page = link.list_destinations(instance, &id, &all).await.unwrap();
    let kinds = page.items.iter().map(|it| it.destination_type);
    assert_eq!(kinds.collect::<Vec<_>>(), [Some(DestinationType::Mqs)]);

    let arguments = ["factory", "4711", "telemetry"];
    let (code, text) = examples.run("forward_data", &arguments, &server);
    assert!(
        code == 1 && text.contains("was deleted after this error"),
        "{text}"
    );
    let left = link.list_rules(instance, &ListRulesParams::default()).await;
    assert_eq!(left.unwrap().items.len(), 1);
}

async fn caches(examples: &mut Examples, dcs: &dcs::Client) {
    let id = cache(dcs, "example-a").await;
    let id = id.as_str();
    let place = [
        ("CACHE_PASSWORD", OLD),
        ("VPC_ID", "503aa6d8-c69e-41ea-9b48-3b6dcb6ff3e9"),
        ("SUBNET_ID", "10e0b4c9-6b5b-4a0f-a2fd-b7b4a7a6d6b1"),
    ];
    let (code, text) = examples.run("create_cache", &["example-b"], &place);
    assert!(code == 0 && text.contains("\nexample-b runs at "), "{text}");

    let (code, text) = examples.run("errors", &[id], &[]);
    assert_eq!((code, text.as_str()), (0, "example-a\n"));
    assert_eq!(examples.run("errors", &["no-such-cache"], &[]).0, 3);
    assert_eq!(
        examples
            .run("errors", &[id], &[("HUAWEICLOUD_SDK_SK", "wrong")])
            .0,
        4
    );
    examples
        .sandbox
        .faults()
        .keep(Service::Dcs, Fault::Throttled(RetryAfter::Seconds(0)));
    assert_eq!(examples.run("errors", &[id], &[]).0, 75);
    examples.sandbox.faults().clear();

    let wrong = [("OLD_PASSWORD", NEW), ("NEW_PASSWORD", OLD)];
    let (code, text) = examples.run("change_password", &[id], &wrong);
    assert!(code == 1 && text.contains("4 more tries"), "{text}");
    let right = [("OLD_PASSWORD", OLD), ("NEW_PASSWORD", NEW)];
    let (code, text) = examples.run("change_password", &[id], &right);
    assert_eq!((code, text.as_str()), (0, "changed\n"));
    assert!(examples.sandbox.dcs_login(id, NEW));

    parameters(examples, dcs, id).await;

    let (code, text) = examples.run("limits", &[], &[]);
    assert_eq!((code, text.as_str()), (0, "2 caches\n"));

    examples
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::ServiceUnavailable, 1);
    let (code, text) = examples.run("logging", &[], &[("NO_COLOR", "1")]);
    assert!(
        code == 0 && text.contains("INFO") && text.contains("sending again"),
        "{text}"
    );
    assert!(text.contains("2 caches attempts=2"), "{text}");

    let (code, text) = examples.run("audit_trail", &[], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with("list_instances 200 ") && text.contains("\nshow_instance 404 "),
        "{text}"
    );

    let (code, text) = examples.run("find_big_keys", &["5000"], &[]);
    assert!(code == 0 && text.ends_with("\n6 big keys\n"), "{text}");
    for cache in ["example-a", "example-b"] {
        let first = format!("{cache:20} session:archive ");
        assert!(
            text.contains(&first) && !text.contains("online:users"),
            "{text}"
        );
    }
    let faults = examples.sandbox.faults();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let (code, text) = examples.run("find_big_keys", &["5000"], &[]);
    assert!(code == 1 && text.contains("\n3 big keys\n"), "{text}");
    assert!(text.contains("1 caches could not be analysed"), "{text}");

    // The example `testing` contains its own tests, so this test does not run the example.
    examples.left.remove("testing");

    web_service(examples, id).await;

    inventory(examples, dcs, id).await;

    rotation(examples, dcs).await;

    let (code, text) = examples.run("clean_up", &["example-"], &[]);
    assert_eq!((code, text.as_str()), (0, "2 deleted, 0 failed\n"));
    let left = dcs
        .list_instances(&ListInstancesParams::default())
        .await
        .unwrap();
    assert!(left.instances.is_empty());
}

async fn parameters(examples: &mut Examples, dcs: &dcs::Client, id: &str) {
    let timeout = async || {
        let all = dcs.list_parameters(id).await.unwrap().into_inner();
        let timeout = Some("timeout".to_owned());
        let mut all = all.redis_config.into_iter();
        let found = all.find(|parameter| parameter.param_name == timeout);
        found.unwrap().param_value.unwrap()
    };
    let (code, text) = examples.run("tune_parameters", &[id, "timeout=100"], &[]);
    assert_eq!((code, text.as_str()), (0, "changed\n"));
    assert_eq!(timeout().await, "100");
    let (code, text) = examples.run("tune_parameters", &[id, "timeout=100"], &[]);
    assert_eq!((code, text.as_str()), (0, "nothing to change\n"));

    // The example `errors` fails if it has no argument. So this test uses it as a check that fails.
    let refuses = program("errors");
    let refuses = [("CHECK", refuses.to_str().unwrap())];
    let (code, text) = examples.run("tune_parameters", &[id, "timeout=200"], &refuses);
    assert!(
        code == 1 && text.contains("back to timeout=100\n"),
        "{text}"
    );
    assert!(text.contains("have their former values"), "{text}");
    assert_eq!(timeout().await, "100");

    let faults = examples.sandbox.faults();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let (code, text) = examples.run("tune_parameters", &[id, "timeout=300"], &[]);
    assert!(code == 1 && text.contains("nothing was changed"), "{text}");
    assert_eq!(timeout().await, "100");
    let (code, text) = examples.run("tune_parameters", &[id, "timeout=7201"], &[]);
    assert!(code == 1 && text.contains("DCS.4066"), "{text}");
}

/// There are two caches. One cache has a tag.
async fn inventory(examples: &mut Examples, dcs: &dcs::Client, id: &str) {
    let tags = CreateOrDeleteInstanceTagsRequest::new(CreateOrDeleteInstanceTagsRequired {
        action: TagAction::Create,
        tags: [TagRequest::new("stage").with_value("test")],
    });
    dcs.create_or_delete_instance_tags(id, &tags).await.unwrap();
    let (code, text) = examples.run("cache_inventory", &[], &[]);
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!((code, rows.len()), (0, 3), "{text}");
    let flavor = "redis.single.xu1.tiny.128";
    let row = |name, tag| {
        [
            "example-", name, flavor, "single", "6.0", "eu-de-01", "RUNNING", tag,
        ]
        .concat()
    };
    let mut found: Vec<String> = rows[1..].iter().map(|row| row.concat()).collect();
    found.sort();
    assert_eq!(found, [row("a", "stage=test"), row("b", "")], "{text}");
    assert_eq!(
        text.lines().next().unwrap().find("status"),
        text.lines().nth(1).unwrap().find("RUNNING"),
        "{text}"
    );
}

/// The service sets the new password of one cache. It refuses the requests for a locked cache and for a restarting
/// cache.
async fn rotation(examples: &mut Examples, dcs: &dcs::Client) {
    let mut ids = Vec::new();
    for name in ["rotate-a", "rotate-b", "rotate-c"] {
        ids.push(cache(dcs, name).await);
    }
    let wrong = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: NEW,
        new_password: "Planted-Example-0003!",
    });
    for _ in 0..5 {
        let refused = dcs.change_instance_password(&ids[1], &wrong).await;
        refused.unwrap_err();
    }
    let sandbox = &examples.sandbox;
    sandbox.put_dcs_status(&ids[2], "RESTARTING").unwrap();

    let arguments = ["rotate-", "caches.csv"];
    let (code, text) = examples.run("rotate_cache_passwords", &arguments, &[]);
    let report = [
        "refused  rotate-b: ",
        "\nrefused  rotate-c: ",
        "\n1 new passwords in caches.csv, 2 failed\n",
    ];
    let found = report.map(|line| text.find(line));
    assert!(code == 1 && found[0] == Some(0), "{text}");
    assert!(found.is_sorted() && found[1].is_some(), "{text}");
    assert!(text.contains("DCS.4111"), "{text}");

    let written = std::fs::read_to_string(examples.folder.join("caches.csv")).unwrap();
    let line: Vec<&str> = written.trim_end().split(',').collect();
    assert_eq!(
        [line[0], line[1], line[3]],
        [&*ids[0], "rotate-a", "rotated"]
    );
    assert!(!text.contains(line[2]), "the report shows a password");
    let sandbox = &examples.sandbox;
    assert!(sandbox.dcs_login(&ids[0], line[2]));
    assert!(ids[1..].iter().all(|id| sandbox.dcs_login(id, OLD)));
    // The program must not overwrite an existing file of passwords.
    let sandbox = &examples.sandbox;
    sandbox.put_dcs_status(&ids[2], "RUNNING").unwrap();
    assert_eq!(examples.run("rotate_cache_passwords", &arguments, &[]).0, 1);
    for id in &ids {
        dcs.delete_instance(id)
            .wait()
            .interval(Duration::from_millis(100))
            .await
            .unwrap();
    }
}

/// Two of three caches have a standby node. Only caches with a standby node can be backed up.
async fn nightly(examples: &mut Examples, dcs: &dcs::Client) {
    let pair = "redis.ha.xu1.tiny.r2.128";
    let id = cache_of(dcs, "nightly-a", pair).await;
    cache_of(dcs, "nightly-b", pair).await;
    cache(dcs, "other").await;
    let night = |examples: &mut Examples| {
        let (code, text) = examples.run("nightly_backup", &["nightly-", "2"], &[]);
        (code, text.matches("1 deleted").count(), text)
    };
    for deleted in [0, 0, 2] {
        let (code, found, text) = night(examples);
        assert_eq!((code, found), (0, deleted), "{text}");
        assert!(!text.contains("other"), "{text}");
    }
    let left = async || {
        let all = dcs.list_backups(&id, &ListBackupsParams::default());
        let all: Vec<_> = all.items().try_collect().await.unwrap();
        let good = all.iter();
        let good = good.filter(|backup| backup.status == Some(BackupStatus::Succeed));
        (all.len(), good.count())
    };
    assert_eq!(left().await, (3, 2));
    let faults = examples.sandbox.faults();
    // The backup of one of the two caches fails. The program deletes no old backup of this cache.
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let (code, found, text) = night(examples);
    assert_eq!((code, found), (1, 1), "{text}");
    assert!(text.contains("dcs.08.0002"), "{text}");
    assert_eq!(left().await.1, 2);
    let bad = examples.run("nightly_backup", &["nightly-", "0"], &[]);
    assert!(
        bad.0 == 1 && bad.1.contains("keep at least one backup"),
        "{bad:?}"
    );
}

async fn web_service(examples: &mut Examples, id: &str) {
    let mut command = examples.command("web_service");
    let mut child = command
        .env("PORT", "0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut address).unwrap();
    let http = huaweicloud::Config::builder().build().unwrap();
    let get = async |id: &str| {
        let url = format!("{}/caches/{id}", address.trim());
        let answer = http.http_client().get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let found = get(id).await;
    let missing = get("no-such-cache").await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(found, (200, "example-a".to_owned()));
    assert_eq!(missing.0, 404);
}

/// Creates a product, and returns its id.
async fn product(link: &roma_link::Client, instance: &str) -> String {
    let request = CreateProductRequest::new(CreateProductRequired {
        app_id: "factory",
        name: "sensor",
        manufacturer_id: "maker",
        manufacturer_name: "Maker",
        model: "m1",
        product_type: ProductType::Common,
        protocol_type: ProtocolType::Mqtt,
    });
    let product = link.create_product(instance, &request).await.unwrap();
    product.id.unwrap().to_string()
}

/// Creates a cache, and returns its id. The password is [`OLD`].
async fn cache(dcs: &dcs::Client, name: &str) -> String {
    cache_of(dcs, name, "redis.single.xu1.tiny.128").await
}

async fn cache_of(dcs: &dcs::Client, name: &str, spec_code: &str) -> String {
    let request = CreateInstanceRequest::new(CreateInstanceRequired {
        name,
        engine: CacheEngine::Redis,
        capacity: 0.125,
        spec_code,
        az_codes: ["eu-de-01"],
        vpc_id: "503aa6d8-c69e-41ea-9b48-3b6dcb6ff3e9",
        subnet_id: "10e0b4c9-6b5b-4a0f-a2fd-b7b4a7a6d6b1",
    })
    .with_engine_version("6.0")
    .with_password(OLD);
    let created = dcs
        .create_instance(&request)
        .wait()
        .interval(Duration::from_millis(100));
    created.await.unwrap()[0].instance_id.clone().unwrap()
}
