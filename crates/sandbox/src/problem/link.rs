use http::StatusCode;
use serde_json::json;

use super::gateway;
use super::refusal::{Context, Problem, Violation};
use crate::answer::Answer;
use crate::openapi::{Operation, RequestPart};

/// Returns an answer in the error form of ROMA Connect. In ROMA Connect, a web framework in front of the service checks
/// the parameters of the path and the query. The framework answers with codes that begin with `SCB`. The service itself
/// checks the fields of the body, and answers with codes that begin with `ROMA`. In the sandbox, these errors also have
/// an `SCB` code: a missing body, a body that is not JSON, and a failure of the sandbox. For wrong credentials or a
/// wrong project, the answer has the error form of the API gateway.
pub(super) fn answer(problem: &Problem, context: &Context<'_>) -> Answer {
    let (status, code, message) = match problem {
        Problem::NoBody => (
            StatusCode::BAD_REQUEST,
            "SCB.00000000",
            not_valid("body", RequestPart::Body, context.operation),
        ),
        Problem::NotJson => (
            StatusCode::BAD_REQUEST,
            "SCB.00000000",
            not_valid("body", RequestPart::Body, context.operation),
        ),
        Problem::Invalid(violations) => invalid(violations, context.operation),
        Problem::NoSuchResource { id } => (
            StatusCode::NOT_FOUND,
            "ROMA.00110006",
            format!("The resource does not exist. Check whether the resource ID {id} is correct."),
        ),
        // The documented status of this error is 500, not 404.
        Problem::NoSuchInstance { project, instance } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "ROMA.00110002",
            format!("The instance does not exist. project_id: {project}, instance_id: {instance}"),
        ),
        Problem::Catalogued {
            status,
            code,
            message,
        } => (*status, *code, (*message).to_owned()),
        // The error catalogue has status 500 for this error, not 400.
        Problem::BadFile(reason) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "ROMA.00110721",
            format!("The CSV file is incorrect: {reason}."),
        ),
        Problem::Failed(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "SCB.00000000",
            "Internal Server Error".into(),
        ),
        _ => return gateway::answer(problem, context),
    };
    let request_id = format!(
        "{}-{:013}-sandbox-romalink",
        context.request_id, context.now_ms
    );
    Answer::json(
        status,
        json!({"error_code": code, "error_msg": message, "request_id": request_id}),
    )
}

fn invalid(
    violations: &[Violation],
    operation: Option<&Operation>,
) -> (StatusCode, &'static str, String) {
    match violations.first() {
        Some(first) if first.place != RequestPart::Body => (
            StatusCode::BAD_REQUEST,
            "SCB.00000000",
            not_valid(&first.parameter, first.place, operation),
        ),
        _ => {
            let list: Vec<_> = violations
                .iter()
                .map(|violation| format!("{}:{}", violation.parameter, violation.reason))
                .collect();
            let message = format!(
                "The parameter does not meet verification rules: [{}]",
                list.join(", ")
            );
            (StatusCode::BAD_REQUEST, "ROMA.00110001", message)
        }
    }
}

fn not_valid(parameter: &str, place: RequestPart, operation: Option<&Operation>) -> String {
    let operation = operation.map(internal_name).unwrap_or_default();
    // In most documented examples of this error, these three parameters have different names.
    let parameter = match parameter {
        "device_id" => "deviceOid",
        "product_id" => "productId",
        "rule_id" => "rule_oid",
        other => other,
    };
    format!(
        "Parameter is not valid for operation [{operation}]. Parameter is [{parameter}]. Processor is [{}].",
        place.name()
    )
}

/// Returns the internal name of an operation, for error messages. Some names in the table are from documented examples.
///
/// The other names in the table are guesses in the same form. If the table has no name for the operation, the function
/// builds a name. A guessed or built name can differ from a documented example.
fn internal_name(operation: &Operation) -> String {
    let known = match operation.id.as_str() {
        "create_device" => "link-device.create",
        "show_device" => "link-device.query",
        "list_devices" => "link-device.search",
        "update_device" => "link-device.update",
        "delete_device" => "link-device.delete",
        "show_device_authentication" => "link-device.queryAuthentication",
        "reset_device_authentication" => "link-device.resetAuthentication",
        "list_subsets" => "link-device.batchQuerySubDevices",
        "create_destination" => "link-ruledest.save",
        "delete_destination" => "link-ruledest.delete",
        "create_product" => "link-product.create",
        "show_product" => "link-product.query",
        "list_products" => "link-product.search",
        "delete_product" => "link-product.delete",
        "show_product_authentication" => "link-product.queryAuthentication",
        "reset_product_authentication" => "link-product.resetAuthentication",
        _ => return format!("romalink.link-{}.{}", operation.tag, operation.official_id),
    };
    format!("romalink.{known}")
}
