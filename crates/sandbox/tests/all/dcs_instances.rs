//! Tests of the Distributed Cache Service (DCS): changes of instances, and operations that show instances.

use std::collections::BTreeSet;

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World, cache};

const PASSWORD: &str = "Planted-Old-0001";
const SECOND: Duration = Duration::from_secs(1);
const PAIR: (&str, f64) = ("redis.ha.xu1.large.r2.1", 1.0);
const CLUSTER: (&str, f64) = ("redis.cluster.xu1.large.r2.24", 24.0);
const PROXY: (&str, f64) = ("redis.proxy.xu1.large.r2.16", 16.0);

async fn slow() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

/// Creates a running instance. The request also contains the fields of `more`, which replace fields with the same name.
async fn create(world: &World, (spec_code, capacity): (&str, f64), more: Value) -> String {
    let mut body = cache(PASSWORD);
    body["spec_code"] = json!(spec_code);
    body["capacity"] = json!(capacity);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let got = world.dcs("POST", "", Some(body)).await;
    assert_eq!(got.status, 200, "{:?}", got.body);
    world.clock.advance(10 * SECOND);
    let id = &got.body["instances"][0]["instance_id"];
    id.as_str().unwrap().to_owned()
}

async fn get(world: &World, id: &str, path: &str) -> Value {
    let got = world.dcs("GET", &format!("/{id}{path}"), None).await;
    assert_eq!(got.status, 200, "{path}: {:?}", got.body);
    got.body
}

async fn send(world: &World, method: &str, id: &str, path: &str, body: Value) -> Got {
    let body = Some(body).filter(|body| !body.is_null());
    world.dcs(method, &format!("/{id}{path}"), body).await
}

/// Returns the error code of a call that the sandbox must refuse.
async fn refused(world: &World, method: &str, id: &str, path: &str, body: Value) -> String {
    let got = send(world, method, id, path, body).await;
    assert!(got.status >= 400, "{method} {path}: {:?}", got.body);
    got.code().to_owned()
}

/// Returns the status of the job that the answer names.
async fn job(world: &World, started: &Got) -> Value {
    assert_eq!(started.status, 200, "{:?}", started.body);
    let id = started.body["job_id"].as_str().unwrap();
    let url = world
        .dcs_url("")
        .replace("/instances", &format!("/jobs/{id}"));
    world.call("GET", &url, None).await.body["status"].clone()
}

