//! Tests of the Distributed Cache Service (DCS): instances and their passwords.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World, cache};

const OLD: &str = "Example-Old-0001";
const NEW: &str = "Example-New-0002";

async fn change(world: &World, id: &str, old: &str, new: &str) -> Got {
    world
        .dcs(
            "PUT",
            &format!("/{id}/password"),
            Some(json!({"old_password": old, "new_password": new})),
        )
        .await
}

async fn reset(world: &World, id: &str, body: Value) -> Got {
    world
        .dcs("POST", &format!("/{id}/password/reset"), Some(body))
        .await
}

#[tokio::test]
async fn a_change_with_the_right_old_password_takes_effect_immediately() {
    let world = World::new().await;
    let id = world.cache(OLD).await;
    let got = change(&world, &id, OLD, NEW).await;
    assert_eq!(got.status, 200);
    let documented = json!({"lock_time": "0", "result": "success", "lock_time_left": "0", "retry_times_left": "5",
        "message": "Modify DCSInstance password success."});
    assert_eq!(got.body, documented);
    assert!(world.sandbox.dcs_login(&id, NEW));
    assert!(!world.sandbox.dcs_login(&id, OLD));
}

#[tokio::test]
async fn five_wrong_old_passwords_lock_the_instance_for_a_time() {
    let world = World::with(Options::default().lock_time(Duration::from_secs(150))).await;
    let id = world.cache(OLD).await;
    for left in ["4", "3", "2", "1", "0"] {
        let got = change(&world, &id, "Wrong-Password-1", NEW).await;
        assert_eq!(
            (got.status, &got.body["result"]),
            (200, &json!("passwordFailed"))
        );
        assert_eq!(got.body["retry_times_left"], left);
    }
    let locked = change(&world, &id, OLD, NEW).await;
    assert_eq!(
        (locked.status, &locked.body["result"]),
        (200, &json!("locked")),
        "a locked instance also refuses the right password"
    );
    assert_eq!(
        (&locked.body["lock_time"], &locked.body["lock_time_left"]),
        (&json!("3"), &json!("3")),
        "minutes are rounded up"
    );
    assert_eq!(
        reset(&world, &id, json!({"new_password": NEW})).await.body["code"],
        "3"
    );
    assert!(
        world.sandbox.dcs_login(&id, OLD) && !world.sandbox.dcs_login(&id, NEW),
        "the password must not change"
    );

    world.clock.advance(Duration::from_secs(60));
    assert_eq!(
        change(&world, &id, OLD, NEW).await.body["lock_time_left"],
        "2"
    );
    world.clock.advance(Duration::from_secs(90));
    let again = change(&world, &id, "Wrong-Password-1", NEW).await;
    assert_eq!(
        again.body["retry_times_left"], "4",
        "the lock has ended, so five tries are possible again"
    );
    assert_eq!(
        change(&world, &id, OLD, NEW).await.body["result"],
        "success"
    );
    assert_eq!(
        change(&world, &id, OLD, "Example-New-0003").await.body["retry_times_left"],
        "4",
        "a success resets the count"
    );
}

#[tokio::test]
async fn an_invalid_new_password_does_not_count_as_a_wrong_try() {
    let world = World::new().await;
    let id = world.cache(OLD).await;
    for refused in ["short1!", "onlyletters", "Ünsupported-1", OLD] {
        let got = change(&world, &id, OLD, refused).await;
        assert_eq!((got.status, got.code()), (400, "DCS.4019"), "{refused}");
        assert_eq!(got.body["error_ext_msg"], Value::Null);
        assert!(!got.body.to_string().contains(refused));
    }
    let missing = world
        .dcs(
            "PUT",
            &format!("/{id}/password"),
            Some(json!({"old_password": OLD})),
        )
        .await;
    assert_eq!(
        (missing.status, &missing.body["error_msg"]),
        (
            400,
            &json!("Invalid new_password parameter in the request.")
        )
    );
    assert_eq!(
        change(&world, &id, "Wrong-Password-1", NEW).await.body["retry_times_left"],
        "4"
    );
    let unknown = change(&world, "a4c545cd-10b2-4efc-b0ab-a9b554ca0621", OLD, NEW).await;
    assert_eq!((unknown.status, unknown.code()), (404, "DCS.3022"));
}

