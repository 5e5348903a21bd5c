//! Offline analyses: analyses of all keys in the backup of a node.

use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::super::super::Call;
use super::super::super::items::remove;
use super::super::backups::BACKUP;
use super::super::lifecycle::{known, running};
use super::super::nodes::nodes;
use super::super::refused;
use super::{Start, UNDER_WAY, is_under_way, keys, records, shown_of};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Item, StoreError};

const KIND: &str = "offline_key_analysis";

/// The fields of an offline analysis in a list.
const RECORD: [&str; 5] = ["id", "status", "created_at", "started_at", "finished_at"];

/// The fields of an offline analysis in the answer of `show_offline_key_analysis`. This answer does not show the
/// status.
const SHOWN: [&str; 16] = [
    "id",
    "instance_id",
    "node_id",
    "backup_id",
    "group_name",
    "node_ip",
    "node_type",
    "analysis_type",
    "started_at",
    "finished_at",
    "largest_key_prefixes",
    "largest_keys",
    "total_bytes",
    "total_num",
    "type_bytes",
    "type_num",
];

/// The error for a missing offline analysis.
///
/// The error catalogue of DCS has no code for this error. Therefore the sandbox uses the code of a missing job.
const UNKNOWN: Problem = Problem::Catalogued {
    status: StatusCode::NOT_FOUND,
    code: "DCS.4133",
    message: "Instance job is not found.",
};

/// Checks whether the version of the instance supports offline analyses.
///
/// The supported versions are from the documentation pages of 2025-10-23 and from the contract (D-318 in `ERRATA.md`).
/// The contract is the OpenAPI file that Huawei Cloud publishes for its API explorer.
fn check(cache: &Cache) -> Result<(), Problem> {
    let version = cache.fields["engine_version"].as_str().unwrap_or_default();
    match ["4.0", "5.0", "6.0"].contains(&version) {
        true => Ok(()),
        false => Err(refused(
            "DCS.4230",
            "Does not support offline key analysis.",
        )),
    }
}

pub(super) fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let given = call.in_body("/backup_id");
    let analysis_type = given.map_or("new_backup", |_| "old_backup");
    let backup_id = given.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    let started = call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        check(&cache)?;
        if let Some(backup) = call.in_body("/backup_id")
            && call.item(BACKUP, backup, |key| writer.get(key))?.is_none()
        {
            return Err(Problem::invalid_field(
                "backup_id",
                "is not the ID of a backup of the instance",
            ));
        }
        let given = call.in_body("/node_id").unwrap_or_default();
        let mut nodes = nodes(&cache).into_iter().filter(|node| !node.is("proxy"));
        let node = nodes.find(|node| node.node_id == given);
        let node = node.ok_or(refused("DCS.3053", "Incorrect node ID."))?;
        let fields = json!({
            "node_id": node.node_id,
            "backup_id": backup_id,
            "group_name": node.group_name,
            "node_ip": node.ip,
            "node_type": node.role,
            "analysis_type": analysis_type,
        });
        Start::now(call, fields).keep(call, writer, KIND, &cache, keys::all(&cache))
    })?;
    Ok(Answer::ok(json!({"task_id": started["id"]})))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    check(&cache)?;
    let (total, records) = records(call, KIND, &RECORD)?;
    let answer = json!({"instance_id": cache.id(), "total": total, "records": records});
    Ok(Answer::ok(answer))
}

fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    check(&known(call)?)?;
    let id = call.in_path("task_id")?;
    call.item(KIND, id, get)?.ok_or(UNKNOWN)
}

pub(super) fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let found = found(call, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(shown_of(&found, &SHOWN)))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let found = found(call, |key| writer.get(key))?;
        if is_under_way(&found) {
            return Err(UNDER_WAY);
        }
        remove(writer, &found)?;
        Ok(Answer::ok(json!({"task_id": found.id})))
    })
}
