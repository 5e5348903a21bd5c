//! Tests the extensions `x-pagination`, `x-waiter`, `x-outcome` and `x-retry`. The extensions must be able to describe
//! the lists and the long-running operations of DCS and ROMA Connect.
//!
//! Most operations in this file are from the published API explorer of DCS and ROMA Connect device integration. Most
//! tests write an extension for an operation, and lint must accept the extension. Then such a test misspells each
//! string of the extension, or sets invalid values, and lint must find every mistake.

#[allow(dead_code)]
use crate::cases;

use cases::{base, text_of};
use lint::lint;
use serde_json::{Value, json};
use transcript::{Document, Finding};

/// A list operation: its name, the field with the number of all elements (name and type), and the list fields. The
/// second string is empty if the test uses no field with this number.
type Page = (&'static str, &'static str, &'static [&'static str]);

/// The list operations of LINK (ROMA Connect device integration). Their parameters `limit` and `offset` have
/// limits, and their answers have the fields `total` and `items`.
const LINK: [&str; 16] = [
    "list_commands",
    "list_destinations",
    "list_devices",
    "list_notification",
    "list_product_templates",
    "list_product_topics",
    "list_products",
    "list_properties",
    "list_request_properties",
    "list_response_properties",
    "list_rules",
    "list_services",
    "list_sources",
    "list_subsets",
    "list_topics",
    "show_devices_in_group",
];

/// The list operations of DCS. The first list field of each answer is the paged list.
const DCS: [Page; 19] = [
    (
        "batch_show_nodes_information",
        "count integer",
        &["instances"],
    ),
    ("list_background_task", "task_count string", &["tasks"]),
    (
        "list_backup_records",
        "total_num integer",
        &["backup_record_response"],
    ),
    ("list_bigkey_scan_tasks", "count integer", &["records"]),
    ("list_center_task", "task_count string", &["tasks"]),
    ("list_clients", "count integer", &["clients"]),
    ("list_config_histories", "", &["histories"]),
    ("list_config_templates", "", &["templates"]),
    (
        "list_diagnosis_tasks",
        "total_num integer",
        &["diagnosis_report_list"],
    ),
    ("list_hot_key_scan_tasks", "count integer", &["records"]),
    ("list_instances", "instance_num integer", &["instances"]),
    ("list_migration_task", "count integer", &["migration_tasks"]),
    ("list_migration_task_logs", "", &["migration_logs"]),
    (
        "list_monitored_objects",
        "total integer",
        &["instances", "children", "router"],
    ),
    ("list_redislog", "total_num integer", &["file_list"]),
    (
        "list_restore_records",
        "total_num integer",
        &["restore_record_response"],
    ),
    ("list_slowlog", "total_num integer", &["slowlogs"]),
    ("show_expire_key_scan_info", "total integer", &["records"]),
    (
        "list_offline_key_analysis_task",
        "total integer",
        &["records"],
    ),
];

/// Returns a schema for a shorthand. `"string"` becomes a type, and `"string A B"` becomes an enum with the values A
/// and B. An array with one element becomes a list. An object becomes an object with a property for each key.
fn schema(shorthand: &Value) -> Value {
    match shorthand {
        Value::String(words) => {
            let mut words = words.split(' ');
            let mut schema = json!({"type": words.next().unwrap(), "description": "d"});
            let options: Vec<&str> = words.collect();
            if !options.is_empty() {
                schema["enum"] = json!(options);
            }
            schema
        }
        Value::Array(items) => json!({"type": "array", "items": schema(&items[0])}),
        Value::Object(fields) => {
            let properties = fields
                .iter()
                .map(|(name, field)| (name.clone(), schema(field)));
            json!({"type": "object", "properties": serde_json::Map::from_iter(properties)})
        }
        _ => panic!("{shorthand} is not a shorthand"),
    }
}

