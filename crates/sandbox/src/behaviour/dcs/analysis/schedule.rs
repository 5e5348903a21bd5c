//! Starts analyses of big keys and hot keys at fixed times of the day. Starts scans for expired keys at regular
//! intervals.
//!
//! The sandbox runs no scheduler in the background. Instead, a request about one kind of analysis (such as big keys)
//! first starts the analyses of this kind whose start time has passed.

use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::{Value, json};

use super::super::super::Call;
use super::super::super::timed::{Ending, put, text};
use super::super::lifecycle::running;
use super::super::refused;
use super::{Analysis, EXPIRED_KEYS, Start, shown_of};
use crate::answer::Answer;
use crate::clock::after;
use crate::problem::Problem;
use crate::store::{Cache, Item, StoreError, Writer};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The highest number of analyses that one request starts. If more analyses are due, the request starts only those with
/// the latest start times.
const MOST: i64 = 31;

/// The field with the time of the last event: a change of the configuration, or a start of analyses that were due.
/// Answers do not show this field.
const LOOKED: &str = "looked_ms";

/// The fields of the configuration of daily analyses.
const DAILY: [&str; 4] = [
    "instance_id",
    "enable_auto_scan",
    "schedule_at",
    "updated_at",
];

/// The fields that only the configuration of scans has. If no request has set a field, its value is `null`.
const SCANS: [&str; 4] = ["first_scan_at", "interval", "timeout", "scan_keys_count"];

fn configured(
    call: &Call<'_>,
    analysis: &Analysis,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    let id = call.in_path("instance_id")?;
    match call.item(analysis.schedule, id, get)? {
        Some(found) => Ok(found),
        None => {
            let fields = json!({"instance_id": id, "enable_auto_scan": false});
            call.new_item(analysis.schedule, Some(id), id, fields)
        }
    }
}

/// Returns the configuration of the instance, changed by those fields of the body that `names` lists. The caller must
/// store the configuration.
fn configure(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    analysis: &Analysis,
    names: &[&str],
) -> Result<Item, Problem> {
    let mut item = configured(call, analysis, |key| writer.get(key))?;
    let body = &call.values.body;
    let given = names.iter().filter(|name| !body[**name].is_null());
    given.for_each(|name| item.fields.set(name, body[*name].clone()));
    let now = call.state.clock.now_ms();
    item.fields.set("updated_at", text(now));
    item.fields.set(LOOKED, now);
    Ok(item)
}

pub(super) fn show_daily(call: &Call<'_>, analysis: &Analysis) -> Result<Answer, Problem> {
    analysis.instance(call)?;
    let mut item = configured(call, analysis, |key| call.state.store.read()?.get(key))?;
    if item.fields["schedule_at"].is_null() {
        item.fields.set("schedule_at", json!([]));
    }
    Ok(Answer::ok(shown_of(&item, &DAILY)))
}

pub(super) fn update_daily(call: &Call<'_>, analysis: &Analysis) -> Result<Answer, Problem> {
    analysis.instance(call)?;
    let times = call.values.body["schedule_at"].as_array();
    if !times
        .into_iter()
        .flatten()
        .all(|time| since_midnight(time).is_some())
    {
        return Err(Problem::invalid_field(
            "schedule_at",
            "must contain times such as 21:00",
        ));
    }
    call.state.store.write(|writer| {
        running(call, writer)?;
        let item = configure(call, writer, analysis, &["enable_auto_scan", "schedule_at"])?;
        let answer = Answer::ok(shown_of(&item, &DAILY));
        put(call, writer, item)?;
        Ok(answer)
    })
}

pub(super) fn show_scans(call: &Call<'_>) -> Result<Answer, Problem> {
    EXPIRED_KEYS.instance(call)?;
    let item = configured(call, &EXPIRED_KEYS, |key| call.state.store.read()?.get(key))?;
    Ok(scans(&item))
}

fn scans(item: &Item) -> Answer {
    let mut shown = shown_of(item, &["instance_id", "enable_auto_scan"]);
    for name in SCANS.into_iter().chain(["updated_at"]) {
        shown[name] = item.fields[name].clone();
    }
    Answer::ok(shown)
}

