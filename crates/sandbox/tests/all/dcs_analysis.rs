//! Tests of the Distributed Cache Service (DCS): analyses of keys, slow commands, and files of run logs.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const PASSWORD: &str = "Example-Old-0001";

/// Starts a sandbox with a change time of ten seconds, and creates a running instance.
///
/// The clock shows a time shortly after 01:00 UTC. So the time that a test takes cannot move the clock past midnight.
async fn world() -> (World, String) {
    let mut world = World::with(Options::default().change_time(10 * SECOND)).await;
    let day = 24 * HOUR.as_millis() as i64;
    let left = day - world.clock.now_ms() % day;
    later(&mut world, Duration::from_millis(left as u64) + HOUR).await;
    let id = world.cache(PASSWORD).await;
    world.clock.advance(10 * SECOND);
    (world, id)
}

/// Calls an operation of the instance.
async fn at(world: &World, id: &str, method: &str, path: &str, body: Option<Value>) -> Got {
    world.dcs(method, &format!("/{id}/{path}"), body).await
}

async fn get(world: &World, id: &str, path: &str) -> Got {
    at(world, id, "GET", path, None).await
}

async fn post(world: &World, id: &str, path: &str) -> Got {
    at(world, id, "POST", path, None).await
}

/// Creates a running instance with this flavor and this capacity in GB.
async fn of_flavor(world: &World, flavor: &str, capacity: u32) -> String {
    let mut request = support::cache(PASSWORD);
    request["spec_code"] = json!(flavor);
    request["capacity"] = json!(capacity);
    let got = world.dcs("POST", "", Some(request)).await;
    let id = text(&got.body["instances"][0]["instance_id"]).to_owned();
    world.clock.advance(10 * SECOND);
    id
}

/// Sets a configuration parameter of the instance.
async fn set(world: &World, id: &str, (number, name, value): (&str, &str, &str)) {
    let parameter = json!({"param_id": number, "param_name": name, "param_value": value});
    let body = json!({"redis_config": [parameter]});
    let got = at(world, id, "PUT", "configs", Some(body)).await;
    assert_eq!(got.status, 204, "{:?}", got.body);
    world.clock.advance(10 * SECOND);
}

/// The configuration parameter that sets an LFU policy (least frequently used). An analysis of hot keys needs an LFU
/// policy, because the instance then counts the accesses to its keys.
const LFU: (&str, &str, &str) = ("2", "maxmemory-policy", "allkeys-lfu");

