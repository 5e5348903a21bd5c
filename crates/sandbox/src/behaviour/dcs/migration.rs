//! The operations of the chapter (OpenAPI tag) `migration`. They import backup files, migrate data online from another
//! Redis, and exchange IP addresses.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::items::{pick, present, remove};
use super::super::timed::{Ending, put, text};
use super::super::{Behaviour, Call, does};
use super::backups::BACKUP;
use super::lifecycle::named;
use super::refused;
use super::states::{CHANGE, begin};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Fields, Item, Query, Step, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_migration_task", does(import)),
    ("create_online_migration_task", does(create)),
    ("set_online_migration_task", does(configure)),
    ("show_migration_task", does(show)),
    ("update_migration_task", does(update)),
    ("show_migration_task_stats", does(stats)),
    ("stop_migration_task", does(stop)),
    ("stop_migration_task_sync", does(stop_at_once)),
    ("stop_migration_tasks", does(stop_several)),
    ("restart_online_migration_tasks", does(restart_several)),
    ("exchange_instance_ips", does(exchange)),
    ("rollback_instance_ips", does(roll_back)),
    ("list_migration_task_logs", does(logs)),
    ("list_migration_tasks", does(list)),
    ("delete_migration_tasks", does(delete)),
];

/// The value of `Item::kind` for migration tasks.
const MIGRATION: &str = "migration";

const MOVING: [&str; 3] = ["MIGRATING", "FULLMIGRATING", "INCRMIGRATING"];
const ENDED: [&str; 3] = ["SUCCESS", "FAILED", "TERMINATED"];

/// The number of keys that a migration moves.
const KEYS: u64 = 1000;

const NOT_NOW: Problem = refused(
    "DCS.4957",
    "This operation is not allowed when the task is in the current state.",
);
const NO_ID: Problem = refused("DCS.4855", "invalid migration task id in the request.");
const NO_EXCHANGE: Problem = refused("DCS.4990", "Not support exchange ip.");
const NO_TASK: (&str, &str) = ("DCS.4133", "Instance job is not found.");

/// The fields in the answers of `show_migration_task` and `stop_migration_task`. An answer omits the fields that the
/// task does not have.
const SHOWN: [&str; 17] = [
    "task_id",
    "task_name",
    "description",
    "status",
    "migration_type",
    "migration_method",
    "backup_files",
    "network_type",
    "source_instance",
    "target_instance",
    "created_at",
    "updated_at",
    "resume_mode",
    "tenant_vpc_id",
    "tenant_subnet_id",
    "tenant_security_group_id",
    "bandwidth_limit_mb",
];

/// Returns the fields for an answer. During an exchange of addresses, the answer also contains `task_status`.
fn shown(task: &Item) -> Value {
    let names: Vec<_> = SHOWN.iter().copied().chain(["task_status"]).collect();
    present(pick(&task.fields, &names))
}

/// Starts an import of backup files, or an online migration.
fn import(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let online = call.in_body("/migration_type") == Some("online_migration");
    call.state.store.write(|writer| {
        match online {
            true if !body["source_instance"].is_object() => {
                return Err(Problem::invalid(
                    "source_instance",
                    "is needed for an online migration",
                ));
            }
            true => {}
            false => check_files(call, writer)?,
        }
        let source = call.values.body.get("source_instance");
        let mut fields = json!({
            "task_name": body["task_name"],
            "description": body["description"],
            "migration_type": body["migration_type"],
            "migration_method": body["migration_method"],
            "backup_files": body["backup_files"],
            "network_type": body["network_type"],
            "target_instance": endpoint(call, writer, "target_instance", &body["target_instance"])?,
        });
        if let (true, Some(source)) = (online, source) {
            fields["source_instance"] = endpoint(call, writer, "source_instance", source)?;
        }
        let mut task = new_task(call, fields)?;
        begin_to_move(call, &mut task);
        answer_started(call, writer, task)
    })
}

/// Checks the backup files of the request. A backup must exist and be complete. The sandbox does not check the files of
/// a bucket.
fn check_files(call: &Call<'_>, writer: &Writer<'_>) -> Result<(), Problem> {
    let files = &call.values.body["backup_files"];
    if !files.is_object() {
        return Err(Problem::invalid(
            "backup_files",
            "is needed to import backup files",
        ));
    }
    if files["file_source"] != "backup_record" {
        return Ok(());
    }
    let id = files["backup_id"].as_str().unwrap_or_default();
    let backup = call.item(BACKUP, id, |key| writer.get(key))?;
    match backup {
        Some(backup) if backup.status() == "succeed" => Ok(()),
        _ => Err(Problem::invalid(
            "backup_id",
            "is not the ID of a complete backup",
        )),
    }
}

