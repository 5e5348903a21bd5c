//! Background jobs of DCS. Some operations of DCS call a job a task.
//!
//! The sandbox stores each job as one item. `show_job`, the list of background tasks and the task center all read this
//! item.

use serde_json::{Value, json};

use super::super::Call;
use super::super::timed::{Ending, put, text};
use crate::problem::Problem;
use crate::random;
use crate::store::Writer;

/// The value of `Item::kind` for jobs.
pub(super) const TASK: &str = "task";

/// The error code of a failed job, from the error catalogue of DCS.
pub(super) const FAILED_CODE: &str = "DCS.4842";
pub(super) const FAILED_REASON: &str = "job execution status failed.";

/// Starts a job of an instance, or of the project if `instance` is `None`. Returns the ID of the job.
///
/// The job takes one change time (`--change-time`). With the fault [`FailedTask`](crate::Fault::FailedTask), the job
/// fails at its end.
pub(super) fn start(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    name: &str,
    instance: Option<&str>,
    details: Value,
) -> Result<String, Problem> {
    start_until(call, writer, name, instance, details, &Ending::new(call))
}

/// Like [`start`], but `ending` sets the times of the job, and whether the job fails. A caller can use the same
/// `ending` for the change of another record.
pub(super) fn start_until(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    name: &str,
    instance: Option<&str>,
    details: Value,
    ending: &Ending,
) -> Result<String, Problem> {
    let id = random::hex(32);
    let now = ending.begin_ms;
    let user = call.caller.map(|caller| &caller.user);
    let fields = json!({
        "id": id,
        "job_id": id,
        "name": name,
        "job_type": name,
        "details": details,
        "user_id": user.map(|user| &user.id),
        "user_name": user.map(|user| &user.name),
        "status": "RUNNING",
        "created_at": text(now),
        "updated_at": text(now),
        "begin_time": now.to_string(),
        "enable_show": true,
    });
    let mut task = call.new_item(TASK, instance, &id, fields)?;
    let ended = json!({"updated_at": ending.time(), "end_time": ending.due_ms.to_string()});
    let mut step = match ending.failed {
        false => ending.step("SUCCESS", ended),
        true => ending.step("FAIL", ended),
    };
    if ending.failed {
        step.fields.set("error_code", FAILED_CODE);
        step.fields.set("fail_reason", FAILED_REASON);
    }
    task.steps = vec![step];
    put(call, writer, task)?;
    Ok(id)
}
