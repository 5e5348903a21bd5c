//! Tests of jobs, of the background tasks of an instance, and of the task center.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World};

/// A tenth of the change time that most tests of this file set. A test runs for a much shorter time. So the change
/// time passes only if the test advances the clock.
const TENTH: Duration = Duration::from_secs(1000);

/// Starts a job that checks a resize. The job does not change the instance.
async fn check(world: &World, id: &str) -> Got {
    let body = json!({"new_capacity": 2, "spec_code": "redis.ha.xu1.large.r2.2"});
    let path = format!("/{id}/resize/check-job");
    world.dcs("POST", &path, Some(body)).await
}

async fn started(world: &World, id: &str) -> String {
    let got = check(world, id).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    got.body["job_id"].as_str().unwrap().to_owned()
}

async fn job(world: &World, id: &str) -> Value {
    let got = world.dcs_project("GET", &format!("/jobs/{id}"), None).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    got.body
}

async fn slow() -> World {
    World::with(Options::default().change_time(10 * TENTH)).await
}

#[tokio::test]
async fn a_job_is_in_the_task_lists_of_its_instance_and_project() {
    let world = slow().await;
    let id = world.pair().await;
    let first = started(&world, &id).await;
    let running = job(&world, &first).await;
    assert_eq!(
        (&running["status"], &running["job_id"]),
        (&json!("RUNNING"), &json!(first))
    );
    assert!(running.get("end_time").is_none());
    world.clock.advance(4 * TENTH);
    let path = format!("/{id}/tasks/{first}/progress");
    let progress = world.dcs("GET", &path, None).await.body;
    assert_eq!(progress["progress"], 40);
    assert_eq!(progress["step_details"][0]["step_status"], "EXECUTING");
    world.clock.advance(6 * TENTH);
    let done = job(&world, &first).await;
    assert_eq!(
        (&done["status"], &done["fail_reason"]),
        (&json!("SUCCESS"), &Value::Null)
    );
    let time = |name: &str| done[name].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(time("end_time") - time("begin_time"), 10_000_000);
    let progress = world.dcs("GET", &path, None).await.body;
    assert_eq!(
        (&progress["progress"], &progress["remain_time"]),
        (&json!(100), &json!(0))
    );
    assert_eq!(progress["step_details"][0]["step_status"], "FINISH");

    let other = world.pair().await;
    let second = started(&world, &other).await;
    let of_instance = world.dcs("GET", &format!("/{id}/tasks"), None).await.body;
    assert_eq!(of_instance["task_count"], "1");
    assert_eq!(of_instance["tasks"][0]["id"], json!(first));
    assert_eq!(
        of_instance["tasks"][0]["details"]["new_resource_spec_code"],
        "redis.ha.xu1.large.r2.2"
    );
    let of_project = world.dcs_project("GET", "/tasks", None).await.body;
    assert_eq!(of_project["task_count"], "2");
    let ids = of_project["tasks"].as_array().unwrap().iter();
    let ids: Vec<_> = ids.map(|task| &task["job_id"]).collect();
    assert_eq!(
        ids,
        [&json!(second), &json!(first)],
        "the newest task comes first"
    );
}

#[tokio::test]
async fn an_injected_failure_affects_only_the_next_job() {
    let world = slow().await;
    let id = world.pair().await;
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    // A request that only reads does not use up the fault.
    world.dcs_project("GET", "/tasks", None).await;
    let failing = started(&world, &id).await;
    let good = started(&world, &id).await;
    assert_eq!(job(&world, &failing).await["status"], "RUNNING");
    world.clock.advance(10 * TENTH);
    let failed = job(&world, &failing).await;
    assert_eq!(
        (&failed["status"], &failed["fail_reason"]),
        (&json!("FAIL"), &json!("job execution status failed."))
    );
    assert_eq!(job(&world, &good).await["status"], "SUCCESS");
    let tasks = world.dcs_project("GET", "/tasks", None).await.body;
    assert_eq!(tasks["tasks"][1]["error_code"], "DCS.4842");
    let path = format!("/{id}/tasks/{failing}/progress");
    let step = world.dcs("GET", &path, None).await.body["step_details"][0].clone();
    assert_eq!(
        (&step["step_status"], &step["error_code"]),
        (&json!("FAILED"), &json!("DCS.4842"))
    );
}

#[tokio::test]
async fn lists_of_tasks_have_pages_and_filters_by_time() {
    let world = World::new().await;
    let id = world.pair().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(started(&world, &id).await);
        world.clock.advance(TENTH);
    }
    all.reverse();
    let list = async |query: &str| {
        let path = format!("/{id}/tasks?{query}");
        let got = world.dcs("GET", &path, None).await;
        assert_eq!(got.status, 200, "{:?}", got.body);
        let tasks = got.body["tasks"].as_array().unwrap().iter();
        let ids = tasks.map(|task| task["id"].as_str().unwrap().to_owned());
        (
            got.body["task_count"].as_str().unwrap().to_owned(),
            ids.collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        list("offset=1&limit=1").await,
        ("3".to_owned(), all[1..2].to_vec())
    );
    assert_eq!(list("offset=3").await, ("3".to_owned(), Vec::new()));
    let created = world.dcs("GET", &format!("/{id}/tasks"), None).await.body;
    let second = |number: usize| {
        let text = created["tasks"][number]["created_at"].as_str().unwrap();
        text[..19].replace(['-', ':', 'T'], "")
    };
    let from = format!("start_time={}", second(1));
    assert_eq!(list(&from).await, ("2".to_owned(), all[..2].to_vec()));
    // The period includes the whole last second.
    let until = format!("end_time={}", second(1));
    assert_eq!(list(&until).await, ("2".to_owned(), all[1..].to_vec()));
    let only = format!("{from}&end_time={}", second(1));
    assert_eq!(list(&only).await, ("1".to_owned(), all[1..2].to_vec()));
    for bad in ["start_time=2020", "end_time=20201399000000"] {
        let got = world.dcs("GET", &format!("/{id}/tasks?{bad}"), None).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4800"), "{bad}");
    }
}

#[tokio::test]
async fn a_task_can_be_deleted_after_its_end() {
    let world = slow().await;
    let id = world.pair().await;
    let task = started(&world, &id).await;
    let path = format!("/{id}/tasks/{task}");
    let got = world.dcs("DELETE", &path, None).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4957"));
    world.clock.advance(10 * TENTH);
    // With the ID of another instance in the path, the sandbox does not find the task.
    let other = world.pair().await;
    let got = world
        .dcs("DELETE", &format!("/{other}/tasks/{task}"), None)
        .await;
    assert_eq!(got.status, 404);
    assert_eq!(world.dcs("DELETE", &path, None).await.status, 204);
    let got = world
        .dcs_project("GET", &format!("/jobs/{task}"), None)
        .await;
    assert_eq!((got.status, got.code()), (404, "DCS.4133"));
    let center = started(&world, &id).await;
    world.clock.advance(10 * TENTH);
    let path = format!("/tasks/{center}");
    let delete = || world.dcs_project("DELETE", &path, Some(json!({})));
    assert_eq!(delete().await.status, 200);
    assert_eq!(delete().await.status, 404);
}

#[tokio::test]
async fn a_job_needs_a_running_instance() {
    let world = slow().await;
    let id = world.cache("Planted-Cache-0001").await;
    let got = check(&world, &id).await;
    assert_eq!((got.status, got.code()), (400, "DCS.4118"));
    let got = check(&world, "nothing").await;
    assert_eq!((got.status, got.code()), (404, "DCS.3022"));
}
