//! The operations of the chapter (OpenAPI tag) `backups`: backups of an instance, and restorations from backups.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::items::pick;
use super::super::timed::{Ending, put, text};
use super::super::{Behaviour, Call, does};
use super::lifecycle::{known, running};
use super::refused;
use super::states::begin;
use crate::answer::Answer;
use crate::clock::timestamp;
use crate::problem::Problem;
use crate::random;
use crate::store::{Cache, Fields, Item, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_backup", does(create)),
    ("list_backups", does(list)),
    ("delete_backup", does(delete)),
    ("list_backup_links", does(links)),
    ("restore_instance", does(restore)),
    ("list_restores", does(list_restores)),
];

/// The value of `Item::kind` for backups.
pub(super) const BACKUP: &str = "backup";
const RESTORE: &str = "restore";

const BACKING_UP: Problem = refused("DCS.4096", "the instance is backuping.");
const SINGLE_NODE: Problem = refused("DCS.4095", "the system is not support backup and restore.");
const NOT_COMPLETE: Problem = refused(
    "DCS.4087",
    "the backup record status is err when restore this instance",
);

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = Uuid::new_v4().to_string();
    call.state.store.write(|writer| {
        let mut cache = ready(call, writer)?;
        begin(call.state, &mut cache, "backup")?;
        let ending = Ending::new(call);
        let now = call.state.clock.now_ms();
        let mut backup = call.new_item(
            BACKUP,
            Some(cache.id()),
            &id,
            json!({
                "backup_id": id,
                "backup_name": named("backup", now),
                "instance_id": cache.id(),
                "backup_type": "manual",
                "created_at": text(now),
                "updated_at": text(now),
                "execution_at": text(now),
                "progress": "0.00",
                "size": 0,
                "remark": call.in_body("/remark").unwrap_or_default(),
                "status": "backuping",
                "is_support_restore": "FALSE",
                "backup_format": call.in_body("/backup_format").unwrap_or("rdb"),
            }),
        )?;
        let megabytes = cache.fields["used_memory"].as_i64().unwrap_or_default();
        backup.steps = vec![match ending.failed {
            false => ending.step(
                "succeed",
                json!({"updated_at": ending.time(), "progress": "100.00", "is_support_restore": "TRUE",
                    "size": megabytes.saturating_mul(1 << 20)}),
            ),
            true => ending.step("failed", failure(&ending, "dcs.08.0002")),
        }];
        put(call, writer, backup)?;
        put(call, writer, cache)
    })?;
    Ok(Answer::ok(json!({"backup_id": id})))
}