/// Returns the fields of the source or the target of a migration.
///
/// If a DCS instance is missing or not running, or has another change in progress, the function returns an error. The
/// sandbox does not check a Redis server that is not a DCS instance.
fn endpoint(
    call: &Call<'_>,
    writer: &Writer<'_>,
    field: &str,
    given: &Value,
) -> Result<Value, Problem> {
    let mut shown = match (given["id"].as_str(), given["addrs"].as_str()) {
        (Some(id), _) => {
            let mut cache = named(call, id, |id| writer.get(id))?;
            begin(call.state, &mut cache, CHANGE)?;
            let (ip, port) = (&cache.fields["ip"], &cache.fields["port"]);
            json!({"id": id, "name": cache.fields["name"], "ip": ip, "port": port.to_string(),
                "addrs": format!("{}:{port}", ip.as_str().unwrap_or_default())})
        }
        (None, Some(addresses)) => json!({"addrs": addresses}),
        (None, None) => return Err(Problem::invalid(field, "needs an id or addrs")),
    };
    if given["password"].is_string() {
        shown["password"] = json!("******");
    }
    Ok(shown)
}

fn new_task(call: &Call<'_>, fields: Value) -> Result<Item, Problem> {
    let id = Uuid::new_v4().to_string();
    let now = call.state.clock.now_ms();
    let mut task = call.new_item(MIGRATION, None, &id, fields)?;
    task.fields.set("task_id", id);
    task.fields.set("status", "RUNNING");
    task.fields.set("created_at", text(now));
    task.fields.set("updated_at", text(now));
    Ok(task)
}

/// Starts to move the data. The move takes one change time (`--change-time`).
///
/// After a successful move, an incremental online migration has the status INCRMIGRATING until a request stops it.
fn begin_to_move(call: &Call<'_>, task: &mut Item) {
    let ending = Ending::new(call);
    let follows = task.fields["migration_method"] == "incremental_migration";
    let online = !task.fields["source_instance"].is_null();
    let end = match (ending.failed, follows && online) {
        (true, _) => "FAILED",
        (false, true) => "INCRMIGRATING",
        (false, false) => "SUCCESS",
    };
    let mut ended = json!({"updated_at": ending.time(), "error_message": null});
    let (level, code, message) = match ending.failed {
        false => (
            "INFO",
            "migration.0012",
            "job success, all data was migrated.",
        ),
        true => (
            "ERROR",
            "migration.0013",
            "job failed, the source is not reachable.",
        ),
    };
    if ending.failed {
        ended["error_message"] = json!(message);
    }
    let now = call.state.clock.now_ms();
    task.fields.set("moving_ms", now);
    task.fields
        .set("status", if online { "FULLMIGRATING" } else { "MIGRATING" });
    log(
        task,
        now,
        "INFO",
        "migration.0001",
        "the migration has begun.",
    );
    log(task, ending.due_ms, level, code, message);
    task.steps = vec![ending.step(end, ended)];
}

/// Adds a log entry to the task. Answers omit an entry whose time is in the future.
fn log(task: &mut Item, time_ms: i64, level: &str, code: &str, message: &str) {
    let mut logs = task.fields["logs"].as_array().cloned().unwrap_or_default();
    logs.push(json!({"time_ms": time_ms, "created_at": text(time_ms), "log_level": level, "log_code": code,
        "message": message, "keyword": [task.id]}));
    task.fields.set("logs", logs);
}

fn answer_started(call: &Call<'_>, writer: &mut Writer<'_>, task: Item) -> Result<Answer, Problem> {
    let answer = json!({"id": task.id, "name": task.fields["task_name"], "status": task.fields["status"], "error": ""});
    put(call, writer, task)?;
    Ok(Answer::ok(answer))
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let task = new_task(
        call,
        json!({
            "task_name": body["name"],
            "description": body["description"],
            "migration_type": "online_migration",
            "tenant_vpc_id": body["vpc_id"],
            "tenant_subnet_id": body["subnet_id"],
            "tenant_security_group_id": body["security_group_id"],
        }),
    )?;
    let answer = json!({"instance_id": task.id});
    call.state.store.write(|writer| put(call, writer, task))?;
    Ok(Answer::ok(answer))
}

