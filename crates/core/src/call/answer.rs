//! From HTTP to the documented answer, or to an error.

use crate::decode;
use crate::error::{Answer, Error, is_error_body, is_header_id};
use crate::operation::Operation;
use crate::response::{Meta, REQUEST_ID, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName};
use serde::de::DeserializeOwned;

/// IAM's own name for a request.
const IAM_TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// A whole answer, of any status.
pub(crate) struct HttpAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer of status 200 to 299 whose body nobody has looked at.
pub(crate) struct RawResponse {
    pub operation: &'static Operation,
    pub meta: Meta,
    pub body: Bytes,
}

/// What the document says of an answer's body.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    Body,
    /// A status with a body, and one without.
    BodyOrNothing,
    Nothing,
}

/// What an error keeps of an answer. The body is copied: an error may live long, and shall not keep the connection's buffer, in which the
/// headers are too.
pub(crate) fn keep_for_error(status: u16, headers: &HeaderMap, body: &[u8]) -> Answer {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &http::HeaderValue| value.to_str().ok())
    };
    let content_type = text(CONTENT_TYPE).map(|value| {
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    });
    let id = |name| text(name).filter(|id| is_header_id(id)).map(str::to_owned);
    Answer {
        status,
        request_id: id(REQUEST_ID),
        iam_trace_id: id(IAM_TRACE_ID),
        content_type,
        body: Bytes::copy_from_slice(body),
    }
}

/// What kind of body the answer says it has.
#[derive(PartialEq)]
enum BodyType {
    Json,
    Unsaid,
    Other,
}

impl RawResponse {
    /// The body of type `T`: `()` where none is expected, an `Option` where there may be none.
    pub(crate) fn read<T: DeserializeOwned>(
        self,
        expected: Expected,
    ) -> Result<Response<T>, Error> {
        let text = self.check(expected)?;
        match decode::from_slice(text) {
            Ok(body) => Ok(Response::new(body, self.meta)),
            Err(error) => Err(self.not_decoded(error)),
        }
    }

    /// The JSON to decode: `null` where there is none, as there should be or may be.
    fn check(&self, expected: Expected) -> Result<&[u8], Error> {
        let documented = self.operation.success.contains(&self.meta.status);
        match expected {
            Expected::Nothing => self.check_empty().map(|()| &b"null"[..]),
            Expected::BodyOrNothing if self.is_blank() && documented => Ok(b"null"),
            Expected::Body | Expected::BodyOrNothing => self.check_json().map(|()| &self.body[..]),
        }
    }

    /// `{}` and `null` say the same as no body.
    fn check_empty(&self) -> Result<(), Error> {
        let nothing = matches!(self.body.trim_ascii(), b"{}" | b"null")
            && self.body_type() != BodyType::Other;
        if self.is_blank() || nothing {
            return Ok(());
        }
        Err(self.unexpected("the answer has a body where none is documented"))
    }

    fn is_blank(&self) -> bool {
        self.body.trim_ascii().is_empty()
    }

    fn body_type(&self) -> BodyType {
        let Some(value) = self.meta.headers.get(CONTENT_TYPE) else {
            return BodyType::Unsaid;
        };
        let essence = value
            .as_bytes()
            .split(|byte| *byte == b';')
            .next()
            .unwrap_or_default()
            .trim_ascii()
            .to_ascii_lowercase();
        if essence == b"application/json" || essence.ends_with(b"+json") {
            BodyType::Json
        } else {
            BodyType::Other
        }
    }

    /// Refuses what cannot be a JSON answer, before it is read as one.
    fn check_json(&self) -> Result<(), Error> {
        if self.is_blank() {
            return Err(self.unexpected("the answer is empty where a body is documented"));
        }
        if self.body_type() == BodyType::Other {
            return Err(self.unexpected("the answer is not JSON"));
        }
        if matches!(self.body.trim_ascii(), b"{}" | b"null") {
            return Err(self.unexpected("the answer holds nothing where a body is documented"));
        }
        if is_error_body(&self.body) {
            return Err(self.seal(Error::service(self.answer())));
        }
        Ok(())
    }

    fn not_decoded(&self, error: decode::DecodeError) -> Error {
        // Where nobody said that it is JSON, and it is not, it is something else altogether.
        if self.body_type() == BodyType::Unsaid && error.kind() == decode::DecodeErrorKind::Syntax {
            return self.unexpected("the answer is not JSON");
        }
        self.seal(Error::decode(error, self.answer()))
    }

    fn unexpected(&self, message: &'static str) -> Error {
        self.seal(Error::unexpected(message, self.answer()))
    }

    fn answer(&self) -> Answer {
        keep_for_error(self.meta.status, &self.meta.headers, &self.body)
    }

    fn seal(&self, error: Error) -> Error {
        error.of_call(self.operation, self.meta.attempts)
    }
}
