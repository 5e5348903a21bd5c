//! Tests of migrations to a DCS instance, and of the exchange of addresses.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World};

/// A tenth of the change time that most tests of this file set. A test runs for a much shorter time. So the change
/// time passes only if the test advances the clock.
const TENTH: Duration = Duration::from_secs(1000);
const PASSWORD: &str = "Planted-Source-0001";

async fn slow() -> World {
    World::with(Options::default().change_time(10 * TENTH)).await
}

fn import(target: &str) -> Value {
    json!({"task_name": "import", "migration_type": "backupfile_import", "migration_method": "full_amount_migration",
        "backup_files": {"file_source": "self_build_obs", "bucket_name": "bucket", "files": [{"file_name": "a.rdb"}]},
        "target_instance": {"id": target, "password": PASSWORD}})
}

async fn online(world: &World, name: &str) -> String {
    let body =
        json!({"name": name, "vpc_id": "vpc", "subnet_id": "subnet", "security_group_id": "group"});
    let got = world
        .dcs_project("POST", "/migration/instance", Some(body))
        .await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    got.body["instance_id"].as_str().unwrap().to_owned()
}

async fn set(world: &World, task: &str, method: &str, source: Value, target: &str) -> Got {
    let body = json!({"migration_method": method, "resume_mode": "auto", "source_instance": source, "target_instance": {"id": target}});
    let path = format!("/migration/{task}/task");
    world.dcs_project("POST", &path, Some(body)).await
}

async fn on_task(world: &World, method: &str, task: &str, what: &str) -> Got {
    let path = format!("/migration-task/{task}{what}");
    world.dcs_project(method, &path, None).await
}

async fn status(world: &World, task: &str) -> String {
    let got = on_task(world, "GET", task, "").await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    got.body["status"].as_str().unwrap().to_owned()
}

async fn instance(world: &World, id: &str) -> Value {
    world.dcs("GET", &format!("/{id}"), None).await.body
}

/// Creates two instances, and a task that copies each change of the first instance to the second instance.
///
/// Returns the IDs of the task, of the source and of the target.
async fn following(world: &World) -> (String, String, String) {
    let (source, target) = (world.pair().await, world.pair().await);
    let task = online(world, "move").await;
    let got = set(
        world,
        &task,
        "incremental_migration",
        json!({"id": source}),
        &target,
    )
    .await;
    assert_eq!(
        (got.status, &got.body["status"]),
        (200, &json!("FULLMIGRATING"))
    );
    world.clock.advance(10 * TENTH);
    (task, source, target)
}

#[tokio::test]
async fn the_list_shows_why_an_import_has_failed() {
    let world = slow().await;
    let target = world.pair().await;
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let got = world
            .dcs_project("POST", "/migration-task", Some(import(&target)))
            .await;
        assert_eq!(
            (got.status, &got.body["status"]),
            (200, &json!("MIGRATING"))
        );
        tasks.push(got.body["id"].as_str().unwrap().to_owned());
    }
    world.clock.advance(10 * TENTH);
    assert_eq!(status(&world, &tasks[0]).await, "FAILED");
    assert_eq!(status(&world, &tasks[1]).await, "SUCCESS");
    let list = world
        .dcs_project("GET", "/migration-tasks", None)
        .await
        .body;
    assert_eq!(list["count"], 2);
    let [good, failed] = [0, 1].map(|number| &list["migration_tasks"][number]);
    assert_eq!(
        (&good["task_id"], &good["error_message"]),
        (&json!(tasks[1]), &Value::Null)
    );
    assert_eq!(
        failed["error_message"],
        "job failed, the source is not reachable."
    );
    assert_eq!(
        (
            &good["data_source"],
            &good["target_instance_id"],
            &good["target_instance_status"]
        ),
        (&json!("bucket"), &json!(target), &json!("RUNNING"))
    );
    let shown = on_task(&world, "GET", &tasks[1], "").await.body;
    assert_eq!(shown["target_instance"]["password"], "******");
    let logs = on_task(&world, "GET", &tasks[0], "/logs?log_level=ERROR")
        .await
        .body;
    assert_eq!(
        (
            &logs["log_num"],
            logs["migration_logs"].as_array().unwrap().len()
        ),
        (&json!(1), 1)
    );
    let logs = on_task(&world, "GET", &tasks[1], "/logs?limit=1&offset=1")
        .await
        .body;
    assert_eq!(logs["log_num"], 2);
    assert_eq!(
        logs["migration_logs"][0]["message"],
        "the migration has begun."
    );
}