/// Sets the source and the target of a task, and starts the migration. A request can also configure a task that has
/// ended.
fn configure(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let bandwidth = call.in_body("/bandwidth_limit_mb");
    let allowed = |text: &str| text.parse().is_ok_and(|mb: u32| (1..=10_240).contains(&mb));
    if !bandwidth.is_none_or(allowed) {
        return Err(Problem::invalid("bandwidth_limit_mb", "must be 1 to 10240"));
    }
    change(call, |writer, task| {
        let online = task.fields["migration_type"] == "online_migration";
        if !online || !(task.status() == "RUNNING" || ENDED.contains(&task.status())) {
            return Err(NOT_NOW);
        }
        for field in ["source_instance", "target_instance"] {
            let shown = endpoint(call, writer, field, &body[field])?;
            task.fields.set(field, shown);
        }
        for field in ["migration_method", "resume_mode", "bandwidth_limit_mb"] {
            task.fields.set(field, body[field].clone());
        }
        begin_to_move(call, task);
        Ok(Answer::ok(
            json!({"id": task.id, "name": task.fields["task_name"], "status": task.fields["status"], "error": ""}),
        ))
    })
}

/// Changes the task that the path of the request names.
fn change(
    call: &Call<'_>,
    change: impl FnOnce(&mut Writer<'_>, &mut Item) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let mut task = task(call, call.in_path("task_id")?, |key| writer.get(key))?;
        let answer = change(writer, &mut task)?;
        put(call, writer, task)?;
        Ok(answer)
    })
}

fn task(
    call: &Call<'_>,
    id: &str,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    call.item(MIGRATION, id, get)?.ok_or(Problem::Catalogued {
        status: StatusCode::NOT_FOUND,
        code: NO_TASK.0,
        message: NO_TASK.1,
    })
}

/// Returns the task that the path of the request names.
fn seen(call: &Call<'_>) -> Result<Item, Problem> {
    task(call, call.in_path("task_id")?, |key| {
        call.state.store.read()?.get(key)
    })
}

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    Ok(Answer::ok(shown(&seen(call)?)))
}

fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call, |_, task| {
        if let Some(mode) = call.in_body("/resume_mode") {
            task.fields.set("resume_mode", mode);
        }
        Ok(Answer::new(StatusCode::OK, None))
    })
}

/// Shows the progress of an online migration. If no online migration has the requested ID, the answer has the
/// documented status 400.
fn stats(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.in_path("task_id")?;
    let task = call.item(MIGRATION, id, |key| call.state.store.read()?.get(key))?;
    let online = |task: &Item| task.fields["migration_type"] == "online_migration";
    let task = task.filter(online).ok_or(refused(NO_TASK.0, NO_TASK.1))?;
    let now = call.state.clock.now_ms();
    let percent = match (task.status(), task.fields["moving_ms"].as_i64()) {
        ("SUCCESS" | "INCRMIGRATING", _) => 100,
        ("FULLMIGRATING", Some(from)) => {
            let due = task.steps.first().map_or(now, |step| step.due_ms);
            ((now - from).saturating_mul(100) / (due - from).max(1)).clamp(0, 100)
        }
        _ => 0,
    };
    let moved = KEYS * percent.unsigned_abs() / 100;
    let moving = MOVING.contains(&task.status());
    Ok(Answer::ok(json!({
        "full_migration_progress": percent.to_string(),
        "offset": (KEYS - moved).to_string(),
        "source_dbsize": KEYS.to_string(),
        "target_dbsize": moved.to_string(),
        "target_input_kbps": if moving { "50" } else { "0" },
        "target_ops": if moving { "100" } else { "0" },
        "is_migrating": moving,
    })))
}

/// Starts the stop of a migration that is in progress, or of a task that waits for its configuration. The stop takes
/// one change time (`--change-time`).
fn begin_to_stop(call: &Call<'_>, task: &mut Item) -> Result<(), Problem> {
    if !(MOVING.contains(&task.status()) || task.status() == "RUNNING") {
        return Err(NOT_NOW);
    }
    let ending = Ending::good(call);
    forget_to_come(call, task);
    log(
        task,
        ending.due_ms,
        "INFO",
        "migration.0014",
        "job stopped.",
    );
    task.fields.set("status", "TERMINATING");
    task.steps = vec![ending.step("TERMINATED", json!({"updated_at": ending.time()}))];
    Ok(())
}

/// Removes the future steps and the future log entries of a task.
fn forget_to_come(call: &Call<'_>, task: &mut Item) {
    let kept = logs_until(task, call.state.clock.now_ms());
    task.fields.set("logs", kept);
    task.steps.clear();
}