/// Returns an operation for shorthands. In `parameters`, the names before a `?` are path parameters, and the names
/// after a `?` are query parameters. A name can have a type, as in `limit:integer`.
fn operation(id: &str, parameters: &str, request: &Value, answer: &Value) -> Value {
    let (path, query) = parameters.split_once('?').unwrap_or((parameters, ""));
    let parameter = |place: &'static str| {
        move |words: &str| {
            let (name, kind) = words.split_once(':').unwrap_or((words, "string"));
            json!({"name": name, "in": place, "required": place == "path", "description": "d", "schema": {"type": kind}})
        }
    };
    let body = |schema: Value| json!({"application/json": {"schema": schema}});
    let mut operation = json!({"operationId": id, "summary": "Probe",
        "parameters": path.split_whitespace().map(parameter("path"))
            .chain(query.split_whitespace().map(parameter("query"))).collect::<Vec<_>>(),
        "responses": {"200": {"description": "d"}}});
    if !request.is_null() {
        operation["requestBody"] =
            json!({"required": true, "description": "d", "content": body(schema(request))});
    }
    if !answer.is_null() {
        operation["responses"]["200"]["content"] = body(schema(answer));
    }
    operation
}

/// Returns the findings of lint about the extensions of these operations. The string beside each operation is its HTTP
/// method.
fn judge(operations: &[(&str, Value)]) -> Vec<Finding> {
    const RULES: [&str; 8] = [
        "pagination",
        "waiter",
        "outcome",
        "retry",
        "wrong-type",
        "missing-key",
        "unknown-key",
        "unknown-extension",
    ];
    let mut files = base();
    let devices = text_of(&mut files, "devices.yaml");
    let paths = operations.iter().enumerate();
    let paths: String = paths
        .map(|(number, (method, operation))| {
            format!("  /probe/{number}: {{{method}: {operation}}}\n")
        })
        .collect();
    *devices = devices.replace("paths:\n", &format!("paths:\n{paths}"));
    let files = files
        .into_iter()
        .map(|(name, text)| (format!("openapi/demo/{name}"), text.into_bytes()));
    let document = Document::from_files("demo", files.collect()).unwrap();
    let mut findings = lint(&document);
    // The test operations have no `tags`. Findings about missing `tags`, and findings of other rules, do not matter
    // here.
    findings.retain(|finding| {
        RULES.contains(&finding.rule) && !finding.message.ends_with("has no `tags`")
    });
    findings
}

fn page(id: &str, parameters: &str, total: &str, lists: &[&str]) -> Value {
    let mut answer = json!({});
    for list in lists {
        answer[*list] = json!([{"id": "string"}]);
    }
    let mut paging = json!({"style": "offset", "limit": "limit", "offset": "offset", "start": 0, "items": lists[0], "id": "id"});
    if let Some((name, kind)) = total.split_once(' ') {
        answer[name] = json!(kind);
        paging["total"] = json!(name);
    }
    let mut operation = operation(id, parameters, &Value::Null, &answer);
    operation["x-pagination"] = paging;
    operation
}

fn pages() -> Vec<Value> {
    let link = LINK.map(|id| {
        let mut page = page(
            id,
            "project_id instance_id?limit:integer offset:integer",
            "total integer",
            &["items"],
        );
        for parameter in &mut page["parameters"].as_array_mut().unwrap()[2..] {
            let default = if parameter["name"] == "limit" { 10 } else { 0 };
            parameter["schema"] =
                json!({"type": "integer", "minimum": 0, "maximum": 999_999, "default": default});
        }
        page
    });
    let dcs = DCS.iter().map(|(id, total, lists)| {
        page(id, "project_id?limit:integer offset:integer", total, lists)
    });
    // In some services, the parameters `limit` and `offset` are strings.
    let strings = page(
        "list_topics",
        "project_id?limit offset",
        "total integer",
        &["topics", "permissions"],
    );
    link.into_iter().chain(dcs).chain([strings]).collect()
}