/// Advances the clock. Then gets a new token, because the old token can have expired.
async fn later(world: &mut World, time: Duration) {
    world.clock.advance(time);
    world.token = world.new_token().await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn an_analysis_waits_runs_and_finds_keys() {
    let (world, id) = world().await;
    set(&world, &id, LFU).await;
    for (kind, keys) in [("bigkey", 6), ("hotkey", 5)] {
        let started = post(&world, &id, &format!("{kind}-task")).await;
        assert_eq!(
            (
                started.status,
                &started.body["status"],
                &started.body["num"]
            ),
            (200, &json!("waiting"), &json!(0))
        );
        assert_eq!(started.body["started_at"], Value::Null);
        let task = format!("{kind}-task/{}", text(&started.body["id"]));
        for (seconds, status) in [
            (4, "waiting"),
            (1, "running"),
            (4, "running"),
            (1, "success"),
        ] {
            world.clock.advance(seconds * SECOND);
            let shown = get(&world, &id, &task).await;
            assert_eq!(shown.body["status"], status, "{kind}");
            assert_eq!(shown.body["keys"].is_array(), status == "success");
        }
        let shown = get(&world, &id, &task).await.body;
        assert_eq!(
            (
                shown["num"].as_u64(),
                shown["keys"].as_array().unwrap().len()
            ),
            (Some(keys), keys as usize)
        );
        for key in shown["keys"].as_array().unwrap() {
            let unit = if key["type"] == "string" {
                "byte"
            } else {
                "count"
            };
            assert_eq!(key["unit"], unit);
            assert_eq!(key["freq"].is_u64(), kind == "hotkey");
            assert_eq!(key["shard"], Value::Null, "the instance is not a cluster");
        }
        let deleted = at(&world, &id, "DELETE", &task, None).await;
        assert_eq!((deleted.status, &deleted.body), (200, &shown));
        assert_eq!(at(&world, &id, "DELETE", &task, None).await.status, 204);
        let code = if kind == "bigkey" {
            "DCS.4942"
        } else {
            "DCS.4941"
        };
        let missing = get(&world, &id, &task).await;
        assert_eq!((missing.status, missing.code()), (400, code));
    }
}

#[tokio::test]
async fn analyses_that_an_instance_cannot_run_are_refused() {
    let (world, id) = world().await;
    assert_eq!(post(&world, &id, "hotkey-task").await.code(), "DCS.4922");
    let started = post(&world, &id, "bigkey-task").await;
    assert_eq!(post(&world, &id, "bigkey-task").await.code(), "DCS.4918");
    let task = format!("bigkey-task/{}", text(&started.body["id"]));
    assert_eq!(
        at(&world, &id, "DELETE", &task, None).await.code(),
        "DCS.4957"
    );
    world.clock.advance(10 * SECOND);
    assert_eq!(post(&world, &id, "bigkey-task").await.status, 200);
    assert_eq!(
        post(&world, "missing", "bigkey-task").await.code(),
        "DCS.3022"
    );
    let creating = world.cache(PASSWORD).await;
    for path in [
        "bigkey-task",
        "hotkey-task",
        "scan-expire-keys-task",
        "auto-expire/scan",
    ] {
        let refused = post(&world, &creating, path).await;
        assert_eq!(
            (refused.status, refused.code()),
            (400, "DCS.4118"),
            "{path}"
        );
    }

    let mut old = support::cache(PASSWORD);
    old["engine_version"] = json!("3.0");
    let got = world.dcs("POST", "", Some(old)).await;
    let old = text(&got.body["instances"][0]["instance_id"]);
    world.clock.advance(10 * SECOND);
    for (path, code) in [
        ("hotkey-tasks", "DCS.4922"),
        ("hotkey/autoscan", "DCS.4922"),
        ("auto-expire/histories", "DCS.4818"),
        ("offline/key-analysis", "DCS.4230"),
    ] {
        assert_eq!(get(&world, old, path).await.code(), code, "{path}");
    }
    assert_eq!(post(&world, old, "bigkey-task").await.status, 200);
}

#[tokio::test]
async fn lists_of_analyses_are_sorted_by_time_and_have_pages_and_filters() {
    let (world, id) = world().await;
    set(&world, &id, LFU).await;
    let mut started = Vec::new();
    for _ in 0..3 {
        started.push(post(&world, &id, "hotkey-task").await.body["id"].clone());
        world.clock.advance(6 * SECOND);
    }
    started.reverse();
    let ids = |got: &Got| -> Vec<Value> {
        let records = got.body["records"].as_array().unwrap();
        records.iter().map(|record| record["id"].clone()).collect()
    };
    let all = get(&world, &id, "hotkey-tasks").await;
    assert_eq!(
        (&all.body["count"], ids(&all)),
        (&json!(3), started.clone())
    );
    let page = get(&world, &id, "hotkey-tasks?limit=1&offset=1").await;
    assert_eq!(
        (&page.body["count"], ids(&page)),
        (&json!(3), started[1..2].to_vec())
    );
    for (status, found) in [
        ("running", &started[..1]),
        ("success", &started[1..]),
        ("failed", &[]),
    ] {
        let got = get(&world, &id, &format!("hotkey-tasks?status={status}")).await;
        assert_eq!(ids(&got), found, "{status}");
        assert!(
            got.body["records"]
                .as_array()
                .unwrap()
                .iter()
                .all(|record| record["keys"].is_null())
        );
    }
    assert_eq!(
        get(&world, &id, "hotkey-tasks?limit=0").await.code(),
        "DCS.4800"
    );
    let other = world.cache(PASSWORD).await;
    assert_eq!(get(&world, &other, "hotkey-tasks").await.body["count"], 0);
}

#[tokio::test]
async fn a_failed_analysis_has_no_keys() {
    let (world, id) = world().await;
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let started = post(&world, &id, "bigkey-task").await;
    world.clock.advance(10 * SECOND);
    let task = format!("bigkey-task/{}", text(&started.body["id"]));
    let failed = get(&world, &id, &task).await.body;
    assert_eq!(
        (&failed["status"], &failed["keys"]),
        (&json!("failed"), &Value::Null)
    );
}

#[tokio::test]
async fn an_instance_without_data_has_no_keys() {
    let (world, id) = world().await;
    let flush = json!({"instances": [id], "action": "flush"});
    assert_eq!(world.dcs("PUT", "/status", Some(flush)).await.status, 200);
    world.clock.advance(10 * SECOND);
    let started = post(&world, &id, "bigkey-task").await;
    world.clock.advance(10 * SECOND);
    let task = format!("bigkey-task/{}", text(&started.body["id"]));
    let shown = get(&world, &id, &task).await.body;
    assert_eq!(
        (&shown["status"], &shown["keys"]),
        (&json!("success"), &json!([]))
    );
}

#[tokio::test]
async fn daily_analyses_start_at_their_times() {
    let (mut world, id) = world().await;
    let path = "bigkey/autoscan";
    let off = get(&world, &id, path).await.body;
    assert_eq!(
        off,
        json!({"instance_id": id, "enable_auto_scan": false, "schedule_at": []})
    );
    for wrong in ["24:00", "noon", ""] {
        let body = json!({"enable_auto_scan": true, "schedule_at": [wrong]});
        let got = at(&world, &id, "PUT", path, Some(body)).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4062"), "{wrong}");
    }
    let daily = |on: bool| json!({"enable_auto_scan": on, "schedule_at": ["21:00", "09:00"]});
    let on = at(&world, &id, "PUT", path, Some(daily(true))).await;
    assert_eq!(on.body["schedule_at"], json!(["21:00", "09:00"]));
    assert_eq!(get(&world, &id, path).await.body, on.body);
    later(&mut world, 48 * HOUR).await;
    let found = get(&world, &id, "bigkey-tasks?status=success").await.body;
    assert_eq!(found["count"], 4, "{found}");
    for record in found["records"].as_array().unwrap() {
        assert_eq!(record["scan_type"], "auto");
        let time = text(&record["created_at"]);
        assert!(
            time.contains("T21:00:00") || time.contains("T09:00:00"),
            "{time}"
        );
    }
    at(&world, &id, "PUT", path, Some(daily(false))).await;
    later(&mut world, 48 * HOUR).await;
    assert_eq!(get(&world, &id, "bigkey-tasks").await.body["count"], 4);
    // If many start times have passed, one request starts only the analyses with the latest 31 start times.
    at(&world, &id, "PUT", path, Some(daily(true))).await;
    later(&mut world, 1000 * 24 * HOUR).await;
    assert_eq!(get(&world, &id, "bigkey-tasks").await.body["count"], 4 + 31);
}

#[tokio::test]
async fn expired_keys_are_scanned_on_request_and_by_schedule() {
    let (mut world, id) = world().await;
    for path in ["scan-expire-keys-task", "auto-expire/scan"] {
        assert_eq!(post(&world, &id, path).await.body["status"], "waiting");
    }
    let waiting = get(&world, &id, "auto-expire/histories").await.body;
    assert_eq!(
        (&waiting["total"], &waiting["count"]),
        (&json!(100), &json!(2))
    );
    let record = &waiting["records"][0];
    assert_eq!(
        (&record["finished_at"], &record["num"]),
        (&json!(""), &Value::Null)
    );
    world.clock.advance(10 * SECOND);
    let done = get(&world, &id, "auto-expire/histories?status=success&limit=1")
        .await
        .body;
    assert_eq!((&done["total"], &done["count"]), (&json!(100), &json!(2)));

    assert_eq!(done["records"][0]["num"], 100);

    let path = "scan-expire-keys/autoscan-config";
    let unset = get(&world, &id, path).await.body;
    let documented = json!({"instance_id": id, "enable_auto_scan": false, "first_scan_at": null, "interval": null, "timeout": null,
        "scan_keys_count": null, "updated_at": null});
    assert_eq!(unset, documented);
    let put = |body: Value| at(&world, &id, "PUT", path, Some(body));
    for (body, code) in [
        (
            json!({"first_scan_at": "2023-02-07T15:00:05.000Z"}),
            "DCS.4819",
        ),
        (json!({"first_scan_at": "tomorrow"}), "DCS.4819"),
        (json!({"interval": -1}), "DCS.4820"),
        (json!({"interval": 60, "timeout": 119}), "DCS.4821"),
        (json!({"interval": 0, "timeout": 1}), "DCS.4821"),
        (json!({"scan_keys_count": 9}), "DCS.4822"),
        (json!({"scan_keys_count": 1001}), "DCS.4822"),
    ] {
        let got = put(body.clone()).await;
        assert_eq!((got.status, got.code()), (400, code), "{body}");
    }
    assert_eq!(
        get(&world, &id, path).await.body,
        documented,
        "refused requests must not change the configuration"
    );
    let first = "2100-01-31T07:30:00.000";
    let set = put(json!({"enable_auto_scan": true, "first_scan_at": first, "interval": 3600, "timeout": 7200, "scan_keys_count": 10})).await;
    assert_eq!(set.status, 200, "{:?}", set.body);
    let changed = put(json!({"interval": 1800})).await.body;
    assert_eq!(
        (&changed["timeout"], &changed["first_scan_at"]),
        (&json!(7200), &json!(first))
    );
    assert_eq!(
        get(&world, &id, "auto-expire/histories").await.body["count"],
        2
    );
    later(&mut world, 200 * 365 * 24 * HOUR).await;
    assert_eq!(
        get(&world, &id, "auto-expire/histories").await.body["count"],
        2 + 31
    );
}

#[tokio::test]
async fn an_offline_analysis_sums_up_the_keys() {
    let (world, _) = world().await;
    let id = of_flavor(&world, "redis.ha.xu1.large.r2.8", 8).await;
    let path = "offline/key-analysis";
    let missing = at(&world, &id, "POST", path, Some(json!({}))).await;
    assert_eq!((missing.status, missing.code()), (400, "DCS.4062"));
    let nodes = get(&world, &id, "nodes").await.body;
    let node = &nodes["redis_server"][0]["node_id"];
    let backup = at(&world, &id, "POST", "backups", Some(json!({}))).await;
    let backup = &backup.body["backup_id"];
    world.clock.advance(10 * SECOND);
    for (body, code) in [
        (json!({"node_id": "node"}), "DCS.3053"),
        (json!({"node_id": node, "backup_id": "backup"}), "DCS.4062"),
    ] {
        let wrong = at(&world, &id, "POST", path, Some(body)).await;
        assert_eq!((wrong.status, wrong.code()), (400, code));
    }
    for (body, analysis_type) in [
        (json!({"node_id": node}), "new_backup"),
        (json!({"node_id": node, "backup_id": backup}), "old_backup"),
    ] {
        let started = at(&world, &id, "POST", path, Some(body)).await.body;
        let task = format!("{path}/{}", text(&started["task_id"]));
        let waiting = get(&world, &id, &task).await.body;
        assert_eq!(
            (&waiting["analysis_type"], &waiting["total_num"]),
            (&json!(analysis_type), &Value::Null)
        );
        assert_eq!(waiting["node_id"], *node);
        assert_eq!(
            waiting["status"],
            Value::Null,
            "the answer does not show the status of the analysis"
        );
        assert_eq!(
            at(&world, &id, "DELETE", &task, None).await.code(),
            "DCS.4957"
        );
        world.clock.advance(10 * SECOND);
        let done = get(&world, &id, &task).await.body;
        let sum = |list: &str, field: &str| -> u64 {
            done[list]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry[field].as_u64().unwrap())
                .sum()
        };
        let total = done["total_bytes"].as_u64().unwrap();
        assert!(total > 0);
        for list in ["largest_keys", "largest_key_prefixes", "type_bytes"] {
            assert_eq!(sum(list, "bytes"), total, "{list}");
        }
        for list in ["largest_key_prefixes", "type_num"] {
            assert_eq!(
                sum(list, "num"),
                done["total_num"].as_u64().unwrap(),
                "{list}"
            );
        }
        let listed = get(&world, &id, &format!("{path}?status=success"))
            .await
            .body;
        assert_eq!(
            (&listed["total"], &listed["records"][0]["id"]),
            (&json!(1), &started["task_id"])
        );
        assert_eq!(
            at(&world, &id, "DELETE", &task, None).await.body,
            json!({"task_id": started["task_id"]})
        );
        assert_eq!(get(&world, &id, &task).await.code(), "DCS.4133");
    }
}

