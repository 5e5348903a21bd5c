use http::StatusCode;
use serde_json::{Value, json};

use super::gateway;
use super::refusal::{Context, Problem, Violation};
use crate::answer::Answer;
use crate::openapi::RequestPart;

/// The form of the Distributed Cache Service, with the codes of its catalogue.
pub(super) fn answer(problem: &Problem, context: &Context<'_>) -> Answer {
    let (status, code, message) = match problem {
        Problem::WrongProject => (
            StatusCode::FORBIDDEN,
            "DCS.2003",
            "This role does not have the permission to perform this operation.".into(),
        ),
        Problem::NoBody => (
            StatusCode::BAD_REQUEST,
            "DCS.4004",
            "Empty request body.".into(),
        ),
        Problem::NotJson => (
            StatusCode::BAD_REQUEST,
            "DCS.4005",
            "The message body contains invalid characters or is not in JSON format.".into(),
        ),
        Problem::Invalid(violations) => invalid(violations),
        Problem::NoSuchResource { .. } => (
            StatusCode::NOT_FOUND,
            "DCS.3022",
            "This DCS instance does not exist.".into(),
        ),
        Problem::Catalogued {
            status,
            code,
            message,
        } => (*status, *code, (*message).to_owned()),
        Problem::Failed(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "DCS.5000",
            "Internal service error.".into(),
        ),
        _ => return gateway::answer(problem, context),
    };
    Answer::json(
        status,
        json!({"error_code": code, "error_msg": message, "error_ext_msg": Value::Null}),
    )
}

fn invalid(violations: &[Violation]) -> (StatusCode, &'static str, String) {
    let (code, message) = match violations.first() {
        Some(first) if first.password_rule => (
            "DCS.4019",
            "The password does not meet complexity requirements.".into(),
        ),
        // The only parameter whose limits have a code of their own.
        Some(first) if first.parameter == "slave_priority_weight" => (
            "DCS.4939",
            "The param slave_priority_weight is invalid.".into(),
        ),
        Some(first) if first.place == RequestPart::Query => (
            "DCS.4800",
            format!("Invalid {} in the request.", first.parameter),
        ),
        Some(first) => (
            "DCS.4062",
            format!("Invalid {} parameter in the request.", first.parameter),
        ),
        None => ("DCS.4062", "Invalid parameter in the request.".into()),
    };
    (StatusCode::BAD_REQUEST, code, message)
}
