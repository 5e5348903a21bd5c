//! Formats an exchange for reviewers. A fixed word replaces each secret, and each value that differs between calls.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use huaweicloud::{Error, ErrorKind};
use huaweicloud_e2e::{Document, Exchange};
use serde_json::{Value, json};

use crate::answering::Answer;
use crate::changes::NOTHING;
use crate::given::Given;
use crate::{Called, changes};

/// Headers with values that can differ between calls, and the word that replaces each value.
const VOLATILE: [(&str, &str); 5] = [
    ("content-length", "[length]"),
    ("host", "[host]"),
    ("x-sdk-date", "[date]"),
    ("x-auth-token", "[token]"),
    ("x-security-token", "[token]"),
];

/// Returns the request line, the headers on one line, and the differences between the documented body and the sent
/// body. For a form, the function returns the sent body instead of the differences.
pub fn request(title: &str, document: &Document, exchange: &Exchange, given: &Given) -> String {
    let mut headers: Vec<String> = exchange
        .headers
        .iter()
        .map(|(name, value)| header(name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort();
    let (method, target, headers) = (&exchange.method, &exchange.target, headers.join("; "));
    let text = format!("  {title}\n    {method} {target}\n    {headers}\n");
    let Some(documented) = &given.body else {
        assert!(
            exchange.sent.is_empty(),
            "the client sent a body, but the caller gave none"
        );
        return text;
    };
    if let Some(boundary) = boundary(exchange) {
        let form = String::from_utf8(exchange.sent.to_vec()).unwrap();
        let lines = form.lines().filter(|line| !line.is_empty());
        let lines = lines.map(|line| format!("    {}\n", line.replace(boundary, "[boundary]")));
        return text.replace(boundary, "[boundary]") + &lines.collect::<String>();
    }
    let sent: Value = serde_json::from_slice(&exchange.sent).unwrap();
    let masked = parsed(&document.shown_request(exchange));
    let example = Exchange {
        sent: documented.to_string().into(),
        ..exchange.clone()
    };
    let before = parsed(&document.shown_request(&example));
    text + &changes::lines(&changes::places(documented, &sent), &before, &masked)
}

/// Returns the boundary between the parts of a form. The boundary differs for each form.
fn boundary(exchange: &Exchange) -> Option<&str> {
    let content_type = exchange.headers.get("content-type")?.to_str().ok()?;
    content_type.strip_prefix("multipart/form-data; boundary=")
}

fn header(name: &str, value: &str) -> String {
    let volatile = VOLATILE.iter().find(|(known, _)| *known == name);
    let shown = match (volatile, name) {
        (Some((_, word)), _) => (*word).to_owned(),
        (None, "user-agent") => value.replace(env!("CARGO_PKG_VERSION"), "[version]"),
        (None, "authorization") => match value.split_once("Signature=") {
            Some((before, _)) => format!("{before}Signature=[signature]"),
            None => "[authorization]".to_owned(),
        },
        _ => value.to_owned(),
    };
    format!("{name}: {shown}")
}

/// Returns lines that show how the client decoded a documented answer. Each line begins with the title.
pub fn answer(title: &str, document: &Document, called: &Called, answer: &Answer) -> String {
    let had = match &called.outcome {
        Ok(decoded) => &decoded.headers,
        // An error has no method that returns all headers of the answer.
        Err(_) => &HeaderMap::new(),
    };
    let told = match (&called.outcome, &answer.body) {
        (Ok(decoded), Some(body)) if answer.is_file => {
            assert_eq!(
                &decoded.body, body,
                "the client decoded a different file content"
            );
            String::new()
        }
        (Ok(decoded), Some(body)) => success(document, &called.exchange, body, &decoded.body),
        (Ok(decoded), None) => {
            assert!(
                decoded.body.is_null(),
                "the client decoded a body that the server did not send"
            );
            String::new()
        }
        (Err(error), Some(body)) => failure(error, body),
        (Err(error), None) => format!("    error {:?}\n", error.kind()),
    };
    let told = told + &headers(&answer.headers, had);
    let told = if told.is_empty() { NOTHING } else { &told };
    let lines = told
        .lines()
        .map(|line| format!("  {title} {}\n", line.trim_start()));
    lines.collect()
}

/// Returns one line for each documented header, with the method that returns its value. If the header is missing,
/// changed or visible to `Debug`, the line shows this instead.
pub fn headers(sent: &HeaderMap, had: &HeaderMap) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        let secret = value.is_sensitive();
        let show = |value: &HeaderValue| match secret {
            true => "\"***\"".to_owned(),
            false => format!("{value:?}"),
        };
        let before = show(value);
        let told = match had.get(name) {
            Some(after) if after != value => format!("{before} -> {}", show(after)),
            Some(after) if secret && !after.is_sensitive() => format!("{before} -> shown by Debug"),
            Some(_) if secret => format!("secret_header() {before}"),
            Some(_) => format!("headers() {before}"),
            None => format!("{before} -> nothing"),
        };
        format!("    header {name}  {told}\n")
    };
    sent.iter().map(line).collect()
}

fn success(document: &Document, exchange: &Exchange, body: &Value, decoded: &Value) -> String {
    let again = Exchange {
        received: decoded.to_string().into(),
        ..exchange.clone()
    };
    let before = parsed(&document.shown_answer(exchange));
    let after = parsed(&document.shown_answer(&again));
    changes::lines(&changes::places(body, decoded), &before, &after)
}

/// Returns one line for each value in the body of an error. If a method of the error returns the value, the line names
/// this method. The values are not secrets, because a documentation page shows them publicly.
fn failure(error: &Error, body: &Value) -> String {
    let had = [
        ("error_code", error.error_code().map(Value::from)),
        ("error_msg", error.error_msg().map(Value::from)),
        ("body_request_id", error.body_request_id().map(Value::from)),
        ("status", error.status().map(Value::from)),
    ];
    // The usual kind of the error is `Service`. The snapshot shows only other kinds.
    let mut text = match error.kind() {
        ErrorKind::Service => String::new(),
        kind => format!("    error {kind:?}\n"),
    };
    for place in changes::places(body, &nothing_of(body)) {
        let value = body.pointer(&place).unwrap();
        let found = had.iter().find(|(_, had)| had.as_ref() == Some(value));
        text += &match (found, error.raw_body()) {
            (Some((name, _)), _) => format!("    {place}  {name}() {value}\n"),
            (None, Some(_)) => format!("    {place}  {value} -> only in raw_body()\n"),
            (None, None) => format!("    {place}  {value} -> nothing\n"),
        };
    }
    text
}

/// Returns the value with `null` in place of each inner value that is not an object.
fn nothing_of(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), nothing_of(value)))
            .collect(),
        _ => json!(null),
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