#[tokio::test]
async fn hot_keys_can_be_downloaded_after_a_successful_analysis() {
    let (world, id) = world().await;
    set(&world, &id, LFU).await;
    let started = post(&world, &id, "hotkey-task").await;
    let task = text(&started.body["id"]);
    let path = format!("hotkey/{task}/export");
    assert_eq!(post(&world, &id, &path).await.code(), "DCS.4957");
    assert_eq!(
        post(&world, &id, "hotkey/missing/export").await.code(),
        "DCS.4941"
    );
    world.clock.advance(10 * SECOND);
    let url = world.dcs_url(&format!("/{id}/{path}"));
    let file = world
        .http
        .post(url)
        .header("x-auth-token", &world.token)
        .send()
        .await
        .unwrap();
    assert_eq!(file.headers()["content-type"], "application/octet-stream");
    let name = format!("attachment; filename=\"hot-keys-{task}.csv\"");
    assert_eq!(file.headers()["content-disposition"], name);
    let file = file.text().await.unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(
        (lines.len(), lines[0]),
        (6, "name,type,shard,db,size,unit,freq")
    );
    assert_eq!(lines[1], "ranking:week,zset,,1,8000,count,120");
}

#[tokio::test]
async fn slow_commands_are_found_by_time_and_sorted() {
    let (mut world, id) = world().await;
    world.clock.advance(10 * 60 * SECOND);
    let now = world.clock.now_ms();
    let list = |from: i64, more: &str| {
        let path = format!("slowlog?start_time={from}&end_time={now}{more}");
        let (world, id) = (&world, &id);
        async move { get(world, id, &path).await }
    };
    let all = list(0, "&limit=100").await.body;
    assert_eq!((&all["total_num"], &all["count"]), (&json!(11), &json!(11)));
    let times: Vec<&str> = all["slowlogs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| text(&entry["start_time"]))
        .collect();
    assert!(times.is_sorted_by(|a, b| a > b), "{times:?}");
    let page = list(0, "&offset=3&limit=2&sort_dir=asc").await.body;
    assert_eq!(
        (
            &page["total_num"],
            &page["count"],
            &page["slowlogs"][0]["id"]
        ),
        (&json!(11), &json!(11), &json!(4))
    );
    let slowest = list(0, "&sort_key=duration&limit=1").await.body;
    assert_eq!(slowest["slowlogs"][0]["duration"], "412");
    assert_eq!(list(now - 120_000, "").await.body["total_num"], 2);
    assert_eq!(list(0, "&role=proxy").await.body["total_num"], 0);
    for (from, code) in [
        ("now", "DCS.4800"),
        ("-1", "DCS.4800"),
        (&now.to_string(), "DCS.4025"),
    ] {
        let path = format!("slowlog?start_time={from}&end_time={now}");
        assert_eq!(get(&world, &id, &path).await.code(), code, "{from}");
    }
    later(&mut world, 1000 * HOUR).await;
    let end = world.clock.now_ms() + 3_600_000;
    let path = format!("slowlog?start_time=0&end_time={end}");
    let kept = get(&world, &id, &path).await.body;
    assert_eq!(kept["total_num"], 128, "the oldest commands are dropped");
    set(&world, &id, ("11", "slowlog-log-slower-than", "100000")).await;
    let slower = get(&world, &id, &path).await.body;
    assert_eq!(slower["total_num"], 64);
}

#[tokio::test]
async fn run_logs_have_a_file_for_each_day() {
    let (world, id) = world().await;
    let list = "redislog?log_type=run";
    assert_eq!(get(&world, &id, list).await.status, 204);
    let wrong = get(&world, &id, "redislog?log_type=slow").await;
    assert_eq!((wrong.status, wrong.code()), (400, "DCS.4800"));
    assert_eq!(
        post(&world, &id, "redislog?log_type=run&query_time=2")
            .await
            .code(),
        "DCS.4800"
    );
    assert_eq!(
        post(&world, &id, "redislog?log_type=run&query_time=7")
            .await
            .status,
        204
    );
    assert_eq!(
        get(&world, &id, list).await.status,
        204,
        "the files appear at the end of the collection"
    );
    world.clock.advance(10 * SECOND);
    let files = get(&world, &id, &format!("{list}&limit=100")).await.body;
    assert_eq!(
        (&files["total_num"], &files["file_list"][0]["status"]),
        (&json!(8), &json!("succeed"))
    );
    // A second collection replaces the file of today. It does not add another file.
    post(&world, &id, "redislog?log_type=run").await;
    world.clock.advance(10 * SECOND);
    assert_eq!(get(&world, &id, list).await.body["total_num"], 8);
    let file = &get(&world, &id, list).await.body["file_list"][0];
    let link = post(
        &world,
        &id,
        &format!("redislog/{}/links", text(&file["id"])),
    )
    .await
    .body;
    assert_eq!(link["id"], file["id"]);
    assert!(text(&link["link"]).contains(text(&file["file_name"])));
    assert_eq!(
        post(&world, &id, "redislog/missing/links").await.status,
        404
    );

    let pair = &of_flavor(&world, "redis.ha.xu1.large.r2.8", 8).await;
    let nodes = get(&world, pair, "nodes").await.body;
    let replica = &nodes["redis_server"][1];
    let id: uuid::Uuid = text(&replica["node_id"]).parse().unwrap();
    for refused in ["", "&replication_id=other"] {
        let got = post(&world, pair, &format!("redislog?log_type=run{refused}")).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4800"), "{refused}");
    }
    let path = format!("redislog?log_type=run&replication_id={id}");
    assert_eq!(post(&world, pair, &path).await.status, 204);
    world.clock.advance(10 * SECOND);
    let files = get(&world, pair, list).await.body;
    assert_eq!(files["file_list"][0]["replication_ip"], replica["ip"]);
}

#[tokio::test]
async fn results_of_a_cluster_show_the_shard() {
    let (world, _) = world().await;
    let id = &of_flavor(&world, "redis.cluster.xu1.large.r2.24", 24).await;
    let started = post(&world, id, "bigkey-task").await;
    world.clock.advance(10 * SECOND);
    let task = format!("bigkey-task/{}", text(&started.body["id"]));
    let shown = get(&world, id, &task).await.body;
    let nodes = get(&world, id, "nodes").await.body;
    let nodes = nodes["redis_server"].as_array().unwrap();
    let masters = nodes.iter().filter(|node| node["node_type"] == "master");
    let masters: Vec<String> = masters
        .map(|node| format!("{}:6379", text(&node["ip"])))
        .collect();
    assert!(masters.len() > 1);
    for key in shown["keys"].as_array().unwrap() {
        assert!(
            masters.iter().any(|master| key["shard"] == *master),
            "{key}"
        );
    }
    let now = world.clock.now_ms();
    let slow = get(&world, id, &format!("slowlog?start_time=0&end_time={now}"))
        .await
        .body;
    assert_eq!(slow["slowlogs"][0]["shard_name"], "group-0");
}
