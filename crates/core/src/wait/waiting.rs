//! The future of a wait, with its settings.

use super::outcome::{Awaited, sealed::Answers};
use super::run::{Plan, Refused, run};
use super::settings::Progress;
use crate::call::RawResponse;
use crate::credential::BoxFuture;
use crate::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// A wait for a state. [`Awaited`] lists the possible results of this future.
///
/// The client sends the first request when the program awaits the future. If the program drops the future, the polls
/// end, but the action is not undone.
///
/// The wait polls with growing pauses. The wait ends with success when each of its resources has reached the awaited
/// state. A wait for a deletion ends with success when the resources do not exist any more. These events end the wait
/// with an error:
///
/// * a state that is documented as a failure: [`ErrorKind::Operation`](crate::ErrorKind::Operation)
/// * the time limit: [`ErrorKind::Timeout`](crate::ErrorKind::Timeout)
/// * a resource that does not exist, although the wait needs it
/// * an error that is not temporary, such as a missing permission
/// * more consecutive failed polls than [`failures`](Self::failures) allows
/// * an error of the action before the wait
///
/// After a failure state or a timeout, [`Error::last_state`] returns the last known state. After a failure state,
/// [`Error::refused_answer`] returns the whole answer.
///
/// If a poll fails with a temporary error, the wait polls again, up to the number of [`failures`](Self::failures).
/// Examples of temporary errors are a failed connection, a timeout, status 429 and status 5xx. If the answer of a poll
/// contains no state, the poll counts as failed. If the state is undocumented, the wait continues.
#[must_use = "await the `Wait` to start it"]
pub struct Wait<W: Awaited> {
    stage: Stage,
    result: PhantomData<fn() -> W>,
}

enum Stage {
    Planned(Box<Plan>),
    Running(BoxFuture<'static, Result<Vec<RawResponse>, Error>>),
    /// A temporary value, while `Running` replaces `Planned`.
    Taken,
}

impl<W: Awaited> Wait<W> {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            stage: Stage::Planned(Box::new(plan)),
            result: PhantomData,
        }
    }

    fn set(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        if let Stage::Planned(plan) = &mut self.stage {
            change(plan);
        }
        self
    }

    /// Sets the time limit of the wait. The default is 30 minutes. An action before the wait has its own time limit.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|plan| plan.settings.timeout = timeout)
    }

    /// Sets the first pause between two polls.
    ///
    /// The default is the interval of the [`Waiter`](crate::wait::Waiter), or 2 seconds. If `interval` is longer than
    /// the longest pause, the longest pause is also set to `interval`.
    pub fn interval(self, interval: Duration) -> Self {
        self.set(|plan| {
            plan.settings.interval = interval;
            plan.settings.largest = plan.settings.largest.max(interval);
        })
    }

    /// Sets the factor between two pauses. After the first pause, each pause is the previous pause multiplied by this
    /// factor, but not longer than the longest pause. The default is 1.5. If the settle time ends during a pause, the
    /// wait polls at the end of the settle time.
    pub fn factor(self, factor: f64) -> Self {
        self.set(|plan| plan.settings.factor = factor)
    }

    /// Sets the longest pause between two polls. The default is 30 seconds, or the default of
    /// [`interval`](Self::interval) if that is longer.
    pub fn max_interval(self, largest: Duration) -> Self {
        self.set(|plan| plan.settings.largest = largest)
    }

    /// Sets the largest allowed number of consecutive failed polls. If more polls fail in a row, the wait ends with an
    /// error. The default is 10.
    ///
    /// The retry policy applies to each request of a poll. A poll counts as failed only after these retries.
    pub fn failures(self, failures: u32) -> Self {
        self.set(|plan| plan.settings.failures = failures)
    }

    /// Sets the settle time: the time after an action in which a poll can return the state from before the action.
    ///
    /// The default is the settle time of the action's [`Waiter`](crate::wait::Waiter), or 30 seconds. During this time,
    /// a documented success or failure state, such as RUNNING, can be old. So the wait ignores such a state until a
    /// poll has found another state.
    ///
    /// If the action of the wait creates the resource, its first state already counts. During the settle time, the wait
    /// continues if the resource does not exist yet.
    pub fn settle(self, settle: Duration) -> Self {
        self.set(|plan| plan.settings.settle = Some(settle))
    }

    /// Sets a function that the wait calls after each poll. If an error of a poll is not temporary, the wait ends
    /// without a call of the function.
    pub fn on_progress(self, watch: impl FnMut(&Progress<'_>) + Send + 'static) -> Self {
        self.set(|plan| plan.settings.watch = Some(Box::new(watch)))
    }
}

/// Decodes an answer without a state, and returns the error of the decoding. Returns `None` if decoding succeeds.
pub(super) fn probe<W: Awaited>(answer: RawResponse) -> Option<Error> {
    answer.into_response::<W::Answer>().err()
}

/// Decodes an answer whose state is a failure. Returns `None` if decoding fails.
pub(super) fn refuse<W: Awaited>(answer: RawResponse) -> Refused {
    let answer = answer.into_response::<W::Answer>().ok()?;
    Some(Box::new(answer.into_inner()))
}

impl<W: Awaited> Future for Wait<W> {
    type Output = Result<W::Output, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Planned(_) = self.stage
            && let Stage::Planned(plan) = std::mem::replace(&mut self.stage, Stage::Taken)
        {
            self.stage = Stage::Running(Box::pin(run(*plan)));
        }
        match &mut self.stage {
            Stage::Running(polls) => {
                let answers = ready!(polls.as_mut().poll(context));
                Poll::Ready(answers.map(Answers).and_then(W::output))
            }
            Stage::Planned(_) | Stage::Taken => Poll::Pending,
        }
    }
}

impl<W: Awaited> fmt::Debug for Wait<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").finish_non_exhaustive()
    }
}