fn stop(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call, |_, task| {
        begin_to_stop(call, task)?;
        Ok(Answer::ok(shown(task)))
    })
}

fn stop_at_once(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call, |_, task| {
        begin_to_stop(call, task)?;
        task.steps.clear();
        task.fields.set("status", "TERMINATED");
        Ok(Answer::new(StatusCode::NO_CONTENT, None))
    })
}

fn stop_several(call: &Call<'_>) -> Result<Answer, Problem> {
    several(call, |task| begin_to_stop(call, task))
}

/// Restarts several tasks. A task can restart only if it has the field `source_instance`, and if it has ended.
fn restart_several(call: &Call<'_>) -> Result<Answer, Problem> {
    several(call, |task| {
        if task.fields["source_instance"].is_null() {
            return Err(refused("dcs.41.0001", "task not v2"));
        }
        if !ENDED.contains(&task.status()) {
            return Err(NOT_NOW);
        }
        begin_to_move(call, task);
        Ok(())
    })
}

/// Changes several tasks. If one task is missing, or does not allow the change, the function still changes the other
/// tasks.
fn several(
    call: &Call<'_>,
    act: impl Fn(&mut Item) -> Result<(), Problem>,
) -> Result<Answer, Problem> {
    let ids = texts(&call.values.body["migration_tasks"]);
    if ids.is_empty() {
        return Err(NO_ID);
    }
    let results = call.state.store.write(|writer| {
        let mut results = Vec::new();
        for id in ids {
            let item = call.item(MIGRATION, id, |key| writer.get(key))?;
            let taken = item.ok_or(NO_ID).and_then(|mut task| {
                act(&mut task)?;
                put(call, writer, task)
            });
            results.push(match taken {
                Ok(()) => json!({"result": "success", "task_id": id}),
                Err(Problem::Catalogued { code, message, .. }) => {
                    json!({"result": "failed", "task_id": id, "error_code": code, "error_msg": message})
                }
                Err(other) => return Err(other),
            });
        }
        Ok::<_, Problem>(results)
    })?;
    Ok(Answer::ok(json!({"migration_tasks": results})))
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

/// Exchanges the addresses of the source and the target. The target must already have all data of the source.
fn exchange(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call, |writer, task| {
        if !["INCRMIGRATING", "SUCCESS"].contains(&task.status())
            || task.fields["exchanged"] != Value::Null
        {
            return Err(NOT_NOW);
        }
        let domain = call.values.body["is_exchange_domain"] == true;
        let wanted = texts(&call.values.body["exchanged_ip"]);
        let own = swap(call, writer, task, domain)?;
        if !wanted.iter().all(|address| own.contains(&json!(address))) {
            return Err(Problem::invalid(
                "exchanged_ip",
                "must contain only addresses of the source and the target",
            ));
        }
        task.fields.set("exchanged", json!({"domain": domain}));
        Ok(Answer::new(StatusCode::NO_CONTENT, None))
    })
}

fn roll_back(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call, |writer, task| {
        let domain = match &task.fields["exchanged"]["domain"] {
            Value::Bool(domain) => *domain,
            _ => return Err(NO_EXCHANGE),
        };
        swap(call, writer, task, domain)?;
        task.fields.set("exchanged", Value::Null);
        Ok(Answer::new(StatusCode::NO_CONTENT, None))
    })
}

/// Starts the exchange of the addresses of two instances. The exchange takes one change time (`--change-time`).
///
/// If `domain` is true, the instances also exchange their domain names. Until the exchange ends, the field
/// `task_status` is EXCHANGING. The function returns the IP addresses that the two instances have before the exchange.
fn swap(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    task: &mut Item,
    domain: bool,
) -> Result<[Value; 2], Problem> {
    if task.fields["task_status"] == "EXCHANGING" {
        return Err(NOT_NOW);
    }
    let instance = |field: &str| {
        let id = task.fields[field]["id"].as_str().ok_or(NO_EXCHANGE)?;
        let mut cache = named(call, id, |id| writer.get(id))?;
        begin(call.state, &mut cache, CHANGE)?;
        Ok::<Cache, Problem>(cache)
    };
    let (mut source, mut target) = (instance("source_instance")?, instance("target_instance")?);
    if source.id() == target.id() {
        return Err(NO_EXCHANGE);
    }
    let names: &[&str] = match domain {
        true => &["ip", "domain_name"],
        false => &["ip"],
    };
    let ending = Ending::good(call);
    let (of_source, of_target) = (pick(&source.fields, names), pick(&target.fields, names));
    let addresses = [of_source["ip"].clone(), of_target["ip"].clone()];
    source.steps.push(ending.step("RUNNING", of_target));
    target.steps.push(ending.step("RUNNING", of_source));
    task.fields.set("task_status", "EXCHANGING");
    let status = task.status().to_owned();
    // A step without a status would delete the task, so `done` sets the present status again. Therefore `done` must
    // come before the steps that set a new status.
    let done = Step {
        due_ms: ending.due_ms,
        status: Some(status),
        fields: Fields::from(json!({"task_status": null})),
    };
    task.steps.insert(0, done);
    put(call, writer, source)?;
    put(call, writer, target)?;
    Ok(addresses)
}