#[tokio::test]
async fn an_import_needs_a_complete_backup() {
    let world = slow().await;
    let (source, target) = (world.pair().await, world.pair().await);
    let got = world
        .dcs("POST", &format!("/{source}/backups"), Some(json!({})))
        .await;
    let mut request = import(&target);
    request["backup_files"] =
        json!({"file_source": "backup_record", "backup_id": got.body["backup_id"], "files": []});
    let post = async || {
        let request = Some(request.clone());
        world.dcs_project("POST", "/migration-task", request).await
    };
    let got = post().await;
    assert_eq!(
        (got.status, got.code()),
        (400, "DCS.4062"),
        "the backup is running"
    );
    world.clock.advance(10 * TENTH);
    assert_eq!(post().await.status, 200);
}

#[tokio::test]
async fn an_incremental_migration_continues_until_a_request_stops_the_task() {
    let world = slow().await;
    let target = world.pair().await;
    let task = online(&world, "move").await;
    assert_eq!(status(&world, &task).await, "RUNNING");
    let source = json!({"addrs": "192.168.1.1:6379", "password": PASSWORD});
    let got = set(&world, &task, "incremental_migration", source, &target).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    world.clock.advance(3 * TENTH);
    let stats = on_task(&world, "GET", &task, "/stats").await.body;
    let expected = json!({"full_migration_progress": "30", "offset": "700", "source_dbsize": "1000", "target_dbsize": "300",
        "target_input_kbps": "50", "target_ops": "100", "is_migrating": true});
    assert_eq!(stats, expected);
    assert_eq!(status(&world, &task).await, "FULLMIGRATING");
    world.clock.advance(7 * TENTH);
    assert_eq!(status(&world, &task).await, "INCRMIGRATING");
    world.clock.advance(10 * TENTH);
    assert_eq!(status(&world, &task).await, "INCRMIGRATING");
    let mode = world
        .dcs_project(
            "PUT",
            &format!("/migration-task/{task}"),
            Some(json!({"resume_mode": "manual"})),
        )
        .await;
    assert_eq!((mode.status, &mode.body), (200, &Value::Null));

    let delete = async || {
        let body = json!({"task_id_list": [task]});
        world
            .dcs_project("DELETE", "/migration-tasks/delete", Some(body))
            .await
    };
    assert_eq!(delete().await.code(), "DCS.4957");
    let got = on_task(&world, "POST", &task, "/stop").await;
    assert_eq!(
        (&got.body["status"], &got.body["resume_mode"]),
        (&json!("TERMINATING"), &json!("manual"))
    );
    world.clock.advance(10 * TENTH);
    assert_eq!(status(&world, &task).await, "TERMINATED");
    assert_eq!(
        on_task(&world, "POST", &task, "/stop").await.code(),
        "DCS.4957"
    );
    assert_eq!(delete().await.body["task_id_list"], json!([task]));
    assert_eq!(delete().await.status, 404);
    let got = on_task(&world, "GET", &task, "").await;
    assert_eq!((got.status, got.code()), (404, "DCS.4133"));
    let got = on_task(&world, "GET", &task, "/stats").await;
    assert_eq!((got.status, got.code()), (400, "DCS.4133"));
}

