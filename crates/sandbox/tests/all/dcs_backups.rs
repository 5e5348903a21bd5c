//! Tests of the backups of a DCS instance, and of restorations from backups.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World};

/// A tenth of the change time that most tests of this file set. A test runs for a much shorter time. So the change
/// time passes only if the test advances the clock.
const TENTH: Duration = Duration::from_secs(1000);

async fn slow() -> World {
    World::with(Options::default().change_time(10 * TENTH)).await
}

async fn begin(world: &World, id: &str) -> Got {
    let body = json!({"remark": "nightly", "backup_format": "aof"});
    world
        .dcs("POST", &format!("/{id}/backups"), Some(body))
        .await
}

async fn begun(world: &World, id: &str) -> String {
    let got = begin(world, id).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    got.body["backup_id"].as_str().unwrap().to_owned()
}

async fn backups(world: &World, id: &str) -> Vec<Value> {
    let got = world.dcs("GET", &format!("/{id}/backups"), None).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    got.body["backup_record_response"]
        .as_array()
        .unwrap()
        .clone()
}

async fn restore(world: &World, id: &str, backup: &str) -> Got {
    let body = json!({"backup_id": backup, "remark": "again"});
    world
        .dcs("POST", &format!("/{id}/restores"), Some(body))
        .await
}

async fn status(world: &World, id: &str) -> Value {
    world.dcs("GET", &format!("/{id}"), None).await.body["status"].clone()
}

