//! Operations that show and change the bandwidth of the shards of an instance, and the policy that increases the
//! bandwidth automatically.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::timed::{put, text};
use super::super::{Behaviour, Call, does};
use super::hidden::{BANDWIDTHS, POLICY};
use super::instances::change;
use super::invalid;
use super::lifecycle::{known, running};
use super::nodes::nodes;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::Cache;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("show_bandwidths", does(show)),
    ("update_bandwidths", does(update)),
    ("update_instance_bandwidth", does(raise)),
    ("show_bandwidth_policy", does(show_policy)),
    ("update_bandwidth_policy", does(update_policy)),
    ("delete_bandwidth_policy", does(delete_policy)),
];

/// The base bandwidth of a shard in Mbit/s.
///
/// The documentation does not define the base bandwidth. Therefore the value is from the example of
/// `show_bandwidths`.
const BASE: i64 = 200;
/// The documented maximum bandwidth of a shard in Mbit/s.
const HIGHEST: i64 = 2048;

/// Returns the IDs of the shards of the instance.
fn shards(cache: &Cache) -> Vec<String> {
    let nodes = nodes(cache).into_iter();
    let masters = nodes.filter(|node| node.is("master"));
    masters.map(|node| node.group_id).collect()
}

fn bandwidth(cache: &Cache, shard: &str) -> i64 {
    let own = &cache.fields[BANDWIDTHS][shard]["bandwidth"];
    own.as_i64().unwrap_or(BASE)
}

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let shards = shards(&cache);
    let whole: i64 = shards.iter().map(|shard| bandwidth(&cache, shard)).sum();
    let highest = HIGHEST * i64::try_from(shards.len()).unwrap_or(1);
    let shown = shards.iter().map(|shard| {
        json!({
            "group_id": shard,
            "updated_at": cache.fields[BANDWIDTHS][shard]["updated_at"],
            "bandwidth": bandwidth(&cache, shard),
            "max_bandwidth": HIGHEST,
            "assured_bandwidth": BASE,
        })
    });
    let shown: Vec<_> = shown.collect();
    Ok(Answer::ok(json!({
        "bandwidth": whole,
        "max_bandwidth": highest,
        "allow_modify": cache.status() == "RUNNING",
        "group_bandwidths": shown,
    })))
}

/// Returns the field [`BANDWIDTHS`] with the stored bandwidths and the new bandwidths in `changed`.
fn with(call: &Call<'_>, cache: &Cache, changed: Vec<(String, i64)>) -> Value {
    let mut all = match &cache.fields[BANDWIDTHS] {
        Value::Object(all) => all.clone(),
        _ => Map::new(),
    };
    let now = text(call.state.clock.now_ms());
    for (shard, bandwidth) in changed {
        all.insert(shard, json!({"bandwidth": bandwidth, "updated_at": now}));
    }
    json!({BANDWIDTHS: all})
}

fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    let wanted = call.values.body["group_bandwidths"].as_array();
    let wanted = wanted.filter(|wanted| !wanted.is_empty());
    let wanted = wanted.ok_or_else(|| invalid("group_bandwidths"))?;
    let job = change(call, "ModifyBandwidth", |cache| {
        let shards = shards(cache);
        let mut changed = Vec::new();
        for one in wanted {
            let shard = one["group_id"].as_str().unwrap_or_default();
            if !shards.iter().any(|known| known == shard) {
                return Err(invalid("group_id"));
            }
            let target = one["target_bandwidth"].as_i64().unwrap_or_default();
            if target > HIGHEST {
                return Err(invalid("target_bandwidth"));
            }
            changed.push((shard.to_owned(), target.max(BASE)));
        }
        Ok(with(call, cache, changed))
    })?;
    Ok(Answer::ok(json!({"job_id": job})))
}

/// Doubles the bandwidth of each shard, up to the maximum.
fn raise(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        let shards = shards(&cache).into_iter();
        let raised = shards.map(|shard| {
            let raised = (2 * bandwidth(&cache, &shard)).min(HIGHEST);
            (shard, raised)
        });
        let raised = with(call, &cache, raised.collect());
        cache.fields.add(raised.into());
        put(call, writer, cache)
    })?;
    Ok(Answer::new(StatusCode::OK, None))
}

/// The error for a missing policy. The error catalogue of DCS has no code for a missing policy. Therefore the sandbox
/// uses the code of an unknown URL.
const NO_POLICY: Problem = Problem::Catalogued {
    status: StatusCode::NOT_FOUND,
    code: "DCS.4001",
    message: "The requested URL does not exist.",
};

fn show_policy(call: &Call<'_>) -> Result<Answer, Problem> {
    match &known(call)?.fields[POLICY] {
        Value::Null => Err(NO_POLICY),
        policy => Ok(Answer::ok(policy.clone())),
    }
}

fn update_policy(call: &Call<'_>) -> Result<Answer, Problem> {
    let mut policy = json!({"scale_in_enabled": false, "scale_in_cooldown": 300});
    for (name, value) in call.values.body.as_object().into_iter().flatten() {
        policy[name] = value.clone();
    }
    set_policy(call, policy.clone())?;
    Ok(Answer::ok(policy))
}

fn delete_policy(call: &Call<'_>) -> Result<Answer, Problem> {
    set_policy(call, Value::Null)?;
    Ok(Answer::new(StatusCode::OK, None))
}

fn set_policy(call: &Call<'_>, policy: Value) -> Result<(), Problem> {
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        cache.fields.set(POLICY, policy);
        put(call, writer, cache)
    })
}