#[test]
fn lint_accepts_the_pagination_of_every_list() {
    for page in pages() {
        assert_eq!(judge(&[("get", page.clone())]), [], "{page}");
    }
}

#[test]
fn pagination_of_an_unsafe_operation_is_refused() {
    for page in pages() {
        let findings = judge(&[("post", page)]);
        assert!(
            findings
                .iter()
                .any(|finding| finding.message.contains("not safe to repeat")),
            "{findings:?}"
        );
    }
}

#[test]
fn lint_accepts_a_pagination_with_a_marker_and_finds_misspelt_words() {
    let mut list = operation(
        "list_things",
        "project_id?limit:integer marker",
        &Value::Null,
        &json!({"things": [{"id": "string"}], "page": {"next": "string"}}),
    );
    list["x-pagination"] = json!({"style": "marker", "limit": "limit", "marker": "marker", "next": "page.next", "items": "things"});
    assert_eq!(judge(&[("get", list.clone())]), []);
    every_misspelt_word_is_found("get", &list, "x-pagination", &[]);
}

#[test]
fn the_start_must_agree_with_the_minimum_and_the_default_of_the_offset() {
    for (limits, start, good) in [
        (json!({"minimum": 1}), 1, true),
        (json!({"minimum": 1}), 0, false),
        (json!({"default": 0}), 1, false),
        (json!({"default": 1}), 1, true),
    ] {
        // This is the first list operation of DCS. Its parameters have no limits and no defaults.
        let mut page = pages().remove(16);
        let offset = &mut page["parameters"][2]["schema"];
        offset
            .as_object_mut()
            .unwrap()
            .extend(limits.as_object().unwrap().clone());
        page["x-pagination"]["start"] = json!(start);
        let findings = judge(&[("get", page)]);
        assert_eq!(findings.is_empty(), good, "{limits} {start}: {findings:?}");
    }
}

/// Misspells the strings of an extension, one string at a time. Lint must have a finding about every misspelling.
fn every_misspelt_word_is_found(
    method: &str,
    operation: &Value,
    key: &str,
    others: &[(&str, Value)],
) {
    let mut words = Vec::new();
    texts(&operation[key], format!("/{key}"), &mut words);
    assert!(!words.is_empty());
    for pointer in words {
        let mut wrong = operation.clone();
        let word = wrong.pointer_mut(&pointer).unwrap();
        *word = json!(format!("{}x", word.as_str().unwrap()));
        let operations: Vec<_> = [(method, wrong)]
            .into_iter()
            .chain(others.iter().cloned())
            .collect();
        assert_ne!(judge(&operations), [], "{pointer} of {operation}");
    }
}

fn texts(value: &Value, pointer: String, into: &mut Vec<String>) {
    match value {
        Value::String(_) => into.push(pointer),
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| texts(value, format!("{pointer}/{key}"), into)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| texts(item, format!("{pointer}/{at}"), into)),
        _ => {}
    }
}

#[test]
fn lint_finds_every_misspelt_word_of_a_pagination() {
    for page in pages() {
        every_misspelt_word_is_found("get", &page, "x-pagination", &[]);
    }
}

const INSTANCE: &str =
    "string CREATING CREATEFAILED RUNNING ERROR RESTARTING FROZEN EXTENDING RESTORING FLUSHING";
const MIGRATION: &str = "string SUCCESS FAILED MIGRATING TERMINATED";
const SCAN: &str = "string waiting running success failed";

