//! Operations of the chapter (OpenAPI tag) `instances` that change an instance. Examples are switchovers and upgrades.
//!
//! Most of these changes run as background jobs. The module also contains `show_instance_version`, which changes
//! nothing.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::timed::{Ending, at, put};
use super::super::{Behaviour, Call, does};
use super::backups::BACKUP;
use super::hidden::{ENGINE_VERSION, NODES, PROXY_VERSION};
use super::jobs::start_until;
use super::lifecycle::{is_old, known, running};
use super::nodes::{Node, has_shards, nodes, zones};
use super::{UNSUPPORTED_TYPE, invalid, refused};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("switch_over_instance", does(switch_over)),
    ("start_switchover", does(start_switchover)),
    ("start_shard_switchover", does(start_shard_switchover)),
    ("start_or_stop_nodes", does(start_or_stop)),
    ("migrate_zones", does(migrate)),
    ("show_instance_version", does(show_version)),
    ("upgrade_minor_version", does(upgrade)),
    ("update_public_ip", does(update_public_ip)),
    ("delete_public_ip", does(delete_public_ip)),
    ("update_client_ip_transparency", does(update_client_ip)),
];

/// Starts a job that changes the instance in the path of the request. Returns the ID of the job. The instance must be
/// running.
///
/// The closure `members` returns the new values of fields. If the job succeeds, the instance gets these values at the
/// end of the job.
pub(super) fn change(
    call: &Call<'_>,
    job: &str,
    members: impl FnOnce(&Cache) -> Result<Value, Problem>,
) -> Result<String, Problem> {
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        let members = members(&cache)?;
        let ending = Ending::new(call);
        let job = start_until(call, writer, job, Some(cache.id()), json!({}), &ending)?;
        let members = if ending.failed { json!({}) } else { members };
        cache.steps = vec![ending.step("RUNNING", members)];
        put(call, writer, cache)?;
        Ok(job)
    })
}

fn started(job: Result<String, Problem>) -> Result<Answer, Problem> {
    Ok(Answer::ok(json!({"job_id": job?})))
}

fn no_content() -> Answer {
    Answer::new(StatusCode::NO_CONTENT, None)
}

const SWITCH: &str = "masterStandbySwapJob";

fn switch_over(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call, SWITCH, swapped)?;
    Ok(no_content())
}

fn start_switchover(call: &Call<'_>) -> Result<Answer, Problem> {
    started(change(call, SWITCH, swapped))
}

/// Returns the nodes of a master/standby instance after a switchover. The first running replica becomes the master.
fn swapped(cache: &Cache) -> Result<Value, Problem> {
    let mut nodes = nodes(cache);
    let is_pair = cache.fields["cache_mode"] == "ha";
    let replica = nodes
        .iter()
        .find(|node| node.is("slave") && node.is_running);
    let replica = replica.filter(|_| is_pair).cloned().ok_or(NO_SWAP)?;
    Ok(with_master(&mut nodes, &replica))
}

const NO_SWAP: Problem = refused("DCS.4855", "Master standby swap is not supported.");

fn with_master(nodes: &mut [Node], master: &Node) -> Value {
    for node in nodes.iter_mut().filter(|node| !node.is("proxy")) {
        if node.group_id == master.group_id {
            let is_master = node.node_id == master.node_id;
            node.role = if is_master { "master" } else { "slave" }.to_owned();
        }
    }
    json!({NODES: nodes})
}

fn start_shard_switchover(call: &Call<'_>) -> Result<Answer, Problem> {
    let (shard, node) = (call.in_path("group_id")?, call.in_path("node_id")?);
    let job = change(call, SWITCH, |cache| {
        if !has_shards(cache) {
            return Err(UNSUPPORTED_TYPE);
        }
        let mut nodes = nodes(cache);
        let is_meant = |other: &&Node| other.group_id == shard && other.node_id == node;
        let node = nodes.iter().find(is_meant).cloned().ok_or(NO_NODE)?;
        if !node.is("slave") || !node.is_running {
            return Err(WRONG_NODE);
        }
        Ok(with_master(&mut nodes, &node))
    });
    started(job)
}

pub(super) const NO_NODE: Problem = refused("DCS.3053", "Incorrect node ID.");
const WRONG_NODE: Problem = refused("DCS.4027", "This operation is not supported on this node.");

fn start_or_stop(call: &Call<'_>) -> Result<Answer, Problem> {
    let is_start = match call.in_body("/action") {
        Some(action) => action == "start",
        None => return Err(invalid("action")),
    };
    let wanted = zones(&call.values.body["node_ids"]);
    let is_single = known(call)?.fields["cache_mode"] == "single";
    let lacks_backup = !is_start && !is_single && !has_backup(call)?;
    let job = change(call, "ChangeNodeStatus", |cache| {
        let mut nodes = nodes(cache);
        let known = |id: &String| nodes.iter().any(|node| node.node_id == *id);
        if !wanted.iter().all(known) {
            return Err(NO_NODE);
        }
        if lacks_backup {
            return Err(NO_BACKUP);
        }
        for node in &mut nodes {
            if wanted.is_empty() || wanted.contains(&node.node_id) {
                node.is_running = is_start;
            }
        }
        Ok(json!({NODES: nodes}))
    });
    started(job)
}

