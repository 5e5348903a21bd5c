//! A wait, with its settings.

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

/// A wait for a state: a future of the output of `W`.
///
/// Nothing is sent before it is awaited. A drop ends the polls, but it does not undo the action.
///
/// It polls with pauses that grow, and within a deadline. These events end it: the awaited state, a documented failure
/// ([`ErrorKind::Operation`](crate::ErrorKind::Operation)), an error that does not pass, and the deadline
/// ([`ErrorKind::Timeout`](crate::ErrorKind::Timeout)). The error has the last state in [`Error::last_state`]. If a
/// state is a failure, [`Error::refused_answer`] has the whole answer.
///
/// If a poll fails without a connection, by a timeout, or with 429 or 5xx, it is repeated. If its answer has no state,
/// it is repeated as well: such an answer is never a success. If no document knows a state, the wait goes on.
#[must_use = "a wait begins when it is awaited"]
pub struct Wait<W: Awaited> {
    stage: Stage,
    result: PhantomData<fn() -> W>,
}

enum Stage {
    Planned(Box<Plan>),
    Running(BoxFuture<'static, Result<Vec<RawResponse>, Error>>),
    /// The state between these two.
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

    /// The time limit of the wait: 30 minutes by default. The action before it has its own limit.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|plan| plan.settings.timeout = timeout)
    }

    /// The first pause between two polls.
    ///
    /// The default is the documented pause, or 2 seconds. If it is longer than the largest pause, the largest pause
    /// becomes this long, too.
    pub fn interval(self, interval: Duration) -> Self {
        self.set(|plan| {
            plan.settings.interval = interval;
            plan.settings.largest = plan.settings.largest.max(interval);
        })
    }

    /// The factor between a pause and the next one: 1.5 by default. With 1 all pauses are equal.
    pub fn factor(self, factor: f64) -> Self {
        self.set(|plan| plan.settings.factor = factor)
    }

    /// The largest pause: 30 seconds by default.
    pub fn max_interval(self, largest: Duration) -> Self {
        self.set(|plan| plan.settings.largest = largest)
    }

    /// The number of polls in a row that may fail with an error that may pass: 10 by default. The retry policy also
    /// repeats each poll.
    pub fn failures(self, failures: u32) -> Self {
        self.set(|plan| plan.settings.failures = failures)
    }

    /// The time after an action in which a state can be from before it.
    ///
    /// The default is the documented time, or 30 seconds. In that time a lasting state, such as RUNNING, counts only if
    /// the wait has seen another state since.
    pub fn settle(self, settle: Duration) -> Self {
        self.set(|plan| plan.settings.settle = Some(settle))
    }

    /// Calls `watch` after each poll.
    pub fn on_progress(self, watch: impl FnMut(&Progress<'_>) + Send + 'static) -> Self {
        self.set(|plan| plan.settings.watch = Some(Box::new(watch)))
    }
}

/// The reason why an answer has no state.
pub(super) fn probe<W: Awaited>(answer: RawResponse) -> Option<Error> {
    answer.into_response::<W::Answer>().err()
}

/// The whole answer of a failure.
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
