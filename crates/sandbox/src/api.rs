use http::header;
use serde_json::Value;

use crate::Service;
use crate::answer::Answer;
use crate::authenticate::{self, Caller};
use crate::behaviour::{self, Behaviour, Call};
use crate::clock::http_date;
use crate::openapi::{Body, Document, Operation, Route};
use crate::problem::{Context, Problem};
use crate::received::Received;
use crate::state::State;
use crate::validate;

/// Answers a request to the service that `document` describes. The function finds the operation, checks the caller and
/// the request, and runs the behaviour. The behaviour is the code of the sandbox for this operation. If the operation
/// has no behaviour, or if `document.examples_only` is set, the answer is the documented example.
pub(crate) fn answer(document: &Document, state: &State, request: &Received) -> Answer {
    let route = document.route(&request.method, request.uri.path());
    let operation = match &route {
        Route::Operation(operation, _) => Some(*operation),
        Route::MethodNotAllowed(_) | Route::NotFound => None,
    };
    let answer = attempt(document, &route, state, request).unwrap_or_else(|problem| {
        log(operation, &problem);
        let (service, now_ms) = (document.service, request.clock.now_ms());
        problem.answer(&Context {
            service,
            operation,
            request_id: &request.id,
            now_ms,
        })
    });
    // The header `Date` shows the sandbox's clock, which also decides whether a signature has expired. This clock can
    // differ from the system's clock.
    answer.header(header::DATE, http_date(request.clock.now_ms()))
}

/// Returns whether the request is short: the sandbox can probably compute the answer quickly. A database search and the
/// computation of a password hash take longer, and block the thread. An operation with query parameters can search the
/// database. An operation can compute a hash if it belongs to IAM, or if its body has password rules
/// (`x-password-rule`).
pub(crate) fn is_short(document: &Document, request: &Received) -> bool {
    match document.route(&request.method, request.uri.path()) {
        Route::Operation(operation, _) => {
            document.service != Service::Iam
                && operation.query.is_empty()
                && operation.body.as_ref().is_none_or(Body::has_no_password)
        }
        Route::MethodNotAllowed(_) | Route::NotFound => true,
    }
}

/// Counts a request for which a fault replaces the answer of the operation.
pub(crate) fn count(document: &Document, state: &State, request: &Received) {
    if let Route::Operation(operation, _) = document.route(&request.method, request.uri.path()) {
        state.count(&operation.id);
    }
}

/// Logs why the sandbox failed, or which rules an invalid request violates. A violation contains no value of the
/// request, because a value could be a secret.
fn log(operation: Option<&Operation>, problem: &Problem) {
    let operation = operation.map_or("-", |operation| operation.id.as_str());
    match problem {
        Problem::Failed(reason) => tracing::error!(operation, reason, "failed"),
        Problem::Invalid(violations) => tracing::info!(operation, ?violations, "refused"),
        _ => {}
    }
}

fn attempt(
    document: &Document,
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
    let behaviour = behaviour::find_behaviour(&operation.id);
    let caller = caller(operation, behaviour, state, request)?;
    check_project(operation, in_path, caller.as_ref(), state)?;
    let blank = behaviour.map_or(&[][..], |behaviour| behaviour.blank_is_absent);
    let values = validate::check(operation, in_path, request, blank)?;
    let call = Call {
        document,
        service: document.service,
        state,
        operation,
        request,
        caller: caller.as_ref(),
        values,
    };
    behaviour::common(&call)?;
    match behaviour {
        Some(behaviour) if !document.examples_only => (behaviour.run)(&call),
        _ => Ok(example(operation)),
    }
}

/// Returns the documented example. If the answer is a file, its file name is the operation ID with an extension. The
/// extension is the subtype of the media type, such as `csv`.
fn example(operation: &Operation) -> Answer {
    let (status, example) = (operation.status, operation.example.clone());
    let Some(media_type) = &operation.file else {
        return Answer::new(status, example);
    };
    let (_, extension) = media_type.split_once('/').unwrap_or_default();
    let name = format!("{}.{extension}", operation.id);
    Answer::file(status, media_type, &name, example)
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
    let place = behaviour.and_then(|behaviour| behaviour.token_in_body);
    let body: Option<Value> = place.and_then(|_| serde_json::from_slice(&request.body).ok());
    let token = body
        .as_ref()
        .and_then(|body| body.pointer(place?)?.as_str());
    authenticate::caller(state, request, token).map(Some)
}

/// Checks that the credentials are valid for the project in the path.
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method, StatusCode};
    use serde_json::json;

    use super::*;

    /// A document with operations that have no behaviour in the sandbox.
    fn document() -> Document {
        let parameter = json!({"name": "size", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 10}});
        let media = json!({"application/json": {"examples": {"first": {"value": {"done": true}}}}});
        let text = json!({"security": [{"token": []}], "paths": {
            "/open": {"post": {"operationId": "start_something", "security": [], "parameters": [parameter], "responses": {
                "400": {"description": "refused"},
                "202": {"description": "started", "content": media},
                "204": {"description": "nothing to do"},
            }}},
            "/file": {"get": {"operationId": "export_something", "security": [], "responses": {
                "200": {"description": "a file", "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}, "example": "a,b"}}},
            }}},
            "/closed": {"get": {"operationId": "show_something", "responses": {"204": {"description": "nothing"}}}},
        }});
        Document::load(Service::Iam, &text.to_string()).expect("a document")
    }

    fn call(method: Method, uri: &str) -> Answer {
        let state = State::for_test();
        let request = Received {
            method,
            uri: uri.parse().expect("a URI"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            form: None,
            id: "id".to_owned(),
            clock: state.clock.clone(),
        };
        answer(&document(), &state, &request)
    }

    #[test]
    fn an_operation_without_behaviour_answers_with_its_documented_example() {
        let answer = call(Method::POST, "/open?size=3");
        assert_eq!(
            (answer.status, answer.body),
            (StatusCode::ACCEPTED, Some(json!({"done": true})))
        );
    }

    #[test]
    fn a_file_answer_has_the_documented_example_a_media_type_and_a_file_name() {
        let answer = call(Method::GET, "/file");
        assert_eq!(answer.body, Some(json!("a,b")));
        assert_eq!(answer.headers["content-type"], "text/csv");
        let disposition = "attachment; filename=\"export_something.csv\"";
        assert_eq!(answer.headers["content-disposition"], disposition);
    }

    #[test]
    fn operations_without_behaviour_also_check_parameters_and_credentials() {
        for bad in [
            "/open",
            "/open?size=11",
            "/open?size=",
            "/open?size=3.5",
            "/open?size=3&size=11",
            "/open?size=3&size=3",
            "/open?size=3&other=1",
        ] {
            assert_eq!(
                call(Method::POST, bad).status,
                StatusCode::BAD_REQUEST,
                "{bad}"
            );
        }
        assert_eq!(
            call(Method::GET, "/closed").status,
            StatusCode::UNAUTHORIZED
        );
    }
}
