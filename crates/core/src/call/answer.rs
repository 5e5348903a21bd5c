//! From HTTP to the documented answer, or to an error.

use super::carried::Carried;
use crate::decode::{self, DecodeError, DecodeErrorKind, LostField};
use crate::error::{Answer, Error, is_error_body, is_header_id, without_nothing};
use crate::operation::Operation;
use crate::response::{Lost, Meta, REQUEST_ID, Response};
use crate::secret::Secret;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use zeroize::Zeroizing;

/// IAM's own name for a request.
const IAM_TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// A whole answer, of any status.
pub(crate) struct HttpAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub carried: Arc<Carried>,
}

/// An answer of status 200 to 299 whose body nobody has looked at.
pub(crate) struct RawResponse {
    pub operation: &'static Operation,
    pub meta: Meta,
    pub body: Bytes,
    pub carried: Option<Arc<Carried>>,
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
        body: Zeroizing::new(body.to_vec()),
    }
}

pub(crate) fn content_encoding(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_ENCODING)?;
    value.to_str().ok()
}

/// What kind of body the answer says it has.
#[derive(PartialEq)]
enum BodyType {
    Json,
    Unsaid,
    Html,
    Other,
}

impl RawResponse {
    /// The body of type `T`: `()` where none is expected, an `Option` where there may be none.
    pub(crate) fn read<T: DeserializeOwned>(
        mut self,
        expected: Expected,
    ) -> Result<Response<T>, Error> {
        let Some(body) = self.documented_body(expected)? else {
            return decode::from_slice(b"null")
                .map(|body| Response::new(body, std::mem::take(&mut self.meta), None))
                .map_err(|error| self.not_decoded(error));
        };
        let hollow = || without_nothing(&decode::text(&body));
        match decode::from_answer(&body) {
            // Only the fields that hold nothing were documented ones.
            Ok(_)
                if hollow()
                    .is_some_and(|text| decode::from_slice::<T>(text.as_bytes()).is_err()) =>
            {
                Err(self.service_error())
            }
            Ok((body, lost)) => {
                let lost = self.told(lost);
                Ok(Response::new(body, self.meta, lost))
            }
            Err(error) => Err(self.not_decoded(error)),
        }
    }

    /// The JSON to decode; none where there is none, as there should be or may be.
    fn documented_body(&mut self, expected: Expected) -> Result<Option<Bytes>, Error> {
        self.check_compression()?;
        let documented = self.operation.success.contains(&self.meta.status);
        match expected {
            Expected::Nothing => self.check_confirmation().map(|()| None),
            Expected::BodyOrNothing if self.is_blank() && documented => Ok(None),
            Expected::Body | Expected::BodyOrNothing => {
                self.check_filled()?;
                let echoes = |carried: &Arc<Carried>| carried.is_echoed_in(&self.body);
                self.meta.hides_body =
                    self.operation.secret || self.carried.as_ref().is_some_and(echoes);
                Ok(Some(self.body.clone()))
            }
        }
    }

    fn check_compression(&self) -> Result<(), Error> {
        match decode::compression(&self.body, content_encoding(&self.meta.headers)) {
            Some(kind) => Err(self.unexpected(format!(
                "the answer is compressed by {kind}, which was not asked for, and cannot be read"
            ))),
            None => Ok(()),
        }
    }

    /// Where no body is documented, a confirmation may come, but no error and no page.
    fn check_confirmation(&self) -> Result<(), Error> {
        let text = decode::text(&self.body);
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if self.body_type() == BodyType::Html || text.starts_with('<') {
            return Err(self.unexpected("the answer has a body where none is documented"));
        }
        match is_error_body(text, false) {
            true => Err(self.service_error()),
            false => Ok(()),
        }
    }

    fn is_blank(&self) -> bool {
        decode::text(&self.body).trim().is_empty()
    }

    fn body_type(&self) -> BodyType {
        let Some(value) = self.meta.headers.get(CONTENT_TYPE) else {
            return BodyType::Unsaid;
        };
        let text = value.as_bytes().to_ascii_lowercase();
        let says = |part: &[u8]| memchr::memmem::find(&text, part).is_some();
        match () {
            () if says(b"json") => BodyType::Json,
            () if says(b"html") => BodyType::Html,
            () => BodyType::Other,
        }
    }

    /// Refuses what holds nothing.
    fn check_filled(&self) -> Result<(), Error> {
        let text = decode::text(&self.body);
        match text.trim() {
            "" => Err(self.unexpected("the answer is empty where a body is documented")),
            "{}" | "null" if matches!(self.body_type(), BodyType::Html | BodyType::Other) => {
                Err(self.unexpected("the answer is not JSON"))
            }
            "{}" | "null" => {
                Err(self.unexpected("the answer holds nothing where a body is documented"))
            }
            _ => Ok(()),
        }
    }

    /// Tells the log what could not be kept.
    fn told(&self, fields: Vec<LostField>) -> Option<Lost> {
        for field in &fields {
            tracing::warn!(
                target: "huaweicloud",
                operation = self.operation.id,
                path = field.path(),
                expected = field.expected(),
                found = field.found(),
                "a field of the answer has another structure than the documented one, and is left out"
            );
        }
        (!fields.is_empty()).then(|| Lost {
            fields,
            body: Some(Secret::from_bytes(&self.body)),
        })
    }

    fn not_decoded(&self, error: DecodeError) -> Error {
        if is_error_body(&decode::text(&self.body), true) {
            return self.service_error();
        }
        // Where nobody said that it is JSON, and it is not, it is something else altogether.
        let is_json = self.body_type() == BodyType::Json;
        match error.kind() {
            DecodeErrorKind::Syntax | DecodeErrorKind::Eof if !is_json => {
                self.unexpected("the answer is not JSON")
            }
            _ => self.seal(Error::decode(error, self.answer())),
        }
    }

    fn service_error(&self) -> Error {
        self.seal(Error::service(self.answer()))
    }

    fn unexpected(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        self.seal(Error::unexpected(message, self.answer()))
    }

    fn answer(&self) -> Answer {
        keep_for_error(self.meta.status, &self.meta.headers, &self.body)
    }

    fn seal(&self, error: Error) -> Error {
        let is_carried = |text: &str| {
            let carried = self.carried.as_ref();
            carried.is_some_and(|carried| carried.holds(text))
        };
        error
            .of_call(self.operation, self.meta.attempts)
            .hide(&is_carried)
    }
}
