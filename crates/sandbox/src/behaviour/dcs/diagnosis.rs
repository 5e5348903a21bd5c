//! The operations of the chapter (OpenAPI tag) `diagnosis`: reports about the nodes of an instance.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::items::{pick, remove};
use super::super::timed::{Ending, put, text};
use super::super::{Behaviour, Call, does};
use super::lifecycle::{known, running};
use super::refused;
use super::shards::nodes_of;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Item, StoreError};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_diagnosis_task", does(create)),
    ("list_diagnosis_tasks", does(list)),
    ("show_diagnosis_report", does(show)),
    ("delete_diagnosis_reports", does(delete)),
];

/// The value of `Item::kind` for reports.
const REPORT: &str = "diagnosis";

/// The checks of a diagnosis, grouped by area.
const AREAS: [(&str, &[&str]); 3] = [
    ("load", &["cpu_usage", "time_consuming_commands"]),
    (
        "storage",
        &[
            "inner_memory_fragmentation",
            "persistence",
            "centralized_expiration",
            "memory_usage",
            "hit_ratio",
        ],
    ),
    ("network", &["connection_num", "rx_controlled"]),
];

const MINUTES_10: i64 = 600_000;
const DAYS_7: i64 = 7 * 24 * 3_600_000;

const WRONG_END: Problem = refused("DCS.4025", "The end time must be after the start time.");
const TOO_LONG: Problem = refused("DCS.4028", "The diagnosis time range is max 10 minutes.");
const TOO_OLD: Problem = refused(
    "DCS.4030",
    "The start time must be within the last seven days.",
);
const IN_FUTURE: Problem = refused(
    "DCS.4031",
    "The start time must be before than the current server time.",
);
const BEFORE_START: Problem = refused(
    "DCS.4033",
    "The start time must be after the instance start time.",
);
const WRONG_NODES: Problem = refused("DCS.4930", "The request param node_list is invalid");

/// Returns the period that the request names, in milliseconds since 1970. If the period breaks a documented limit, the
/// function returns an error.
fn period(call: &Call<'_>, cache: &Cache) -> Result<RangeInclusive<i64>, Problem> {
    let time = |name: &str| {
        let text = call.values.body[name].as_str();
        let time = text.and_then(|text| text.parse::<i64>().ok());
        time.ok_or_else(|| Problem::invalid(name, "must be a number of milliseconds"))
    };
    let (begin, end) = (time("begin_time")?, time("end_time")?);
    let now = call.state.clock.now_ms();
    let started = cache.fields["created_at"].as_str();
    let started = started.and_then(|text| text.parse::<Timestamp>().ok());
    let refusals = [
        (end <= begin, WRONG_END),
        (end.saturating_sub(begin) > MINUTES_10, TOO_LONG),
        (begin >= now, IN_FUTURE),
        (begin < now.saturating_sub(DAYS_7), TOO_OLD),
        (
            started.is_some_and(|started| begin < started.as_millisecond()),
            BEFORE_START,
        ),
    ];
    match refusals.into_iter().find(|(is_broken, _)| *is_broken) {
        Some((_, refusal)) => Err(refusal),
        None => Ok(begin..=end),
    }
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = Uuid::new_v4().to_string();
    call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        let period = period(call, &cache)?;
        let mut nodes = nodes_of(&cache);
        nodes.retain(|node| !node.is("proxy"));
        if let Some(wanted) = call.values.body["node_ip_list"].as_array() {
            let is_known = |ip: &Value| nodes.iter().any(|node| *ip == node.ip);
            if !wanted.iter().all(is_known) {
                return Err(WRONG_NODES);
            }
            nodes.retain(|node| wanted.is_empty() || wanted.iter().any(|ip| *ip == node.ip));
        }
        let ending = Ending::new(call);
        let reports = nodes.iter().map(|node| {
            json!({
                "node_ip": format!("{}:{}", node.ip, cache.fields["port"]),
                "az_code": node.az_code,
                "group_name": node.group_name,
                "role": node.role,
            })
        });
        let reports: Vec<Value> = reports.map(|node| report(node, ending.failed)).collect();
        let sum: i64 = reports
            .iter()
            .filter_map(|node| node["failed_sum"].as_i64())
            .sum();
        let fields = json!({
            "report_id": id,
            "status": "diagnosing",
            "begin_time": text(*period.start()),
            "end_time": text(*period.end()),
            "created_at": text(call.state.clock.now_ms()),
            "node_num": reports.len(),
            "abnormal_item_sum": 0,
            "failed_item_sum": 0,
            "diagnosis_node_report_list": [],
        });
        let mut item = call.new_item(REPORT, Some(cache.id()), &id, fields)?;
        let found = json!({"failed_item_sum": sum, "diagnosis_node_report_list": reports});
        item.steps = vec![ending.step("finished", found)];
        put(call, writer, item)
    })?;
    Ok(Answer::ok(json!({"report_id": id})))
}

