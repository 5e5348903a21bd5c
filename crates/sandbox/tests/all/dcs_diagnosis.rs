//! Tests of the Distributed Cache Service (DCS): diagnoses, tags, and sessions of the web CLI.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{World, cache};

const PASSWORD: &str = "Planted-Old-0001";
const SECOND: Duration = Duration::from_secs(1);

async fn send(world: &World, method: &str, path: &str, body: Value) -> (u16, Value) {
    let url = world.dcs_url("").replace("/instances", path);
    let body = Some(body).filter(|body| !body.is_null());
    let got = world.call(method, &url, body).await;
    (got.status, got.body)
}

async fn get(world: &World, path: &str) -> Value {
    let (status, body) = send(world, "GET", path, Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

async fn code(world: &World, method: &str, path: &str, body: Value) -> Value {
    send(world, method, path, body).await.1["error_code"].clone()
}

/// Creates a running instance, and advances the clock by one hour.
async fn running(world: &World) -> String {
    let mut body = cache(PASSWORD);
    body["spec_code"] = json!("redis.ha.xu1.large.r2.1");
    let got = world.dcs("POST", "", Some(body)).await;
    world.clock.advance(3600 * SECOND);
    let id = &got.body["instances"][0]["instance_id"];
    id.as_str().unwrap().to_owned()
}

/// Returns a period for a request. `begin` and `end` are numbers of seconds before the present time.
fn period(world: &World, begin: i64, end: i64) -> Value {
    let now = world.clock.now_ms();
    let text = |ago: i64| (now - ago * 1000).to_string();
    json!({"begin_time": text(begin), "end_time": text(end)})
}

#[tokio::test]
async fn a_diagnosis_report_is_finished_after_the_change_time() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let id = running(&world).await;
    let tasks = format!("/instances/{id}/diagnosis");
    let mut wanted = period(&world, 600, 0);
    let (_, first) = send(&world, "POST", &tasks, wanted.clone()).await;
    world.clock.advance(SECOND);
    let nodes = get(&world, &format!("/instances/{id}/logical-nodes")).await;
    wanted["node_ip_list"] = json!([nodes["nodes"][1]["node_ip"]]);
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let (_, second) = send(&world, "POST", &tasks, wanted).await;
    let report = async |task: &Value| {
        get(
            &world,
            &format!("/diagnosis/{}", task["report_id"].as_str().unwrap()),
        )
        .await
    };
    let listed = get(&world, &tasks).await;
    assert_eq!(listed["total_num"], 2);
    let ids = [0, 1].map(|at| listed["diagnosis_report_list"][at]["report_id"].clone());
    assert_eq!(
        ids,
        [&second, &first].map(|task| task["report_id"].clone()),
        "the newest report comes first"
    );
    assert_eq!(listed["diagnosis_report_list"][1]["status"], "diagnosing");
    assert_eq!(
        report(&first).await["diagnosis_node_report_list"],
        json!([])
    );
    world.clock.advance(10 * SECOND);
    let listed = get(&world, &format!("{tasks}?limit=1&offset=1")).await;
    let listed = &listed["diagnosis_report_list"][0];
    assert_eq!(
        (&listed["status"], &listed["node_num"]),
        (&json!("finished"), &json!(2))
    );
    assert_eq!(listed["failed_item_sum"], 0);
    let shown = report(&first).await;
    let roles: Vec<_> = shown["diagnosis_node_report_list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["role"].clone())
        .collect();
    assert_eq!(roles, ["master", "slave"]);
    let shown = report(&second).await;
    assert_eq!(
        shown["diagnosis_node_report_list"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        (&shown["failed_item_sum"], &shown["abnormal_item_sum"]),
        (&json!(9), &json!(0))
    );
}

#[tokio::test]
async fn invalid_and_impossible_diagnoses_are_refused() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let id = running(&world).await;
    let tasks = format!("/instances/{id}/diagnosis");
    for (begin, end, expected) in [
        (10, 10, "DCS.4025"),
        (10, 20, "DCS.4025"),
        (601, 0, "DCS.4028"),
        (-30, -60, "DCS.4031"),
        (8 * 24 * 3600, 8 * 24 * 3600 - 60, "DCS.4030"),
        (3700, 3600, "DCS.4033"),
    ] {
        let refused = code(&world, "POST", &tasks, period(&world, begin, end)).await;
        assert_eq!(refused, expected, "{begin} to {end}");
    }
    let mut strange = period(&world, 60, 0);
    strange["node_ip_list"] = json!(["10.0.0.1"]);
    assert_eq!(code(&world, "POST", &tasks, strange).await, "DCS.4930");
    let words = json!({"begin_time": "yesterday", "end_time": "today"});
    assert_eq!(code(&world, "POST", &tasks, words).await, "DCS.4062");
    assert_eq!(
        code(&world, "GET", "/diagnosis/no-such-report", Value::Null).await,
        "DCS.3022"
    );
    let restart = json!({"instances": [id], "action": "restart"});
    world.dcs("PUT", "/status", Some(restart)).await;
    assert_eq!(
        code(&world, "POST", &tasks, period(&world, 60, 0)).await,
        "DCS.4111"
    );
    assert_eq!(get(&world, &tasks).await["total_num"], 0);
}

#[tokio::test]
async fn a_missing_report_does_not_prevent_the_deletion_of_other_reports() {
    let world = World::new().await;
    let id = running(&world).await;
    let tasks = format!("/instances/{id}/diagnosis");
    let (_, made) = send(&world, "POST", &tasks, period(&world, 60, 0)).await;
    let (_, other) = send(&world, "POST", &tasks, period(&world, 60, 0)).await;
    let wanted = json!({"report_id_list": [made["report_id"], "no-such-report"]});
    let (status, deleted) = send(&world, "DELETE", &tasks, wanted).await;
    let results = json!([{"id": made["report_id"], "result": "successful"}, {"id": "no-such-report", "result": "failed"}]);
    assert_eq!((status, &deleted["results"]), (200, &results));
    let left = get(&world, &tasks).await;
    assert_eq!(
        (
            &left["total_num"],
            &left["diagnosis_report_list"][0]["report_id"]
        ),
        (&json!(1), &other["report_id"])
    );
}

#[tokio::test]
async fn tags_are_added_replaced_removed_and_found() {
    let world = World::new().await;
    let ids = [running(&world).await, running(&world).await];
    let change = async |id: &str, action: &str, tags: Value| {
        send(
            &world,
            "POST",
            &format!("/dcs/{id}/tags/action"),
            json!({"action": action, "tags": tags}),
        )
        .await
        .0
    };
    let tag = |key: &str, value: &str| json!({"key": key, "value": value});
    assert_eq!(
        change(
            &ids[0],
            "create",
            json!([tag("stage", "test"), tag("team", "a")])
        )
        .await,
        204
    );
    assert_eq!(
        change(&ids[1], "create", json!([tag("stage", "live")])).await,
        204
    );
    let all = get(&world, "/dcs/tags").await;
    let both =
        json!([{"key": "stage", "values": ["live", "test"]}, {"key": "team", "values": ["a"]}]);
    assert_eq!(all["tags"], both);
    assert_eq!(
        change(&ids[0], "create", json!([tag("stage", "demo")])).await,
        204
    );
    assert_eq!(
        change(
            &ids[0],
            "delete",
            json!([{"key": "team"}, {"key": "never"}])
        )
        .await,
        204
    );
    let own = get(&world, &format!("/instances/{}/tags", ids[0])).await;
    assert_eq!(own["tags"], json!([tag("stage", "demo")]));
    let found = get(&world, "/instances?tags=stage=demo").await;
    assert_eq!(
        (
            &found["instance_num"],
            &found["instances"][0]["instance_id"]
        ),
        (&json!(1), &json!(ids[0]))
    );
    for bad in [
        json!([{"key": "stage"}]),
        json!([tag("a", "1"), tag("a", "2")]),
        json!([tag("", "1")]),
    ] {
        assert_eq!(change(&ids[0], "create", bad.clone()).await, 400, "{bad}");
    }
    assert_eq!(
        change("no-such-instance", "create", json!([tag("a", "1")])).await,
        404
    );
    assert_eq!(
        get(&world, &format!("/instances/{}/tags", ids[0])).await,
        own,
        "refused requests must not change the tags"
    );
}

#[tokio::test]
async fn a_web_cli_session_needs_the_password_and_ends_at_logout() {
    let world = World::new().await;
    let (id, other) = (running(&world).await, running(&world).await);
    let cli = |id: &str, end: &str| format!("/instances/{id}/webcli/{end}");
    let wrong = json!({"password": "Not-Planted-Yet-1"});
    assert_eq!(
        code(&world, "POST", &cli(&id, "auth"), wrong).await,
        "DCS.4080"
    );
    let (_, opened) = send(
        &world,
        "POST",
        &cli(&id, "auth"),
        json!({"password": PASSWORD}),
    )
    .await;
    assert_eq!(opened["databases"], 256);
    let command = |command: &str, database: i64| json!({"client_id": opened["client_id"], "command": command, "database": database});
    for (sent, reply) in [
        ("PING", "PONG"),
        ("echo hello", "hello"),
        ("scan 0", "key1 key2"),
    ] {
        let (_, got) = send(&world, "POST", &cli(&id, "command"), command(sent, 0)).await;
        assert_eq!(got["response"], reply, "{sent}");
    }
    for (to, body) in [
        (&other, command("PING", 0)),
        (&id, command("PING", 256)),
        (&id, command(" ", 0)),
    ] {
        assert_eq!(
            code(&world, "POST", &cli(to, "command"), body).await,
            "DCS.4062"
        );
    }
    let end = json!({"client_id": opened["client_id"]});
    assert_eq!(
        send(&world, "POST", &cli(&id, "logout"), end.clone())
            .await
            .0,
        204
    );
    assert_eq!(
        code(&world, "POST", &cli(&id, "command"), command("PING", 0)).await,
        "DCS.4062"
    );
    assert_eq!(
        code(&world, "POST", &cli(&id, "logout"), end).await,
        "DCS.4062"
    );
}
