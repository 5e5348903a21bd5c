//! The return types of operations with an `x-waiter`.

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

/// A call of an operation that returns an answer with a state. `S` is the type of the state.
///
/// Like [`Call`], this type is a future. If a program awaits a value of this type, the client makes a single call. The
/// result is the answer with the present state.
///
/// [`wait_for`](Self::wait_for), [`wait`](Self::wait) and [`wait_until_gone`](Self::wait_until_gone) return a future
/// that polls: it sends the request repeatedly until the wait ends. The first request is sent when the program awaits
/// this future.
#[must_use = "await the call to send its request"]
pub struct PolledCall<T: 'static, S: 'static> {
    session: Session,
    stage: Stage<T>,
    waiter: &'static Waiter,
    state: PhantomData<fn(S)>,
}

enum Stage<T> {
    /// The program has not awaited the call, so the client has not sent the request.
    Waiting(Request),
    /// The program awaits the call itself, so the call cannot start a wait any more.
    Sent(Call<T>),
    /// A temporary value, while `Sent` replaces `Waiting`.
    Taken,
}

impl Session {
    /// Makes a call of an operation that returns an answer with a state.
    ///
    /// # Errors
    /// The call fails with the errors of [`send`](Self::send).
    pub fn send_polled<T, S>(&self, request: Request, waiter: &'static Waiter) -> PolledCall<T, S> {
        PolledCall {
            session: self.clone(),
            stage: Stage::Waiting(request),
            waiter,
            state: PhantomData,
        }
    }

    /// Makes a call of an operation that starts an action, such as a restart. `send` makes the call of type `C`.
    ///
    /// # Errors
    /// The [`ActionCall`] fails with the errors of the call of type `C`.
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
    /// Waits until the resource has a state that is documented as success.
    ///
    /// After a recent action of this client or its clones, the wait ignores a state from before the action.
    pub fn wait(self) -> Wait<One<T>> {
        let goal = self.waiter.goal();
        self.begin(goal)
    }

    /// Waits until the resource has the state `state`. Another state that is documented as a failure ends the wait with
    /// an error.
    ///
    /// After a recent action of this client or its clones, the wait ignores a state from before the action.
    pub fn wait_for(self, state: impl Into<S>) -> Wait<One<T>> {
        let state = state.into().to_string();
        let mut goal = self.waiter.goal();
        goal.failure.retain(|failure| *failure != state);
        goal.success = vec![state];
        goal.gone_is_success = false;
        self.begin(goal)
    }

    /// Waits until the resource does not exist any more.
    ///
    /// If the first poll finds a state that is documented as a failure, this state does not end the wait. If a later
    /// poll finds a failure state that differs from the first state, the wait ends with an error.
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
                "the call was already awaited as a single call, so it cannot start a wait",
            )
            .with_help("start the wait on a call that was not awaited")),
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

/// A call of an operation that starts an action, such as a restart.
///
/// `C` is the type of the call without a wait. Like `C`, this type is a future that returns the answer of the
/// operation. [`wait`](Self::wait) makes the call once, and then waits until the action has ended.
///
/// To wait a second time without a second action, use the operation that returns the state of the resource.
#[must_use = "await the call to send its request"]
pub struct ActionCall<C, W> {
    call: C,
    action: Action,
    has_begun: bool,
    result: PhantomData<fn() -> W>,
}

/// The data for storing the time of the action in the session, and for starting a wait.
struct Action {
    session: Session,
    waiter: &'static Waiter,
    /// `None` if the body of the request is a stream or a form.
    request: Option<RepeatableRequest>,
    answer: Tap,
}

impl Action {
    /// Stores the time of the action in the session. The client calls this function when it sends the action, and when
    /// the call ends.
    ///
    /// The function also stores the time if the call fails, because the service may have executed the action. The
    /// function stores nothing if the action creates a new resource, or if the request does not identify the resource.
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
    /// Makes the call once, and waits until its action has ended.
    ///
    /// The wait ignores a state from before the action.
    pub fn wait(self) -> Wait<W> {
        let (session, waiter) = (self.action.session.clone(), self.action.waiter);
        let once = || {
            Error::invalid_request("a wait needs a request whose body is not a stream or a form")
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
    /// Returns the call without the check of its outcome. If the service refuses the action in an answer with a success
    /// status, the returned call succeeds. The fields of the answer then report the refusal.
    ///
    /// The client does not remember the time of this action. So a later wait can succeed with a state from before the
    /// action.
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
            // The program can drop the call before the answer arrives, although the service executes the action. So the
            // client stores the time now.
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