/// Changes the configuration of scans. A field that the request does not contain keeps its value.
pub(super) fn update_scans(call: &Call<'_>) -> Result<Answer, Problem> {
    EXPIRED_KEYS.instance(call)?;
    let now = call.state.clock.now_ms();
    let first = call.in_body("/first_scan_at");
    if first.is_some_and(|first| time(first).is_none_or(|first| first <= now)) {
        return Err(refused(
            "DCS.4819",
            "The first_scan_at parameter is invalid. Its must be ISO format utc date-time. The time must be later than the current time.",
        ));
    }
    call.state.store.write(|writer| {
        running(call, writer)?;
        let names: Vec<&str> = SCANS.into_iter().chain(["enable_auto_scan"]).collect();
        let item = configure(call, writer, &EXPIRED_KEYS, &names)?;
        let seconds = |name: &str| item.fields[name].as_i64();
        if let Some(timeout) = seconds("timeout") {
            let interval = seconds("interval").unwrap_or(0);
            if timeout < interval.saturating_mul(2) || timeout <= 1 {
                return Err(refused(
                    "DCS.4821",
                    "The timeout parameter is invalid. Its must Greater than or equal to interval * 2, if interval is 0, timeout must Greater than 1 second.",
                ));
            }
        }
        let answer = scans(&item);
        put(call, writer, item)?;
        Ok(answer)
    })
}

/// Converts a time such as `21:00` to milliseconds since midnight.
fn since_midnight(text: &Value) -> Option<i64> {
    let time = Time::strptime("%H:%M", text.as_str()?).ok()?;
    Some((i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60_000)
}

/// Converts a time to milliseconds since 1970. A time without a time zone is a time in UTC.
fn time(text: &str) -> Option<i64> {
    let zoned = text.parse::<Timestamp>().ok();
    let time = zoned.or_else(|| format!("{text}Z").parse().ok())?;
    Some(time.as_millisecond())
}

/// Starts the analyses that are due, but at most [`MOST`] of them.
pub(super) fn run(call: &Call<'_>, analysis: &Analysis, cache: &Cache) -> Result<(), Problem> {
    let now = call.state.clock.now_ms();
    let config = configured(call, analysis, |key| call.state.store.read()?.get(key))?;
    if due(&config, now).is_empty() {
        return Ok(());
    }
    call.state.store.write(|writer| {
        let mut config = configured(call, analysis, |key| writer.get(key))?;
        for at_ms in due(&config, now) {
            let start = Start {
                at_ms,
                ending: Ending {
                    begin_ms: at_ms,
                    due_ms: after(at_ms, call.state.times.change),
                    failed: false,
                },
                fields: json!({"scan_type": "auto"}),
            };
            let result = (analysis.result)(cache);
            start.keep(call, writer, analysis.kind, cache, result)?;
        }
        config.fields.set(LOOKED, now);
        put(call, writer, config)
    })
}

/// Returns the start times of the analyses that are due, in ascending order. The result has at most [`MOST`] times.
fn due(config: &Item, now: i64) -> Vec<i64> {
    let looked = config.fields[LOOKED].as_i64();
    let Some(looked) = looked.filter(|_| config.fields["enable_auto_scan"] == true) else {
        return Vec::new();
    };
    let mut due: Vec<i64> = match config.fields["schedule_at"].as_array() {
        Some(times) => {
            let (today, first) = (now.div_euclid(DAY_MS), looked.div_euclid(DAY_MS));
            let days = first.max(today - MOST)..=today;
            let at = |day: i64| {
                times
                    .iter()
                    .filter_map(since_midnight)
                    .map(move |time| day * DAY_MS + time)
            };
            days.flat_map(at).collect()
        }
        None => {
            let first = config.fields["first_scan_at"].as_str().and_then(time);
            let interval = config.fields["interval"].as_i64().unwrap_or(0);
            let (first, interval) = (first.unwrap_or(i64::MAX), interval.saturating_mul(1000));
            let last = now
                .saturating_sub(first)
                .max(0)
                .checked_div(interval)
                .unwrap_or(0);
            let numbers = (last - MOST).max(0)..=last;
            numbers
                .map(|number| first.saturating_add(number * interval))
                .collect()
        }
    };
    due.retain(|time| looked < *time && *time <= now);
    due.sort_unstable();
    due.dedup();
    let extra = due
        .len()
        .saturating_sub(MOST.unsigned_abs().try_into().unwrap_or(usize::MAX));
    due.split_off(extra)
}
