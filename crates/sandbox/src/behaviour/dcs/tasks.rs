//! The operations of the chapter (OpenAPI tag) `tasks`: jobs, the background tasks of an instance, and the task center.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::items::{pick, present, remove};
use super::super::{Behaviour, Call, does};
use super::jobs::{TASK, start};
use super::lifecycle::{known, running};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Item, Page, Query, StoreError};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("show_job", does(show_job)),
    ("list_background_tasks", does(list_of_instance)),
    ("delete_background_task", does(delete_of_instance)),
    ("show_background_task_progress", does(show_progress)),
    ("list_center_tasks", does(list_of_project)),
    ("delete_center_task", does(delete_of_project)),
    ("show_export_job", does(show_export)),
    ("start_resize_check", does(check_resize)),
];

/// The fields of a task in the task list of an instance and in the task center. The task center also shows `job_id` and
/// `error_code`.
const SHOWN: [&str; 9] = [
    "id",
    "name",
    "details",
    "user_name",
    "user_id",
    "status",
    "created_at",
    "updated_at",
    "enable_show",
];

/// The error for a missing task. In the error catalogue of DCS, the code DCS.4133 has only status 400. But the
/// documentation pages list status 404 for a missing resource. So the sandbox answers with status 404.
const NO_TASK: Problem = Problem::Catalogued {
    status: StatusCode::NOT_FOUND,
    code: "DCS.4133",
    message: "Instance job is not found.",
};

fn task(
    call: &Call<'_>,
    id: &str,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    call.item(TASK, id, get)?.ok_or(NO_TASK)
}

fn show_job(call: &Call<'_>) -> Result<Answer, Problem> {
    let task = task(call, call.in_path("job_id")?, |key| {
        call.state.store.read()?.get(key)
    })?;
    let names = [
        "job_id",
        "job_type",
        "status",
        "begin_time",
        "end_time",
        "fail_reason",
    ];
    let mut job = present(pick(&task.fields, &names));
    // The answer shows `fail_reason` even if its value is `null`, because the OpenAPI document allows `null` here.
    job["fail_reason"] = task.fields["fail_reason"].clone();
    Ok(Answer::ok(job))
}

fn list_of_instance(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let page = page(call)?;
    let tasks = page
        .records
        .iter()
        .map(|task| present(pick(&task.fields, &SHOWN)));
    Ok(listed(page.total, tasks.collect()))
}

fn list_of_project(call: &Call<'_>) -> Result<Answer, Problem> {
    let page = page(call)?;
    let names: Vec<_> = SHOWN
        .iter()
        .copied()
        .chain(["job_id", "error_code"])
        .collect();
    let shown = |task: &Item| present(pick(&task.fields, &names));
    Ok(listed(page.total, page.records.iter().map(shown).collect()))
}

fn listed(total: u64, tasks: Vec<Value>) -> Answer {
    Answer::ok(json!({"task_count": total.to_string(), "tasks": tasks}))
}

/// Returns a page of the list of tasks. The newest task comes first.
fn page(call: &Call<'_>) -> Result<Page<Item>, Problem> {
    let query: Query<'_, Item> = call.items(TASK)?;
    let query = call.created_between(query, TASK, ("start_time", "end_time"))?;
    call.page_of_items(query.descending(), 10)
}

fn delete_of_instance(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    delete(call)?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn delete_of_project(call: &Call<'_>) -> Result<Answer, Problem> {
    delete(call)?;
    Ok(Answer::new(StatusCode::OK, None))
}

fn delete(call: &Call<'_>) -> Result<(), Problem> {
    call.state.store.write(|writer| {
        let task = task(call, call.in_path("task_id")?, |key| writer.get(key))?;
        if task.status() == "RUNNING" {
            return Err(super::refused(
                "DCS.4957",
                "This operation is not allowed when the task is in the current state.",
            ));
        }
        remove(writer, &task)?;
        Ok(())
    })
}

/// Shows the progress of a task. In the sandbox, every task consists of one step.
fn show_progress(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let task = task(call, call.in_path("task_id")?, |key| {
        call.state.store.read()?.get(key)
    })?;
    let now = call.state.clock.now_ms();
    let due = task.steps.first().map_or(now, |step| step.due_ms);
    let (whole, passed) = (due - task.created_ms, now - task.created_ms);
    let (progress, status) = match task.status() {
        "SUCCESS" => (100, "FINISH"),
        "FAIL" => (100, "FAILED"),
        _ => (passed.saturating_mul(100) / whole.max(1), "EXECUTING"),
    };
    let mut step = json!({
        "step_id": task.id,
        "step_name": task.fields["name"],
        "step_status": status,
        "begin_time": task.fields["created_at"],
        "sub_step_details": [],
    });
    if status != "EXECUTING" {
        step["end_time"] = task.fields["updated_at"].clone();
    }
    if !task.fields["error_code"].is_null() {
        step["error_code"] = task.fields["error_code"].clone();
    }
    Ok(Answer::ok(json!({
        "progress": progress,
        "remain_time": ((due - now).max(0) + 999) / 1000,
        "step_details": [step],
    })))
}

fn check_resize(call: &Call<'_>) -> Result<Answer, Problem> {
    let job = call.state.store.write(|writer| {
        let instance = running(call, writer)?;
        let body = &call.values.body;
        let details = present(json!({
            "new_capacity": body["new_capacity"].as_i64().map(|capacity| capacity.to_string()),
            "new_resource_spec_code": body["spec_code"],
        }));
        start(call, writer, "resizeCheck", Some(instance.id()), details)
    })?;
    Ok(Answer::ok(json!({"job_id": job})))
}

fn show_export(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.text(&call.values.query, "job_id").unwrap_or_default();
    let task = task(call, id, |key| call.state.store.read()?.get(key))?;
    let status = match task.status() {
        "SUCCESS" => "SUCCESS",
        "FAIL" => "FAILED",
        _ => "EXECUTING",
    };
    let mut export = json!({
        "status": status,
        "err_code": task.fields["error_code"],
        "err_msg": task.fields["fail_reason"],
    });
    if task.status() == "SUCCESS" {
        export["file_name"] = json!(format!("{id}.xls"));
        export["link"] = json!(format!("https://exports.sandbox.invalid/{id}.xls"));
    }
    Ok(Answer::ok(export))
}
