//! How an error is shown: nothing that a server or a caller wrote, unless its form makes it harmless.

use super::{Error, ErrorKind};
use std::fmt;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{} ({}): ", operation.id, operation.service.name)?;
        }
        if inner.message.is_empty() {
            write!(f, "{}", inner.kind)?
        } else {
            f.write_str(&inner.message)?
        }
        if let Some(decode) = &inner.decode {
            write!(f, ": {decode}")?;
        }
        facts(self, f)?;
        match help(self) {
            "" => Ok(()),
            // Behind a list, on a line of its own.
            help if inner.message.contains('\n') => write!(f, "\n{help}"),
            help => write!(f, "; {help}"),
        }
    }
}

/// The differing lines that are named.
const MOST_LINES: usize = 5;

/// Everything that is known, in brackets.
fn facts(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let inner = &*error.0;
    let mut facts = Vec::new();
    if let Some(answer) = &inner.answer {
        facts.push(format!("HTTP {}", answer.status));
    }
    if let Some(code) = inner
        .code
        .as_deref()
        .filter(|code| error.hint().is_some() || is_catalogue_code(code))
    {
        facts.push(format!("code {code}"));
    }
    if let Some(answer) = &inner.answer {
        if let Some(id) = answer.request_id.as_deref().filter(|id| is_header_id(id)) {
            facts.push(format!("request {id}"));
        }
        if let Some(id) = answer.iam_trace_id.as_deref().filter(|id| is_header_id(id)) {
            facts.push(format!("IAM trace {id}"));
        }
        if matches!(inner.kind, ErrorKind::UnexpectedAnswer | ErrorKind::Decode) {
            let kind = answer
                .content_type
                .as_deref()
                .filter(|kind| is_media_type(kind));
            facts.push(format!("content type {}", kind.unwrap_or("unknown")));
            facts.push(format!("{} bytes", answer.body.len()));
        }
    }
    if let Some(id) = inner.body_request_id.as_deref().filter(|id| is_body_id(id)) {
        facts.push(format!("request in the body {id}"));
    }
    if let Some(lines) = inner
        .difference
        .as_deref()
        .filter(|lines| !lines.is_empty())
    {
        let lines: Vec<String> = lines
            .iter()
            .take(MOST_LINES)
            .map(ToString::to_string)
            .collect();
        facts.push(format!(
            "the gateway read another {}",
            lines.join(" and another ")
        ));
    }
    if let Some(via) = &inner.via {
        facts.push(format!("through the proxy {via}"));
    }
    if inner.attempts > 1 {
        facts.push(format!("{} attempts", inner.attempts));
    }
    if facts.is_empty() {
        Ok(())
    } else {
        write!(f, " ({})", facts.join(", "))
    }
}

/// What to do about it.
fn help(error: &Error) -> &str {
    let inner = &*error.0;
    if !inner.help.is_empty() {
        return &inner.help;
    }
    match error.signature_difference() {
        Some([]) => return "check the secret key: the gateway read the request as it was signed",
        Some(_) => {
            return "see signature_difference(): what lies between here and the gateway must not change the request";
        }
        None => {}
    }
    let has_code = matches!(inner.kind, ErrorKind::Service | ErrorKind::Operation);
    if let Some(hint) = error.hint().filter(|_| has_code) {
        return hint.advice;
    }
    match (inner.kind, error.status()) {
        (ErrorKind::Service, _) if error.is_throttled() => {
            "send fewer requests, or allow a longer timeout"
        }
        (ErrorKind::Service, Some(401)) => {
            "check that the credentials are valid and belong to this region"
        }
        (ErrorKind::Service, Some(403)) => "check that the user may do this in this project",
        (ErrorKind::Service, _) if error.is_not_found() => {
            "check the ids, the project and the region"
        }
        (ErrorKind::Service, Some(400..=499)) => "see error_msg() for the service's reason",
        (ErrorKind::Service, _) => {
            "see error_msg(); if it persists, give the request id to the cloud's support"
        }
        (ErrorKind::Connect, _) if inner.via.is_some() => {
            "check the proxy's address, and what it allows"
        }
        (ErrorKind::Connect, _) => "check the endpoint, the region and the network",
        (ErrorKind::Proxy, _) => {
            "give its user and password by Proxy::with_credentials, or in the address in HTTPS_PROXY"
        }
        (ErrorKind::Tls, _) if inner.via.is_some() => {
            "check the endpoint, this machine's CA certificates and its clock, and whether the proxy opens connections: then give its authority by root_certificate()"
        }
        (ErrorKind::Tls, _) => "check the endpoint, this machine's CA certificates and its clock",
        (ErrorKind::Timeout, _) if inner.via.is_some() => {
            "check the proxy and the network, or set a longer timeout"
        }
        (ErrorKind::Timeout, _) => "check the network, or set a longer timeout",
        (ErrorKind::Transport, _) => "check what was done before repeating",
        (ErrorKind::UnexpectedAnswer, _) => {
            "check that the endpoint is this service's and no proxy answers for it"
        }
        (ErrorKind::Decode, _) => {
            "see raw_body(), and report it to this crate: the documentation or the service has changed"
        }
        (ErrorKind::Operation, _) => "see error_code() and error_msg()",
        (ErrorKind::Interceptor, _) => "see the error's source",
        (ErrorKind::Config | ErrorKind::InvalidRequest | ErrorKind::Credentials, _) => "",
    }
}