#[tokio::test]
async fn a_reset_needs_no_old_password_and_can_enable_password_free_access() {
    let world = World::new().await;
    let id = world.cache(OLD).await;
    let got = reset(
        &world,
        &id,
        json!({"new_password": NEW, "no_password_access": false}),
    )
    .await;
    assert_eq!(
        (got.status, &got.body["code"], &got.body["message"]),
        (200, &json!("1"), &json!("success"))
    );
    assert!(world.sandbox.dcs_login(&id, NEW) && !world.sandbox.dcs_login(&id, OLD));

    assert_eq!(
        reset(
            &world,
            &id,
            json!({"new_password": NEW, "no_password_access": true})
        )
        .await
        .code(),
        "DCS.4849"
    );
    assert_eq!(reset(&world, &id, json!({})).await.code(), "DCS.4845");
    assert_eq!(
        reset(&world, &id, json!({"new_password": "short"}))
            .await
            .status,
        400
    );
    assert_eq!(
        reset(
            &world,
            &id,
            json!({"new_password": "", "no_password_access": true})
        )
        .await
        .body["code"],
        "1",
        "an empty password counts as missing"
    );
    assert!(world.sandbox.dcs_login(&id, "anything"));
    assert_eq!(
        world.dcs("GET", &format!("/{id}"), None).await.body["no_password_access"],
        "true"
    );
    assert_eq!(change(&world, &id, NEW, OLD).await.code(), "DCS.4850");
    assert_eq!(
        reset(&world, &id, json!({"new_password": OLD})).await.body["code"],
        "1"
    );
    assert!(!world.sandbox.dcs_login(&id, "anything"));
}

#[tokio::test]
async fn instances_are_created_listed_shown_and_deleted() {
    let world = World::new().await;
    let mut three = cache(OLD);
    three["instance_num"] = json!(3);
    three["tags"] = json!([{"key": "stage", "value": "test"}]);
    let created = world.dcs("POST", "", Some(three)).await.body;
    assert_eq!(created["instances"].as_array().unwrap().len(), 3);
    let id = world.cache(OLD).await;
    let shown = world.dcs("GET", &format!("/{id}"), None).await;
    assert_eq!(
        (&shown.body["status"], &shown.body["name"]),
        (&json!("RUNNING"), &json!("cache"))
    );
    assert_eq!(
        (
            &shown.body["capacity"],
            &shown.body["capacity_minor"],
            &shown.body["max_memory"]
        ),
        (&json!(0), &json!(".5"), &json!(512))
    );
    assert!(!shown.body.to_string().contains(OLD));

    let total = async |query: &str| {
        world.dcs("GET", query, None).await.body["instance_num"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(total("").await, 4);
    assert_eq!(total("?tags=stage=test").await, 3);
    assert_eq!(total("?name=cach").await, 4);
    assert_eq!(total("?name=cach&name_equal=true").await, 0);
    assert_eq!(total("?status=ERROR").await, 0);
    assert_eq!(total("?capacity=0.5").await, 4);
    let page = world.dcs("GET", "?offset=3&limit=3", None).await.body;
    assert_eq!(page["instances"].as_array().unwrap().len(), 1);
    let invalid = world.dcs("GET", "?offset=-1", None).await;
    assert_eq!(
        (invalid.status, invalid.code(), &invalid.body["error_msg"]),
        (400, "DCS.4800", &json!("Invalid offset in the request."))
    );

    assert_eq!(
        world.dcs("DELETE", &format!("/{id}"), None).await.status,
        204
    );
    assert_eq!(world.dcs("GET", &format!("/{id}"), None).await.status, 404);
    assert_eq!(
        world.dcs("DELETE", &format!("/{id}"), None).await.status,
        404
    );
}

#[tokio::test]
async fn a_new_instance_needs_a_valid_password_or_password_free_access() {
    let world = World::new().await;
    let with = |change: fn(&mut Value)| {
        let mut body = cache(OLD);
        change(&mut body);
        body
    };
    let weak = world
        .dcs(
            "POST",
            "",
            Some(with(|body| body["password"] = json!("weakweak"))),
        )
        .await;
    assert_eq!((weak.status, weak.code()), (400, "DCS.4019"));
    let none = with(|body| drop(body.as_object_mut().unwrap().remove("password")));
    assert_eq!(
        world.dcs("POST", "", Some(none.clone())).await.code(),
        "DCS.4845"
    );
    let mut free = none;
    free["no_password_access"] = json!(true);
    assert_eq!(world.dcs("POST", "", Some(free)).await.status, 200);
    assert_eq!(
        world
            .dcs(
                "POST",
                "",
                Some(with(|body| body["engine"] = json!("MySQL")))
            )
            .await
            .code(),
        "DCS.4062"
    );
    let request = world
        .http
        .post(world.dcs_url(""))
        .header("x-auth-token", &world.token);
    assert_eq!(support::send(request).await.code(), "DCS.4004");
    let request = world
        .http
        .post(world.dcs_url(""))
        .header("x-auth-token", &world.token)
        .body("{");
    assert_eq!(support::send(request).await.code(), "DCS.4005");
}

const SECOND: Duration = Duration::from_secs(1);

async fn status(world: &World, id: &str) -> Value {
    world.dcs("GET", &format!("/{id}"), None).await.body["status"].clone()
}

async fn restart(world: &World, ids: &[&str], action: &str) -> Got {
    let order = json!({"instances": ids, "action": action});
    world.dcs("PUT", "/status", Some(order)).await
}

/// Returns the IDs of the instances with this status.
async fn with_status(world: &World, status: &str) -> Vec<Value> {
    let got = world.dcs("GET", &format!("?status={status}"), None).await;
    let found = got.body["instances"].as_array().unwrap().iter();
    let found: Vec<Value> = found.map(|one| one["instance_id"].clone()).collect();
    assert_eq!(got.body["instance_num"], found.len());
    found
}

#[tokio::test]
async fn the_status_of_an_instance_changes_with_the_clock() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let id = world.cache(OLD).await;
    assert_eq!(status(&world, &id).await, "CREATING");
    world.clock.advance(9 * SECOND);
    assert_eq!(with_status(&world, "CREATING").await, [id.as_str()]);
    assert_eq!(with_status(&world, "RUNNING").await, [] as [&str; 0]);
    world.clock.advance(SECOND);
    assert_eq!(status(&world, &id).await, "RUNNING");
    assert_eq!(with_status(&world, "RUNNING").await, [id.as_str()]);
    for (action, busy) in [
        ("restart", "RESTARTING"),
        ("soft_restart", "RESTARTING"),
        ("flush", "FLUSHING"),
    ] {
        let got = restart(&world, &[&id], action).await;
        assert_eq!(
            got.body,
            json!({"results": [{"result": "success", "instance": id}]})
        );
        assert_eq!(status(&world, &id).await, busy, "{action}");
        assert_eq!(
            restart(&world, &[&id], action).await.body["results"][0]["result"],
            "failed"
        );
        world.clock.advance(10 * SECOND);
        assert_eq!(status(&world, &id).await, "RUNNING", "{action}");
    }
    assert_eq!(
        world.dcs("DELETE", &format!("/{id}"), None).await.status,
        204
    );
    assert_eq!(
        status(&world, &id).await,
        "RUNNING",
        "the documentation has no status for a deletion"
    );
    assert_eq!(
        world.dcs("DELETE", &format!("/{id}"), None).await.code(),
        "DCS.4017"
    );
    world.clock.advance(10 * SECOND);
    assert_eq!(with_status(&world, "RUNNING").await, [] as [&str; 0]);
    assert_eq!(
        world.dcs("GET", &format!("/{id}"), None).await.code(),
        "DCS.3022"
    );
    assert!(!world.sandbox.dcs_login(&id, OLD));
}

#[tokio::test]
async fn a_status_change_continues_after_a_restart_of_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let options = || {
        Options::default()
            .data(folder.path().join("data"))
            .change_time(3600 * SECOND)
    };
    let world = World::with(options()).await;
    let id = world.cache(OLD).await;
    world.sandbox.put_dcs_status(&id, "RUNNING").unwrap();
    restart(&world, &[&id], "restart").await;
    world.sandbox.shutdown().await;
    let world = World::with(options()).await;
    assert_eq!(status(&world, &id).await, "RESTARTING");
    assert_eq!(with_status(&world, "RESTARTING").await, [id.as_str()]);
    world.clock.advance(3601 * SECOND);
    assert_eq!(status(&world, &id).await, "RUNNING");
}

