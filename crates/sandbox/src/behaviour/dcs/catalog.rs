//! The operations of the chapter (OpenAPI tag) `catalog`: flavors, availability zones, quotas and monitored objects.
//!
//! The operation for maintenance windows has no behaviour here. Its answer is the documented example.

use serde_json::{Value, json};

use super::super::timed::page;
use super::super::{Behaviour, Call, does};
use super::flavors::{Flavor, all};
use super::lifecycle::{known, named};
use super::nodes::{Node, has_shards};
use super::shards::{name_of, nodes_of};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, IndexKey, Query};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_available_zones", does(list_zones)),
    ("list_flavors", does(list_flavors)),
    ("show_quota", does(show_quota)),
    ("list_monitored_objects", does(list_monitored)),
    (
        "list_instance_monitored_objects",
        does(list_monitored_of_instance),
    ),
];

/// Returns the identifiers and the codes of the availability zones. The sandbox has three zones.
fn zones(call: &Call<'_>) -> (Vec<String>, Vec<String>) {
    let region = &call.state.tenant.project_name;
    let ids = (1..4).map(|number| format!("{number:032x}"));
    let codes = (1..4).map(|number| format!("{region}-{number:02}"));
    (ids.collect(), codes.collect())
}

fn list_zones(call: &Call<'_>) -> Result<Answer, Problem> {
    let (ids, codes) = zones(call);
    let zone = |(number, (id, code)): (usize, (String, String))| {
        json!({"code": code, "port": (8403 + number).to_string(), "name": format!("AZ {}", number + 1),
            "id": id, "resource_availability": "true"})
    };
    let zones: Vec<Value> = ids.into_iter().zip(codes).enumerate().map(zone).collect();
    let region = &call.state.tenant.project_name;
    Ok(Answer::ok(
        json!({"region_id": region, "available_zones": zones}),
    ))
}

fn list_flavors(call: &Call<'_>) -> Result<Answer, Problem> {
    let wanted = &call.values.query;
    let instance = match call.text(wanted, "instance_id") {
        Some(id) => Some(named(call, id, |id| call.state.store.read()?.get(id))?),
        None => None,
    };
    let is = |name: &str, own: &str| call.text(wanted, name).is_none_or(|wanted| wanted == own);
    let number = |text: &str| text.parse::<f64>().ok();
    let fits = |flavor: &Flavor| {
        let version = call.text(wanted, "engine_version");
        let capacity = call.text(wanted, "capacity");
        // If the request names an instance, the list contains only flavors for the type of this instance, without the
        // present flavor of this instance.
        let is_target = |cache: &Cache| {
            cache.fields["cache_mode"] == flavor.cache_mode
                && cache.fields["spec_code"] != flavor.spec_code
        };
        is("spec_code", &flavor.spec_code)
            && is("cache_mode", flavor.cache_mode)
            && is("cpu_type", flavor.cpu_type)
            && is("engine", "Redis")
            && is("spec_type", "instance")
            && version.is_none_or(|version| flavor.has_version(version))
            && capacity.is_none_or(|capacity| number(capacity) == number(flavor.capacity))
            && instance.as_ref().is_none_or(is_target)
    };
    let (ids, codes) = zones(call);
    let flavors = all().into_iter().filter(fits);
    let flavors: Vec<Value> = flavors
        .map(|flavor| flavor.to_json((&ids, &codes)))
        .collect();
    Ok(Answer::ok(json!({"flavors": flavors})))
}

fn of_project<'q>(call: &Call<'_>) -> Result<Query<'q, Cache>, Problem> {
    let project = IndexKey::new(&json!(call.project()?));
    Ok(Query::default().with(&Cache::BY_PROJECT, project))
}

/// The quotas that the answer shows. The sandbox does not enforce these quotas.
const MOST_INSTANCES: i64 = 100_000;
const MOST_GIGABYTES: i64 = 10_000_000;

