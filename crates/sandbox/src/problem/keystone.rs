use http::StatusCode;
use serde_json::json;

use super::gateway;
use super::refusal::{Context, Problem, Violation};
use crate::answer::Answer;

/// Returns an answer in the error form of IAM: `{"error": {"code", "message", "title"}}`.
pub(super) fn answer(problem: &Problem, context: &Context<'_>) -> Answer {
    let (status, message) = match problem {
        Problem::Unauthenticated(reason) => (StatusCode::UNAUTHORIZED, reason.clone()),
        Problem::WrongProject => (
            StatusCode::FORBIDDEN,
            "You are not authorized to perform the requested action.".into(),
        ),
        Problem::NoBody => (
            StatusCode::BAD_REQUEST,
            "Expecting to find a JSON body, and the request has none.".into(),
        ),
        Problem::NotJson => (
            StatusCode::BAD_REQUEST,
            "The request body is not valid JSON.".into(),
        ),
        Problem::Invalid(violations) => (StatusCode::BAD_REQUEST, invalid(violations)),
        Problem::NoSuchResource { id } => (StatusCode::NOT_FOUND, format!("Could not find: {id}.")),
        Problem::Catalogued {
            status, message, ..
        } => (*status, (*message).to_owned()),
        Problem::Failed(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "An unexpected error prevented the server from fulfilling the request.".into(),
        ),
        _ => return gateway::answer(problem, context),
    };
    let title = status.canonical_reason().unwrap_or_default();
    Answer::json(
        status,
        json!({"error": {"code": status.as_u16(), "message": message, "title": title}}),
    )
}

fn invalid(violations: &[Violation]) -> String {
    let list: Vec<_> = violations
        .iter()
        .map(|violation| format!("{} {}", violation.parameter, violation.reason))
        .collect();
    format!("Invalid input: {}.", list.join("; "))
}
