//! Records that change with the clock.
//!
//! The steps of a record define its future changes. A step is due when the clock reaches its `due_ms`. [`at`], [`put`]
//! and [`page`] apply the steps that are due.

use serde_json::{Value, json};

use super::Call;
use crate::Service;
use crate::clock::{after, timestamp};
use crate::problem::Problem;
use crate::store::{Fields, IndexKey, Page, Query, Step, StoreError, Timed, Writer};

/// Returns the record in its state at the time `now_ms`. Returns `None` if a step has deleted the record by then.
pub(crate) fn at<R: Timed>(mut record: R, now_ms: i64) -> Option<R> {
    while record
        .steps()
        .first()
        .is_some_and(|step| step.due_ms <= now_ms)
    {
        let step = record.steps().remove(0);
        record.apply(step)?;
    }
    Some(record)
}

/// Applies the steps that are due, and stores the record. If one of these steps deletes the record, the function
/// removes the record from the database.
pub(super) fn put<R: Timed>(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    record: R,
) -> Result<(), Problem> {
    Ok(write(writer, record, call.state.clock.now_ms())?)
}

fn write<R: Timed>(writer: &mut Writer<'_>, record: R, now_ms: i64) -> Result<(), StoreError> {
    let key = record.key();
    match at(record, now_ms) {
        Some(record) => writer.put(&key, &record),
        None => writer.remove::<R>(&key).map(|_| ()),
    }
}

/// Returns one page of the records that match the query now.
///
/// A query compares the stored values. Therefore the function first applies all steps that are due, and stores the
/// changed records.
pub(super) fn page<R: Timed>(call: &Call<'_>, query: &Query<'_, R>) -> Result<Page<R>, Problem> {
    let now = call.state.clock.now_ms();
    let due = || {
        let now = IndexKey::new(&json!(now));
        Query::default().between(R::BY_DUE, None, Some(now))
    };
    let reader = call.state.store.read()?;
    if reader.list(&due().take(1))?.is_empty() {
        return Ok(reader.page(query)?);
    }
    drop(reader);
    call.state.store.write(|writer| {
        for record in writer.list(&due())? {
            write(writer, record, now)?;
        }
        Ok(writer.page(query)?)
    })
}

/// The start and the end of an action.
pub(super) struct Ending {
    pub begin_ms: i64,
    pub due_ms: i64,
    /// Whether the action fails at its end, because of the fault [`FailedTask`](crate::Fault::FailedTask).
    pub failed: bool,
}

impl Ending {
    pub fn new(call: &Call<'_>) -> Self {
        Self {
            failed: call.state.faults.failed_task(Service::Dcs),
            ..Self::good(call)
        }
    }

    /// Returns the times of an action that starts now and cannot fail.
    pub fn good(call: &Call<'_>) -> Self {
        let begin_ms = call.state.clock.now_ms();
        Self {
            begin_ms,
            due_ms: after(begin_ms, call.state.times.change),
            failed: false,
        }
    }

    /// Returns the time of the end, in the form of DCS answers.
    pub fn time(&self) -> String {
        text(self.due_ms)
    }

    /// Returns the step that sets the status and the fields of a record at the end of the action.
    pub fn step(&self, status: &str, fields: Value) -> Step {
        Step {
            due_ms: self.due_ms,
            status: Some(status.to_owned()),
            fields: Fields::from(fields),
        }
    }
}

/// Returns a time in the form of DCS answers, such as `2020-06-17T07:38:42.503Z`.
pub(crate) fn text(time_ms: i64) -> String {
    format!("{:.3}", timestamp(time_ms))
}
