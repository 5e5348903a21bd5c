//! The return types of operations that can be awaited.

use super::judge::Goal;
use super::outcome::{Awaited, Gone, One};
use super::run::Plan;
use super::settings::Settings;
use super::target::Origin;
use super::waiter::Waiter;
use super::waiting::{Wait, probe, refuse};
use crate::call::{Call, RepeatableRequest, Request, Session, Tap};
use crate::error::Error;
use crate::outcome::JudgedCall;
use crate::response::Response;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A call of an operation whose answer has a state `S`.
///
/// It is a future like [`Call`], and returns the present state. [`wait_for`](Self::wait_for), [`wait`](Self::wait) and
/// [`wait_until_gone`](Self::wait_until_gone) repeat it. Nothing is sent before one of them is awaited.
#[must_use = "a call is sent when it is awaited"]
pub struct PolledCall<T: 'static, S: 'static> {
    session: Session,
    stage: Stage<T>,
    waiter: &'static Waiter,
    state: PhantomData<fn(S)>,
}

enum Stage<T> {
    /// Nothing was sent.
    Waiting(Request),
    /// The single answer was requested.
    Sent(Call<T>),
    /// The state between these two.
    Taken,
}

impl Session {
    /// A call of an operation whose answer has a state.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_polled<T, S>(&self, request: Request, waiter: &'static Waiter) -> PolledCall<T, S> {
        PolledCall {
            session: self.clone(),
            stage: Stage::Waiting(request),
            waiter,
            state: PhantomData,
        }
    }

    /// A call of an operation that starts an action. `send` makes the call itself.
    ///
    /// # Errors
    /// The errors of the call itself.
    pub fn send_action<C, W>(
        &self,
        mut request: Request,
        waiter: &'static Waiter,
        send: impl FnOnce(&Self, Request) -> C,
    ) -> ActionCall<C, W> {
        let action = Action {
            session: self.clone(),
            waiter,
            request: request.copy(),
            answer: request.tap(),
        };
        ActionCall {
            call: send(self, request),
            action,
            has_begun: false,
            result: PhantomData,
        }
    }
}

impl<T, S> PolledCall<T, S>
where
    T: DeserializeOwned + Any + Send + Sync,
    S: fmt::Display,
{
    /// Waits until the state is the documented one of success.
    ///
    /// This client, or a clone of it, may have started an action on the same thing. Then a state from before the action
    /// does not count.
    pub fn wait(self) -> Wait<One<T>> {
        let goal = self.waiter.goal();
        self.begin(goal)
    }

    /// Waits until this is the state. A documented failure ends the wait, too, if it is not the state that was asked
    /// for.
    ///
    /// This client, or a clone of it, may have started an action on the same thing. Then a state from before the action
    /// does not count.
    pub fn wait_for(self, state: impl Into<S>) -> Wait<One<T>> {
        let state = state.into().to_string();
        let mut goal = self.waiter.goal();
        goal.failure.retain(|failure| *failure != state);
        goal.success = vec![state];
        goal.gone_is_success = false;
        self.begin(goal)
    }

    /// Waits until the thing does not exist any more. A failure from before does not end the wait.
    pub fn wait_until_gone(self) -> Wait<Gone<T>> {
        let mut goal = self.waiter.goal();
        goal.success = Vec::new();
        goal.gone_is_success = true;
        self.begin(goal)
    }

    fn begin<W: Awaited>(self, goal: Goal) -> Wait<W> {
        let request = match self.stage {
            Stage::Waiting(request) => request.repeatable(),
            Stage::Sent(_) | Stage::Taken => Err(Error::invalid_request(
                "the call was already polled as a single call, so it cannot wait",
            )
            .with_help("start the wait on a call that was not polled")),
        };
        Wait::new(Plan {
            session: self.session,
            waiter: self.waiter,
            goal,
            settings: Settings::from_waiter(self.waiter),
            request,
            action: None,
            probe: probe::<W>,
            refuse: refuse::<W>,
        })
    }
}

