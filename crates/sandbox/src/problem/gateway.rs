use http::StatusCode;
use serde_json::json;

use super::refusal::{Context, Problem};
use crate::answer::Answer;

/// Returns an answer in the error form of the API gateway, which is in front of the services.
pub(super) fn answer(problem: &Problem, context: &Context<'_>) -> Answer {
    let (status, code, message) = match problem {
        Problem::NoSuchPath => (
            StatusCode::NOT_FOUND,
            "APIGW.0101",
            "The API does not exist or has not been published in the environment".into(),
        ),
        Problem::MethodNotAllowed(_) => (
            StatusCode::METHOD_NOT_ALLOWED,
            "APIGW.0101",
            "The API does not exist: the method is not allowed for this path".into(),
        ),
        Problem::BodyTooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "APIGW.0201",
            "The request body exceeds 12 MB".into(),
        ),
        Problem::BodyNotRead => (
            StatusCode::BAD_REQUEST,
            "APIGW.0201",
            "The request body could not be read to its end".into(),
        ),
        Problem::BadHost => (
            StatusCode::BAD_REQUEST,
            "APIGW.0201",
            "The request must name its host in exactly one header Host".into(),
        ),
        Problem::RepeatedHeader(name) => (
            StatusCode::BAD_REQUEST,
            "APIGW.0201",
            format!("The header {name} must be sent only once"),
        ),
        Problem::Unauthenticated(reason) => (
            StatusCode::UNAUTHORIZED,
            "APIGW.0301",
            format!("Incorrect IAM authentication information: {reason}"),
        ),
        Problem::Skewed { signed, now } => (
            StatusCode::UNAUTHORIZED,
            "APIGW.0303",
            format!(
                "Incorrect IAM authentication information: signature expired, signature time:{signed}, server time:{now}"
            ),
        ),
        Problem::WrongProject => (
            StatusCode::FORBIDDEN,
            "APIGW.0302",
            "The IAM user is not authorized to access this project".into(),
        ),
        _ => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "APIGW.0601",
            "Internal error".into(),
        ),
    };
    Answer::json(
        status,
        json!({"error_code": code, "error_msg": message, "request_id": context.request_id}),
    )
}
