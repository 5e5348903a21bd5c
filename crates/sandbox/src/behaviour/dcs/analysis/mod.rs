//! The operations of the chapter (OpenAPI tag) `analysis`. They analyse big keys, hot keys and backups, and scan for
//! expired keys. A big key needs much memory. A hot key has many accesses.
//!
//! The change time is the duration of a change in the sandbox (`--change-time`). An analysis waits for half of the
//! change time. Then the analysis runs for the other half.
//!
//! The module `keys` computes the results. The module `offline` analyses backups. The module `schedule` starts the
//! daily analyses and the regular scans.

mod keys;
mod offline;
mod schedule;

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::items::remove;
use super::super::timed::{Ending, put, text};
use super::super::{Behaviour, Call, does};
use super::lifecycle::{known, running};
use super::parameters;
use super::refused;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Fields, Item, Step, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    (
        "create_big_key_analysis",
        does(|call| create(call, &BIG_KEYS)),
    ),
    ("show_big_key_analysis", does(|call| show(call, &BIG_KEYS))),
    (
        "delete_big_key_analysis",
        does(|call| delete(call, &BIG_KEYS)),
    ),
    ("list_big_key_analyses", does(|call| list(call, &BIG_KEYS))),
    (
        "show_big_key_auto_analysis",
        does(|call| schedule::show_daily(call, &BIG_KEYS)),
    ),
    (
        "update_big_key_auto_analysis",
        does(|call| schedule::update_daily(call, &BIG_KEYS)),
    ),
    (
        "create_hot_key_analysis",
        does(|call| create(call, &HOT_KEYS)),
    ),
    ("show_hot_key_analysis", does(|call| show(call, &HOT_KEYS))),
    (
        "delete_hot_key_analysis",
        does(|call| delete(call, &HOT_KEYS)),
    ),
    ("list_hot_key_analyses", does(|call| list(call, &HOT_KEYS))),
    (
        "show_hot_key_auto_analysis",
        does(|call| schedule::show_daily(call, &HOT_KEYS)),
    ),
    (
        "update_hot_key_auto_analysis",
        does(|call| schedule::update_daily(call, &HOT_KEYS)),
    ),
    ("download_hot_keys", does(download)),
    ("create_expired_key_scan", does(scan)),
    ("scan_expired_keys", does(scan)),
    ("list_expired_key_scans", does(list_scans)),
    ("show_expired_key_auto_scan", does(schedule::show_scans)),
    ("update_expired_key_auto_scan", does(schedule::update_scans)),
    ("create_offline_key_analysis", does(offline::create)),
    ("list_offline_key_analyses", does(offline::list)),
    ("show_offline_key_analysis", does(offline::show)),
    ("delete_offline_key_analysis", does(offline::delete)),
];

/// An error of the error catalogue of DCS: the code and the message.
type Refusal = (&'static str, &'static str);

/// A kind of analysis, with the errors that requests for this analysis can get.
struct Analysis {
    /// The value of `Item::kind` for the analyses.
    kind: &'static str,
    /// The value of `Item::kind` for the schedule of the analyses.
    schedule: &'static str,
    /// The name of the path parameter with the ID of an analysis, except in `download_hot_keys`. Empty for scans, which
    /// have no such parameter.
    id: &'static str,
    unsupported: Refusal,
    unknown: Refusal,
    /// Computes the result of the analysis for an instance.
    result: fn(&Cache) -> Value,
}

const BIG_KEYS: Analysis = Analysis {
    kind: "big_key_analysis",
    schedule: "big_key_schedule",
    id: "bigkey_id",
    unsupported: ("DCS.4919", "Does not support bigkey analyze."),
    unknown: ("DCS.4942", "The bigkey id does not exist."),
    result: keys::big,
};

const HOT_KEYS: Analysis = Analysis {
    kind: "hot_key_analysis",
    schedule: "hot_key_schedule",
    id: "hotkey_id",
    unsupported: ("DCS.4922", "Does not support hotkey analyze."),
    unknown: ("DCS.4941", "The hotkey id does not exist."),
    result: keys::hot,
};

const EXPIRED_KEYS: Analysis = Analysis {
    kind: "expired_key_scan",
    schedule: "expired_key_schedule",
    id: "",
    unsupported: ("DCS.4818", "Do not support auto expire scan."),
    unknown: ("", ""),
    result: keys::expired,
};

