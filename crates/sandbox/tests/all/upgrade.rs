//! Tests with data files of other versions of the sandbox.

use crate::support;

use std::path::Path;

use huaweicloud_sandbox::{Options, Sandbox};
use redb::{Database, ReadableDatabase as _, TableDefinition, TableHandle as _};
use serde_json::{Value, json};
use support::{Keys, http, send};

/// The content of a data file of the first version: the last assigned IDs, and the tables with the JSON of each record.
const FIRST_VERSION: &str = include_str!("../first_version.json");
const TOKEN: &str = "planted-token-of-the-first-version";

/// Writes a data file in the format of the first version.
fn write_first_version(file: &Path) {
    let content: Value = serde_json::from_str(FIRST_VERSION).unwrap();
    let database = Database::create(file).unwrap();
    let writing = database.begin_write().unwrap();
    {
        let sequences: TableDefinition<'_, &str, u64> = TableDefinition::new("sequences");
        let mut sequences = writing.open_table(sequences).unwrap();
        for (name, number) in content["sequences"].as_object().unwrap() {
            sequences
                .insert(name.as_str(), number.as_u64().unwrap())
                .unwrap();
        }
        for (name, records) in content["tables"].as_object().unwrap() {
            let table: TableDefinition<'_, &str, &[u8]> = TableDefinition::new(name);
            let mut table = writing.open_table(table).unwrap();
            for (key, record) in records.as_object().unwrap() {
                let record = record.to_string();
                table.insert(key.as_str(), record.as_bytes()).unwrap();
            }
        }
    }
    writing.commit().unwrap();
}

#[tokio::test]
async fn a_data_file_of_the_first_version_keeps_all_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.redb");
    write_first_version(&file);
    // The first start upgrades the file. The second start opens the upgraded file.
    for _ in 0..2 {
        let sandbox = Sandbox::start(Options::default().data(&file))
            .await
            .unwrap();
        let details = sandbox.details().clone();
        assert_eq!(details.password, "Planted-user-1!");
        let client = http();
        let link = format!(
            "{}/v2/{}/link/instances/{}",
            details.addresses.roma_link, details.project_id, details.instance_id
        );
        let get = async |url: String| {
            let got = send(client.get(url).header("x-auth-token", TOKEN)).await;
            assert_eq!(got.status, 200, "{:?}", got.body);
            got.body
        };
        let tagged = get(format!("{link}/devices?tag=two")).await;
        assert_eq!(
            (&tagged["total"], &tagged["items"][0]["device_name"]),
            (&json!(1), &json!("device-two"))
        );
        assert_eq!(get(format!("{link}/devices?tag=kept")).await["total"], 2);
        assert_eq!(
            get(format!("{link}/products?name=planted-product")).await["total"],
            1
        );
        let login = get(format!("{link}/devices/100001/authentication")).await;
        assert_eq!(login["password"], "Planted-devices-100001!");
        assert!(sandbox.device_login(
            &details.instance_id,
            "login-products-100001",
            "Planted-products-100001!"
        ));

        let caches = get(format!(
            "{}/v2/{}/instances",
            details.addresses.dcs, details.project_id
        ))
        .await;
        let caches = caches["instances"].as_array().unwrap();
        let names: Vec<_> = caches.iter().map(|cache| &cache["name"]).collect();
        assert_eq!(
            names,
            ["cache-first", "cache-second", "cache-third"],
            "the instances are in the order of creation"
        );
        let id = caches[0]["instance_id"].as_str().unwrap();
        assert!(sandbox.dcs_login(id, "Planted-cache-1!"));
        assert!(!sandbox.dcs_login(id, "Planted-user-1!"));

        let signed = Keys::of(&sandbox).get(&client, &format!("{link}/devices"), &[]);
        assert_eq!(send(signed).await.body["total"], 2);
        sandbox.shutdown().await;
    }
    let sandbox = Sandbox::start(Options::default().data(&file))
        .await
        .unwrap();
    let details = sandbox.details().clone();
    let devices = format!(
        "{}/v2/{}/link/instances/{}/devices",
        details.addresses.roma_link, details.project_id, details.instance_id
    );
    let device = support::device(&json!({"id": 100_001}), "device-three");
    let created = http()
        .post(&devices)
        .header("x-auth-token", TOKEN)
        .json(&device);
    assert_eq!(
        send(created).await.body["id"],
        100_003,
        "the sandbox must not assign an ID twice"
    );
}

#[tokio::test]
async fn a_data_file_of_a_newer_version_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let kinds: TableDefinition<'_, &str, &str> = TableDefinition::new("kinds");
    for (kind, layout) in [("devices", "99 name"), ("groups of devices", "1")] {
        let file = folder.path().join(kind);
        let start = || Sandbox::start(Options::default().data(&file));
        start().await.unwrap().shutdown().await;
        {
            let database = Database::open(&file).unwrap();
            let writing = database.begin_write().unwrap();
            writing
                .open_table(kinds)
                .unwrap()
                .insert(kind, layout)
                .unwrap();
            writing.commit().unwrap();
        }
        let before = std::fs::read(&file).unwrap();
        let refused = start().await.unwrap_err().to_string();
        assert!(refused.contains(&file.display().to_string()), "{refused}");
        assert!(
            refused.contains(
                "newer version of the sandbox; start the newer version, delete the file, or name another file"
            ),
            "{refused}"
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}

/// The test changes a data file as if another build had written it. The versions of the records are the versions of
/// this build, but the indexes differ. When the sandbox starts with this file, it creates its own indexes.
#[tokio::test]
async fn the_sandbox_replaces_the_indexes_of_another_build() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.redb");
    write_first_version(&file);
    let start = || Sandbox::start(Options::default().data(&file));
    start().await.unwrap().shutdown().await;
    {
        let database = Database::open(&file).unwrap();
        let kinds: TableDefinition<'_, &str, &str> = TableDefinition::new("kinds");
        let entries: TableDefinition<'_, &[u8], ()> = TableDefinition::new("entries");
        let writing = database.begin_write().unwrap();
        writing
            .open_table(kinds)
            .unwrap()
            .insert("devices", "1 name")
            .unwrap();
        writing.delete_table(entries).unwrap();
        writing.open_table(entries).unwrap();
        writing
            .open_table(kinds)
            .unwrap()
            .insert("products", "1 name")
            .unwrap();
        writing.commit().unwrap();
        let names = database.begin_read().unwrap();
        assert!(
            names
                .list_tables()
                .unwrap()
                .any(|table| table.name() == "kinds")
        );
    }
    let sandbox = start().await.unwrap();
    let details = sandbox.details();
    let url = format!(
        "{}/v2/{}/link/instances/{}/devices?tag=two&online_status=0,1",
        details.addresses.roma_link, details.project_id, details.instance_id
    );
    let got = send(http().get(url).header("x-auth-token", TOKEN)).await;
    assert_eq!(
        (&got.body["total"], &got.body["items"][0]["device_name"]),
        (&json!(1), &json!("device-two"))
    );
}