/// Returns the polled operations. A waiter calls such an operation again and again, until the task ends.
fn polls() -> Vec<(&'static str, Value)> {
    let poll =
        |id, parameters, answer: Value| ("get", operation(id, parameters, &Value::Null, &answer));
    vec![
        poll(
            "show_instance",
            "project_id instance_id",
            json!({"status": INSTANCE}),
        ),
        poll(
            "list_restore_records",
            "project_id instance_id?limit:integer",
            json!({"restore_record_response": [{"restore_id": "string", "status": "string waiting restoring succeed failed"}]}),
        ),
        poll(
            "list_backup_records",
            "project_id instance_id?limit:integer",
            json!({"backup_record_response": [{"backup_id": "string", "status": "string waiting backuping succeed failed expired deleted"}]}),
        ),
        poll(
            "show_migration_task",
            "project_id task_id",
            json!({"status": MIGRATION}),
        ),
        poll(
            "show_bigkey_scan_task_details",
            "project_id instance_id bigkey_id",
            json!({"status": SCAN}),
        ),
        poll(
            "show_hotkey_task_details",
            "project_id instance_id hotkey_id",
            json!({"status": SCAN}),
        ),
        poll(
            "show_expire_key_scan_info",
            "project_id instance_id",
            json!({"records": [{"id": "string", "status": SCAN}]}),
        ),
        poll(
            "show_job_info",
            "project_id job_id",
            json!({"status": "string INIT RUNNING SUCCESS FAIL"}),
        ),
        poll(
            "list_diagnosis_tasks",
            "project_id instance_id",
            json!({"diagnosis_report_list": [{"report_id": "string", "status": "string diagnosing finished"}]}),
        ),
        poll(
            "export_excel_job",
            "project_id job_id",
            json!({"status": "string"}),
        ),
        poll(
            "show_offline_key_analysis_task",
            "project_id instance_id task_id",
            json!({"id": "string"}),
        ),
        poll(
            "list_redislog",
            "project_id instance_id",
            json!({"file_list": [{"id": "string", "status": "string"}]}),
        ),
        poll(
            "list_background_task",
            "project_id instance_id",
            json!({"tasks": [{"id": "string", "status": "string"}]}),
        ),
    ]
}

/// An operation that starts a task. `waiter` is its extension `x-waiter`, or the reason why the page in the API
/// explorer does not suffice for a waiter.
struct Start {
    method: &'static str,
    operation: Value,
    waiter: Result<Value, &'static str>,
}

fn start(
    method: &'static str,
    id: &str,
    parameters: &str,
    (request, answer): (Value, Value),
    waiter: Result<Value, &'static str>,
) -> Start {
    let operation = operation(id, parameters, &request, &answer);
    Start {
        method,
        operation,
        waiter,
    }
}

