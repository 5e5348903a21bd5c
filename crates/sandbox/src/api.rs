use http::{HeaderValue, header};
use serde_json::Value;

use crate::Service;
use crate::answer::Answer;
use crate::authenticate::{self, Caller};
use crate::behaviour::{self, Behaviour, Call};
use crate::openapi::{Document, Operation, Route};
use crate::problem::{Context, Problem};
use crate::received::Received;
use crate::state::State;
use crate::validate;

/// Answers a request to the service of the document: find the operation, check the caller, check the request, do it.
pub(crate) fn answer(document: &Document, state: &State, request: &Received) -> Answer {
    let route = document.route(&request.method, request.uri.path());
    let operation = if let Route::Operation(operation, _) = &route {
        Some(*operation)
    } else {
        None
    };
    let answer = attempt(document.service, &route, state, request).unwrap_or_else(|problem| {
        let id = operation.map_or("-", |operation| operation.id.as_str());
        if let Problem::Failed(reason) = &problem {
            tracing::error!(operation = id, reason, "failed");
        } else if let Problem::Invalid(violations) = &problem {
            tracing::info!(operation = id, ?violations, "refused");
        }
        problem.answer(&Context {
            service: document.service,
            operation,
            request_id: &request.id,
            now_ms: state.clock.now_ms(),
        })
    });
    dated(answer, state)
}

fn attempt(
    service: Service,
    route: &Route<'_>,
    state: &State,
    request: &Received,
) -> Result<Answer, Problem> {
    let (operation, in_path) = match route {
        Route::Operation(operation, in_path) => (*operation, in_path.as_slice()),
        Route::MethodNotAllowed(methods) => return Err(Problem::MethodNotAllowed(methods.clone())),
        Route::NotFound => return Err(Problem::NoSuchPath),
    };
    state.count(&operation.id);
    let behaviour = behaviour::of(&operation.id);
    let caller = caller(operation, behaviour, state, request)?;
    check_project(operation, in_path, caller.as_ref(), state)?;
    let blank = behaviour.map_or(&[][..], |behaviour| behaviour.blank_is_absent);
    let values = validate::check(operation, in_path, request, blank)?;
    let call = Call {
        service,
        state,
        operation,
        request,
        caller: caller.as_ref(),
        values,
    };
    behaviour::common(&call)?;
    match behaviour {
        Some(behaviour) => (behaviour.run)(&call),
        None => Ok(Answer::new(operation.status, operation.example.clone())),
    }
}

fn caller(
    operation: &Operation,
    behaviour: Option<&Behaviour>,
    state: &State,
    request: &Received,
) -> Result<Option<Caller>, Problem> {
    if !operation.authenticated {
        return Ok(None);
    }
    let body: Option<Value> = behaviour
        .and_then(|behaviour| behaviour.token_in_body)
        .and_then(|_| serde_json::from_slice(&request.body).ok());
    let place = behaviour
        .and_then(|behaviour| behaviour.token_in_body)
        .unwrap_or_default();
    let token_in_body = body
        .as_ref()
        .and_then(|body| body.pointer(place))
        .and_then(Value::as_str);
    authenticate::caller(state, request, token_in_body).map(Some)
}

/// Who may call at all may not call for every project.
fn check_project(
    operation: &Operation,
    in_path: &[&str],
    caller: Option<&Caller>,
    state: &State,
) -> Result<(), Problem> {
    let position = operation
        .path
        .iter()
        .position(|parameter| parameter.name == "project_id");
    let project = position.and_then(|position| in_path.get(position));
    match (project, caller) {
        (Some(project), Some(caller)) if !caller.may_use(project, state) => {
            Err(Problem::WrongProject)
        }
        _ => Ok(()),
    }
}

/// With our clock's time, by which signatures are judged, instead of the system's.
fn dated(answer: Answer, state: &State) -> Answer {
    let now = u64::try_from(state.clock.now_ms()).unwrap_or_default();
    let date = httpdate::fmt_http_date(
        std::time::UNIX_EPOCH + std::time::Duration::from_millis(now.min(LAST_HTTP_DATE_MS)),
    );
    match HeaderValue::from_str(&date) {
        Ok(date) => answer.header(header::DATE, date),
        Err(_) => answer,
    }
}

/// 9999-12-31: an HTTP date has four digits for the year.
const LAST_HTTP_DATE_MS: u64 = 253_402_300_799_000;