#[tokio::test]
async fn a_stopped_migration_does_not_log_its_success() {
    let world = slow().await;
    let target = world.pair().await;
    let task = online(&world, "move").await;
    let source = json!({"addrs": "192.168.1.1:6379"});
    set(&world, &task, "full_amount_migration", source, &target).await;
    let got = on_task(&world, "POST", &task, "/sync-stop").await;
    assert_eq!(got.status, 204);
    assert_eq!(status(&world, &task).await, "TERMINATED");
    world.clock.advance(10 * TENTH);
    let logs = on_task(&world, "GET", &task, "/logs").await.body;
    let messages = logs["migration_logs"].as_array().unwrap().iter();
    let messages: Vec<_> = messages.map(|log| log["message"].clone()).collect();
    assert_eq!(messages, ["job stopped.", "the migration has begun."]);
}

#[tokio::test]
async fn a_batch_shows_a_result_for_each_task() {
    let world = slow().await;
    let (moving, _, target) = following(&world).await;
    let got = world
        .dcs_project("POST", "/migration-task", Some(import(&target)))
        .await;
    let imported = got.body["id"].as_str().unwrap().to_owned();
    let order = async |path: &str, tasks: &[&str]| {
        let body = json!({"migration_tasks": tasks});
        world.dcs_project("POST", path, Some(body)).await
    };
    let stop = "/migration-task/batch-stop";
    let restart = "/migration-tasks/batch-restart";
    let results = |got: &Got| {
        let results = got.body["migration_tasks"].as_array().unwrap().iter();
        let results = results.map(|one| {
            (
                one["result"].as_str().unwrap().to_owned(),
                one["error_code"].as_str().unwrap_or("-").to_owned(),
            )
        });
        results.collect::<Vec<_>>()
    };
    let pair = |result: &str, code: &str| (result.to_owned(), code.to_owned());
    let got = order(stop, &[&moving, "nothing", &imported]).await;
    let expected = [
        pair("success", "-"),
        pair("failed", "DCS.4855"),
        pair("success", "-"),
    ];
    assert_eq!(results(&got), expected);
    let got = order(restart, &[&moving]).await;
    assert_eq!(
        results(&got),
        [pair("failed", "DCS.4957")],
        "the task is being stopped"
    );
    world.clock.advance(10 * TENTH);
    let got = order(restart, &[&moving, &imported]).await;
    let expected = [pair("success", "-"), pair("failed", "dcs.41.0001")];
    assert_eq!(results(&got), expected, "an import cannot be restarted");
    assert_eq!(status(&world, &moving).await, "FULLMIGRATING");
    for path in [stop, restart] {
        let got = order(path, &[]).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4855"), "{path}");
    }
}

#[tokio::test]
async fn addresses_are_exchanged_and_rolled_back() {
    let world = slow().await;
    let (task, source, target) = following(&world).await;
    let addresses = async || {
        let mut all = Vec::new();
        for id in [&source, &target] {
            let shown = instance(&world, id).await;
            all.push((shown["ip"].clone(), shown["domain_name"].clone()));
        }
        all
    };
    let before = addresses().await;
    let exchange = async |domain: bool, ips: &[&Value]| {
        let body = json!({"exchanged_ip": ips, "is_exchange_domain": domain});
        let path = format!("/migration-task/{task}/exchange-ip");
        world.dcs_project("POST", &path, Some(body)).await
    };
    let back = async || on_task(&world, "POST", &task, "/rollback-ip").await;
    assert_eq!(
        back().await.code(),
        "DCS.4990",
        "the addresses were not exchanged before"
    );
    let got = exchange(true, &[&json!("10.0.0.1")]).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4062"));
    let got = exchange(true, &[&before[0].0, &before[1].0]).await;
    assert_eq!(got.status, 204, "{:?}", got.body);
    let shown = on_task(&world, "GET", &task, "").await.body;
    assert_eq!(shown["task_status"], "EXCHANGING");
    assert_eq!(addresses().await, before);
    assert_eq!(
        exchange(true, &[]).await.code(),
        "DCS.4957",
        "a second exchange is possible only after a rollback"
    );
    assert_eq!(
        back().await.code(),
        "DCS.4957",
        "the exchange is in progress"
    );
    world.clock.advance(10 * TENTH);
    let after = addresses().await;
    assert_eq!((&after[0], &after[1]), (&before[1], &before[0]));
    let shown = on_task(&world, "GET", &task, "").await.body;
    assert_eq!(
        (&shown["status"], shown.get("task_status")),
        (&json!("INCRMIGRATING"), None)
    );
    assert_eq!(back().await.status, 204);
    world.clock.advance(10 * TENTH);
    assert_eq!(addresses().await, before);

    // If `is_exchange_domain` is `false`, the IP addresses are exchanged, but the domain names are not.
    assert_eq!(exchange(false, &[]).await.status, 204);
    world.clock.advance(10 * TENTH);
    let after = addresses().await;
    assert_eq!((&after[0].0, &after[0].1), (&before[1].0, &before[0].1));
}