fn starts() -> Vec<Start> {
    let none = || Value::Null;
    let instance = |failure: &[&str]| json!({"operation": "show_instance", "field": "status", "success": ["RUNNING"], "failure": failure, "interval": 5});
    let of = |mut waiter: Value, source: &str| {
        waiter["ids"] = json!({"instance_id": source});
        waiter
    };
    let gone = |source: &str| {
        of(
            json!({"operation": "show_instance", "field": "status", "failure": ["ERROR"], "gone": "success"}),
            source,
        )
    };
    let migration = |source: &str, success: &str, failure: &[&str]| {
        json!({"operation": "show_migration_task", "ids": {"task_id": source},
        "field": "status", "success": [success], "failure": failure})
    };
    let job = || json!({"operation": "show_job_info", "ids": {"job_id": "answer.job_id"}, "field": "status", "success": ["SUCCESS"], "failure": ["FAIL"]});
    let scan = |poll: &str, id: &str| json!({"operation": poll, "ids": {id: "answer.id"}, "field": "status", "success": ["success"], "failure": ["failed"]});
    let record = |poll: &str, list: &str, key: &str, failure: &[&str]| {
        json!({"operation": poll, "list": list, "key": {key: format!("answer.{key}")},
        "field": "status", "success": ["succeed"], "failure": failure})
    };
    let expire = || {
        json!({"operation": "show_expire_key_scan_info", "list": "records", "key": {"id": "answer.id"}, "field": "status",
        "success": ["success"], "failure": ["failed"]})
    };
    let one = "project_id instance_id";
    let node = "project_id instance_id group_id node_id";
    let answer = |field: &str| (Value::Null, json!({field: "string"}));
    let results = || {
        (
            json!({"instances": ["string"]}),
            json!({"results": [{"instance": "string", "result": "string"}]}),
        )
    };
    let mut all = vec![
        start(
            "post",
            "create_instance",
            "project_id",
            (
                none(),
                json!({"order_id": "string", "instances": [{"instance_id": "string"}]}),
            ),
            Ok(of(
                instance(&["CREATEFAILED", "ERROR"]),
                "answer.instances[].instance_id",
            )),
        ),
        start(
            "delete",
            "delete_single_instance",
            one,
            (none(), none()),
            Ok(
                json!({"operation": "show_instance", "field": "status", "failure": ["ERROR"], "gone": "success"}),
            ),
        ),
        start(
            "delete",
            "batch_delete_instances",
            "project_id",
            results(),
            Ok(gone("answer.results[].instance")),
        ),
        start(
            "post",
            "resize_instance",
            one,
            (none(), none()),
            Ok(instance(&["ERROR"])),
        ),
        start(
            "post",
            "create_resize_order",
            one,
            answer("order_id"),
            Ok(instance(&["ERROR"])),
        ),
        start(
            "put",
            "restart_or_flush_instances",
            "project_id",
            results(),
            Ok(of(instance(&["ERROR"]), "answer.results[].instance")),
        ),
        start(
            "post",
            "restore_instance",
            one,
            (
                json!({"backup_id": "string"}),
                json!({"restore_id": "string"}),
            ),
            Ok(record(
                "list_restore_records",
                "restore_record_response",
                "restore_id",
                &["failed"],
            )),
        ),
        start(
            "post",
            "copy_instance",
            one,
            answer("backup_id"),
            Ok(record(
                "list_backup_records",
                "backup_record_response",
                "backup_id",
                &["failed", "expired", "deleted"],
            )),
        ),
        start(
            "post",
            "create_migration_task",
            "project_id",
            (none(), json!({"id": "string", "status": MIGRATION})),
            Ok(migration("answer.id", "SUCCESS", &["FAILED", "TERMINATED"])),
        ),
        start(
            "post",
            "set_online_migration_task",
            "project_id task_id",
            (none(), json!({"id": "string"})),
            Ok(migration("answer.id", "SUCCESS", &["FAILED", "TERMINATED"])),
        ),
        start(
            "post",
            "create_online_migration_task",
            "project_id",
            answer("instance_id"),
            Ok(migration(
                "answer.instance_id",
                "SUCCESS",
                &["FAILED", "TERMINATED"],
            )),
        ),
        start(
            "post",
            "stop_migration_task",
            "project_id task_id",
            answer("task_id"),
            Ok(migration("parameter.task_id", "TERMINATED", &["FAILED"])),
        ),
        start(
            "post",
            "batch_stop_migration_tasks",
            "project_id",
            (json!({"migration_tasks": ["string"]}), none()),
            Ok(migration(
                "request.migration_tasks[]",
                "TERMINATED",
                &["FAILED"],
            )),
        ),
        start(
            "post",
            "batch_restart_online_migration_tasks",
            "project_id",
            (none(), json!({"migration_tasks": [{"task_id": "string"}]})),
            Ok(migration(
                "answer.migration_tasks[].task_id",
                "SUCCESS",
                &["FAILED", "TERMINATED"],
            )),
        ),
        start(
            "post",
            "create_bigkey_scan_task",
            one,
            answer("id"),
            Ok(scan("show_bigkey_scan_task_details", "bigkey_id")),
        ),
        start(
            "post",
            "create_hotkey_scan_task",
            one,
            answer("id"),
            Ok(scan("show_hotkey_task_details", "hotkey_id")),
        ),
        start("post", "scan_expire_key", one, answer("id"), Ok(expire())),
        start(
            "post",
            "create_auto_expire_scan_task",
            one,
            answer("id"),
            Ok(expire()),
        ),
        start(
            "post",
            "create_diagnosis_task",
            one,
            answer("report_id"),
            Ok(
                json!({"operation": "list_diagnosis_tasks", "list": "diagnosis_report_list", "key": {"report_id": "answer.report_id"},
                "field": "status", "success": ["finished"]}),
            ),
        ),
        // For the operations in the rest of this `vec!`, the page in the API explorer does not suffice for a waiter.
        // The string in `Err` is the reason. For some of these operations, other pages contain the facts, and the
        // transcript has a waiter.
        start(
            "post",
            "create_offline_key_analysis",
            one,
            answer("task_id"),
            Err("the polled answer has no status"),
        ),
        start(
            "post",
            "create_redislog",
            one,
            (none(), none()),
            Err("nothing names the log, and the status has no documented values"),
        ),
        start(
            "post",
            "scan_clients",
            one,
            (none(), none()),
            Err("the answer is any JSON, and nothing names the scan"),
        ),
        start(
            "post",
            "hang_up_kill_all_clients",
            one,
            (none(), none()),
            Err("the answer is any JSON, and nothing names the task"),
        ),
        start(
            "post",
            "export_instances_task",
            "project_id",
            answer("job_id"),
            Err("the status has no documented values"),
        ),
        start(
            "post",
            "upgrade_instance_minor_version",
            one,
            answer("task_id"),
            Err("the progress is a percentage, and only a list of steps shows a failure"),
        ),
        start(
            "put",
            "migrate_az",
            one,
            (none(), none()),
            Err("nothing names the task"),
        ),
        start(
            "put",
            "update_instance_bandwidth",
            one,
            (none(), none()),
            Err("nothing names the task"),
        ),
        start(
            "post",
            "change_master_standby",
            one,
            (none(), none()),
            Err("nothing names the task"),
        ),
        start(
            "put",
            "update_configurations",
            one,
            (none(), none()),
            Err("nothing names the task"),
        ),
        start(
            "put",
            "update_ip_whitelist",
            one,
            (none(), none()),
            Err("nothing names the task"),
        ),
    ];
    for (method, id, parameters) in [
        ("post", "start_instance_resize_check_job", one),
        ("put", "update_instance_config", one),
        ("put", "change_master_standby_async", one),
        ("post", "execute_cluster_switchover", node),
        ("delete", "delete_ip_from_domain_name", node),
        ("post", "update_public_ip", one),
        ("delete", "delete_public_ip", one),
        ("put", "update_ip_whitelist_async", one),
        ("put", "update_ssl_switch", one),
        ("put", "update_client_ip_transparent_transmission", one),
        (
            "put",
            "update_acl_account",
            "project_id instance_id account_id",
        ),
    ] {
        all.push(start(method, id, parameters, answer("job_id"), Ok(job())));
    }
    all
}