/// Returns the Redis nodes of an instance, as pairs of the ID and the role.
async fn nodes(world: &World, id: &str) -> Vec<(String, String)> {
    let shown = get(world, id, "/nodes?limit=1000").await;
    let nodes = shown["redis_server"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    nodes
        .map(|node| (text(&node["node_id"]), text(&node["node_type"])))
        .collect()
}

#[tokio::test]
async fn the_flavor_determines_the_nodes() {
    let world = World::new().await;
    for (flavor, mode, shards, replicas, proxies) in [
        (("redis.single.xu1.tiny.512", 0.5), "single", 1, 1, 0),
        (PAIR, "ha", 1, 2, 0),
        (("redis.ha.xu1.large.r5.64", 64.0), "ha", 1, 5, 0),
        (("redis.ha.xu1.large.p3.16", 16.0), "ha_rw_split", 1, 3, 0),
        (CLUSTER, "cluster", 3, 2, 0),
        (("redis.cluster.xu1.large.r1.64", 64.0), "cluster", 8, 1, 0),
        (PROXY, "proxy", 3, 2, 2),
    ] {
        let id = create(&world, flavor, json!({"az_codes": ["a", "b"]})).await;
        let shown = get(&world, &id, "").await;
        let shape = ["cache_mode", "sharding_count", "replica_count"].map(|name| &shown[name]);
        assert_eq!(
            shape,
            [&json!(mode), &json!(shards), &json!(replicas)],
            "{flavor:?}"
        );
        let topology = get(&world, &id, "/nodes?limit=1000").await;
        let servers = topology["redis_server"].as_array().unwrap();
        assert_eq!(servers.len(), shards * replicas, "{flavor:?}");
        let masters = servers.iter().filter(|node| node["node_type"] == "master");
        assert_eq!(masters.count(), shards, "{flavor:?}");
        let proxy_nodes = topology["cluster_proxy"].as_array().unwrap();
        assert_eq!(proxy_nodes.len(), proxies, "{flavor:?}");
        for node in servers.iter().filter(|node| node["node_type"] == "slave") {
            let is_its = |other: &&Value| {
                other["node_type"] == "master" && other["group_id"] == node["group_id"]
            };
            let master = servers.iter().find(is_its).unwrap();
            assert_eq!(node["relation_ip"], master["ip"], "{flavor:?}");
        }
    }
}

#[tokio::test]
async fn nodes_are_listed_in_pages() {
    let world = World::new().await;
    let id = create(&world, ("redis.cluster.xu1.large.r2.64", 64.0), json!({})).await;
    let page = async |query: &str| {
        let shown = get(&world, &id, &format!("/nodes{query}")).await;
        let nodes = shown["redis_server"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| node["node_id"].clone())
            .collect::<Vec<_>>()
    };
    let all = page("?limit=1000").await;
    assert_eq!(all.len(), 16);
    assert_eq!(page("").await, all[..10], "the default limit is ten");
    assert_eq!(page("?start=3&limit=2").await, all[3..5]);
    assert_eq!(page("?start=16").await, [] as [Value; 0]);
    for query in ["?limit=0", "?limit=1001", "?start=-1", "?offset=1"] {
        let code = refused(&world, "GET", &id, &format!("/nodes{query}"), Value::Null).await;
        assert_eq!(code, "DCS.4800", "{query}");
    }
}

#[tokio::test]
async fn roles_change_at_the_end_of_a_successful_job() {
    let world = slow().await;
    let id = create(&world, PAIR, json!({})).await;
    let before = nodes(&world, &id).await;
    let swap = async || send(&world, "PUT", &id, "/async-swap", Value::Null).await;
    let started = swap().await;
    assert_eq!(job(&world, &started).await, "RUNNING");
    assert_eq!(
        nodes(&world, &id).await,
        before,
        "the roles change at the end of the job"
    );
    assert_eq!(
        swap().await.code(),
        "DCS.4017",
        "only one change can run at a time"
    );
    world.clock.advance(10 * SECOND);
    assert_eq!(job(&world, &started).await, "SUCCESS");
    let after = nodes(&world, &id).await;
    let roles = after.iter().map(|(_, role)| role.as_str());
    assert_eq!(roles.collect::<Vec<_>>(), ["slave", "master"]);

    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let failed = swap().await;
    world.clock.advance(10 * SECOND);
    assert_eq!(job(&world, &failed).await, "FAIL");
    assert_eq!(nodes(&world, &id).await, after);

    let got = send(&world, "POST", &id, "/swap", Value::Null).await;
    assert_eq!((got.status, got.body), (204, Value::Null));
    world.clock.advance(10 * SECOND);
    assert_eq!(
        nodes(&world, &id).await,
        before,
        "the roles are swapped back"
    );
    let tasks = get(&world, &id, "/tasks").await;
    assert_eq!(tasks["task_count"], "3", "each switchover is also a task");
}

#[tokio::test]
async fn a_switchover_needs_a_pair_or_a_replica_of_a_shard() {
    let world = World::new().await;
    for flavor in [("redis.single.xu1.tiny.512", 0.5), CLUSTER] {
        let id = create(&world, flavor, json!({})).await;
        for (method, path) in [("POST", "/swap"), ("PUT", "/async-swap")] {
            let code = refused(&world, method, &id, path, Value::Null).await;
            assert_eq!(code, "DCS.4855", "{flavor:?} {path}");
        }
    }
    let switch = async |id: &str, shard: &Value, node: &Value| {
        let path = format!(
            "/instance/{id}/groups/{}/replications/{}/async-switchover",
            shard.as_str().unwrap(),
            node.as_str().unwrap()
        );
        let url = world.dcs_url("").replace("/instances", &path);
        world.call("POST", &url, None).await
    };
    let id = create(&world, CLUSTER, json!({})).await;
    let shown = get(&world, &id, "/nodes").await;
    let servers = shown["redis_server"].as_array().unwrap();
    let [master, replica, other] = [0, 1, 3].map(|number| &servers[number]);
    let (shard, node) = (&master["group_id"], "node_id");
    assert_eq!(switch(&id, shard, &master[node]).await.code(), "DCS.4027");
    assert_eq!(switch(&id, shard, &other[node]).await.code(), "DCS.3053");
    assert_eq!(
        switch(&id, &json!("none"), &replica[node]).await.code(),
        "DCS.3053"
    );
    let started = switch(&id, shard, &replica[node]).await;
    assert_eq!(job(&world, &started).await, "SUCCESS");
    let roles: Vec<_> = nodes(&world, &id)
        .await
        .into_iter()
        .map(|(_, role)| role)
        .collect();
    assert_eq!(
        roles,
        ["slave", "master", "master", "slave", "master", "slave"]
    );

    let pair = create(&world, PAIR, json!({})).await;
    assert_eq!(
        switch(&pair, shard, &replica[node]).await.code(),
        "DCS.4007"
    );
}

#[tokio::test]
async fn nodes_are_stopped_and_started() {
    let mut world = World::new().await;
    let states = async |id: &str| {
        let shown = get(&world, id, "/nodes").await;
        let nodes = shown["redis_server"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| node["status"].clone())
            .collect::<Vec<_>>()
    };
    let order = async |id: &str, body: Value| send(&world, "PUT", id, "/nodes/status", body).await;
    let single = create(&world, ("redis.single.xu1.tiny.512", 0.5), json!({})).await;
    let stopped = order(&single, json!({"action": "stop"})).await;
    assert_eq!(job(&world, &stopped).await, "SUCCESS");
    assert_eq!(states(&single).await, ["Inactive"]);

    let id = create(&world, PAIR, json!({})).await;
    let without = order(&id, json!({"action": "stop"})).await;
    assert_eq!(
        (without.status, without.code()),
        (405, "DCS.2001"),
        "a stop of this instance needs a backup"
    );
    assert_eq!(states(&id).await, ["Active", "Active"]);
    let backup = send(&world, "POST", &id, "/backups", json!({})).await;
    assert_eq!(backup.status, 200, "{:?}", backup.body);
    let stopped = order(&id, json!({"action": "stop"})).await;
    assert_eq!(job(&world, &stopped).await, "SUCCESS");
    assert_eq!(states(&id).await, ["Inactive", "Inactive"]);
    let node = &nodes(&world, &id).await[1].0;
    let one = order(&id, json!({"action": "start", "node_ids": [node]})).await;
    assert_eq!(job(&world, &one).await, "SUCCESS");
    assert_eq!(
        order(&id, json!({"action": "start", "node_ids": ["x"]}))
            .await
            .code(),
        "DCS.3053"
    );
    for wrong in [json!({}), json!({"action": "restart"})] {
        assert_eq!(order(&id, wrong).await.code(), "DCS.4062");
    }

    world.clock.advance(25 * 3600 * SECOND);
    world.token = world.new_token().await;
    let stop = json!({"action": "stop"});
    let code = refused(&world, "PUT", &id, "/nodes/status", stop).await;
    assert_eq!(code, "DCS.2001", "the backup is too old");
}

#[tokio::test]
async fn an_instance_has_its_new_size_at_the_end_of_a_resize() {
    let world = slow().await;
    let id = create(&world, PAIR, json!({})).await;
    let resize = async |body: Value| send(&world, "POST", &id, "/resize", body).await;
    let order = json!({"spec_code": "redis.ha.xu1.large.r2.4", "new_capacity": 4});
    let got = resize(order.clone()).await;
    assert_eq!((got.status, got.body), (204, Value::Null));
    let during = get(&world, &id, "").await;
    assert_eq!(
        (&during["status"], &during["capacity"]),
        (&json!("EXTENDING"), &json!(1))
    );
    assert_eq!(resize(order).await.code(), "DCS.4113");
    assert_eq!(
        get(&world, &id, "/operations?operation=extend").await["operations"][0]["cause_id"],
        "DCS.4113"
    );
    world.clock.advance(10 * SECOND);
    let after = get(&world, &id, "").await;
    let size = ["status", "capacity", "max_memory", "spec_code"].map(|name| &after[name]);
    assert_eq!(
        size,
        [
            &json!("RUNNING"),
            &json!(4),
            &json!(4096),
            &json!("redis.ha.xu1.large.r2.4")
        ]
    );
    assert_eq!(
        get(&world, &id, "/operations?operation=extend").await["operations"][0]["is_support"],
        true
    );

    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let small = json!({"spec_code": "redis.ha.xu1.tiny.r2.512", "new_capacity": 0.5});
    assert_eq!(resize(small).await.status, 204);
    world.clock.advance(10 * SECOND);
    let failed = get(&world, &id, "").await;
    assert_eq!(
        (&failed["status"], &failed["capacity"]),
        (&json!("ERROR"), &json!(4))
    );
}

#[tokio::test]
async fn invalid_and_impossible_resizes_are_refused() {
    let world = World::new().await;
    let pair = create(&world, PAIR, json!({})).await;
    let single = create(&world, ("redis.single.xu1.tiny.512", 0.5), json!({})).await;
    let cluster = create(&world, CLUSTER, json!({})).await;
    let old = create(&world, PROXY, json!({"engine_version": "3.0"})).await;
    let spec = |spec: &str, capacity: f64| json!({"spec_code": spec, "new_capacity": capacity});
    let with = |mut body: Value, more: Value| {
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let add = |zones: Value| {
        with(
            spec("redis.ha.xu1.large.r3.1", 1.0),
            json!({"change_type": "createReplication", "available_zones": zones}),
        )
    };
    let remove = |list: Value| {
        with(
            spec("redis.ha.xu1.large.r2.1", 1.0),
            json!({"change_type": "deleteReplication", "node_list": list}),
        )
    };
    let kind = |body: Value, kind: &str| with(body, json!({"change_type": kind}));
    for (id, body, code) in [
        (&pair, spec("redis.ha.xu1.large.r2.3", 3.0), "DCS.4012"),
        (&pair, spec("nonsense", 4.0), "DCS.4927"),
        (
            &pair,
            spec("redis.cluster.xu1.large.r2.24", 24.0),
            "DCS.4200",
        ),
        (
            &pair,
            kind(spec("redis.cluster.xu1.large.r2.24", 24.0), "instanceType"),
            "DCS.4200",
        ),
        (
            &pair,
            kind(spec("redis.ha.xu1.large.r2.4", 4.0), "addSharding"),
            "DCS.4102",
        ),
        (&single, add(json!(["a"])), "DCS.4200"),
        (
            &single,
            kind(spec("redis.single.xu1.tiny.512", 0.5), "createReplication"),
            "DCS.4102",
        ),
        (&pair, add(json!([])), "DCS.4933"),
        (&pair, add(json!(["a", "a", "a", "a", "a"])), "DCS.4875"),
        (&pair, remove(json!(["x"])), "DCS.4937"),
        (
            &cluster,
            kind(spec("redis.cluster.xu1.large.r2.8", 8.0), "instanceType"),
            "DCS.4200",
        ),
        (&old, spec("redis.proxy.xu1.large.r2.8", 8.0), "DCS.4102"),
        (
            &pair,
            json!({"spec_code": "redis.ha.xu1.large.r2.4"}),
            "DCS.4062",
        ),
    ] {
        assert_eq!(
            refused(&world, "POST", id, "/resize", body.clone()).await,
            code,
            "{body}"
        );
    }
}

#[tokio::test]
async fn replicas_can_be_added_and_removed() {
    let world = World::new().await;
    let resize = async |id: &str, body: Value| {
        let got = send(&world, "POST", id, "/resize", body).await;
        assert_eq!(got.status, 204, "{:?}", got.body);
    };
    let id = create(&world, PAIR, json!({})).await;
    let old = nodes(&world, &id).await;
    resize(
        &id,
        json!({"spec_code": "redis.ha.xu1.large.r4.1", "new_capacity": 1, "change_type": "createReplication",
            "available_zones": ["eu-de-01", "eu-de-02"]}),
    )
    .await;
    let more = nodes(&world, &id).await;
    assert_eq!((more.len(), &more[..2]), (4, &old[..]));
    assert_eq!(get(&world, &id, "").await["replica_count"], 4);
    let remove = |node: &str| {
        json!({"spec_code": "redis.ha.xu1.large.r3.1", "new_capacity": 1, "change_type": "deleteReplication",
            "node_list": [node]})
    };
    let code = refused(&world, "POST", &id, "/resize", remove(&more[0].0)).await;
    assert_eq!(code, "DCS.4936", "the master cannot be removed");
    let code = refused(&world, "POST", &id, "/resize", remove("x")).await;
    assert_eq!(code, "DCS.4930");
    resize(&id, remove(&more[1].0)).await;
    let left = nodes(&world, &id).await;
    assert_eq!(left, [more[0].clone(), more[2].clone(), more[3].clone()]);
    // A change of the capacity alone does not change the nodes.
    resize(
        &id,
        json!({"spec_code": "redis.ha.xu1.large.r3.4", "new_capacity": 4}),
    )
    .await;
    assert_eq!(nodes(&world, &id).await, left);

    let cluster = create(&world, CLUSTER, json!({"az_codes": ["a", "b"]})).await;
    let shown = get(&world, &cluster, "/deletable-replication").await;
    assert_eq!(
        (&shown["check_result"], &shown["available_zone"]),
        (&json!(false), &json!("b"))
    );
    resize(
        &cluster,
        json!({"spec_code": "redis.cluster.xu1.large.r3.24", "new_capacity": 24, "change_type": "createReplication",
            "available_zones": ["c"]}),
    )
    .await;
    let roles = nodes(&world, &cluster).await.into_iter();
    let roles: Vec<_> = roles.map(|(_, role)| role).collect();
    let shard = ["master", "slave", "slave"];
    assert_eq!(
        roles,
        [shard; 3].concat(),
        "the nodes of a shard are next to each other"
    );
    let shown = get(&world, &cluster, "/deletable-replication").await;
    assert_eq!(
        (&shown["check_result"], &shown["available_zone"]),
        (&json!(true), &json!("b,c"))
    );
    assert_eq!(shown["replication_list"].as_array().unwrap().len(), 6);
    resize(
        &cluster,
        json!({"spec_code": "redis.cluster.xu1.large.r2.24", "new_capacity": 24, "change_type": "deleteReplication",
            "available_zones": ["b"]}),
    )
    .await;
    let shown = get(&world, &cluster, "/deletable-replication").await;
    assert_eq!(shown["available_zone"], "c");
    let code = refused(&world, "GET", &id, "/deletable-replication", Value::Null).await;
    assert_eq!(code, "DCS.4007");
}

#[tokio::test]
async fn a_change_of_the_type_also_changes_the_nodes() {
    let world = World::new().await;
    let id = create(&world, PAIR, json!({})).await;
    let body = json!({"spec_code": PROXY.0, "new_capacity": 16, "change_type": "instanceType"});
    assert_eq!(send(&world, "POST", &id, "/resize", body).await.status, 204);
    let shown = get(&world, &id, "").await;
    assert_eq!(
        (&shown["cache_mode"], &shown["sharding_count"]),
        (&json!("proxy"), &json!(3))
    );
    assert_eq!(nodes(&world, &id).await.len(), 6);
}

#[tokio::test]
async fn a_resize_can_wait_for_the_maintenance_window() {
    let world = slow().await;
    let now = world.clock.now();
    let hour = now.to_string()[11..13].parse::<i64>().unwrap();
    let begin = (hour + 3) % 24;
    let window = json!({"maintain_begin": format!("{begin:02}:00:00"), "maintain_end": format!("{:02}:00:00", (begin + 1) % 24)});
    let id = create(&world, PAIR, window).await;
    let body = json!({"spec_code": "redis.ha.xu1.large.r2.4", "new_capacity": 4, "execute_immediately": false});
    assert_eq!(send(&world, "POST", &id, "/resize", body).await.status, 204);
    assert_eq!(get(&world, &id, "").await["status"], "RUNNING");
    // Counted from `now`, the maintenance window begins in two to three hours.
    world.clock.advance(3600 * SECOND);
    assert_eq!(get(&world, &id, "").await["capacity"], 1);
    world.clock.advance(2 * 3600 * SECOND + 10 * SECOND);
    let shown = get(&world, &id, "").await;
    assert_eq!(
        (&shown["status"], &shown["capacity"]),
        (&json!("RUNNING"), &json!(4))
    );
}

#[tokio::test]
async fn only_prepaid_instances_can_be_resized_by_an_order() {
    let world = World::new().await;
    let used = create(&world, PAIR, json!({})).await;
    let order = json!({"spec_code": "redis.ha.xu1.large.r2.4", "new_capacity": 4});
    let url = |id: &str| {
        let path = format!("/orders/instances/{id}/resize");
        world.dcs_url("").replace("/instances", &path)
    };
    let refused = world.call("POST", &url(&used), Some(order.clone())).await;
    assert_eq!((refused.status, refused.code()), (400, "DCS.4026"));
    let mut body = cache(PASSWORD);
    body["spec_code"] = json!(PAIR.0);
    body["bss_param"] =
        json!({"charging_mode": "prePaid", "period_type": "month", "period_num": 1});
    let created = world.dcs("POST", "", Some(body)).await.body;
    assert!(created["order_id"].is_string(), "{created}");
    let id = created["instances"][0]["instance_id"].as_str().unwrap();
    assert_eq!(get(&world, id, "").await["charging_mode"], 1);
    let ordered = world.call("POST", &url(id), Some(order)).await;
    assert!(
        ordered.status == 200 && ordered.body["order_id"].is_string(),
        "{ordered:?}"
    );
    assert_eq!(get(&world, id, "").await["capacity"], 4);
}

#[tokio::test]
async fn a_batch_deletes_the_named_instances_or_all_failed_instances() {
    let world = slow().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(create(&world, PAIR, json!({})).await);
    }
    for id in &ids[2..] {
        world.sandbox.put_dcs_status(id, "CREATEFAILED").unwrap();
    }
    let delete = async |query: &str, body: Value| world.dcs("DELETE", query, Some(body)).await;
    let order = json!({"instances": [ids[0], "nothing", ids[1], ids[0]]});
    let got = delete("?all_failure=false", order).await;
    let outcomes = got.body["results"].as_array().unwrap().iter();
    let outcomes: Vec<_> = outcomes.map(|one| one["result"].clone()).collect();
    assert_eq!(outcomes, ["success", "failed", "success", "failed"]);
    world.clock.advance(10 * SECOND);
    let left = world.dcs("GET", "", None).await.body["instance_num"].clone();
    assert_eq!(left, 2);
    let got = delete("?all_failure=true", json!({})).await;
    assert_eq!(got.body["results"].as_array().unwrap().len(), 2);
    world.clock.advance(10 * SECOND);
    assert_eq!(world.dcs("GET", "", None).await.body["instance_num"], 0);
    assert_eq!(delete("", json!({})).await.code(), "DCS.4065");
    assert_eq!(
        delete("", json!({"instances": []})).await.code(),
        "DCS.4065"
    );
    let many = json!({"instances": vec!["x"; 51]});
    assert_eq!(delete("", many).await.code(), "DCS.4062");
}

#[tokio::test]
async fn an_update_changes_only_the_requested_settings() {
    let world = World::new().await;
    let id = create(&world, PAIR, json!({"description": "old"})).await;
    let update = async |body: Value| send(&world, "PUT", &id, "", body).await;
    let before = get(&world, &id, "").await;
    assert_eq!(
        update(json!({"name": "renamed", "port": 7000}))
            .await
            .status,
        204
    );
    let after = get(&world, &id, "").await;
    let changed = before.as_object().unwrap().iter();
    let changed = changed.filter(|(name, value)| after[name.as_str()] != **value);
    // The order of JSON fields depends on the features of `serde_json` in this build. Therefore the test compares sets.
    let changed: BTreeSet<_> = changed.map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        changed,
        BTreeSet::from(["name", "port", "update_at", "updated_at"])
    );

    let plan = json!({"backup_at": [1, 7], "period_type": "weekly", "begin_at": "00:00-01:00"});
    let policy = |policy: Value| json!({"instance_backup_policy": policy});
    let auto = json!({"backup_type": "auto", "save_days": 3, "periodical_backup_plan": plan});
    assert_eq!(update(policy(auto)).await.status, 204);
    assert_eq!(
        update(policy(json!({"backup_type": "manual"})))
            .await
            .status,
        204
    );
    let shown = get(&world, &id, "").await["instance_backup_policy"]["policy"].clone();
    assert_eq!(
        shown,
        json!({"backup_type": "manual", "save_days": 3, "periodical_backup_plan": plan}),
        "the policy keeps the schedule"
    );
    for (body, code) in [
        (json!({"maintain_begin": "18:00:00"}), "DCS.4106"),
        (json!({"name": "1digit"}), "DCS.4062"),
        (json!({"port": 0}), "DCS.4062"),
        (
            policy(json!({"backup_type": "auto", "periodical_backup_plan": plan})),
            "DCS.4072",
        ),
        (
            policy(json!({"backup_type": "auto", "save_days": 1})),
            "DCS.4075",
        ),
    ] {
        assert_eq!(update(body.clone()).await.code(), code, "{body}");
    }
    let old = create(&world, PAIR, json!({"engine_version": "3.0"})).await;
    assert_eq!(
        refused(&world, "PUT", &old, "", json!({"port": 7000})).await,
        "DCS.4062"
    );
}

