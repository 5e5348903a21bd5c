//! Tests of the Distributed Cache Service (DCS): nodes and shards, flavors and zones, and monitored objects.

use crate::support;

use std::time::Duration;

use huaweicloud_sandbox::{Fault, Options, Service};
use serde_json::{Value, json};
use support::{Got, World, cache};

const PASSWORD: &str = "Planted-Old-0001";
const SECOND: Duration = Duration::from_secs(1);

/// Calls an operation of DCS. `path` begins after the project ID.
async fn call(world: &World, method: &str, path: &str, body: Option<Value>) -> Got {
    let url = world.dcs_url("").replace("/instances", path);
    world.call(method, &url, body).await
}

async fn get(world: &World, path: &str) -> Value {
    let got = call(world, "GET", path, None).await;
    assert_eq!(got.status, 200, "{path}: {:?}", got.body);
    got.body
}

async fn code(world: &World, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
    let got = call(world, method, path, body).await;
    (got.status, got.code().to_owned())
}

/// Requests a new instance. If the sandbox has a change time, the function returns before the instance is running.
async fn create(world: &World, spec_code: &str, capacity: f64) -> String {
    let mut body = cache(PASSWORD);
    body["spec_code"] = json!(spec_code);
    body["capacity"] = json!(capacity);
    let got = world.dcs("POST", "", Some(body)).await;
    let id = &got.body["instances"][0]["instance_id"];
    id.as_str().unwrap().to_owned()
}

async fn replicas(world: &World, id: &str) -> Vec<Value> {
    let shards = get(world, &format!("/instance/{id}/groups")).await;
    shards["group_list"][0]["replication_list"]
        .as_array()
        .unwrap()
        .clone()
}

fn path(id: &str, node: &Value, shard: &Value, end: &str) -> String {
    let (shard, node) = (shard.as_str().unwrap(), node["node_id"].as_str().unwrap());
    format!("/instances/{id}/groups/{shard}/replications/{node}/{end}")
}

#[tokio::test]
async fn the_lists_of_shards_and_nodes_agree() {
    let world = World::new().await;
    for (spec, capacity, shards, nodes, kinds) in [
        ("redis.single.xu1.large.1", 1.0, 0, 1, "master"),
        ("redis.ha.xu1.large.r3.1", 1.0, 1, 3, "master slave"),
        ("redis.cluster.xu1.large.r2.64", 64.0, 8, 16, "master slave"),
        ("redis.proxy.xu1.large.8", 8.0, 3, 8, "master slave proxy"),
    ] {
        let id = create(&world, spec, capacity).await;
        let listed = get(&world, &format!("/instance/{id}/groups")).await;
        assert_eq!(listed["group_count"], shards, "{spec}");
        let of_instance = get(&world, &format!("/instances/{id}/logical-nodes")).await;
        assert_eq!(of_instance["total"], nodes, "{spec}");
        let all = of_instance["nodes"].as_array().unwrap();
        let has = |kind: &str| all.iter().any(|node| node["node_type"] == kind);
        assert!(kinds.split(' ').all(has), "{spec}: {all:?}");
        for shard in listed["group_list"].as_array().unwrap() {
            let shard_id = shard["group_id"].as_str().unwrap();
            let states = format!("/instance/{id}/groups/{shard_id}/group-nodes-state");
            assert_eq!(
                get(&world, &states).await,
                shard["replication_list"],
                "{spec}"
            );
            for replica in shard["replication_list"].as_array().unwrap() {
                let node = all
                    .iter()
                    .find(|node| node["node_id"] == replica["node_id"]);
                let node = node.unwrap();
                assert_eq!(node["group_id"], shard["group_id"], "{spec}");
                assert_eq!(node["node_type"], replica["replication_role"], "{spec}");
                assert_eq!(node["dimensions"], replica["dimensions"], "{spec}");
            }
        }
    }
    let listed = get(&world, "/instances-logical-nodes?limit=3&offset=1").await;
    assert_eq!(listed["count"], 4);
    let counts = listed["instances"].as_array().unwrap().iter();
    let counts: Vec<&Value> = counts.map(|instance| &instance["node_count"]).collect();
    assert_eq!(counts, [3, 16, 8]);
}

#[tokio::test]
async fn nodes_are_missing_during_a_creation_and_inactive_during_a_restart() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let id = create(&world, "redis.ha.xu1.large.r2.1", 1.0).await;
    let nodes = format!("/instances/{id}/logical-nodes");
    assert_eq!(get(&world, &nodes).await["total"], 0);
    assert_eq!(
        get(&world, "/instances-logical-nodes").await["instances"][0]["node_count"],
        0
    );
    world.clock.advance(10 * SECOND);
    assert_eq!(get(&world, &nodes).await["nodes"][0]["status"], "Active");
    let restart = json!({"instances": [id], "action": "restart"});
    world.dcs("PUT", "/status", Some(restart)).await;
    assert_eq!(get(&world, &nodes).await["nodes"][0]["status"], "Inactive");
}