#[test]
fn lint_accepts_each_waiter_and_finds_misspelt_words_and_unsafe_polls() {
    for Start {
        method,
        mut operation,
        waiter,
    } in starts()
    {
        operation["x-retry"] = json!("unsafe");
        let waiter = match waiter {
            Ok(waiter) => waiter,
            Err(reason) => {
                assert!(!reason.is_empty());
                continue;
            }
        };
        operation["x-waiter"] = waiter;
        let with_polls: Vec<_> = [(method, operation.clone())]
            .into_iter()
            .chain(polls())
            .collect();
        assert_eq!(judge(&with_polls), [], "{operation}");
        every_misspelt_word_is_found(method, &operation, "x-waiter", &polls());
        // The polled operation must be safe to retry. Without the key `operation`, the operation with `x-waiter` polls
        // itself. This operation is unsafe, so lint must refuse the extension in this case, too.
        let unsafe_polls = polls()
            .into_iter()
            .map(|(_, operation)| ("post", operation));
        let with_unsafe: Vec<_> = [(method, operation.clone())]
            .into_iter()
            .chain(unsafe_polls)
            .collect();
        assert_ne!(judge(&with_unsafe), [], "{operation}");
        operation["x-waiter"]
            .as_object_mut()
            .unwrap()
            .remove("operation");
        assert_ne!(judge(&[(method, operation.clone())]), [], "{operation}");
    }
}