#[tokio::test]
async fn a_backup_runs_and_can_then_be_restored() {
    let world = slow().await;
    let id = world.pair().await;
    let none = world.dcs("GET", &format!("/{id}/backups"), None).await;
    assert_eq!((none.status, &none.body), (204, &Value::Null));
    let backup = begun(&world, &id).await;
    let running = &backups(&world, &id).await[0];
    assert_eq!(
        (
            &running["backup_id"],
            &running["status"],
            &running["is_support_restore"]
        ),
        (&json!(backup), &json!("backuping"), &json!("FALSE"))
    );
    let got = begin(&world, &id).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4096"));
    let got = restore(&world, &id, &backup).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4096"));
    world.clock.advance(10 * TENTH);
    let done = &backups(&world, &id).await[0];
    for (field, value) in [
        ("status", "succeed"),
        ("progress", "100.00"),
        ("remark", "nightly"),
        ("backup_format", "aof"),
        ("backup_type", "manual"),
        ("is_support_restore", "TRUE"),
        ("instance_id", id.as_str()),
    ] {
        assert_eq!(done[field], value, "{field}");
    }
    assert!(done["size"].as_u64().unwrap() > 0);
    assert_ne!(done["created_at"], done["updated_at"]);

    let got = restore(&world, &id, &backup).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    assert_eq!(status(&world, &id).await, "RESTORING");
    let got = begin(&world, &id).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4097"));
    world.clock.advance(10 * TENTH);
    assert_eq!(status(&world, &id).await, "RUNNING");
    let records = world.dcs("GET", &format!("/{id}/restores"), None).await;
    let record = &records.body["restore_record_response"][0];
    for (field, value) in [
        ("status", "succeed"),
        ("backup_id", backup.as_str()),
        ("restore_remark", "again"),
        ("backup_remark", "nightly"),
    ] {
        assert_eq!(record[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_failed_backup_has_an_error_code_and_cannot_be_restored() {
    let world = slow().await;
    let id = world.pair().await;
    let faults = world.sandbox.faults();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let failing = begun(&world, &id).await;
    world.clock.advance(10 * TENTH);
    let failed = &backups(&world, &id).await[0];
    assert_eq!(
        (&failed["status"], &failed["error_code"]),
        (&json!("failed"), &json!("dcs.08.0002"))
    );
    let got = restore(&world, &id, &failing).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4087"));
    assert_eq!(status(&world, &id).await, "RUNNING");

    let good = begun(&world, &id).await;
    world.clock.advance(10 * TENTH);
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    assert_eq!(restore(&world, &id, &good).await.status, 200);
    world.clock.advance(10 * TENTH);
    let records = world
        .dcs("GET", &format!("/{id}/restores"), None)
        .await
        .body;
    assert_eq!(
        records["restore_record_response"][0]["error_code"],
        "dcs.08.0007"
    );
    assert_eq!(status(&world, &id).await, "RUNNING");
}

#[tokio::test]
async fn a_deleted_backup_stays_in_the_list() {
    let world = slow().await;
    let id = world.pair().await;
    let backup = begun(&world, &id).await;
    let path = format!("/{id}/backups/{backup}");
    let got = world.dcs("DELETE", &path, None).await;
    assert_eq!(
        (got.status, got.code()),
        (400, "DCS.4096"),
        "the backup is running"
    );
    world.clock.advance(10 * TENTH);
    // A repeated deletion is not an error.
    for _ in 0..2 {
        assert_eq!(world.dcs("DELETE", &path, None).await.status, 204);
    }
    assert_eq!(backups(&world, &id).await[0]["status"], "deleted");
    let got = restore(&world, &id, &backup).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4087"));
    let links = format!("{path}/links");
    let got = world
        .dcs("POST", &links, Some(json!({"expiration": 300})))
        .await;
    assert_eq!((got.status, got.code()), (400, "DCS.4957"));
}

#[tokio::test]
async fn a_link_contains_the_requested_time_of_expiry() {
    let world = World::new().await;
    let id = world.pair().await;
    let backup = begun(&world, &id).await;
    let links = async |body: Value| {
        let path = format!("/{id}/backups/{backup}/links");
        world.dcs("POST", &path, Some(body)).await
    };
    let before = world.clock.now_ms() / 1000;
    let got = links(json!({"expiration": 1800})).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    let link = got.body["links"][0]["link"].as_str().unwrap();
    let end = link.split_once("Expires=").unwrap().1.split('&').next();
    let end: i64 = end.unwrap().parse().unwrap();
    assert!(
        (before + 1800..before + 1860).contains(&end),
        "{end} {before}"
    );
    let name = got.body["links"][0]["file_name"].as_str().unwrap();
    assert!(name.ends_with(".aof") && link.contains(name), "{name}");
    for bad in [
        json!({}),
        json!({"expiration": 299}),
        json!({"expiration": 86401}),
    ] {
        let got = links(bad.clone()).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4062"), "{bad}");
    }
}

#[tokio::test]
async fn invalid_backups_and_restorations_are_refused() {
    let world = slow().await;
    let single = world.cache("Planted-Cache-0001").await;
    let got = begin(&world, &single).await;
    assert_eq!(
        (got.status, got.code()),
        (400, "DCS.4118"),
        "the instance is being created"
    );
    world.clock.advance(10 * TENTH);
    let got = begin(&world, &single).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4095"));
    let got = begin(&world, "nothing").await;
    assert_eq!((got.status, got.code()), (404, "DCS.3022"));

    let (id, other) = (world.pair().await, world.pair().await);
    let foreign = begun(&world, &other).await;
    world.clock.advance(10 * TENTH);
    for backup in ["nothing", foreign.as_str()] {
        let got = restore(&world, &id, backup).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4062"), "{backup}");
    }
}

#[tokio::test]
async fn backups_are_listed_newest_first_and_stored_in_the_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let options = || {
        Options::default()
            .data(folder.path().join("data"))
            .change_time(10 * TENTH)
    };
    let world = World::with(options()).await;
    let id = world.pair().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(begun(&world, &id).await);
        world.clock.advance(10 * TENTH);
    }
    all.push(begun(&world, &id).await);
    all.reverse();
    let page = async |world: &World, query: &str| {
        let got = world
            .dcs("GET", &format!("/{id}/backups?{query}"), None)
            .await;
        let list = got.body["backup_record_response"].as_array().cloned();
        let ids = list
            .unwrap()
            .into_iter()
            .map(|record| record["backup_id"].clone());
        (got.body["total_num"].clone(), ids.collect::<Vec<_>>())
    };
    let expected: Vec<_> = all[1..3].iter().map(|id| json!(id)).collect();
    assert_eq!(page(&world, "offset=1&limit=2").await, (json!(4), expected));
    assert_eq!(page(&world, "offset=9").await, (json!(4), Vec::new()));
    world.sandbox.shutdown().await;
    let world = World::with(options()).await;
    let records = backups(&world, &id).await;
    assert_eq!(records.len(), 4);
    // The restarted sandbox has a new clock, which shows the real time: about the time of the first backup.
    world.clock.advance(10 * TENTH);
    assert_eq!(backups(&world, &id).await[3]["status"], "succeed");
}
