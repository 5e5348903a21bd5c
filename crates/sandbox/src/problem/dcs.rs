use http::StatusCode;
use serde_json::{Value, json};

use super::gateway;
use super::refusal::{Context, Problem, Violation};
use crate::answer::Answer;
use crate::openapi::RequestPart;

/// Returns an answer in the error form of DCS, with the codes of the service's error catalogue. If DCS has no code for
/// the problem, the answer has the error form of the API gateway.
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
        Problem::InvalidSetting(name) => (
            StatusCode::BAD_REQUEST,
            "DCS.4066",
            format!("Invalid value of the configure parameter {name}."),
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
        // The error catalogue has a separate code for this parameter.
        Some(first) if first.parameter == "slave_priority_weight" => (
            "DCS.4939",
            "The param slave_priority_weight is invalid.".into(),
        ),
        Some(first) if first.place == RequestPart::Query => (
            "DCS.4800",
            format!("Invalid {} in the request.", first.parameter),
        ),
        Some(first) => of_field(&first.parameter),
        None => ("DCS.4062", "Invalid parameter in the request.".into()),
    };
    (StatusCode::BAD_REQUEST, code, message)
}

/// Returns the code and message for a field of the body or a parameter of the path. The error catalogue has separate
/// codes for a few fields.
fn of_field(name: &str) -> (&'static str, String) {
    match name {
        "interval" => (
            "DCS.4820",
            "The interval parameter is invalid. must Greater than or equal to 0.".into(),
        ),
        "scan_keys_count" => (
            "DCS.4822",
            "The scan_keys_count parameter is invalid. Its must Greater than or equal to 10, and Less than or equal to 1000.".into(),
        ),
        _ => (
            "DCS.4062",
            format!("Invalid {name} parameter in the request."),
        ),
    }
}
