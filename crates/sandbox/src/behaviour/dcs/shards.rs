//! The operations of the chapter (OpenAPI tag) `shards`: the shards and nodes of instances, and the priority of
//! replicas.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::timed::{page, put};
use super::super::{Behaviour, Call, does};
use super::hidden::NODES;
use super::instances::{NO_NODE, change};
use super::lifecycle::{known, running};
use super::nodes::{Node, nodes};
use super::refused;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, IndexKey, Query};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_shards", does(list_shards)),
    ("list_shard_replicas", does(list_replicas)),
    ("list_nodes", does(list_of_project)),
    ("list_instance_nodes", does(list_of_instance)),
    ("delete_replica_address", does(delete_address)),
    ("update_replica_priority", does(update_priority)),
];

const NO_REPLICA: Problem = refused("DCS.4931", "Node is not replica, can't delete.");
const LAST_REPLICA: Problem = refused(
    "DCS.4935",
    "Only one slave replication has dns ip, can not delete",
);
const WRONG_NODE: Problem = refused("DCS.4027", "This operation is not supported on this node.");

/// Returns the nodes of the instance. As documented, an instance has no nodes during its creation. In the sandbox, an
/// instance whose creation failed has no nodes either.
pub(super) fn nodes_of(cache: &Cache) -> Vec<Node> {
    match cache.status() {
        "CREATING" | "CREATEFAILED" => Vec::new(),
        _ => nodes(cache),
    }
}

/// Returns the name of a node in the form of the documented examples, such as `(master)192.168.0.10`.
pub(super) fn name_of(node: &Node) -> String {
    let role = match node.role.as_str() {
        "master" => "(master)",
        "slave" => "(replica)",
        _ => "",
    };
    format!("{role}{}", node.ip)
}

fn status_of(cache: &Cache, node: &Node) -> &'static str {
    match cache.status() {
        "ERROR" | "RESTARTING" => "Inactive",
        _ => node.status(),
    }
}

fn dimensions(cache: &Cache, node: &Node) -> Value {
    json!([
        {"name": "dcs_instance_id", "value": cache.id()},
        {"name": "dcs_cluster_redis_node", "value": node.node_id},
    ])
}

fn replica(cache: &Cache, node: &Node) -> Value {
    json!({
        "replication_role": node.role,
        "replication_ip": node.ip,
        "is_replication": false,
        "replication_id": node.replication_id,
        "node_id": node.node_id,
        "status": status_of(cache, node),
        "az_code": node.az_code,
        "dimensions": dimensions(cache, node),
    })
}

/// Returns the nodes that belong to a shard. A proxy and the node of a single-node instance belong to no shard.
fn shard_nodes(cache: &Cache) -> Vec<Node> {
    let mut nodes = nodes_of(cache);
    nodes.retain(|node| !node.is("proxy") && cache.fields["cache_mode"] != "single");
    nodes
}

fn list_shards(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let nodes = shard_nodes(&cache);
    let shards = nodes.chunk_by(|one, other| one.group_id == other.group_id);
    let shards = shards.map(|nodes| {
        let replicas = nodes.iter().map(|node| replica(&cache, node));
        let first = nodes.first();
        json!({
            "group_id": first.map(|node| &node.group_id),
            "group_name": first.map(|node| &node.group_name),
            "replication_list": replicas.collect::<Vec<_>>(),
        })
    });
    let shards: Vec<Value> = shards.collect();
    Ok(Answer::ok(
        json!({"group_count": shards.len(), "group_list": shards}),
    ))
}

fn list_replicas(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let shard = call.in_path("group_id")?;
    let nodes = shard_nodes(&cache).into_iter();
    let nodes = nodes.filter(|node| node.group_id == shard);
    let replicas: Vec<Value> = nodes.map(|node| replica(&cache, &node)).collect();
    match replicas.is_empty() {
        true => Err(Problem::NoSuchResource {
            id: shard.to_owned(),
        }),
        false => Ok(Answer::ok(json!(replicas))),
    }
}

