//! The loop of a wait. The loop polls until the wait ends or its time limit is reached.

use super::judge::{Age, Goal, Judge, Verdict};
use super::poll::Polled;
use super::settings::{Progress, Settings};
use super::target::{Origin, Target};
use super::waiter::Waiter;
use crate::call::{RawResponse, RepeatableRequest, Session, Tap, check_runtime};
use crate::credential::BoxFuture;
use crate::error::{Error, ErrorKind, is_plain_word};
use crate::operation::Operation;
use std::any::Any;
use std::time::Duration;
use tokio::time::Instant;

/// The decoded answer whose state is a failure. `None` if decoding failed.
pub(super) type Refused = Option<Box<dyn Any + Send + Sync>>;

/// A wait before its first request.
pub(super) struct Plan {
    pub session: Session,
    pub waiter: &'static Waiter,
    pub goal: Goal,
    pub settings: Settings,
    pub request: Result<RepeatableRequest, Error>,
    /// The call that starts the action, and the body of its answer. `None` if the wait starts without an action.
    pub action: Option<(BoxFuture<'static, Result<(), Error>>, Tap)>,
    /// Decodes an answer without a state, and returns the error if decoding fails.
    pub probe: fn(RawResponse) -> Option<Error>,
    pub refuse: fn(RawResponse) -> Refused,
}

/// Executes the wait. This function is not generic, so only this crate compiles it.
pub(super) async fn run(plan: Plan) -> Result<Vec<RawResponse>, Error> {
    check_runtime()?;
    plan.settings.check()?;
    let request = plan.request?;
    let mut made = None;
    let answer = match plan.action {
        None => None,
        Some((action, tap)) => {
            action.await?;
            if plan.waiter.is_of_new() {
                made = Some((Instant::now(), Settings::settle(plan.waiter)));
            }
            tap.get().cloned()
        }
    };
    let origin = Origin {
        request: &request,
        answer,
    };
    let targets = plan.waiter.targets(&origin);
    let targets = targets.map_err(|error| error.of_call(request.operation(), 0))?;
    let things = targets.into_iter().map(|target| Thing {
        settled_at: settled_at(&plan.session, &plan.settings, made, &target),
        is_new: made.is_some(),
        target,
        judge: Judge::default(),
        is_shown: false,
        is_done: false,
        answer: None,
    });
    let things = things.collect();
    let mut polls = Polls {
        session: plan.session,
        waiter: plan.waiter,
        goal: plan.goal,
        things,
        began: Instant::now(),
        polls: 0,
        failures: 0,
        passing: None,
        settings: plan.settings,
        probe: plan.probe,
        refuse: plan.refuse,
    };
    let timeout = polls.settings.timeout;
    let ended = match polls.began.checked_add(timeout) {
        Some(deadline) => tokio::time::timeout_at(deadline, polls.all()).await,
        None => Ok(polls.all().await),
    };
    match ended {
        Ok(result) => result?,
        Err(_) => return Err(polls.late()),
    }
    let things = polls.things.into_iter();
    Ok(things.filter_map(|thing| thing.answer).collect())
}

/// Returns the end of the settle time. Returns `None` if no action on the resource is known, or if the end is too late
/// for an `Instant`.
///
/// If the action of this wait created the resource, the settle time begins with the answer to the action. In all other
/// cases, it begins with the session's last action on the resource.
fn settled_at(
    session: &Session,
    settings: &Settings,
    made: Option<(Instant, Duration)>,
    target: &Target,
) -> Option<Instant> {
    let (began, settle) = made.or_else(|| session.recent().begun(&target.name()))?;
    began.checked_add(settings.settle.unwrap_or(settle))
}

/// A resource that the wait polls.
struct Thing {
    target: Target,
    judge: Judge,
    settled_at: Option<Instant>,
    /// `true` if the action of this wait has created the resource.
    is_new: bool,
    /// `true` if an error message can safely contain the last state.
    is_shown: bool,
    is_done: bool,
    answer: Option<RawResponse>,
}

struct Polls {
    session: Session,
    waiter: &'static Waiter,
    goal: Goal,
    settings: Settings,
    things: Vec<Thing>,
    began: Instant,
    polls: u32,
    /// The number of consecutive failed polls.
    failures: u32,
    /// The error of the last poll, if that poll failed but the wait continued.
    passing: Option<Error>,
    probe: fn(RawResponse) -> Option<Error>,
    refuse: fn(RawResponse) -> Refused,
}

impl Polls {
    async fn all(&mut self) -> Result<(), Error> {
        let mut pause = self.settings.interval;
        loop {
            for number in 0..self.things.len() {
                if !self.things[number].is_done {
                    self.poll(number).await?;
                }
            }
            if self.things.iter().all(|thing| thing.is_done) {
                return Ok(());
            }
            tokio::time::sleep(self.shortened(pause)).await;
            pause = self.settings.longer(pause);
        }
    }

    /// Returns the pause before the next poll. If the settle time of a resource ends during `pause`, the returned pause
    /// ends at this time.
    fn shortened(&self, pause: Duration) -> Duration {
        let now = Instant::now();
        let pending = self.things.iter().filter(|thing| !thing.is_done);
        let times = pending.filter_map(|thing| thing.settled_at);
        let next = times.filter(|time| *time > now).min();
        next.map_or(pause, |time| pause.min(time - now))
    }

