//! The `Display` and `Debug` output of an error. The output contains a string from a server only if its form is
//! harmless, or if it is a documented error code.

use super::kind::ErrorKind;
use super::shape::{is_catalogue_code, is_documented_id, is_media_type, is_trace_id};
use super::value::{Error, Inner};
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
            // If the message has several lines, the advice starts on a new line.
            help if inner.message.contains('\n') => write!(f, "\n{help}"),
            help => write!(f, "; {help}"),
        }
    }
}

/// The largest number of differing lines that the output names.
const MOST_LINES: usize = 5;

/// Writes the facts that are safe to show, in parentheses.
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
        .filter(|_| !inner.hidden.code)
    {
        facts.push(format!("code {code}"));
    }
    if let Some(answer) = &inner.answer {
        let id = answer.request_id.as_deref();
        if let Some(id) = id.filter(|id| !inner.hidden.request_id && is_documented_id(id)) {
            facts.push(format!("request id {id}"));
        }
        let id = answer.iam_trace_id.as_deref();
        if let Some(id) = id.filter(|id| is_trace_shown(inner, id)) {
            facts.push(format!("IAM trace {id}"));
        }
        if matches!(inner.kind, ErrorKind::UnexpectedAnswer | ErrorKind::Decode) {
            let kind = answer
                .content_type
                .as_deref()
                .filter(|kind| !inner.hidden.content_type && is_media_type(kind))
                .map_or_else(|| "unknown".to_owned(), str::to_ascii_lowercase);
            facts.push(format!("content type {kind}"));
            facts.push(format!("{} bytes", answer.body.len()));
        }
    }
    let id = inner.body_request_id.as_deref();
    if let Some(id) = id.filter(|id| !inner.hidden.body_request_id && is_documented_id(id)) {
        facts.push(format!("request id in the body {id}"));
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

fn is_trace_shown(inner: &Inner, id: &str) -> bool {
    !inner.hidden.iam_trace_id && (is_trace_id(id) || is_documented_id(id))
}

/// Returns the advice, or an empty string if there is no advice.
fn help(error: &Error) -> &str {
    let inner = &*error.0;
    if !inner.help.is_empty() {
        return &inner.help;
    }
    match error.signature_difference() {
        Some([]) => return "check the secret key: the gateway read the request as it was signed",
        Some(_) => {
            return "see signature_difference(): systems between the client and the gateway must not change the request";
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
        (ErrorKind::Service, Some(403)) => {
            "check that the user has the permission for this operation in this project"
        }
        (ErrorKind::Service, _) if error.is_not_found() => {
            "check the ids, the project and the region"
        }
        (ErrorKind::Service, Some(400..=499)) => "see error_msg() for the service's reason",
        (ErrorKind::Service, _) => {
            "see error_msg(); if the error persists, give the request id to the cloud's support"
        }
        (ErrorKind::Connect, _) if inner.via.is_some() => {
            "check the address of the proxy, and whether the proxy allows this host"
        }
        (ErrorKind::Connect, _) => "check the endpoint, the region and the network",
        (ErrorKind::Proxy, _) => {
            "give the proxy's user and password by Proxy::with_credentials, or in the environment variable that contains the proxy's address"
        }
        (ErrorKind::Tls, _) if inner.via.is_some() => {
            "check the endpoint, this machine's CA certificates and its clock; if the proxy decrypts TLS, give its CA certificate by root_certificate()"
        }
        (ErrorKind::Tls, _) => "check the endpoint, this machine's CA certificates and its clock",
        (ErrorKind::Timeout, _) if inner.via.is_some() => {
            "check the address of the proxy and the network, or set a longer timeout"
        }
        (ErrorKind::Timeout, _) => "check the network, or set a longer timeout",
        (ErrorKind::Transport, _) => "check whether the request was executed before repeating it",
        (ErrorKind::UnexpectedAnswer, _) => {
            "check that the endpoint belongs to this service, and that no proxy answers instead of the service"
        }
        (ErrorKind::Decode, _) if inner.operation.is_some_and(|operation| operation.secret) => {
            "see take_withheld_body(), and report the structure of the body, without its values, to the maintainers of this crate"
        }
        (ErrorKind::Decode, _) => {
            "see raw_body(), and report the structure of the body to the maintainers of this crate"
        }
        (ErrorKind::Operation, _) => "see error_code() and error_msg()",
        (ErrorKind::Interceptor | ErrorKind::File, _) => "see the error's source",
        (ErrorKind::Config | ErrorKind::InvalidRequest | ErrorKind::Credentials, _) => "",
    }
}

/// Shows the kind, the `Display` output and the source.
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