impl Waiter {
    fn goal(&self) -> Goal {
        let success: Vec<String> = self.success.iter().map(ToString::to_string).collect();
        let failure = self.failure.iter().map(|(state, _)| (*state).to_owned());
        let failure: Vec<String> = failure.collect();
        Goal {
            lasting: success.iter().chain(&failure).cloned().collect(),
            success,
            failure,
            gone_is_success: self.gone_is_success,
        }
    }
}

impl<T: DeserializeOwned, S> Future for PolledCall<T, S> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Waiting(_) = self.stage
            && let Stage::Waiting(request) = std::mem::replace(&mut self.stage, Stage::Taken)
        {
            self.stage = Stage::Sent(self.session.send(request));
        }
        match &mut self.stage {
            Stage::Sent(call) => Pin::new(call).poll(context),
            Stage::Waiting(_) | Stage::Taken => Poll::Pending,
        }
    }
}

impl<T, S> fmt::Debug for PolledCall<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolledCall").finish_non_exhaustive()
    }
}

/// A call of an operation that starts an action.
///
/// It is a future like the call `C`, and returns the answer of the operation. [`wait`](Self::wait) waits for the end of
/// the action. A repeated wait never repeats the action. To wait again, use the operation that shows the thing.
#[must_use = "a call is sent when it is awaited"]
pub struct ActionCall<C, W> {
    call: C,
    action: Action,
    has_begun: bool,
    result: PhantomData<fn() -> W>,
}

/// The notes about an action in the memory of a session.
struct Action {
    session: Session,
    waiter: &'static Waiter,
    /// None if the request can be sent only once.
    request: Option<RepeatableRequest>,
    answer: Tap,
}

impl Action {
    /// Notes that the action was sent or answered. An error is noted as well, because the action may have been done. If
    /// the action makes a new thing, no note is needed.
    fn note(&self) {
        if self.waiter.is_of_new() {
            return;
        }
        let settle = Settings::settle(self.waiter);
        let answer = self.answer.get().cloned();
        let request = self.request.as_ref();
        let targets = request.and_then(|request| {
            let origin = Origin { request, answer };
            self.waiter.targets(&origin).ok()
        });
        for target in targets.into_iter().flatten() {
            self.session.recent().note(target.name(), settle);
        }
    }
}

impl<T, C, W> ActionCall<C, W>
where
    C: Future<Output = Result<Response<T>, Error>> + Send + Unpin + 'static,
    W: Awaited + 'static,
{
    /// Calls the operation once, and waits until its action has ended.
    ///
    /// A state from before the action does not count.
    pub fn wait(self) -> Wait<W> {
        let (session, waiter) = (self.action.session.clone(), self.action.waiter);
        let once = || {
            Error::invalid_request(
                "a request with a stream as its body names no resource to wait for",
            )
        };
        let request = self.action.request.clone().ok_or_else(once);
        let answer = self.action.answer.clone();
        let action = Box::pin(async move { self.await.map(|_| ()) });
        Wait::new(Plan {
            session,
            waiter,
            goal: waiter.goal(),
            settings: Settings::from_waiter(waiter),
            request,
            action: Some((action, answer)),
            probe: probe::<W>,
            refuse: refuse::<W>,
        })
    }
}

impl<T, W> ActionCall<JudgedCall<T>, W> {
    /// The same call without judgement. A refusal is `Ok`, and the fields of the answer show it.
    pub fn unjudged(self) -> Call<T> {
        self.call.unjudged()
    }
}

impl<T, C, W> Future for ActionCall<C, W>
where
    C: Future<Output = Result<Response<T>, Error>> + Unpin,
{
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if !std::mem::replace(&mut self.has_begun, true) {
            // If the call is dropped from now on, it is not known whether it was executed.
            self.action.note();
        }
        let answer = ready!(Pin::new(&mut self.call).poll(context));
        self.action.note();
        Poll::Ready(answer)
    }
}

impl<C, W> fmt::Debug for ActionCall<C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionCall").finish_non_exhaustive()
    }
}