fn show_quota(call: &Call<'_>) -> Result<Answer, Problem> {
    let caches = page(call, &of_project(call)?)?.records;
    let megabytes = caches
        .iter()
        .filter_map(|cache| cache.fields["max_memory"].as_i64());
    // The sum is rounded up to whole GB.
    let gigabytes = (megabytes.sum::<i64>() + 1023) / 1024;
    let quota = |kind: &str, unit: Value, most: i64, used: i64| json!({"type": kind, "unit": unit, "min": 1, "max": most, "quota": most, "used": used});
    let instances = i64::try_from(caches.len()).unwrap_or(i64::MAX);
    let resources = [
        quota("instance", Value::Null, MOST_INSTANCES, instances),
        quota("ram", json!("GB"), MOST_GIGABYTES, gigabytes),
    ];
    Ok(Answer::ok(json!({"quotas": {"resources": resources}})))
}

const INSTANCE: &str = "dcs_instance_id";
const REDIS_NODE: &str = "dcs_cluster_redis_node";
/// The name of the field with the proxies in an answer. The documentation uses this name for Redis 4.0 and 5.0.
///
/// In the sandbox, only flavors for these two versions have proxies. Therefore the sandbox uses no other name.
const PROXY_NODE: &str = "dcs_cluster_proxy2_node";

/// Returns a secondary monitoring dimension, which is below the dimension of the instance.
///
/// For proxies, the documented dimension is `dcs_cluster_proxy_node`, although the name of the field is [`PROXY_NODE`].
fn child(name: &str) -> Value {
    json!({"dim_name": name, "dim_route": format!("{INSTANCE},{name}")})
}

fn monitored(cache: &Cache) -> Value {
    json!({"dcs_instance_id": cache.id(), "name": cache.fields["name"], "status": cache.status()})
}

/// Lists the instances that belong to the requested dimension: either all Redis instances or all Memcached instances.
fn list_monitored(call: &Call<'_>) -> Result<Answer, Problem> {
    let dimension = call
        .text(&call.values.query, "dim_name")
        .unwrap_or_default();
    let is_redis = dimension == INSTANCE;
    let query = of_project(call)?
        .test(move |cache| (cache.fields["engine"] != "Memcached") == is_redis)
        .skip(call.number_in_query("offset").unwrap_or(0))
        .take(call.number_in_query("limit").unwrap_or(10));
    let found = page(call, &query)?;
    let children = match is_redis {
        true => vec![child(REDIS_NODE), child("dcs_cluster_proxy_node")],
        false => Vec::new(),
    };
    let instances: Vec<Value> = found.records.iter().map(monitored).collect();
    Ok(Answer::ok(
        json!({"router": [dimension], "children": children, "instances": instances, "total": found.total}),
    ))
}

/// Lists the nodes of a cluster.
///
/// If the instance is not a cluster, or if `dim_name` in the query is not `dcs_instance_id`, the list has no nodes.
fn list_monitored_of_instance(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let dimension = call
        .text(&call.values.query, "dim_name")
        .unwrap_or_default();
    let is_cluster = dimension == INSTANCE && has_shards(&cache);
    let nodes = match is_cluster {
        true => nodes_of(&cache),
        false => Vec::new(),
    };
    let shown = |field: &str, node: &Node| json!({"dcs_instance_id": cache.id(), "name": name_of(node), field: node.node_id, "status": cache.status()});
    let (proxies, servers): (Vec<_>, Vec<_>) = nodes.iter().partition(|node| node.is("proxy"));
    let servers: Vec<_> = servers.iter().map(|node| shown(REDIS_NODE, node)).collect();
    let proxies: Vec<_> = proxies.iter().map(|node| shown(PROXY_NODE, node)).collect();
    let mut children = Vec::new();
    children.extend((!servers.is_empty()).then(|| child(REDIS_NODE)));
    children.extend((!proxies.is_empty()).then(|| child("dcs_cluster_proxy_node")));
    let mut answer = json!({"router": [dimension], "children": children, "instances": [monitored(&cache)], "total": 1});
    for (field, objects) in [(REDIS_NODE, servers), (PROXY_NODE, proxies)] {
        if !objects.is_empty() {
            answer[field] = json!(objects);
        }
    }
    Ok(Answer::ok(answer))
}