    async fn poll(&mut self, number: usize) -> Result<(), Error> {
        let polled = self
            .waiter
            .poll(&self.session, &self.things[number].target)
            .await;
        self.polls = self.polls.saturating_add(1);
        let thing = &mut self.things[number];
        let (found, answer, gone) = match polled {
            Ok(Polled::Known(found, answer, gone)) => (found, answer, gone),
            Ok(Polled::Stateless(answer)) => {
                let field = self.waiter.field;
                let missing = || {
                    let message = format!("the answer has no field `{field}` for the state");
                    Error::new(ErrorKind::UnexpectedAnswer, message)
                };
                let operation = thing.target.request.operation();
                let error = (self.probe)(answer).unwrap_or_else(missing);
                thing.judge.last = None;
                return self.failed(error.of_call(operation, 1));
            }
            Err(error) if may_pass(&error) => return self.failed(error),
            Err(error) => return Err(error),
        };
        self.failures = 0;
        self.passing = None;
        let age = match thing.settled_at {
            Some(time) if Instant::now() < time && thing.is_new => Age::New,
            Some(time) if Instant::now() < time => Age::Early,
            _ => Age::Settled,
        };
        let verdict = thing.judge.judge(&self.goal, &found, age);
        thing.is_done = verdict == Verdict::Done;
        thing.is_shown = match (&answer, &thing.judge.last) {
            (Some(answer), Some(state)) => {
                let is_known = self.goal.lasting.contains(state);
                is_known || (is_plain_word(state) && !answer.carries(state))
            }
            _ => false,
        };
        let operation = thing.target.request.operation();
        let ended = match (verdict, answer) {
            (Verdict::Failed(state), Some(answer)) => Some(self.refused(state, answer)),
            (Verdict::Lost, _) => Some(lost(gone, operation)),
            (Verdict::Done, answer) => {
                self.things[number].answer = answer;
                None
            }
            _ => None,
        };
        let state = self.things[number].judge.last.clone();
        self.report(state.as_deref());
        ended.map_or(Ok(()), Err)
    }

    /// Counts a failed poll. Returns the error of the poll if too many consecutive polls have failed.
    fn failed(&mut self, error: Error) -> Result<(), Error> {
        self.failures = self.failures.saturating_add(1);
        self.report(None);
        if self.failures > self.settings.failures {
            let failures = self.failures;
            return Err(error.with_help(format!(
                "{failures} polls in a row failed: wait again when the service answers; the end of the wait undoes no action"
            )));
        }
        tracing::info!(target: "huaweicloud", kind = ?error.kind(), status = error.status(), failures = self.failures, "a poll failed, and the wait will poll again");
        self.passing = Some(error);
        Ok(())
    }

    fn report(&mut self, state: Option<&str>) {
        let done = self.things.iter().filter(|thing| thing.is_done).count();
        tracing::debug!(target: "huaweicloud", polls = self.polls, done, all = self.things.len(), "waiting");
        if let Some(watch) = &mut self.settings.watch {
            watch(&Progress {
                state,
                polls: self.polls,
                failures: self.failures,
                elapsed: self.began.elapsed(),
                done,
                all: self.things.len(),
            });
        }
    }

    /// Makes the error for a state that is a failure.
    fn refused(&self, state: String, answer: RawResponse) -> Error {
        let meanings = self.waiter.failure.iter();
        let mut meanings = meanings.filter(|(known, _)| *known == state);
        let meaning = meanings.next().map_or("", |(_, meaning)| *meaning);
        let mut error = Error::failed_state(&state, &answer.body).with_meta(&answer.meta);
        if error.hint().is_none() && !meaning.is_empty() {
            error = error.with_help(meaning);
        }
        let error = answer.seal(error).with_state(state);
        match (self.refuse)(answer) {
            Some(whole) => error.with_refused(whole),
            None => error,
        }
    }

    /// Makes the error for a wait that has reached its time limit.
    fn late(self) -> Error {
        let (timeout, all) = (self.settings.timeout, self.things.len());
        let done = self.things.iter().filter(|thing| thing.is_done).count();
        let pending = self.things.into_iter().find(|thing| !thing.is_done);
        let operation = pending
            .as_ref()
            .map(|thing| thing.target.request.operation());
        let state = pending.as_ref().and_then(|thing| thing.judge.last.as_ref());
        let is_shown = pending.as_ref().is_some_and(|thing| thing.is_shown);
        let what = match state {
            Some(state) if is_shown => format!("the last state was `{state}`"),
            Some(_) => "this message does not show the last state: see last_state()".to_owned(),
            None => "the last state is not known".to_owned(),
        };
        let count = match all {
            1 => String::new(),
            all => format!(", and the wait had succeeded for {done} of {all} resources"),
        };
        let polls = self.polls;
        let message = format!("the wait ended after {timeout:?} and {polls} polls: {what}{count}");
        let mut error = Error::new(ErrorKind::Timeout, message)
            .with_help("wait again by the id of the resource, or set a longer timeout; the end of the wait undoes no action");
        if let Some(state) = state {
            error = error.with_state(state.clone());
        }
        if let Some(passing) = self.passing {
            error = error.with_source(passing);
        }
        match operation {
            Some(operation) => error.of_call(operation, 0),
            None => error,
        }
    }
}

/// Returns whether the error is temporary, so that a later poll can succeed.
fn may_pass(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
        ErrorKind::Service => {
            let is_passing = |status| matches!(status, 408 | 421 | 425 | 429 | 500..);
            !error.is_not_found()
                && (error.is_throttled() || error.status().is_some_and(is_passing))
        }
        _ => false,
    }
}

/// Makes the error for a resource that does not exist, although the wait needs it.
fn lost(answer: Option<Error>, operation: &'static Operation) -> Error {
    let error = answer.unwrap_or_else(|| {
        Error::new(
            ErrorKind::Operation,
            "the list does not contain the resource",
        )
        .of_call(operation, 1)
    });
    error.with_help(
        "the resource of the wait does not exist: check its id, and whether someone deleted it",
    )
}
