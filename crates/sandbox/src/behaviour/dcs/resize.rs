//! Operations of the chapter (OpenAPI tag) `lifecycle` that change the size or the type of an instance.
//!
//! The module also contains `show_deletable_replicas`, which changes nothing.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::timed::{Ending, put};
use super::super::{Behaviour, Call, does};
use super::hidden::NODES;
use super::instances::BAD_ZONES;
use super::jobs::start_until;
use super::lifecycle::{capacity, found, is_old, known, order_id};
use super::nodes::{Node, has_shards, new_node, nodes, shape, type_of, zones};
use super::states::{RESIZE, allowed, begin};
use super::{UNSUPPORTED_TYPE, refused};
use crate::Service;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Fields};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("resize_instance", does(resize)),
    ("create_resize_order", does(order)),
    ("show_deletable_replicas", does(deletable)),
];

fn resize(call: &Call<'_>) -> Result<Answer, Problem> {
    start(call, |_| Ok(()))?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// Orders a change of the size. The sandbox does not wait for a payment.
fn order(call: &Call<'_>) -> Result<Answer, Problem> {
    start(call, |cache| match cache.fields["charging_mode"] == 1 {
        true => Ok(()),
        false => Err(refused(
            "DCS.4026",
            "This operation is not allowed when the DCS instance is in the current state.",
        )),
    })?;
    Ok(Answer::ok(json!({"order_id": order_id()})))
}

fn start(call: &Call<'_>, may: impl FnOnce(&Cache) -> Result<(), Problem>) -> Result<(), Problem> {
    let body = &call.values.body;
    call.state.store.write(|writer| {
        let mut cache = found(call, |id| writer.get(id))?;
        allowed(&cache, RESIZE)?;
        may(&cache)?;
        let (job, resized) = resized(call, &cache)?;
        begin(call.state, &mut cache, RESIZE)?;
        if body["execute_immediately"] == false {
            let wait = until_window(&cache, call.state.clock.now_ms());
            for step in &mut cache.steps {
                step.due_ms = step.due_ms.saturating_add(wait);
            }
        }
        let Some(last) = cache.steps.last_mut() else {
            return Ok(());
        };
        let ending = Ending {
            begin_ms: call.state.clock.now_ms(),
            due_ms: last.due_ms,
            failed: call.state.faults.failed_task(Service::Dcs),
        };
        if ending.failed {
            last.status = Some("ERROR".to_owned());
        } else {
            last.fields = resized;
        }
        let details = json!({
            "old_resource_spec_code": cache.fields["spec_code"],
            "new_resource_spec_code": body["spec_code"],
            "old_cache_mode": cache.fields["cache_mode"],
        });
        start_until(call, writer, job, Some(cache.id()), details, &ending)?;
        put(call, writer, cache)
    })
}

const HOUR_MS: i64 = 3_600_000;

/// Returns the milliseconds until the maintenance window begins. Returns 0 during the first hour of the window.
fn until_window(cache: &Cache, now_ms: i64) -> i64 {
    let begin = cache.fields["maintain_begin"]
        .as_str()
        .unwrap_or("18:00:00");
    let hour = begin.get(..2).and_then(|hour| hour.parse::<i64>().ok());
    let since = (now_ms - hour.unwrap_or(18) * HOUR_MS).rem_euclid(24 * HOUR_MS);
    match since < HOUR_MS {
        true => 0,
        false => 24 * HOUR_MS - since,
    }
}

/// Returns the capacities in GB that the documentation of `resize_instance` names for this type of instance.
///
/// For single-node and master/standby instances, the module `flavors` has two more capacities: 24 GB and 48 GB.
fn capacities(mode: &str) -> &'static [f64] {
    match mode {
        "cluster" | "proxy" => &[
            4.0, 8.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0, 128.0, 192.0, 256.0, 384.0, 512.0, 768.0,
            1024.0,
        ],
        "ha_rw_split" => &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
        _ => &[0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
    }
}

/// Returns the name of the job, and the new values of the fields that the job changes.
fn resized(call: &Call<'_>, cache: &Cache) -> Result<(&'static str, Fields), Problem> {
    let body = &call.values.body;
    let spec_code = call.in_body("/spec_code").unwrap_or_default();
    if spec_code.split('.').count() < 3 {
        return Err(refused("DCS.4927", "The param spec_code is invalid"));
    }
    let gigabytes = body["new_capacity"].as_f64().unwrap_or_default();
    let (mode, _) = type_of(spec_code);
    if !capacities(mode).contains(&gigabytes) {
        return Err(refused(
            "DCS.4012",
            "Invalid capacity parameter in the request.",
        ));
    }
    let mut resized = capacity(gigabytes);
    resized.set("spec_code", spec_code);
    let new_shape = shape(
        spec_code,
        resized["max_memory"].as_i64().unwrap_or_default(),
    );
    let present = cache.fields["cache_mode"].as_str().unwrap_or_default();
    let change = call.in_body("/change_type");
    if change != Some("instanceType") && present != mode {
        return Err(OTHER_TYPE);
    }
    let job = match change {
        Some("createReplication") => {
            add_replicas(cache, &zones(&body["available_zones"]), &mut resized)?;
            "AddReplica"
        }
        Some("deleteReplication") => {
            remove_replicas(call, cache, &mut resized)?;
            "DelReplica"
        }
        Some("addSharding") if !has_shards(cache) => return Err(NO_RESIZE),
        Some("instanceType") if !may_become(present, mode, is_old(cache)) => {
            return Err(OTHER_TYPE);
        }
        _ if is_old(cache) && present == "proxy" && is_smaller(cache, &resized) => {
            return Err(NO_RESIZE);
        }
        _ => {
            let same = ["cache_mode", "replica_count", "sharding_count"]
                .iter()
                .all(|name| cache.fields[name] == new_shape[name]);
            resized.add(new_shape);
            if !same {
                // `null` replaces the stored nodes. The sandbox then computes the nodes from the new fields.
                resized.set(NODES, Value::Null);
            }
            "EXTEND"
        }
    };
    Ok((job, resized))
}

const NO_RESIZE: Problem = refused("DCS.4102", "The system is not support resize.");
const OTHER_TYPE: Problem = refused("DCS.4200", "Instance type cannot be changed.");

fn is_smaller(cache: &Cache, resized: &Fields) -> bool {
    resized["max_memory"].as_i64() < cache.fields["max_memory"].as_i64()
}

/// Returns whether a request can change the type `present` to the type `mode`.
///
/// A proxy cluster can become a master/standby or read/write splitting instance. An instance of one of these two types
/// can become a proxy cluster. An instance with Memcached or Redis 3.0 cannot change its type.
fn may_become(present: &str, mode: &str, is_old: bool) -> bool {
    let is_pair = |mode: &str| matches!(mode, "ha" | "ha_rw_split");
    !is_old && (is_pair(present) && mode == "proxy" || present == "proxy" && is_pair(mode))
}

/// The highest value of `replica_count` that a request can reach when it adds replicas. The value includes the master.
const MOST_REPLICAS: u64 = 6;

fn add_replicas(cache: &Cache, zones: &[String], resized: &mut Fields) -> Result<(), Problem> {
    if cache.fields["cache_mode"] == "single" {
        return Err(NO_RESIZE);
    }
    if zones.is_empty() {
        return Err(BAD_ZONES);
    }
    let present = cache.fields["replica_count"].as_u64().unwrap_or(1);
    let added = u64::try_from(zones.len()).unwrap_or(MOST_REPLICAS);
    if present + added > MOST_REPLICAS {
        return Err(refused(
            "DCS.4875",
            "Create replication number exceed max number limit.",
        ));
    }
    let mut nodes = nodes(cache);
    let proxies = nodes.iter().position(|node| node.is("proxy"));
    let proxies = nodes.split_off(proxies.unwrap_or(nodes.len()));
    let shards = cache.fields["sharding_count"].as_u64().unwrap_or(1);
    // The IDs of the new nodes must differ from the IDs of all existing nodes.
    let first = nodes.iter().map(|node| number(node) + 1).max().unwrap_or(1);
    for shard in 0..shards {
        for (number, zone) in (first..).zip(zones) {
            nodes.push(new_node(cache, shard, number, std::slice::from_ref(zone)));
        }
    }
    // After this sort, the nodes of a shard are again next to each other.
    nodes.sort_by(|one, other| one.group_id.cmp(&other.group_id));
    nodes.extend(proxies);
    resized.set("replica_count", present + added);
    resized.set(NODES, json!(nodes));
    Ok(())
}

fn number(node: &Node) -> u64 {
    let digits = node.node_id.get(28..).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or(0)
}

fn remove_replicas(call: &Call<'_>, cache: &Cache, resized: &mut Fields) -> Result<(), Problem> {
    let present = cache.fields["replica_count"].as_u64().unwrap_or(1);
    if present <= 2 {
        return Err(refused(
            "DCS.4937",
            "Only has one slave node,can not delete",
        ));
    }
    let mut nodes = nodes(cache);
    if has_shards(cache) {
        let zones = zones(&call.values.body["available_zones"]);
        let zone = zones.first().ok_or(BAD_ZONES)?;
        for shard in groups(&nodes) {
            let is_meant =
                |node: &Node| node.is("slave") && node.group_id == shard && node.az_code == *zone;
            let last = nodes.iter().rposition(is_meant).ok_or(BAD_ZONES)?;
            nodes.remove(last);
        }
    } else {
        let list = zones(&call.values.body["node_list"]);
        let [id] = list.as_slice() else {
            return Err(BAD_LIST);
        };
        let at = nodes.iter().position(|node| node.node_id == *id);
        let at = at.ok_or(BAD_LIST)?;
        if nodes[at].is("master") {
            return Err(refused("DCS.4936", "The master node cannot be deleted"));
        }
        nodes.remove(at);
    }
    resized.set("replica_count", present - 1);
    resized.set(NODES, json!(nodes));
    Ok(())
}

const BAD_LIST: Problem = refused("DCS.4930", "The request param node_list is invalid");

fn groups(nodes: &[Node]) -> Vec<String> {
    let masters = nodes.iter().filter(|node| node.is("master"));
    masters.map(|node| node.group_id.clone()).collect()
}

/// Shows whether replicas of a cluster can be deleted. In the sandbox, the field `replication_list` contains all
/// replicas.
fn deletable(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    if !has_shards(&cache) {
        return Err(UNSUPPORTED_TYPE);
    }
    let replicas = nodes(&cache).into_iter().filter(|node| node.is("slave"));
    let replicas: Vec<_> = replicas.collect();
    let mut zones: Vec<&str> = replicas.iter().map(|node| node.az_code.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    let port = &cache.fields["port"];
    let kept = replicas.iter().map(|node| {
        json!({
            "replication_id": node.replication_id,
            "node_id": node.node_id,
            "replication_ip": format!("{}:{port}", node.ip),
            "group_id": node.group_id,
            "group_name": node.group_name,
            "available_zone": node.az_code,
        })
    });
    let kept: Vec<_> = kept.collect();
    let check = cache.fields["replica_count"].as_u64() > Some(2);
    Ok(Answer::ok(json!({
        "check_result": check,
        "available_zone": zones.join(","),
        "replication_list": kept,
    })))
}