/// Returns the report for one node. All checks have the same result: `failed` or `normal`.
fn report(mut node: Value, has_failed: bool) -> Value {
    let mut failed = 0;
    let areas = AREAS.map(|(name, items)| {
        let result = if has_failed { "failed" } else { "normal" };
        let number = if has_failed { items.len() } else { 0 };
        failed += number;
        let items = items.iter().map(|item| {
            json!({"name": item, "result": result, "cause_ids": null, "impact_ids": null, "advice_ids": null})
        });
        json!({"name": name, "abnormal_num": 0, "failed_num": number, "diagnosis_item_list": items.collect::<Vec<_>>()})
    });
    let result = if has_failed { "failed" } else { "succeed" };
    node["abnormal_sum"] = json!(0);
    node["failed_sum"] = json!(failed);
    node["diagnosis_dimension_list"] = json!(areas);
    node["command_time_taken_list"] =
        json!({"total_num": 0, "total_usec_sum": 0.0, "result": result, "command_list": []});
    node
}

/// Lists the reports. The newest report comes first.
fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let page = call.page_of_items(call.items(REPORT)?.descending(), 10)?;
    let names = [
        "report_id",
        "status",
        "begin_time",
        "end_time",
        "created_at",
        "node_num",
        "abnormal_item_sum",
        "failed_item_sum",
    ];
    let reports = page.records.iter().map(|item| pick(&item.fields, &names));
    let reports: Vec<Value> = reports.collect();
    Ok(Answer::ok(
        json!({"total_num": page.total, "diagnosis_report_list": reports}),
    ))
}

/// Shows a report. The report contains no nodes until the diagnosis is finished.
fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.in_path("report_id")?;
    let item = find(call, id, |key| call.state.store.read()?.get(key))?;
    let names = [
        "abnormal_item_sum",
        "failed_item_sum",
        "diagnosis_node_report_list",
    ];
    let item = item.ok_or_else(|| Problem::NoSuchResource { id: id.to_owned() })?;
    Ok(Answer::ok(pick(&item.fields, &names)))
}

fn find(
    call: &Call<'_>,
    id: &str,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Option<Item>, Problem> {
    call.item(REPORT, id, get)
}

/// Deletes several reports.
///
/// If a report is missing, or belongs to another instance, its result is `failed`. The sandbox still deletes the other
/// reports.
fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let ids = call.values.body["report_id_list"].as_array();
    let ids = ids.into_iter().flatten().filter_map(Value::as_str);
    let results = call.state.store.write(|writer| {
        let mut results = Vec::new();
        for id in ids {
            let result = match find(call, id, |key| writer.get(key))? {
                Some(item) => {
                    remove(writer, &item)?;
                    "successful"
                }
                None => "failed",
            };
            results.push(json!({"id": id, "result": result}));
        }
        Ok::<_, Problem>(results)
    })?;
    Ok(Answer::ok(json!({"results": results})))
}