fn node(cache: &Cache, node: &Node) -> Value {
    let is_proxy = node.is("proxy");
    let mut shown = json!({
        "logical_node_id": node.node_id,
        "name": name_of(node),
        "status": status_of(cache, node),
        "az_code": node.az_code,
        "node_role": if is_proxy { "redis-proxy" } else { "redis-server" },
        "node_type": node.role,
        "node_ip": node.ip,
        "node_port": cache.fields["port"].to_string(),
        "node_id": node.node_id,
        "is_access": true,
        "dimensions": dimensions(cache, node),
    });
    if !is_proxy {
        shown["group_id"] = json!(node.group_id);
        shown["group_name"] = json!(node.group_name);
        shown["replication_id"] = json!(node.replication_id);
        shown["priority_weight"] = json!(node.priority);
        shown["is_remove_ip"] = json!(node.is_ip_removed);
    }
    shown
}

fn shown_nodes(cache: &Cache) -> Vec<Value> {
    let nodes = nodes_of(cache);
    nodes.iter().map(|one| node(cache, one)).collect()
}

fn list_of_instance(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let nodes = shown_nodes(&cache);
    Ok(Answer::ok(
        json!({"instance_id": cache.id(), "total": nodes.len(), "nodes": nodes}),
    ))
}

/// Lists the nodes of all instances of the project. As documented, the list does not contain instances with Memcached
/// or Redis 3.0.
fn list_of_project(call: &Call<'_>) -> Result<Answer, Problem> {
    let query = Query::default()
        .with(&Cache::BY_PROJECT, IndexKey::new(&json!(call.project()?)))
        .test(|cache: &Cache| {
            cache.fields["engine"] != "Memcached" && cache.fields["engine_version"] != "3.0"
        })
        .skip(call.number_in_query("offset").unwrap_or(0))
        .take(call.number_in_query("limit").unwrap_or(10));
    let found = page(call, &query)?;
    let instances = found.records.iter().map(|cache| {
        let nodes = shown_nodes(cache);
        json!({"instance_id": cache.id(), "node_count": nodes.len(), "nodes": nodes})
    });
    let instances: Vec<Value> = instances.collect();
    Ok(Answer::ok(
        json!({"count": found.total, "instances": instances}),
    ))
}

/// Returns the nodes of the instance, and the position of the node that the path of the request names.
fn named(call: &Call<'_>, cache: &Cache) -> Result<(Vec<Node>, usize), Problem> {
    let (shard, id) = (call.in_path("group_id")?, call.in_path("node_id")?);
    let nodes = shard_nodes(cache);
    let is_meant = |node: &Node| node.group_id == shard && node.node_id == id;
    let at = nodes_of(cache).iter().position(is_meant);
    let at = at.filter(|_| nodes.iter().any(is_meant)).ok_or(NO_NODE)?;
    Ok((nodes_of(cache), at))
}

/// Removes the address of a replica from the read-only domain name of the instance.
///
/// If the replica is the last replica of its shard with an address in this domain name, the request fails.
fn delete_address(call: &Call<'_>) -> Result<Answer, Problem> {
    let job = change(call, "deleteIpFromDomainName", |cache| {
        let (mut nodes, at) = named(call, cache)?;
        let is_reachable = |node: &&Node| node.is("slave") && !node.is_ip_removed;
        let shard = nodes[at].group_id.clone();
        let others = nodes.iter().filter(is_reachable);
        let others = others.filter(|node| node.group_id == shard).count();
        match &nodes[at] {
            node if !node.is("slave") => return Err(NO_REPLICA),
            node if !node.is_ip_removed && others < 2 => return Err(LAST_REPLICA),
            _ => nodes[at].is_ip_removed = true,
        }
        Ok(json!({NODES: nodes}))
    })?;
    Ok(Answer::ok(json!({"job_id": job})))
}

/// Changes the priority of a replica. The change takes effect immediately. The priority of a master cannot be changed.
fn update_priority(call: &Call<'_>) -> Result<Answer, Problem> {
    let weight = call.values.body["slave_priority_weight"].as_i64();
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        let (mut nodes, at) = named(call, &cache)?;
        if !nodes[at].is("slave") {
            return Err(WRONG_NODE);
        }
        nodes[at].priority = weight.unwrap_or_default();
        cache.fields.set(NODES, json!(nodes));
        put(call, writer, cache)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}
