//! Creates the answers with which a fault replaces the answer of the service.

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::{Fault, RetryAfter};
use crate::clock::http_date;
use crate::received::Received;

/// Returns the answer that replaces the service's answer. `None` if the fault does not replace the answer.
pub(crate) fn instead(fault: Fault, request: &Received) -> Option<Response> {
    let (status, code, message) = match fault {
        Fault::Throttled(wait) => return Some(throttled(wait, request)),
        Fault::Unauthorized => (
            StatusCode::UNAUTHORIZED,
            "APIGW.0301",
            "Incorrect authentication information",
        ),
        Fault::Forbidden => (StatusCode::FORBIDDEN, "APIGW.0302", "Not allowed"),
        Fault::NotFound => (StatusCode::NOT_FOUND, "APIGW.0101", "There is no such API"),
        Fault::Nonsense => {
            let body = json!([echo(request)]).to_string();
            return Some(response(StatusCode::OK, "application/json", body));
        }
        Fault::Html => return Some(page(StatusCode::OK, "Sign in", request)),
        // This answer imitates a proxy, which does not use the error form of the API gateway.
        Fault::ServiceUnavailable => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Some(page(status, "Service Temporarily Unavailable", request));
        }
        Fault::Redirect => return Some(redirect(request)),
        Fault::InternalServerError => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "APIGW.0601",
            "Internal error",
        ),
        Fault::BadGateway => (StatusCode::BAD_GATEWAY, "APIGW.0202", "Backend unavailable"),
        Fault::GatewayTimeout => (StatusCode::GATEWAY_TIMEOUT, "APIGW.0203", "Backend timeout"),
        _ => return None,
    };
    Some(refusal(status, code, message, request))
}

fn refusal(status: StatusCode, code: &str, message: &str, request: &Received) -> Response {
    let body = json!({
        "error_code": code,
        "error_msg": format!("{message}: {}", echo(request)),
        "request_id": request.id,
    });
    response(status, "application/json", body.to_string())
}

fn throttled(wait: RetryAfter, request: &Received) -> Response {
    let message = "The throttling threshold has been reached";
    let mut response = refusal(
        StatusCode::TOO_MANY_REQUESTS,
        "APIGW.0308",
        message,
        request,
    );
    let now = request.clock.now_ms();
    let value = match wait {
        RetryAfter::Seconds(seconds) => HeaderValue::from(seconds),
        RetryAfter::Date(seconds) => {
            http_date(now.saturating_add(i64::from(seconds).saturating_mul(1000)))
        }
    };
    response.headers_mut().insert(RETRY_AFTER, value);
    response.headers_mut().insert(DATE, http_date(now));
    response
}

fn page(status: StatusCode, title: &str, request: &Received) -> Response {
    let text = format!(
        "<!DOCTYPE html><title>{title}</title><pre>{}</pre>",
        echo(request)
    );
    response(status, "text/html; charset=utf-8", text)
}

/// Returns a redirect to the URL of the request itself. A client that follows redirects then sends a request to the
/// same URL again.
fn redirect(request: &Received) -> Response {
    let mut response = response(StatusCode::FOUND, "text/html", echo(request));
    if let Ok(location) = HeaderValue::try_from(request.uri.to_string()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Returns all headers and the body of the request.
fn echo(request: &Received) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
    };
    let mut text: String = request.headers.iter().map(line).collect();
    text.push_str(&String::from_utf8_lossy(&request.body));
    text
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
