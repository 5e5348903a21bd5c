//! The shards and nodes of an instance.
//!
//! The sandbox computes the nodes from fields of the instance, such as its type and its number of shards. Some
//! operations, such as a switchover, change single nodes. The sandbox then stores all nodes of the instance.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::hidden::NODES;
use crate::store::{Cache, Fields};

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Node {
    pub group_id: String,
    pub group_name: String,
    pub node_id: String,
    pub replication_id: String,
    pub ip: String,
    pub az_code: String,
    /// The role of the node: `master`, `slave` or `proxy`.
    pub role: String,
    pub is_running: bool,
    pub priority: i64,
    /// Whether a request removed the address of the node from the read-only domain name of the instance.
    pub is_ip_removed: bool,
}

impl Node {
    pub fn is(&self, role: &str) -> bool {
        self.role == role
    }

    pub fn status(&self) -> &'static str {
        match self.is_running {
            true => "Active",
            false => "Inactive",
        }
    }
}

/// Returns the type of the instance and the number of nodes in each shard, from the flavor code.
///
/// In `redis.ha.xu1.large.r2.8`, `ha` is the type, and `r2` means two nodes in each shard. With `p2` instead of `r2`,
/// the code means a read/write splitting instance. If a code has no such number, each shard has two nodes. A
/// single-node instance always has one node.
pub(super) fn type_of(spec_code: &str) -> (&'static str, u64) {
    let mut parts = spec_code.split('.').skip(1);
    let kind = parts.next().unwrap_or_default();
    let count = parts.find_map(|part| {
        let (kind, count) = part.split_at_checked(1)?;
        let count = count.parse::<u64>().ok()?;
        matches!(kind, "r" | "p").then_some((kind, count.clamp(1, 10)))
    });
    match (kind, count) {
        ("single", _) => ("single", 1),
        ("cluster", count) => ("cluster", count.map_or(2, |(_, count)| count)),
        ("proxy", count) => ("proxy", count.map_or(2, |(_, count)| count)),
        (_, Some(("p", count))) => ("ha_rw_split", count),
        (_, count) => ("ha", count.map_or(2, |(_, count)| count)),
    }
}

/// Returns the fields of an instance that depend on its flavor or its capacity, such as the number of shards.
pub(super) fn shape(spec_code: &str, megabytes: i64) -> Fields {
    let (mode, replicas) = type_of(spec_code);
    let is_cluster = is_cluster(mode);
    // As in the module `flavors`, a cluster has one shard for each 8 GB, but at least three shards.
    let shards = match is_cluster {
        true => (megabytes / 8192).max(3),
        false => 1,
    };
    Fields::from(json!({
        "cache_mode": mode,
        "replica_count": replicas,
        "sharding_count": shards,
        "db_number": if is_cluster { 1 } else { 256 },
    }))
}

fn is_cluster(mode: &str) -> bool {
    matches!(mode, "cluster" | "proxy")
}

/// Returns whether the instance is a cluster, with or without proxies.
pub(super) fn has_shards(cache: &Cache) -> bool {
    is_cluster(cache.fields["cache_mode"].as_str().unwrap_or_default())
}

/// Returns the nodes of all shards, and then the proxies. In a new instance, the master is the first node of its shard.
pub(super) fn nodes(cache: &Cache) -> Vec<Node> {
    match serde_json::from_value(cache.fields[NODES].clone()) {
        Ok(nodes) => nodes,
        Err(_) => new_nodes(cache),
    }
}

fn new_nodes(cache: &Cache) -> Vec<Node> {
    let count = |name: &str| cache.fields[name].as_u64().unwrap_or(1).clamp(1, 128);
    let (shards, replicas) = (count("sharding_count"), count("replica_count"));
    let zones = zones(&cache.fields["az_codes"]);
    let mut nodes = Vec::new();
    for shard in 0..shards {
        for number in 0..replicas {
            nodes.push(new_node(cache, shard, number, &zones));
        }
    }
    if cache.fields["cache_mode"] == "proxy" {
        for number in 0..2 {
            let mut proxy = new_node(cache, shards, number, &zones);
            proxy.role = "proxy".to_owned();
            proxy.group_id = String::new();
            proxy.group_name = String::new();
            nodes.push(proxy);
        }
    }
    nodes
}

/// Returns a new node. Calls with equal arguments return nodes with equal IDs.
pub(super) fn new_node(cache: &Cache, shard: u64, number: u64, zones: &[String]) -> Node {
    let digits = cache.id().replace('-', "");
    let digits = digits.get(..24).unwrap_or(&digits);
    let id = format!("{digits}{shard:04x}{number:04x}");
    let zone = zones.get(usize::try_from(number).unwrap_or(0) % zones.len().max(1));
    Node {
        group_id: group_id(cache, shard),
        group_name: format!("group-{shard}"),
        replication_id: as_uuid(&id),
        node_id: id,
        ip: format!("192.168.{shard}.{}", number + 10),
        az_code: zone.cloned().unwrap_or_default(),
        role: if number == 0 { "master" } else { "slave" }.to_owned(),
        is_running: true,
        priority: 100,
        is_ip_removed: false,
    }
}

fn group_id(cache: &Cache, shard: u64) -> String {
    let id = cache.id();
    format!("{}-{shard:012x}", id.get(..23).unwrap_or(id))
}

/// Adds the hyphens of a UUID to 32 hexadecimal digits.
fn as_uuid(digits: &str) -> String {
    let part = |range| digits.get(range).unwrap_or_default();
    let parts = [
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32),
    ];
    parts.join("-")
}

/// Returns the strings of a JSON list.
pub(super) fn zones(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}
