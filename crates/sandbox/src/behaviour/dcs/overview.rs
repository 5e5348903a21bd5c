//! Operations of the chapter (OpenAPI tag) `instances` that show an overview of all instances.
//!
//! The module also contains two operations about one instance. `list_instance_operations` says whether the instance can
//! be scaled up now. `show_instance_topology` shows the nodes of the instance.
//!
//! `export_instances` starts a job. The other operations of the module start no action.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::timed::page;
use super::super::{Behaviour, Call, does};
use super::jobs::start;
use super::lifecycle::known;
use super::nodes::{Node, nodes};
use super::states::{CHANGE, allowed};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, IndexKey, Query};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("count_instances_by_status", does(count)),
    ("list_instance_statistics", does(statistics)),
    ("export_instances", does(export)),
    ("list_instance_operations", does(operations)),
    ("show_instance_topology", does(topology)),
];

/// The statuses in the answer of `count_instances_by_status`, in lower case. Each status has a field such as
/// `running_count`.
const COUNTED: [&str; 13] = [
    "paying",
    "freezing",
    "migrating",
    "flushing",
    "upgrading",
    "restoring",
    "extending",
    "creating",
    "running",
    "error",
    "frozen",
    "createfailed",
    "restarting",
];

/// Returns a query for all instances of the project.
fn all(call: &Call<'_>) -> Result<Query<'static, Cache>, Problem> {
    let project = IndexKey::new(&json!(call.project()?));
    Ok(Query::default().with(&Cache::BY_PROJECT, project))
}

fn count(call: &Call<'_>) -> Result<Answer, Problem> {
    let with_failed = call.text(&call.values.query, "include_failure") == Some("true");
    let mut numbers: BTreeMap<(&str, String), u64> = BTreeMap::new();
    for cache in page(call, &all(call)?)?.records {
        let status = cache.status().to_lowercase();
        if with_failed || status != "createfailed" {
            let engine = match cache.fields["engine"].as_str() {
                Some("Memcached") => "memcached",
                _ => "redis",
            };
            *numbers.entry((engine, status)).or_default() += 1;
        }
    }
    let of = |engines: &[&'static str]| {
        let number = |status: &str| {
            let of_engine = |engine: &&'static str| numbers.get(&(*engine, status.to_owned()));
            engines.iter().filter_map(of_engine).sum::<u64>()
        };
        let counts = COUNTED
            .iter()
            .map(|status| (format!("{status}_count"), json!(number(status))));
        counts.collect::<Map<_, _>>()
    };
    let mut answer = of(&["redis", "memcached"]);
    for engine in ["redis", "memcached"] {
        answer.insert(engine.to_owned(), Value::Object(of(&[engine])));
    }
    Ok(Answer::ok(Value::Object(answer)))
}

/// Shows statistics of the running instances. Most values are zero, because instances of the sandbox have no traffic.
fn statistics(call: &Call<'_>) -> Result<Answer, Problem> {
    let running = all(call)?.with(&Cache::BY_STATUS, IndexKey::new(&json!("RUNNING")));
    let caches = page(call, &running)?.records;
    let statistics = caches.iter().map(|cache| {
        json!({
            "instance_id": cache.id(),
            "input_kbps": "0.0",
            "output_kbps": "0.0",
            "keys": 0,
            "used_memory": cache.fields["used_memory"],
            "max_memory": cache.fields["max_memory"],
            "cmd_get_count": 0,
            "cmd_set_count": 0,
            "used_cpu": "0.0",
        })
    });
    let statistics: Vec<_> = statistics.collect();
    Ok(Answer::ok(json!({"statistics": statistics})))
}

fn export(call: &Call<'_>) -> Result<Answer, Problem> {
    let job = call
        .state
        .store
        .write(|writer| start(call, writer, "dcsExportJob", None, Value::Null))?;
    Ok(Answer::ok(json!({"job_id": job})))
}

fn operations(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let cause = match allowed(&cache, CHANGE) {
        Ok(()) => None,
        Err(Problem::Catalogued { code, .. }) => Some(code),
        Err(other) => return Err(other),
    };
    let operation =
        json!({"operation": "extend", "is_support": cause.is_none(), "cause_id": cause});
    Ok(Answer::ok(
        json!({"instance_id": cache.id(), "operations": [operation]}),
    ))
}

fn topology(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let nodes = nodes(&cache);
    let skip = call.number_in_query("start").unwrap_or(0);
    let take = call.number_in_query("limit").unwrap_or(10);
    let listed = |is_proxy: bool| {
        let wanted = nodes.iter().filter(|node| node.is("proxy") == is_proxy);
        let wanted = wanted.skip(skip).take(take);
        wanted
            .map(|node| shown(&cache, &nodes, node))
            .collect::<Vec<_>>()
    };
    let none = Value::Array(Vec::new());
    Ok(Answer::ok(json!({
        "redis_server": listed(false),
        "cluster_proxy": listed(true),
        "cluster_lvs": none,
        "cluster_admin": none,
        "master": none,
        "vpcendpoint": none,
        "elb": none,
    })))
}

/// Returns the fields of a node for the answer. For a replica, these fields include the address of the master of its
/// shard.
fn shown(cache: &Cache, nodes: &[Node], node: &Node) -> Value {
    let port = cache.fields["port"].to_string();
    let is_master = |other: &&Node| other.is("master") && other.group_id == node.group_id;
    let master = nodes.iter().find(is_master).filter(|_| node.is("slave"));
    let shards = cache.fields["sharding_count"].as_i64().unwrap_or(1);
    let memory = |name: &str| cache.fields[name].as_i64().unwrap_or(0);
    let mut shown = json!({
        "node_id": node.node_id,
        "node_name": format!("dcs-{}", node.node_id),
        "ip": node.ip,
        "port": port,
        "node_type": node.role,
        "max_memory": (memory("max_memory") / shards.max(1)).to_string(),
        "used_memory": memory("used_memory").to_string(),
        "qps": "0",
        "bandwidth": {"input": "0", "output": "0"},
        "db_num": cache.fields["db_number"].to_string(),
        "dbs": {"db_idx": "0", "keys": "0", "expires": "0", "avg_ttl": "0"},
        "group_id": node.group_id,
        "status": node.status(),
        "dims": {"dim_k": "dcs_instance_id", "dim_v": cache.id()},
    });
    if let Some(master) = master {
        shown["relation_ip"] = json!(master.ip);
        shown["relation_port"] = json!(port);
    }
    shown
}