/// Returns the instance that the path of the request names, like [`running`]. During a backup, the error is
/// [`BACKING_UP`].
///
/// For a single-node instance, the function returns an error, because such an instance supports no backups.
fn ready(call: &Call<'_>, writer: &Writer<'_>) -> Result<Cache, Problem> {
    let busy = running(call, writer);
    let spec = |cache: &Cache| {
        cache.fields["spec_code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    match busy {
        Err(_) if is_backing_up(call, writer)? => Err(BACKING_UP),
        Ok(cache) if spec(&cache).contains(".single.") => Err(SINGLE_NODE),
        other => other,
    }
}

fn is_backing_up(call: &Call<'_>, writer: &Writer<'_>) -> Result<bool, Problem> {
    let newest = call.items(BACKUP)?.descending().take(1);
    let newest = writer.list(&newest)?.into_iter().next();
    let newest =
        newest.and_then(|backup| super::super::timed::at(backup, call.state.clock.now_ms()));
    Ok(newest.is_some_and(|backup| backup.status() == "backuping"))
}

fn failure(ending: &Ending, code: &str) -> Value {
    json!({"updated_at": ending.time(), "error_code": code})
}

/// Returns a name such as `backup_20190510163116`.
fn named(what: &str, now_ms: i64) -> String {
    format!("{what}_{}", timestamp(now_ms).strftime("%Y%m%d%H%M%S"))
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    records(call, BACKUP, "backup_record_response")
}

fn list_restores(call: &Call<'_>) -> Result<Answer, Problem> {
    records(call, RESTORE, "restore_record_response")
}

/// Returns a page of backups or restorations. The newest record comes first.
///
/// If the query finds no record at all, the answer has the status 204 and no body.
fn records(call: &Call<'_>, kind: &str, list: &str) -> Result<Answer, Problem> {
    known(call)?;
    let query = call.created_between(call.items(kind)?, kind, ("begin_time", "end_time"))?;
    let page = call.page_of_items(query.descending(), 10)?;
    if page.total == 0 {
        return Ok(Answer::new(StatusCode::NO_CONTENT, None));
    }
    let records: Vec<_> = page
        .records
        .iter()
        .map(|item| item.fields.to_json())
        .collect();
    Ok(Answer::ok(json!({"total_num": page.total, list: records})))
}

/// Returns the backup with this ID. The backup must belong to the instance that the path of the request names.
fn backup(
    call: &Call<'_>,
    id: &str,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    call.item(BACKUP, id, get)?
        .ok_or_else(|| Problem::invalid("backup_id", "is not the ID of a backup of this instance"))
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    call.state.store.write(|writer| {
        let mut backup = backup(call, call.in_path("backup_id")?, |key| writer.get(key))?;
        if backup.status() == "backuping" {
            return Err(BACKING_UP);
        }
        backup.fields.set("status", "deleted");
        backup.fields.set("is_support_restore", "FALSE");
        put(call, writer, backup)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn links(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let backup = backup(call, call.in_path("backup_id")?, |key| {
        call.state.store.read()?.get(key)
    })?;
    if backup.status() != "succeed" {
        return Err(refused(
            "DCS.4957",
            "This operation is not allowed when the task is in the current state.",
        ));
    }
    let field = |name: &str| backup.fields[name].as_str().unwrap_or_default();
    let (bucket, path) = (
        format!("bucket{}", call.project()?),
        format!("{}/", backup.id),
    );
    let file = format!(
        "redis_{}_{}_{}.{}",
        cache.fields["ip"].as_str().unwrap_or_default(),
        cache.fields["port"],
        field("backup_name").trim_start_matches("backup_"),
        field("backup_format"),
    );
    let seconds = call.values.body["expiration"].as_i64().unwrap_or_default();
    let end = call.state.clock.now().as_second().saturating_add(seconds);
    let link = format!(
        "https://{bucket}.obs.sandbox.invalid:443/{path}{file}?AWSAccessKeyId={}&Expires={end}&Signature={}",
        random::hex(20),
        random::hex(28),
    );
    Ok(Answer::ok(json!({
        "file_path": path,
        "bucket_name": bucket,
        "links": [{"file_name": file, "link": link}],
    })))
}

fn restore(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = Uuid::new_v4().to_string();
    let backup_id = call.in_body("/backup_id").unwrap_or_default();
    call.state.store.write(|writer| {
        let mut cache = ready(call, writer)?;
        let backup = backup(call, backup_id, |key| writer.get(key))?;
        if backup.status() != "succeed" {
            return Err(NOT_COMPLETE);
        }
        begin(call.state, &mut cache, "restore")?;
        let ending = Ending::new(call);
        let now = call.state.clock.now_ms();
        let mut fields = Fields::from(pick(&backup.fields, &["backup_id", "backup_name"]));
        fields.add(Fields::from(json!({
            "restore_id": id,
            "restore_name": named("restore", now),
            "restore_remark": call.in_body("/remark").unwrap_or_default(),
            "backup_remark": backup.fields["remark"],
            "created_at": text(now),
            "updated_at": text(now),
            "progress": "0.00",
            "status": "restoring",
        })));
        let mut restore = call.new_item(RESTORE, Some(cache.id()), &id, fields.to_json())?;
        restore.steps = vec![match ending.failed {
            false => ending.step(
                "succeed",
                json!({"updated_at": ending.time(), "progress": "100.00"}),
            ),
            true => ending.step("failed", failure(&ending, "dcs.08.0007")),
        }];
        put(call, writer, restore)?;
        put(call, writer, cache)
    })?;
    Ok(Answer::ok(json!({"restore_id": id})))
}