#[tokio::test]
async fn a_priority_is_stored_and_must_be_within_the_limits() {
    let world = World::new().await;
    let id = create(&world, "redis.ha.xu1.large.r2.1", 1.0).await;
    let shard =
        get(&world, &format!("/instance/{id}/groups")).await["group_list"][0]["group_id"].clone();
    let nodes = replicas(&world, &id).await;
    let set = async |node: &Value, weight: i64| {
        let body = json!({"slave_priority_weight": weight});
        code(
            &world,
            "POST",
            &path(&id, node, &shard, "slave-priority"),
            Some(body),
        )
        .await
    };
    assert_eq!(set(&nodes[1], 0).await, (204, String::new()));
    let kept = get(&world, &format!("/instances/{id}/logical-nodes")).await;
    assert_eq!(kept["nodes"][1]["priority_weight"], 0);
    assert_eq!(set(&nodes[1], 101).await, (400, "DCS.4939".into()));
    assert_eq!(
        set(&nodes[0], 1).await,
        (400, "DCS.4027".into()),
        "the priority of the master cannot be changed"
    );
    let unknown = json!({"node_id": "no-such-node"});
    assert_eq!(set(&unknown, 1).await, (400, "DCS.3053".into()));
    let elsewhere = path(&id, &nodes[1], &json!("no-such-shard"), "slave-priority");
    let body = json!({"slave_priority_weight": 1});
    assert_eq!(
        code(&world, "POST", &elsewhere, Some(body)).await,
        (400, "DCS.3053".into())
    );
    let missing = format!("/instance/{id}/groups/no-such-shard/group-nodes-state");
    assert_eq!(
        code(&world, "GET", &missing, None).await,
        (404, "DCS.3022".into())
    );
}

#[tokio::test]
async fn jobs_can_remove_the_addresses_of_all_replicas_except_one() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let id = create(&world, "redis.ha.xu1.large.r3.1", 1.0).await;
    world.clock.advance(10 * SECOND);
    let shard =
        get(&world, &format!("/instance/{id}/groups")).await["group_list"][0]["group_id"].clone();
    let nodes = replicas(&world, &id).await;
    let remove = async |node: &Value| {
        let got = call(
            &world,
            "DELETE",
            &path(&id, node, &shard, "remove-ip"),
            None,
        )
        .await;
        let job = got.body["job_id"].as_str().map(str::to_owned);
        world.clock.advance(10 * SECOND);
        (got.code().to_owned(), job)
    };
    let is_removed = async |at: usize| {
        let nodes = get(&world, &format!("/instances/{id}/logical-nodes")).await;
        nodes["nodes"][at]["is_remove_ip"].clone()
    };
    assert_eq!(remove(&nodes[0]).await.0, "DCS.4931");
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let (_, job) = remove(&nodes[1]).await;
    let shown = get(&world, &format!("/jobs/{}", job.unwrap())).await;
    assert_eq!(
        (&shown["status"], is_removed(1).await),
        (&json!("FAIL"), json!(false))
    );
    let (_, job) = remove(&nodes[1]).await;
    let shown = get(&world, &format!("/jobs/{}", job.unwrap())).await;
    assert_eq!(
        (&shown["status"], is_removed(1).await),
        (&json!("SUCCESS"), json!(true))
    );
    assert_eq!(remove(&nodes[2]).await.0, "DCS.4935");
}

