//! Makes the documented answer or an error from an HTTP answer.

use super::carried::Carried;
use super::download::{Download, FileBody, Origin};
use super::meter::Meter;
use crate::decode::{self, DecodeError, DecodeErrorKind, Lenient, LostField, Whole};
use crate::error::{Answer, Error, is_error_body, is_header_id, without_nothing};
use crate::operation::Operation;
use crate::response::{Lost, Meta, REQUEST_ID, Response};
use crate::secret::Secret;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, TRANSFER_ENCODING};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The header with the id by which IAM identifies a request.
const IAM_TRACE_ID: HeaderName = HeaderName::from_static("x-iam-trace-id");

/// An answer with any status.
pub(crate) struct HttpAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body. If `file` is not `None`, this field contains only the bytes that the client has already read.
    pub body: Bytes,
    pub file: Option<FileBody>,
    pub carried: Arc<Carried>,
}

/// An answer with a status of 200 to 299. Its body is not checked yet.
pub(crate) struct RawResponse {
    pub operation: &'static Operation,
    pub expected: Expected,
    pub meta: Meta,
    /// The body. If `file` is not `None`, this field contains only the bytes that the client has already read.
    pub body: Bytes,
    pub file: Option<(Origin, FileBody)>,
    pub carried: Option<Arc<Carried>>,
}

/// The kind of body that the OpenAPI document describes.
#[derive(Clone, Copy)]
pub(crate) enum Expected {
    /// JSON with documented fields.
    Object,
    /// JSON with documented fields, or no body. An answer without a body must have a documented status.
    ObjectOrNothing,
    /// JSON without documented fields.
    Open,
    OpenOrNothing,
    File,
    FileOrNothing,
    Nothing,
}

impl Expected {
    pub(crate) fn is_file(self) -> bool {
        matches!(self, Self::File | Self::FileOrNothing)
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::OpenOrNothing)
    }

    fn may_be_nothing(self) -> bool {
        matches!(
            self,
            Self::ObjectOrNothing | Self::OpenOrNothing | Self::FileOrNothing
        )
    }
}

/// Reads a body of type `T`. `T` is `()` if no body is expected, and an `Option` if the body is optional.
pub(crate) fn read_json<T: DeserializeOwned>(
    meter: Meter,
    answer: Result<RawResponse, Error>,
) -> Result<Response<T>, Error> {
    meter.stop(answer.and_then(RawResponse::into_response))
}

/// Reads JSON without documented fields.
pub(crate) fn read_open<T: Lenient>(
    meter: Meter,
    answer: Result<RawResponse, Error>,
) -> Result<Response<T>, Error> {
    read_json::<Whole<T>>(meter, answer).map(|answer| answer.map(|whole| whole.0))
}

/// Like [`read_open`], but returns `None` if the answer has no body.
pub(crate) fn read_open_optional<T: Lenient>(
    meter: Meter,
    answer: Result<RawResponse, Error>,
) -> Result<Response<Option<T>>, Error> {
    let answer = read_json::<Option<Whole<T>>>(meter, answer)?;
    Ok(answer.map(|body| body.map(|whole| whole.0)))
}

/// Returns a file as a [`Download`]. The meter measures the call until the end of the file.
pub(crate) fn read_file(
    meter: Meter,
    answer: Result<RawResponse, Error>,
) -> Result<Response<Download>, Error> {
    match answer.and_then(RawResponse::into_file) {
        Ok((meta, origin, body)) => {
            let file = Download::new(origin, &meta.headers, body, meter);
            Ok(Response::new(file, meta, None))
        }
        Err(error) => meter.stop(Err(error)),
    }
}

/// Like [`read_file`], but returns `None` if the answer has status 204, and this status is documented.
pub(crate) fn read_optional_file(
    meter: Meter,
    answer: Result<RawResponse, Error>,
) -> Result<Response<Option<Download>>, Error> {
    match answer {
        Ok(answer) if answer.meta.status == NO_CONTENT => {
            read_json::<()>(meter, Ok(answer)).map(|answer| answer.map(|()| None))
        }
        answer => read_file(meter, answer).map(|answer| answer.map(Some)),
    }
}

const NO_CONTENT: u16 = 204;

/// Returns the parts of an answer that an error keeps.
///
/// The function copies the body, because a program can keep an error for a long time. Without the copy, the error would
/// keep the buffer of the connection, which also contains the headers.
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
            .to_owned()
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

/// The content type that the answer states.
#[derive(PartialEq)]
enum BodyType {
    Json,
    Unsaid,
    Html,
    Other,
}

