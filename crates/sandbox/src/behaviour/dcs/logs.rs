//! The operations of the chapter (OpenAPI tag) `logs`: slow commands, and files of run logs.

use http::StatusCode;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::items::{pick, remove};
use super::super::timed::{Ending, put};
use super::super::{Behaviour, Call, does};
use super::lifecycle::{known, running};
use super::nodes::{Node, has_shards, nodes};
use super::parameters;
use super::refused;
use crate::answer::Answer;
use crate::clock::timestamp;
use crate::openapi::RequestPart;
use crate::problem::{Problem, Violation};
use crate::random;
use crate::store::{Cache, Item};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_slow_logs", does(list_slow)),
    ("create_run_logs", does(collect)),
    ("list_run_logs", does(list_run)),
    ("create_run_log_link", does(link)),
];

/// The value of `Item::kind` for files of run logs.
const RUN_LOG: &str = "run_log";

/// The status of a file after its successful collection.
const COLLECTED: &str = "succeed";

/// The slow commands of an instance: the command, its duration in milliseconds, and its database.
///
/// The sandbox pretends that each instance executes one of these commands every minute, in this order.
const SLOW: [(&str, u32, u8); 4] = [
    ("SLOWLOG GET 128", 17, 0),
    ("KEYS session:*", 412, 0),
    ("SMEMBERS online:users", 96, 1),
    ("ZRANGE ranking:week 0 -1 WITHSCORES", 233, 1),
];
const MINUTE_MS: i64 = 60_000;

fn invalid(parameter: &str, reason: &str) -> Problem {
    Problem::Invalid(vec![Violation {
        place: RequestPart::Query,
        parameter: parameter.to_owned(),
        reason: reason.to_owned(),
        password_rule: false,
    }])
}

fn time_in_query(call: &Call<'_>, name: &str) -> Result<i64, Problem> {
    let text = call.text(&call.values.query, name).unwrap_or_default();
    let time = text.parse().ok().filter(|time| *time >= 0);
    time.ok_or_else(|| invalid(name, "must be milliseconds since 1970"))
}

fn list_slow(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let (from, until) = (
        time_in_query(call, "start_time")?,
        time_in_query(call, "end_time")?,
    );
    if until <= from {
        return Err(refused(
            "DCS.4025",
            "The end time must be after the start time.",
        ));
    }
    let mut slow = slow_commands(call, &cache, from, until)?;
    let wanted = |name: &str| call.text(&call.values.query, name);
    if wanted("sort_key") == Some("duration") {
        slow.sort_by_key(|(_, duration, _)| *duration);
    }
    if wanted("sort_dir") != Some("asc") {
        slow.reverse();
    }
    let skip = call.number_in_query("offset").unwrap_or(0);
    let take = call.number_in_query("limit").unwrap_or(10);
    let total = slow.len();
    let page = slow.into_iter().skip(skip).take(take);
    let page: Vec<Value> = page.map(|(_, _, entry)| entry).collect();
    Ok(Answer::ok(
        json!({"total_num": total, "count": total, "slowlogs": page}),
    ))
}

/// Returns the slow commands of the period from `from` to `until`, ordered by time. Each tuple contains the time, the
/// duration in milliseconds, and the entry for the answer.
///
/// The parameter `slowlog-log-slower-than` of the instance sets the minimum duration of a slow command in microseconds.
/// The parameter `slowlog-max-len` limits the number of entries.
fn slow_commands(
    call: &Call<'_>,
    cache: &Cache,
    from: i64,
    until: i64,
) -> Result<Vec<(i64, u32, Value)>, Problem> {
    // The sandbox has no slow commands for proxies.
    if call.text(&call.values.query, "role") == Some("proxy") {
        return Ok(Vec::new());
    }
    let number = |name| {
        let value = parameters::value(call, cache, name, |key| call.state.store.read()?.get(key));
        value.map(|value| value.parse::<i64>().unwrap_or(0))
    };
    let (kept, least_us) = (
        number("slowlog-max-len")?,
        number("slowlog-log-slower-than")?,
    );
    let created = cache.fields["created_at"].as_str();
    let created = created.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let created = created.map_or(i64::MAX, jiff::Timestamp::as_millisecond);
    let last = call.state.clock.now_ms().saturating_sub(created).max(0) / MINUTE_MS;
    let numbers = (last - kept + 1).max(0)..=last;
    let entries = numbers.filter_map(|number| {
        let at = created.saturating_add(number * MINUTE_MS);
        let sample = usize::try_from(number).unwrap_or_default() % SLOW.len();
        let (command, duration, database) = SLOW[sample];
        let mut entry = json!({
            "id": number + 1,
            "start_time": format!("{:.0}", timestamp(at)),
            "command": command,
            "duration": duration.to_string(),
            "database_id": database,
            "username": "default",
            "node_role": "server",
            "client_ip": "127.0.0.1",
        });
        if has_shards(cache) {
            let shards = cache.fields["sharding_count"].as_i64().unwrap_or(1);
            let shard = number.checked_rem(shards).unwrap_or(0);
            entry["shard_name"] = json!(format!("group-{shard}"));
        }
        let is_slow = i64::from(duration) * 1000 >= least_us;
        (is_slow && from <= at && at <= until).then_some((at, duration, entry))
    });
    Ok(entries.collect())
}