#[tokio::test]
async fn bandwidths_of_shards_and_the_autoscaling_policy_can_change() {
    let world = slow().await;
    let id = create(&world, CLUSTER, json!({})).await;
    let shown = get(&world, &id, "/bandwidths").await;
    assert_eq!(
        (&shown["bandwidth"], &shown["max_bandwidth"]),
        (&json!(600), &json!(6144))
    );
    let shard = |number: usize| shown["group_bandwidths"][number]["group_id"].clone();
    let set = |id: Value, target: i64| json!({"group_bandwidths": [{"group_id": id, "target_bandwidth": target}]});
    let update = async |body: Value| send(&world, "PUT", &id, "/bandwidths", body).await;
    for (wrong, parameter) in [
        (set(json!("none"), 500), "group_id"),
        (set(shard(0), 2049), "target_bandwidth"),
        (json!({"group_bandwidths": []}), "group_bandwidths"),
        (json!({}), "group_bandwidths"),
    ] {
        let got = update(wrong).await;
        let message = format!("Invalid {parameter} parameter in the request.");
        assert_eq!(
            (got.code(), &got.body["error_msg"]),
            ("DCS.4062", &json!(message))
        );
    }
    for (number, target) in [(0, 500), (1, 1)] {
        let started = update(set(shard(number), target)).await;
        assert_eq!(job(&world, &started).await, "RUNNING");
        world.clock.advance(10 * SECOND);
    }
    let bandwidths = async || {
        let shown = get(&world, &id, "/bandwidths").await;
        let shards = shown["group_bandwidths"].as_array().unwrap();
        shards
            .iter()
            .map(|shard| shard["bandwidth"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        bandwidths().await,
        [500, 200, 200],
        "the bandwidth is never less than the base bandwidth"
    );
    let raised = send(&world, "PUT", &id, "/bandwidth", Value::Null).await;
    assert_eq!((raised.status, raised.body), (200, Value::Null));
    assert_eq!(bandwidths().await, [1000, 400, 400]);

    let policy = "/autoscaling-policy/bandwidth";
    let missing = send(&world, "GET", &id, policy, Value::Null).await;
    assert_eq!(missing.status, 404);
    let wanted =
        json!({"window_size": 5, "bandwidth_usage_upper_threshold": 70, "scale_out_cooldown": 60});
    let set = send(&world, "PUT", &id, policy, wanted).await;
    assert_eq!(
        (set.status, &set.body["scale_in_enabled"]),
        (200, &json!(false))
    );
    assert_eq!(get(&world, &id, policy).await, set.body);
    let odd =
        json!({"window_size": 7, "bandwidth_usage_upper_threshold": 70, "scale_out_cooldown": 60});
    assert_eq!(refused(&world, "PUT", &id, policy, odd).await, "DCS.4062");
    let deleted = send(&world, "DELETE", &id, policy, Value::Null).await;
    assert_eq!((deleted.status, deleted.body), (200, Value::Null));
    assert_eq!(
        send(&world, "GET", &id, policy, Value::Null).await.status,
        404
    );
}

#[tokio::test]
async fn public_access_changes_by_a_job_except_for_redis_3() {
    let world = World::new().await;
    let call = async |method: &str, id: &str, body: Value| {
        send(&world, method, id, "/public-ip", body).await
    };
    let new = create(&world, PAIR, json!({})).await;
    assert_eq!(
        call("POST", &new, json!({"publicip_id": "ip"}))
            .await
            .code(),
        "DCS.4062"
    );
    assert_eq!(call("DELETE", &new, Value::Null).await.code(), "DCS.4026");
    let started = call("POST", &new, json!({"elb_id": "elb"})).await;
    assert_eq!(job(&world, &started).await, "SUCCESS");
    let shown = get(&world, &new, "").await;
    assert!(shown["enable_publicip"] == true && shown["publicip_address"].is_string());
    let started = call("DELETE", &new, Value::Null).await;
    assert_eq!(job(&world, &started).await, "SUCCESS");
    let shown = get(&world, &new, "").await;
    assert!(shown["enable_publicip"] == false && shown["publicip_address"].is_null());

    let old = create(&world, PAIR, json!({"engine_version": "3.0"})).await;
    assert_eq!(
        call("POST", &old, json!({"elb_id": "elb"})).await.code(),
        "DCS.4062"
    );
    let body = json!({"publicip_id": "ip", "enable_ssl": true});
    let got = call("POST", &old, body).await;
    assert_eq!((got.status, got.body), (204, Value::Null));
    assert_eq!(get(&world, &old, "").await["publicip_id"], "ip");
    assert_eq!(call("DELETE", &old, Value::Null).await.status, 204);
}

#[tokio::test]
async fn client_ip_transparency_can_be_switched_on() {
    let world = World::new().await;
    let set = async |id: &str, body: Value| {
        let path = format!("/{id}/client-ip-transparent-transmission");
        let url = world.dcs_url("").replace("/instances", &path);
        world.call("PUT", &url, Some(body)).await
    };
    let switch = |on: bool| json!({"transparent_client_ip_enable": on});
    let id = create(&world, PAIR, json!({})).await;
    assert_eq!(set(&id, switch(false)).await.code(), "DCS.4846");
    assert_eq!(job(&world, &set(&id, switch(true)).await).await, "SUCCESS");
    assert_eq!(
        get(&world, &id, "").await["transparent_client_ip_enable"],
        true
    );
    assert_eq!(set(&id, switch(true)).await.code(), "DCS.4847");
    assert_eq!(set(&id, json!({})).await.code(), "DCS.4062");
    let old = create(&world, PAIR, json!({"engine_version": "3.0"})).await;
    assert_eq!(set(&old, switch(true)).await.code(), "DCS.4841");
}

#[tokio::test]
async fn minor_versions_can_be_upgraded_only_once() {
    let world = World::new().await;
    let upgrade = async |id: &str, body: Value| {
        send(&world, "POST", id, "/minor-version/upgrade", body).await
    };
    let id = create(&world, PAIR, json!({})).await;
    let shown = get(&world, &id, "/version").await;
    assert_eq!(shown["engine_minor_version_upgradable"], true);
    assert_eq!(
        shown.get("proxy_minor_version"),
        None,
        "the instance has no proxies"
    );
    let proxy = json!({"proxy_minor_version": "latest"});
    assert_eq!(upgrade(&id, proxy.clone()).await.code(), "DCS.4007");
    assert_eq!(upgrade(&id, json!({})).await.code(), "DCS.4062");
    let odd = json!({"engine_minor_version": "1.2.3"});
    assert_eq!(upgrade(&id, odd).await.code(), "DCS.4062");
    let latest = json!({"engine_minor_version": "latest"});
    let started = upgrade(&id, latest.clone()).await;
    let task = started.body["task_id"].as_str().unwrap();
    let progress = get(&world, &id, &format!("/tasks/{task}/progress")).await;
    assert_eq!(progress["progress"], 100);
    let shown = get(&world, &id, "/version").await;
    assert_eq!(
        shown["engine_minor_version"],
        shown["latest_engine_minor_version"]
    );
    assert_eq!(shown["engine_minor_version_upgradable"], false);
    assert_eq!(upgrade(&id, latest).await.code(), "DCS.4053");
    let with_proxies = create(&world, PROXY, json!({})).await;
    assert_eq!(upgrade(&with_proxies, proxy).await.status, 200);
}

#[tokio::test]
async fn zones_change_when_the_migration_ends() {
    let world = slow().await;
    let id = create(&world, PAIR, json!({"az_codes": ["a"]})).await;
    let body = json!({"new_available_zones": ["b", "c"]});
    assert_eq!(
        send(&world, "PUT", &id, "/available-zones", body)
            .await
            .status,
        204
    );
    assert_eq!(get(&world, &id, "").await["az_codes"], json!(["a"]));
    world.clock.advance(10 * SECOND);
    assert_eq!(get(&world, &id, "").await["az_codes"], json!(["b", "c"]));
    let code = refused(&world, "PUT", &id, "/available-zones", json!({})).await;
    assert_eq!(code, "DCS.4933");
}

#[tokio::test]
async fn counts_and_statistics_of_instances_depend_on_their_statuses() {
    let world = slow().await;
    let redis = create(&world, PAIR, json!({})).await;
    let busy = create(&world, PAIR, json!({})).await;
    let failed = create(&world, PAIR, json!({})).await;
    create(&world, PAIR, json!({"engine": "Memcached"})).await;
    world
        .sandbox
        .put_dcs_status(&failed, "CREATEFAILED")
        .unwrap();
    let restart = json!({"instances": [busy], "action": "restart"});
    world.dcs("PUT", "/status", Some(restart)).await;
    let count = async |query: &str| {
        world
            .dcs("GET", &format!("/status{query}"), None)
            .await
            .body
    };
    let counted = count("?include_failure=true").await;
    let numbers = |of: &Value| {
        let names = [
            "running_count",
            "restarting_count",
            "createfailed_count",
            "creating_count",
        ];
        names.map(|name| of[name].as_i64().unwrap())
    };
    assert_eq!(numbers(&counted), [2, 1, 1, 0]);
    assert_eq!(numbers(&counted["redis"]), [1, 1, 1, 0]);
    assert_eq!(numbers(&counted["memcached"]), [1, 0, 0, 0]);
    assert_eq!(numbers(&count("").await), [2, 1, 0, 0]);
    let statistics = async || {
        let got = world.dcs("GET", "/statistic", None).await.body;
        let all = got["statistics"].as_array().unwrap();
        all.iter()
            .map(|one| one["instance_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(statistics().await.len(), 2);
    assert!(!statistics().await.contains(&json!(busy)));
    world.clock.advance(10 * SECOND);
    assert_eq!(numbers(&count("").await), [3, 0, 0, 0]);
    assert!(
        statistics().await.contains(&json!(busy)) && statistics().await.contains(&json!(redis))
    );
}

#[tokio::test]
async fn an_export_is_a_job_and_its_file_has_a_link() {
    let world = slow().await;
    let started = world
        .dcs("POST", "/export", Some(json!({"region": "eu-de"})))
        .await;
    assert_eq!(job(&world, &started).await, "RUNNING");
    let id = started.body["job_id"].as_str().unwrap();
    let export = async || {
        world
            .dcs("GET", &format!("/export-job?job_id={id}"), None)
            .await
            .body
    };
    assert_eq!(export().await["link"], Value::Null);
    world.clock.advance(10 * SECOND);
    assert!(export().await["link"].is_string());
    assert_eq!(
        world.dcs("POST", "/export", Some(json!({}))).await.code(),
        "DCS.4062"
    );
}

#[tokio::test]
async fn answers_show_only_documented_fields_of_an_instance() {
    let world = World::new().await;
    let id = create(&world, PAIR, json!({})).await;
    send(&world, "POST", &id, "/swap", Value::Null).await;
    send(&world, "PUT", &id, "/bandwidth", Value::Null).await;
    let policy =
        json!({"window_size": 5, "bandwidth_usage_upper_threshold": 70, "scale_out_cooldown": 0});
    send(&world, "PUT", &id, "/autoscaling-policy/bandwidth", policy).await;
    let latest = json!({"engine_minor_version": "latest"});
    send(&world, "POST", &id, "/minor-version/upgrade", latest).await;
    let document: Value = serde_json::from_str(huaweicloud_dcs::OPENAPI).unwrap();
    let documented = |schema: &str| &document["components"]["schemas"][schema]["properties"];
    let listed = world.dcs("GET", "", None).await.body["instances"][0].clone();
    for (shown, schema) in [
        (get(&world, &id, "").await, "Instance"),
        (listed, "Instance"),
    ] {
        for name in shown.as_object().unwrap().keys() {
            let known = [schema, "InstanceSummary"].map(|schema| documented(schema).get(name));
            assert!(known.iter().any(Option::is_some), "{name}");
        }
    }
}