fn logs_until(task: &Item, now_ms: i64) -> Vec<Value> {
    let logs = task.fields["logs"].as_array().into_iter().flatten();
    let known = |log: &&Value| log["time_ms"].as_i64().is_some_and(|time| time <= now_ms);
    logs.filter(known).cloned().collect()
}

/// Lists the log entries of a task. The newest entry comes first.
fn logs(call: &Call<'_>) -> Result<Answer, Problem> {
    let mut logs = logs_until(&seen(call)?, call.state.clock.now_ms());
    logs.retain(|log| call.query_equals("log_level", &log["log_level"]));
    let total = logs.len();
    let page = logs
        .into_iter()
        .rev()
        .skip(call.number_in_query("offset").unwrap_or(0))
        .take(call.number_in_query("limit").unwrap_or(10));
    let names = ["created_at", "log_level", "message", "log_code", "keyword"];
    let page: Vec<_> = page.map(|log| pick(&Fields::from(log), &names)).collect();
    Ok(Answer::ok(
        json!({"log_num": total, "migration_logs": page}),
    ))
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let mut query: Query<'_, Item> = call.items(MIGRATION)?.descending();
    if call.values.query.contains_key("name") {
        query = query.test(|task| call.query_equals("name", &task.fields["task_name"]));
    }
    let page = call.page_of_items(query, 10)?;
    let tasks: Result<Vec<_>, _> = page
        .records
        .iter()
        .map(|task| summary(call, task))
        .collect();
    Ok(Answer::ok(
        json!({"count": page.total, "migration_tasks": tasks?}),
    ))
}

/// Returns a task as an element of a list, with the present status of the source and the target.
fn summary(call: &Call<'_>, task: &Item) -> Result<Value, Problem> {
    let names = [
        "task_id",
        "task_name",
        "status",
        "migration_type",
        "migration_method",
        "created_at",
        "description",
        "resume_mode",
    ];
    let mut shown = pick(&task.fields, &names);
    let (source, target) = (
        &task.fields["source_instance"],
        &task.fields["target_instance"],
    );
    let data_source = [
        &source["addrs"],
        &task.fields["backup_files"]["bucket_name"],
    ];
    let data_source = data_source.into_iter().find(|value| value.is_string());
    shown["data_source"] = data_source.cloned().unwrap_or_default();
    shown["target_instance_addrs"] = target["addrs"].clone();
    for (side, instance) in [("source", source), ("target", target)] {
        let Some(id) = instance["id"].as_str() else {
            continue;
        };
        let found = named(call, id, |id| call.state.store.read()?.get(id));
        let cache = found.map_or_else(|_| Fields::default(), |cache| cache.fields);
        for (name, value) in [
            ("name", &instance["name"]),
            ("id", &instance["id"]),
            ("status", &cache["status"]),
            ("subnet_id", &cache["subnet_id"]),
            ("spec_code", &cache["spec_code"]),
        ] {
            shown[format!("{side}_instance_{name}").as_str()] = value.clone();
        }
    }
    // Lists show `error_message` even if its value is `null`, because the OpenAPI document allows `null` here.
    let mut shown = present(shown);
    shown["error_message"] = task.fields["error_message"].clone();
    Ok(shown)
}

/// Deletes several tasks. If a task is missing or in progress, the request fails and deletes no task.
fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    let ids = texts(&call.values.body["task_id_list"]);
    call.state.store.write(|writer| {
        for id in &ids {
            let task = task(call, id, |key| writer.get(key))?;
            if MOVING.contains(&task.status()) || task.status() == "TERMINATING" {
                return Err(NOT_NOW);
            }
            remove(writer, &task)?;
        }
        Ok::<_, Problem>(())
    })?;
    Ok(Answer::ok(json!({"task_id_list": ids})))
}