#[tokio::test]
async fn an_exchange_of_addresses_needs_two_dcs_instances() {
    let world = World::new().await;
    let target = world.pair().await;
    let task = online(&world, "move").await;
    let source = json!({"addrs": "192.168.1.1:6379"});
    set(&world, &task, "incremental_migration", source, &target).await;
    let body = json!({"exchanged_ip": [], "is_exchange_domain": true});
    let path = format!("/migration-task/{task}/exchange-ip");
    let got = world.dcs_project("POST", &path, Some(body)).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4990"));
}

#[tokio::test]
async fn invalid_configurations_of_migrations_are_refused() {
    let world = slow().await;
    let target = world.pair().await;
    let task = online(&world, "move").await;
    let full = "full_amount_migration";
    let source = || json!({"addrs": "192.168.1.1:6379"});
    assert_eq!(
        set(&world, &task, full, json!({}), &target).await.code(),
        "DCS.4062"
    );
    assert_eq!(
        set(&world, &task, full, source(), "nothing").await.status,
        404
    );
    assert_eq!(
        set(&world, "nothing", full, source(), &target).await.code(),
        "DCS.4133"
    );
    for bad in ["0", "10241", "fast"] {
        let body = json!({"migration_method": full, "resume_mode": "auto", "bandwidth_limit_mb": bad,
            "source_instance": source(), "target_instance": {"id": target}});
        let path = format!("/migration/{task}/task");
        let got = world.dcs_project("POST", &path, Some(body)).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4062"), "{bad}");
    }
    world.sandbox.put_dcs_status(&target, "ERROR").unwrap();
    assert_eq!(
        set(&world, &task, full, source(), &target).await.code(),
        "DCS.4049"
    );
    assert_eq!(
        status(&world, &task).await,
        "RUNNING",
        "the task must not change"
    );
    let mut request = import(&target);
    request["migration_type"] = json!("online_migration");
    let got = world
        .dcs_project("POST", "/migration-task", Some(request))
        .await;
    assert_eq!(
        (got.status, got.code()),
        (400, "DCS.4062"),
        "the source is missing"
    );
}

#[tokio::test]
async fn tasks_are_found_by_their_name() {
    let world = World::new().await;
    for name in ["first", "second", "first"] {
        online(&world, name).await;
    }
    let list = async |query: &str| {
        let path = format!("/migration-tasks{query}");
        world.dcs_project("GET", &path, None).await.body
    };
    assert_eq!(list("").await["count"], 3);
    let found = list("?name=first&limit=1&offset=1").await;
    assert_eq!(found["count"], 2);
    assert_eq!(found["migration_tasks"][0]["task_name"], "first");
    assert_eq!(list("?name=firs").await["count"], 0);
}