impl Analysis {
    /// Returns the instance that the path of the request names, and starts the scheduled analyses that are due.
    ///
    /// If the instance does not support the analysis, the method returns an error.
    fn instance(&self, call: &Call<'_>) -> Result<Cache, Problem> {
        let cache = known(call)?;
        self.check(&cache)?;
        schedule::run(call, self, &cache)?;
        Ok(cache)
    }

    /// Checks whether the instance supports the analysis.
    ///
    /// Memcached supports no analysis. Redis 3.0 supports only the analysis of big keys.
    fn check(&self, cache: &Cache) -> Result<(), Problem> {
        let is_old = cache.fields["engine_version"] == "3.0" && self.kind != BIG_KEYS.kind;
        match is_old || cache.fields["engine"] == "Memcached" {
            true => Err(refused(self.unsupported.0, self.unsupported.1)),
            false => Ok(()),
        }
    }

    fn found(
        &self,
        call: &Call<'_>,
        id: &str,
        get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
    ) -> Result<Item, Problem> {
        let found = call.item(self.kind, id, get)?;
        found.ok_or_else(|| refused(self.unknown.0, self.unknown.1))
    }
}

/// The start of an analysis.
struct Start {
    at_ms: i64,
    ending: Ending,
    /// The fields of the analysis that are known at its start.
    fields: Value,
}

impl Start {
    fn now(call: &Call<'_>, fields: Value) -> Self {
        Self {
            at_ms: call.state.clock.now_ms(),
            ending: Ending::new(call),
            fields,
        }
    }

    /// Stores a new analysis. At its end, a successful analysis gets the status `success` and the fields of `result`. A
    /// failed analysis gets the status `failed`, and no fields of `result`.
    ///
    /// The method returns the fields that the analysis has at its start.
    fn keep(
        self,
        call: &Call<'_>,
        writer: &mut Writer<'_>,
        kind: &str,
        cache: &Cache,
        result: Value,
    ) -> Result<Fields, Problem> {
        let id = Uuid::new_v4().to_string();
        let mut fields = self.fields;
        for (name, value) in [
            ("id", id.as_str()),
            ("instance_id", cache.id()),
            ("status", "waiting"),
            ("created_at", &text(self.at_ms)),
        ] {
            fields[name] = json!(value);
        }
        let mut item = call.new_item(kind, Some(cache.id()), &id, fields)?;
        item.created_ms = self.at_ms;
        let begin_ms = self.at_ms + (self.ending.due_ms - self.at_ms) / 2;
        let (status, result) = match self.ending.failed {
            false => ("success", result),
            true => ("failed", json!({})),
        };
        let mut end = self.ending.step(status, result);
        end.fields.set("finished_at", self.ending.time());
        let begin = Step {
            due_ms: begin_ms,
            status: Some("running".to_owned()),
            fields: Fields::from(json!({"started_at": text(begin_ms)})),
        };
        item.steps = vec![begin, end];
        let fields = item.fields.clone();
        put(call, writer, item)?;
        Ok(fields)
    }
}

/// Returns the field `scan_type` of an analysis that is not scheduled.
fn manual() -> Value {
    json!({"scan_type": "manual"})
}

fn is_under_way(item: &Item) -> bool {
    matches!(item.status(), "waiting" | "running")
}

const UNDER_WAY: Problem = refused(
    "DCS.4957",
    "This operation is not allowed when the task is in the current state.",
);

fn create(call: &Call<'_>, analysis: &Analysis) -> Result<Answer, Problem> {
    analysis.instance(call)?;
    let mut fields = call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        match analysis.kind == BIG_KEYS.kind {
            true => check_alone(call, writer, analysis)?,
            false => check_policy(call, writer, &cache)?,
        }
        let result = (analysis.result)(&cache);
        Start::now(call, manual()).keep(call, writer, analysis.kind, &cache, result)
    })?;
    fields.set("num", 0);
    Ok(Answer::ok(fields.to_json()))
}

/// Returns an error if the newest analysis of this kind is in progress.
fn check_alone(call: &Call<'_>, writer: &Writer<'_>, analysis: &Analysis) -> Result<(), Problem> {
    let newest = call.items(analysis.kind)?.descending().take(1);
    for item in writer.list(&newest)? {
        let now = call.item(analysis.kind, &item.id, |key| writer.get(key))?;
        if now.is_some_and(|item| is_under_way(&item)) {
            return Err(refused("DCS.4918", "Instance bigkey analyze is running."));
        }
    }
    Ok(())
}