#[tokio::test]
async fn query_parameters_filter_the_flavors() {
    let world = World::new().await;
    let flavors = async |query: &str| {
        let got = get(&world, &format!("/flavors{query}")).await;
        got["flavors"].as_array().unwrap().clone()
    };
    let all = flavors("").await;
    let mut codes: Vec<&str> = all
        .iter()
        .map(|flavor| flavor["spec_code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len(), "each code must occur only once");
    for (query, field, value) in [
        ("?cache_mode=cluster", "cache_mode", json!("cluster")),
        ("?cpu_type=aarch64", "cpu_type", json!("aarch64")),
        ("?capacity=0.125", "capacity", json!(["0.125"])),
        (
            "?spec_code=redis.single.xu1.tiny.128",
            "capacity",
            json!(["0.125"]),
        ),
    ] {
        let found = flavors(query).await;
        assert!(!found.is_empty() && found.len() < all.len(), "{query}");
        assert!(found.iter().all(|flavor| flavor[field] == value), "{query}");
    }
    assert_eq!(flavors("?engine=Redis").await.len(), all.len());
    assert_eq!(flavors("?engine=Memcached").await.len(), 0);
    let split = flavors("?cache_mode=ha_rw_split&engine_version=5.0").await;
    assert!(
        !split.is_empty()
            && flavors("?cache_mode=ha_rw_split&engine_version=7.0")
                .await
                .is_empty()
    );
    // An instance has the type, the replicas and the shards of its flavor.
    for flavor in [
        &split[0],
        &flavors("?cache_mode=cluster&capacity=96").await[0],
    ] {
        let capacity: f64 = flavor["capacity"][0].as_str().unwrap().parse().unwrap();
        let id = create(&world, flavor["spec_code"].as_str().unwrap(), capacity).await;
        let made = get(&world, &format!("/instances/{id}")).await;
        assert_eq!(made["cache_mode"], flavor["cache_mode"]);
        assert_eq!(made["replica_count"], flavor["replica_count"]);
        let shards = flavor["attrs"]
            .as_array()
            .unwrap()
            .iter()
            .find(|attr| attr["name"] == "sharding_num");
        assert_eq!(
            made["sharding_count"].to_string(),
            shards.unwrap()["value"].as_str().unwrap()
        );
        let targets = flavors(&format!("?instance_id={id}")).await;
        assert!(
            targets
                .iter()
                .all(|target| target["cache_mode"] == flavor["cache_mode"])
        );
        assert!(!targets.contains(flavor) && !targets.is_empty());
    }
    let missing = code(&world, "GET", "/flavors?instance_id=no-such-instance", None).await;
    assert_eq!(missing, (404, "DCS.3022".into()));
    // A flavor is available in all zones of the region.
    let zones = world.dcs_url("").replace(
        &format!("{}/instances", world.sandbox.details().project_id),
        "available-zones",
    );
    let zones = world.call("GET", &zones, None).await.body;
    let codes: Vec<Value> = zones["available_zones"]
        .as_array()
        .unwrap()
        .iter()
        .map(|zone| zone["code"].clone())
        .collect();
    assert_eq!(
        all[0]["flavors_available_zones"][0]["az_codes"],
        json!(codes)
    );
}

#[tokio::test]
async fn the_quota_shows_the_number_and_memory_of_instances() {
    let world = World::new().await;
    let used = async || {
        let quota = get(&world, "/quota").await;
        let used = |at: usize| quota["quotas"]["resources"][at]["used"].as_i64().unwrap();
        (used(0), used(1))
    };
    assert_eq!(used().await, (0, 0));
    let small = create(&world, "redis.single.xu1.tiny.512", 0.5).await;
    assert_eq!(used().await, (1, 1), "the sum is rounded up to whole GB");
    create(&world, "redis.single.xu1.large.2", 2.0).await;
    assert_eq!(used().await, (2, 3));
    call(&world, "DELETE", &format!("/instances/{small}"), None).await;
    assert_eq!(used().await, (1, 2));
}

#[tokio::test]
async fn monitored_objects_are_instances_and_nodes_of_clusters() {
    let world = World::new().await;
    let pair = create(&world, "redis.ha.xu1.large.r2.1", 1.0).await;
    let cluster = create(&world, "redis.proxy.xu1.large.8", 8.0).await;
    let objects = get(
        &world,
        "/dims/monitored-objects?dim_name=dcs_instance_id&limit=1&offset=1",
    )
    .await;
    assert_eq!(
        (&objects["total"], &objects["router"]),
        (&json!(2), &json!(["dcs_instance_id"]))
    );
    assert_eq!(objects["instances"][0]["dcs_instance_id"], cluster);
    let others = get(
        &world,
        "/dims/monitored-objects?dim_name=dcs_memcached_instance_id",
    )
    .await;
    assert_eq!(
        (&others["total"], &others["children"]),
        (&json!(0), &json!([]))
    );
    let of = async |id: &str| {
        get(
            &world,
            &format!("/dims/monitored-objects/{id}?dim_name=dcs_instance_id"),
        )
        .await
    };
    let nodes = of(&cluster).await;
    assert_eq!(nodes["dcs_cluster_redis_node"].as_array().unwrap().len(), 6);
    assert_eq!(
        nodes["dcs_cluster_proxy2_node"].as_array().unwrap().len(),
        2
    );
    assert_eq!(of(&pair).await["children"], json!([]));
    let missing = code(
        &world,
        "GET",
        "/dims/monitored-objects?dim_name=no_such_dimension",
        None,
    )
    .await;
    assert_eq!(missing, (400, "DCS.4800".into()));
}