/// Returns the node that has the requested logs. For a single-node instance, the request can omit `replication_id`.
fn node(call: &Call<'_>, cache: &Cache) -> Result<Node, Problem> {
    let mut redis = nodes(cache).into_iter().filter(|node| !node.is("proxy"));
    let is_single = cache.fields["cache_mode"] == "single";
    let found = match call.text(&call.values.query, "replication_id") {
        Some(id) => redis.find(|node| node.replication_id == id),
        None => redis.next().filter(|_| is_single),
    };
    found.ok_or_else(|| invalid("replication_id", "must name a replica of the instance"))
}

/// Collects one file of run logs for each day. The first day is `query_time` days ago, and the last day is today.
///
/// For each day, the function first deletes the earlier file of the node, even if the collection fails.
fn collect(call: &Call<'_>) -> Result<Answer, Problem> {
    let days = call.number_in_query("query_time").unwrap_or(0);
    call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        let node = node(call, &cache)?;
        let today = call.state.clock.now().to_zoned(TimeZone::UTC).date();
        let ending = Ending::new(call);
        for day in 0..=i64::try_from(days).unwrap_or_default() {
            let date = today.saturating_sub(day.days());
            let name = format!("redis_{}_{date}.log", node.ip);
            let same = call.items(RUN_LOG)?;
            let same = same.test(|item: &Item| item.fields["file_name"] == name.as_str());
            for old in writer.list(&same)? {
                remove(writer, &old)?;
            }
            let id = Uuid::new_v4().to_string();
            let fields = json!({
                "id": id,
                "file_name": name,
                "group_name": node.group_name,
                "replication_ip": node.ip,
                "time": date.to_string(),
                "backup_id": id,
            });
            let mut item = call.new_item(RUN_LOG, Some(cache.id()), &id, fields)?;
            // If the collection fails, the sandbox stores no new file.
            if !ending.failed {
                item.steps = vec![ending.step(COLLECTED, json!({}))];
                put(call, writer, item)?;
            }
        }
        Ok::<_, Problem>(())
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

const SHOWN: [&str; 7] = [
    "id",
    "file_name",
    "group_name",
    "replication_ip",
    "status",
    "time",
    "backup_id",
];

/// Lists the files of run logs whose collection has succeeded. If there is no such file, the answer has the status 204.
fn list_run(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let there = call.items(RUN_LOG)?.descending();
    let there = there.test(|item: &Item| item.status() == COLLECTED);
    let page = call.page_of_items(there, 10)?;
    if page.total == 0 {
        return Ok(Answer::new(StatusCode::NO_CONTENT, None));
    }
    let files = page.records.iter().map(|item| pick(&item.fields, &SHOWN));
    let files: Vec<_> = files.collect();
    Ok(Answer::ok(
        json!({"total_num": page.total, "file_list": files}),
    ))
}

/// The error for a missing file.
///
/// The error catalogue of DCS has no code for a missing file. Therefore the sandbox uses the code of a missing job.
const UNKNOWN: Problem = Problem::Catalogued {
    status: StatusCode::NOT_FOUND,
    code: "DCS.4133",
    message: "Instance job is not found.",
};

/// Creates a link to a file of run logs.
///
/// The host in the link does not exist. The link contains a secret signature, like a link of the real service.
fn link(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let id = call.in_path("id")?;
    let file = call.item(RUN_LOG, id, |key| call.state.store.read()?.get(key))?;
    let file = file.filter(|file| file.status() == COLLECTED);
    let file = file.ok_or(UNKNOWN)?;
    let name = file.fields["file_name"].as_str().unwrap_or_default();
    let signature = random::hex(32);
    let link = format!("https://logs.sandbox.invalid/{id}/{name}?Signature={signature}");
    Ok(Answer::ok(
        json!({"id": id, "backup_id": file.fields["backup_id"], "link": link}),
    ))
}