/// Checks that the eviction policy of the instance is an LFU policy (least frequently used).
///
/// With any other policy, Redis does not count the accesses to keys.
fn check_policy(call: &Call<'_>, writer: &Writer<'_>, cache: &Cache) -> Result<(), Problem> {
    let policy = parameters::value(call, cache, "maxmemory-policy", |key| writer.get(key))?;
    match policy.ends_with("-lfu") {
        true => Ok(()),
        false => Err(refused(HOT_KEYS.unsupported.0, HOT_KEYS.unsupported.1)),
    }
}

fn show(call: &Call<'_>, analysis: &Analysis) -> Result<Answer, Problem> {
    analysis.instance(call)?;
    let found = analysis.found(call, call.in_path(analysis.id)?, |key| {
        call.state.store.read()?.get(key)
    })?;
    Ok(Answer::ok(found.fields.to_json()))
}

/// Deletes an analysis. If the analysis does not exist, the status of the answer is 204.
fn delete(call: &Call<'_>, analysis: &Analysis) -> Result<Answer, Problem> {
    analysis.instance(call)?;
    call.state.store.write(|writer| {
        let found = call.item(analysis.kind, call.in_path(analysis.id)?, |key| {
            writer.get(key)
        })?;
        let Some(found) = found else {
            return Ok(Answer::new(StatusCode::NO_CONTENT, None));
        };
        if is_under_way(&found) {
            return Err(UNDER_WAY);
        }
        remove(writer, &found)?;
        Ok(Answer::ok(found.fields.to_json()))
    })
}

/// The fields of an analysis in a list.
const RECORD: [&str; 6] = [
    "id",
    "status",
    "scan_type",
    "created_at",
    "started_at",
    "finished_at",
];

fn list(call: &Call<'_>, analysis: &Analysis) -> Result<Answer, Problem> {
    let cache = analysis.instance(call)?;
    let (total, records) = records(call, analysis.kind, &RECORD)?;
    let answer = json!({"instance_id": cache.id(), "count": total, "records": records});
    Ok(Answer::ok(answer))
}

/// Returns the number of items of this kind, and a page of these items. The newest item comes first. If the query names
/// a status, the function ignores items with another status.
fn records(call: &Call<'_>, kind: &str, shown: &[&str]) -> Result<(u64, Vec<Value>), Problem> {
    let status = call.text(&call.values.query, "status");
    let query = call.items(kind)?.descending();
    let query = match status {
        Some(status) => query.test(move |item| item.status() == status),
        None => query,
    };
    let page = call.page_of_items(query, 10)?;
    let records = page.records.iter().map(|item| shown_of(item, shown));
    Ok((page.total, records.collect()))
}

/// Returns those fields of `names` that the item has.
fn shown_of(item: &Item, names: &[&str]) -> Value {
    let there = names.iter().filter(|name| !item.fields[name].is_null());
    let fields = there.map(|name| ((*name).to_owned(), item.fields[name].clone()));
    Value::Object(fields.collect())
}

fn download(call: &Call<'_>) -> Result<Answer, Problem> {
    HOT_KEYS.instance(call)?;
    let id = call.in_path("task_id")?;
    let found = HOT_KEYS.found(call, id, |key| call.state.store.read()?.get(key))?;
    match found.status() {
        "success" => {
            let name = format!("hot-keys-{id}.csv");
            let file = keys::csv(&found.fields["keys"]);
            let media_type = call.operation.file.as_deref().unwrap_or_default();
            Ok(Answer::file(
                StatusCode::OK,
                media_type,
                &name,
                Some(file.into()),
            ))
        }
        _ => Err(UNDER_WAY),
    }
}

fn scan(call: &Call<'_>) -> Result<Answer, Problem> {
    EXPIRED_KEYS.instance(call)?;
    let fields = call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        let result = (EXPIRED_KEYS.result)(&cache);
        Start::now(call, manual()).keep(call, writer, EXPIRED_KEYS.kind, &cache, result)
    })?;
    Ok(Answer::ok(fields.to_json()))
}

fn list_scans(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = EXPIRED_KEYS.instance(call)?;
    let shown: Vec<&str> = RECORD.into_iter().chain(["num"]).collect();
    let (count, mut records) = records(call, EXPIRED_KEYS.kind, &shown)?;
    for record in &mut records {
        record["instance_id"] = json!(cache.id());
        for name in ["started_at", "finished_at"] {
            if record[name].is_null() {
                record[name] = json!("");
            }
        }
    }
    Ok(Answer::ok(json!({
        "instance_id": cache.id(),
        "total": keys::expired(&cache)["num"],
        "count": count,
        "records": records,
    })))
}
