use http::{Method, StatusCode};

use crate::Service;
use crate::openapi::{Operation, RequestPart};
use crate::store::StoreError;

/// A rule that a request breaks, such as a documented limit. The struct contains no value of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub place: RequestPart,
    /// The name of the parameter, or the path of the field in the body, such as `product.product_id`. `body` means the
    /// whole body, and `query` means the whole query.
    pub parameter: String,
    pub reason: String,
    /// Whether the value is a password that breaks a rule for passwords.
    pub password_rule: bool,
}

/// The reason why a request fails. [`answer`](Self::answer) converts the reason to the error form of the service, or of
/// the API gateway.
#[derive(Debug)]
pub(crate) enum Problem {
    NoSuchPath,
    MethodNotAllowed(Vec<Method>),
    /// The body exceeds the limit, so the sandbox does not read the rest.
    BodyTooLarge,
    BodyNotRead,
    /// The request has no host, several hosts, or an invalid host.
    BadHost,
    /// The request repeats a header that must occur only once. The string is the name of the header.
    RepeatedHeader(&'static str),
    /// The credentials are missing, wrong or expired. The string is the reason.
    Unauthenticated(String),
    /// The time of the signature is too far from the server's time.
    Skewed {
        signed: String,
        now: String,
    },
    /// The credentials are valid, but not for the requested project, domain or agency.
    WrongProject,
    NoBody,
    NotJson,
    Invalid(Vec<Violation>),
    /// The requested ROMA Connect instance does not exist.
    NoSuchInstance {
        project: String,
        instance: String,
    },
    /// The requested resource does not exist. Examples are a device, a product and a DCS instance.
    NoSuchResource {
        id: String,
    },
    /// An error from the error catalogue of a service.
    Catalogued {
        status: StatusCode,
        code: &'static str,
        message: &'static str,
    },
    /// A configuration parameter of DCS does not allow the value. The string is the name of the parameter.
    InvalidSetting(&'static str),
    /// The service cannot import the file. The string names the row of the file, the problem and the solution.
    BadFile(String),
    /// The sandbox failed, for example because of the database. The string is the reason.
    Failed(String),
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The data that the sandbox needs to create the answer to a problem.
pub(crate) struct Context<'a> {
    pub service: Service,
    /// `None` if no operation matches the request, or if the problem comes from `server.rs`.
    pub operation: Option<&'a Operation>,
    /// The request ID, which is also in a header of the answer.
    pub request_id: &'a str,
    pub now_ms: i64,
}

impl Problem {
    /// Returns the problem of a request that breaks one rule. In the result, `place` is always the body, even if the
    /// parameter is in another part of the request.
    pub fn invalid(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: false,
        }])
    }

    pub fn invalid_field(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: false,
        }])
    }

    /// Like [`invalid`](Self::invalid), but for a password that breaks a rule for passwords.
    pub fn invalid_password(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: true,
        }])
    }
}