impl RawResponse {
    pub(crate) fn into_response<T: DeserializeOwned>(mut self) -> Result<Response<T>, Error> {
        let Some(body) = self.documented_body()? else {
            return decode::from_slice(b"null")
                .map(|body| Response::new(body, std::mem::take(&mut self.meta), None))
                .map_err(|error| self.not_decoded(error));
        };
        if self.expected.is_open() && is_error_body(&decode::text(&body), false) {
            return Err(self.service_error());
        }
        let hollow = || without_nothing(&decode::text(&body));
        match decode::from_answer(&body) {
            // The body has signs of an error, and each documented field is empty or absent.
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

    /// Returns the JSON to decode. Returns `None` if no body is documented, or if an optional body is absent.
    fn documented_body(&mut self) -> Result<Option<Bytes>, Error> {
        self.check_compression()?;
        match self.expected {
            Expected::Nothing => self.check_confirmation().map(|()| None),
            maybe if maybe.may_be_nothing() && self.is_blank() && self.is_documented() => Ok(None),
            _ => {
                self.check_filled()?;
                let echoes = |carried: &Arc<Carried>| carried.is_echoed_in(&self.body);
                self.meta.hides_body =
                    self.operation.secret || self.carried.as_ref().is_some_and(echoes);
                Ok(Some(self.body.clone()))
            }
        }
    }

    fn is_documented(&self) -> bool {
        self.operation.success.contains(&self.meta.status)
    }

    /// Returns the file. Returns an error if the answer is not the documented file.
    fn into_file(mut self) -> Result<(Meta, Origin, FileBody), Error> {
        self.check_file()?;
        match self.file.take() {
            Some((origin, body)) => Ok((self.meta, origin, body)),
            None => Err(self.unexpected("the answer has no body, although a file is documented")),
        }
    }

    /// Returns an error if the answer is not a file, or if the file is compressed. Also returns an error for an
    /// undocumented status, such as 206 (partial content).
    fn check_file(&self) -> Result<(), Error> {
        let body = self.file.as_ref().map(|(_, body)| body);
        let is_whole = body.is_some_and(|body| body.rest.is_none());
        let text = decode::text(&self.body);
        if is_whole && text.trim_start().starts_with(['{', '[']) && is_error_body(&text, true) {
            return Err(self.service_error());
        }
        let has = |name| self.meta.headers.get(name);
        let encoding = content_encoding(&self.meta.headers).unwrap_or("identity");
        let states_its_end =
            has(TRANSFER_ENCODING).is_some() || body.is_some_and(|body| body.length == Some(0));
        let message = match self.meta.status {
            _ if !self.is_documented() => "the status is not documented for the file",
            NO_CONTENT => "the answer is empty, although a file is documented",
            _ if self.body_type() == BodyType::Html => {
                "the answer is an HTML page in place of a file"
            }
            _ if !encoding.eq_ignore_ascii_case("identity") => {
                "the file is compressed, although the request did not allow compression"
            }
            _ if is_whole && self.body.is_empty() && !states_its_end => {
                "the answer is empty, although a file is documented"
            }
            _ => return Ok(()),
        };
        Err(self.unexpected(message))
    }

    fn check_compression(&self) -> Result<(), Error> {
        match decode::compression(&self.body, content_encoding(&self.meta.headers)) {
            Some(kind) => Err(self.unexpected(format!(
                "the answer cannot be read: it is compressed by {kind}, although the request did not ask for compression"
            ))),
            None => Ok(()),
        }
    }

    /// Checks an answer for which no body is documented. The function refuses HTML, XML, an error body, and a body that
    /// is too large to search for an error. Every other body is accepted, because it only confirms the operation.
    fn check_confirmation(&self) -> Result<(), Error> {
        let text = decode::text(&self.body);
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if self.body_type() == BodyType::Html || text.starts_with('<') {
            return Err(self.unexpected("the answer has a body, although none is documented"));
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
        if says(b"json") {
            BodyType::Json
        } else if says(b"html") {
            BodyType::Html
        } else {
            BodyType::Other
        }
    }

    /// Returns an error if the body contains no value.
    fn check_filled(&self) -> Result<(), Error> {
        let text = decode::text(&self.body);
        match text.trim() {
            "" => Err(self.unexpected("the answer is empty, although a body is documented")),
            "{}" | "null" if matches!(self.body_type(), BodyType::Html | BodyType::Other) => {
                Err(self.unexpected("the answer is not JSON"))
            }
            // If the body has no documented fields, `{}` can be an empty map.
            "{}" if self.expected.is_open() => Ok(()),
            "{}" | "null" => {
                Err(self.unexpected("the answer contains no value, although a body is documented"))
            }
            _ => Ok(()),
        }
    }

    /// Logs the fields that could not be decoded, and returns these fields with the body. Returns `None` if all fields
    /// were decoded.
    fn told(&self, fields: Vec<LostField>) -> Option<Lost> {
        for field in &fields {
            tracing::warn!(
                target: "huaweicloud",
                operation = self.operation.id,
                path = field.path(),
                expected = field.expected(),
                found = field.found(),
                "a field of the answer does not have the documented structure, and is omitted"
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
        // If neither the body nor the content type is JSON, the answer is something else, such as an HTML page.
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

    /// Returns whether the request contained `text`, or a part of `text`: see [`Carried::holds`].
    pub(crate) fn carries(&self, text: &str) -> bool {
        let carried = self.carried.as_ref();
        carried.is_some_and(|carried| carried.holds(text))
    }

    pub(crate) fn seal(&self, error: Error) -> Error {
        error
            .of_call(self.operation, self.meta.attempts)
            .hide(&|text| self.carries(text))
    }
}