/// As `Display`, in fields.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &self.0.kind)
            .field("message", &format_args!("{self}"));
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

/// `DCS.4201`, `ROMA.00110002`, `APIGW.0301`, or an integer of up to six digits.
pub(super) fn is_catalogue_code(code: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match code.split_once('.') {
        Some((area, number)) => {
            area.len() <= 21
                && area.starts_with(|c: char| c.is_ascii_alphabetic())
                && area
                    .bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
                && (2..=12).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && number.bytes().any(|byte| byte.is_ascii_digit())
        }
        None => (1..=6).contains(&code.len()) && digits(code),
    }
}

/// Printable, and short enough for a log's line.
pub(crate) fn is_header_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Begins with a UUID or 32 hexadecimal digits, and goes on with nothing but name characters.
fn is_body_id(id: &str) -> bool {
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let plain = id.get(..32).is_some_and(hexadecimal);
    let uuid = id.get(..36).is_some_and(|uuid| {
        uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && uuid.split('-').all(hexadecimal)
    });
    (plain || uuid) && is_header_id(id)
}

/// `text/html`, without parameters.
fn is_media_type(text: &str) -> bool {
    text.len() <= 100
        && text.contains('/')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_catalogue_codes_are_shown() {
        for code in [
            "DCS.4201",
            "ROMA.00110002",
            "APIGW.0301",
            "SCB.00000000",
            "VPC_X.12a4",
            "401",
            "111400",
        ] {
            assert!(is_catalogue_code(code), "{code}");
        }
        let other = [
            "hunter2",
            "",
            ".",
            "a.b",
            "DCS.x",
            "DCS.password",
            "DCS.1",
            "1DCS.4201",
            "1234567",
            "DCS.42 01",
            "4.2",
            "a.b.c1",
        ];
        for code in other {
            assert!(!is_catalogue_code(code), "{code}");
        }
    }

    #[test]
    fn only_generated_ids_are_shown() {
        assert!(is_body_id(
            "3f4a2a1e-0c1b-4c5d-8e6f-7a8b9c0d1e2f-1577151374102-sandbox-romalink"
        ));
        assert!(is_body_id("0123456789abcdef0123456789ABCDEF"));
        for id in [
            "",
            "my-password",
            "3f4a2a1e-0c1b",
            "0123456789abcdef0123456789abcdef with space",
            "éééééééééééééééééé",
        ] {
            assert!(!is_body_id(id), "{id}");
        }
        assert!(is_header_id("abc"));
        assert!(!is_header_id(&"a".repeat(129)));
        assert!(!is_header_id("a\u{1b}[2J"));
        assert!(is_media_type("application/problem+json"));
        assert!(!is_media_type("text/html; x=\"secret\""));
    }
}