#[tokio::test]
async fn the_fault_late_state_delays_a_status_change() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let faults = world.sandbox.faults();
    let id = world.cache(OLD).await;
    world.clock.advance(10 * SECOND);
    faults.inject(Service::Dcs, Fault::LateState(5 * SECOND), 1);
    // A request that only reads does not use up the fault.
    assert_eq!(status(&world, &id).await, "RUNNING");
    assert_eq!(restart(&world, &[&id], "restart").await.status, 200);
    assert_eq!(status(&world, &id).await, "RUNNING");
    assert_eq!(
        restart(&world, &[&id], "restart").await.body["results"][0]["result"],
        "failed"
    );
    for (after, expected) in [
        (4, "RUNNING"),
        (1, "RESTARTING"),
        (9, "RESTARTING"),
        (1, "RUNNING"),
    ] {
        world.clock.advance(after * SECOND);
        assert_eq!(status(&world, &id).await, expected);
    }
    assert_eq!(restart(&world, &[&id], "restart").await.status, 200);
    assert_eq!(
        status(&world, &id).await,
        "RESTARTING",
        "the fault applies only once"
    );
}

#[tokio::test]
async fn a_batch_shows_a_result_for_each_instance() {
    let world = World::new().await;
    let id = world.cache(OLD).await;
    let got = restart(&world, &["nothing", &id], "restart").await;
    let expected =
        json!([{"result": "failed", "instance": "nothing"}, {"result": "success", "instance": id}]);
    assert_eq!((got.status, &got.body["results"]), (200, &expected));
    for (order, code) in [
        (json!({"action": "restart"}), "DCS.4065"),
        (json!({"instances": [], "action": "restart"}), "DCS.4065"),
        (json!({"instances": [id]}), "DCS.4064"),
        (
            json!({"instances": vec!["x"; 51], "action": "restart"}),
            "DCS.4062",
        ),
        (json!({"instances": [id], "action": "stop"}), "DCS.4062"),
    ] {
        let got = world.dcs("PUT", "/status", Some(order.clone())).await;
        assert_eq!((got.status, got.code()), (400, code), "{order}");
    }
}
