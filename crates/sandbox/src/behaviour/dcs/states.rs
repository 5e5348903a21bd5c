//! The actions on a DCS instance, and the effect of each action on the status of the instance.

use super::refused;
use crate::Service;
use crate::clock::after;
use crate::problem::Problem;
use crate::state::State;
use crate::store::{Cache, Fields, Step};

/// An action, and its effect on the status of an instance.
struct Change {
    action: &'static str,
    /// The statuses in which the action can start.
    from: &'static [&'static str],
    /// The status during the action. `None` if the action does not change the status before its end.
    via: Option<&'static str>,
    /// The status after the action. `None` if the action deletes the instance.
    end: Option<&'static str>,
    /// The duration of the action, as a multiple of the change time (`--change-time`).
    times: u32,
}

/// The statuses that allow the deletion of an instance. In all other statuses, the deletion fails with DCS.4099.
///
/// In a status of this list, the deletion fails with DCS.4017 if another action is in progress. In the statuses
/// EXTENDING, RESTORING and FLUSHING, another action is in progress, unless `Sandbox::put_dcs_status` set the status.
const DELETABLE: &[&str] = &[
    "CREATEFAILED",
    "RUNNING",
    "ERROR",
    "FROZEN",
    "EXTENDING",
    "RESTORING",
    "FLUSHING",
];
const RUNNING: &[&str] = &["RUNNING"];

/// The name of an action that needs a running instance, but does not change the status of the instance.
pub(super) const CHANGE: &str = "change";

pub(super) const RESIZE: &str = "resize";

#[rustfmt::skip]
const TABLE: &[Change] = &[
    Change { action: "create", from: &["CREATING"], via: None, end: Some("RUNNING"), times: 1 },
    Change { action: "restart", from: RUNNING, via: Some("RESTARTING"), end: Some("RUNNING"), times: 1 },
    Change { action: "soft_restart", from: RUNNING, via: Some("RESTARTING"), end: Some("RUNNING"), times: 1 },
    Change { action: "flush", from: RUNNING, via: Some("FLUSHING"), end: Some("RUNNING"), times: 1 },
    Change { action: RESIZE, from: RUNNING, via: Some("EXTENDING"), end: Some("RUNNING"), times: 1 },
    Change { action: CHANGE, from: RUNNING, via: None, end: Some("RUNNING"), times: 0 },
    Change { action: "backup", from: RUNNING, via: None, end: Some("RUNNING"), times: 1 },
    Change { action: "restore", from: RUNNING, via: Some("RESTORING"), end: Some("RUNNING"), times: 1 },
    Change { action: "delete", from: DELETABLE, via: None, end: None, times: 1 },
];

/// Returns the effect of an action, if the action can start now.
///
/// # Errors
/// Returns an error if the action is unknown, or if the status does not allow the action. Returns an error if another
/// action is in progress.
fn change_of(cache: &Cache, action: &str) -> Result<&'static Change, Problem> {
    let change = TABLE.iter().find(|change| change.action == action);
    let change = change.ok_or(UNKNOWN_ACTION)?;
    let status = cache.status();
    if !change.from.contains(&status) {
        return Err(refusal(action, status));
    }
    if !cache.steps.is_empty() {
        return Err(refused(
            "DCS.4017",
            "This DCS instance job task is still running.",
        ));
    }
    Ok(change)
}

/// Checks whether the action can start now.
pub(super) fn allowed(cache: &Cache, action: &str) -> Result<(), Problem> {
    change_of(cache, action).map(|_| ())
}

/// Starts an action: adds the steps that change the status of the instance. If `times` of the action is 0, the function
/// only checks whether the action can start.
///
/// # Errors
/// Returns the errors of [`allowed`].
pub(super) fn begin(state: &State, cache: &mut Cache, action: &str) -> Result<(), Problem> {
    let change = change_of(cache, action)?;
    if change.times == 0 {
        return Ok(());
    }
    let now = state.clock.now_ms();
    let begin = after(now, state.faults.late_state(Service::Dcs));
    let end = after(begin, state.times.change.saturating_mul(change.times));
    let step = |due_ms, status: Option<&str>| Step {
        due_ms,
        status: status.map(str::to_owned),
        fields: Fields::default(),
    };
    let via = change.via.map(|via| step(begin, Some(via)));
    let mut last = step(end, change.end);
    if action == "flush" {
        last.fields.set("used_memory", 0);
    }
    cache.steps = via.into_iter().chain([last]).collect();
    Ok(())
}

pub(super) const UNKNOWN_ACTION: Problem = refused(
    "DCS.4064",
    "The action parameter in the request must be start, stop, or restart.",
);

fn refusal(action: &str, status: &str) -> Problem {
    match (action, status) {
        ("delete", _) => refused(
            "DCS.4099",
            "DCS instances in the Creating, Starting, Stopping, or Restarting state cannot be deleted.",
        ),
        (_, "CREATING") => refused("DCS.4118", "the instance is creating."),
        (_, "RESTARTING") => refused("DCS.4111", "the instance is restarting."),
        (_, "RESTORING") => refused("DCS.4097", "the instance is restoring."),
        (_, "EXTENDING") => refused("DCS.4113", "the instance is extending."),
        _ => refused("DCS.4049", "The instance status is not running."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_table_contains_only_documented_statuses() {
        let document: Value = serde_json::from_str(Service::Dcs.document()).expect("JSON");
        let documented = document.pointer("/components/schemas/InstanceStatus/enum");
        let documented = documented.and_then(Value::as_array).expect("statuses");
        for change in TABLE {
            let all = change
                .from
                .iter()
                .copied()
                .chain(change.via)
                .chain(change.end);
            for status in all {
                assert!(documented.iter().any(|known| known == status), "{status}");
            }
        }
    }
}