const NO_BACKUP: Problem = Problem::Catalogued {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "DCS.2001",
    message: "the latest backup records over 24h old, need to create new backup file.",
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Returns whether the instance has a successful backup from the last 24 hours.
fn has_backup(call: &Call<'_>) -> Result<bool, Problem> {
    let backups = call.state.store.read()?.list(&call.items(BACKUP)?)?;
    let now = call.state.clock.now_ms();
    let mut backups = backups.into_iter().filter_map(|item| at(item, now));
    Ok(backups.any(|item| item.status() == "succeed" && now - item.created_ms <= DAY_MS))
}

fn migrate(call: &Call<'_>) -> Result<Answer, Problem> {
    let wanted = zones(&call.values.body["new_available_zones"]);
    change(call, "MigrateAz", |cache| {
        if wanted.is_empty() {
            return Err(BAD_ZONES);
        }
        let mut nodes = nodes(cache);
        for (node, zone) in nodes.iter_mut().zip(wanted.iter().cycle()) {
            node.az_code.clone_from(zone);
        }
        Ok(json!({"az_codes": wanted, NODES: nodes}))
    })?;
    Ok(no_content())
}

pub(super) const BAD_ZONES: Problem = refused("DCS.4933", "The param available_zones is invalid.");

/// Returns the minor versions of Redis and of the proxies. Each tuple contains the name of the field for the version,
/// the present version and the latest version.
fn versions(cache: &Cache) -> [(&'static str, String, String); 2] {
    let engine = cache.fields["engine_version"].as_str().unwrap_or("5.0");
    let own = |name: &str, first: String| cache.fields[name].as_str().map_or(first, str::to_owned);
    let first = own(ENGINE_VERSION, format!("{engine}.1.0"));
    let proxy = own(PROXY_VERSION, "5.0.14.0".to_owned());
    [
        (ENGINE_VERSION, first, format!("{engine}.2.0")),
        (PROXY_VERSION, proxy, "5.0.14.1".to_owned()),
    ]
}

fn has_proxies(cache: &Cache) -> bool {
    cache.fields["cache_mode"] == "proxy" || cache.fields["cache_mode"] == "ha_rw_split"
}

fn show_version(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let mut shown = json!({"proxy_minor_version_upgradable": false});
    for (name, own, latest) in versions(&cache) {
        if name == ENGINE_VERSION || has_proxies(&cache) {
            shown[format!("{name}_upgradable")] = json!(own != latest);
            shown[name] = json!(own);
            shown[format!("latest_{name}")] = json!(latest);
        }
    }
    Ok(Answer::ok(shown))
}

fn upgrade(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let task = change(call, "UpgradeMinorVersion", |cache| {
        let mut upgraded = json!({});
        for (name, own, latest) in versions(cache) {
            let Some(target) = body[name].as_str() else {
                continue;
            };
            if name == PROXY_VERSION && !has_proxies(cache) {
                return Err(UNSUPPORTED_TYPE);
            }
            if own == latest || target == own {
                return Err(SAME_VERSION);
            }
            if target != "latest" && target != latest {
                return Err(invalid(name));
            }
            upgraded[name] = json!(latest);
        }
        match upgraded.as_object().is_some_and(|all| !all.is_empty()) {
            true => Ok(upgraded),
            false => Err(invalid(ENGINE_VERSION)),
        }
    })?;
    Ok(Answer::ok(json!({"task_id": task})))
}

const SAME_VERSION: Problem = refused(
    "DCS.4053",
    "the upgrade instance version equals to current version.",
);

fn update_public_ip(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    set_public_ip(call, "BindEip", |cache| {
        let needed: &[&str] = match is_old(cache) {
            true => &["publicip_id", "enable_ssl"],
            false => &["elb_id"],
        };
        if let Some(missing) = needed.iter().find(|name| body[**name].is_null()) {
            return Err(invalid(missing));
        }
        Ok(json!({
            "enable_publicip": true,
            "publicip_id": body["publicip_id"],
            "publicip_address": "203.0.113.10",
            "enable_ssl": body["enable_ssl"] == true,
        }))
    })
}

fn delete_public_ip(call: &Call<'_>) -> Result<Answer, Problem> {
    set_public_ip(call, "UnBindEip", |cache| {
        if cache.fields["enable_publicip"] != true {
            return Err(refused(
                "DCS.4026",
                "This operation is not allowed when the DCS instance is in the current state.",
            ));
        }
        Ok(json!({
            "enable_publicip": false,
            "publicip_id": null,
            "publicip_address": null,
        }))
    })
}

/// Changes the public access of an instance.
///
/// If the instance has Memcached or Redis 3.0, the change takes effect immediately. For all other instances, the
/// function starts a job.
fn set_public_ip(
    call: &Call<'_>,
    job: &str,
    members: impl FnOnce(&Cache) -> Result<Value, Problem>,
) -> Result<Answer, Problem> {
    if !is_old(&known(call)?) {
        return started(change(call, job, members));
    }
    call.state.store.write(|writer: &mut Writer<'_>| {
        let mut cache = running(call, writer)?;
        let members = members(&cache)?;
        cache.fields.add(members.into());
        put(call, writer, cache)
    })?;
    Ok(no_content())
}

fn update_client_ip(call: &Call<'_>) -> Result<Answer, Problem> {
    const SWITCH: &str = "transparent_client_ip_enable";
    let wanted = call.values.body[SWITCH].as_bool();
    let wanted = wanted.ok_or_else(|| invalid(SWITCH))?;
    let job = change(call, "modifyClientIpTransJob", |cache| {
        if is_old(cache) {
            return Err(refused(
                "DCS.4841",
                "Instance do not support client ip transparent transmission.",
            ));
        }
        match (cache.fields[SWITCH] == true, wanted) {
            (true, true) => Err(refused(
                "DCS.4847",
                "Client ip transparent transmission is already opened,please do not repeat the operation.",
            )),
            (false, false) => Err(refused(
                "DCS.4846",
                "Client ip transparent transmission is already closed,please do not repeat the operation.",
            )),
            _ => Ok(json!({SWITCH: wanted})),
        }
    });
    started(job)
}