#[test]
fn an_operation_that_polls_itself_must_be_safe_and_have_a_valid_waiter() {
    let mut show = operation(
        "show_instance",
        "project_id instance_id",
        &Value::Null,
        &json!({"status": INSTANCE}),
    );
    show["x-waiter"] =
        json!({"field": "status", "success": ["RUNNING"], "failure": ["ERROR"], "gone": "failure"});
    assert_eq!(judge(&[("get", show.clone())]), []);
    for method in ["post", "put", "delete"] {
        assert_ne!(judge(&[(method, show.clone())]), [], "{method}");
    }
    for (key, value) in [
        ("success", json!([])),
        ("success", json!(["ERROR"])),
        ("failure", json!([7])),
        ("interval", json!(0)),
        ("gone", json!("maybe")),
        ("list", json!("status")),
        ("key", json!({"id": "parameter.instance_id"})),
        ("ids", json!({"nothing": "parameter.instance_id"})),
        ("field", json!("task.status")),
        ("nonsense", json!(true)),
    ] {
        let mut wrong = show.clone();
        wrong["x-waiter"][key] = value;
        assert_ne!(judge(&[("get", wrong.clone())]), [], "{wrong}");
    }
}

#[test]
fn an_outcome_names_a_field_and_some_of_its_values() {
    let mut change = operation(
        "change_instance_password",
        "project_id instance_id",
        &Value::Null,
        &json!({"result": "string success passwordFailed locked", "message": "string"}),
    );
    change["x-retry"] = json!("unsafe");
    change["x-outcome"] =
        json!({"status": 200, "field": "result", "good": ["success"], "message": "message"});
    assert_eq!(judge(&[("put", change.clone())]), []);
    every_misspelt_word_is_found("put", &change, "x-outcome", &[]);
    for (key, value) in [
        ("status", json!(204)),
        ("status", json!(400)),
        ("good", json!([])),
        ("good", json!(["success", "passwordFailed", "locked"])),
        ("message", json!("reason")),
    ] {
        let mut wrong = change.clone();
        wrong["x-outcome"][key] = value;
        assert_ne!(judge(&[("put", wrong.clone())]), [], "{wrong}");
    }
}

#[test]
fn lint_refuses_x_retry_safe_if_a_retry_does_harm() {
    let old = json!({"old_password": "string"});
    for (method, id, request, harms) in [
        ("post", "create_device", Value::Null, true),
        ("post", "batch_create_devices", Value::Null, true),
        ("put", "reset_device_authentication", Value::Null, true),
        ("put", "change_instance_password", Value::Null, true),
        ("put", "update_acl_account_password", Value::Null, true),
        ("put", "update_account", old, true),
        ("post", "restart_instance", Value::Null, true),
        ("put", "update_device", Value::Null, false),
        ("delete", "delete_device", Value::Null, false),
        ("post", "create_temporary_access_key", Value::Null, false),
        ("post", "create_token_with_id_token", Value::Null, false),
    ] {
        let mut operation = operation(id, "project_id", &request, &Value::Null);
        if !request.is_null() {
            let pointer = "/requestBody/content/application~1json/schema/properties/old_password";
            operation.pointer_mut(pointer).unwrap()["format"] = json!("password");
        }
        operation["x-retry"] = json!("safe");
        let findings = judge(&[(method, operation)]);
        assert_eq!(
            findings.iter().any(|finding| finding.rule == "retry"),
            harms,
            "{id}: {findings:?}"
        );
    }
}
