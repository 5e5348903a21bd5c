use http::{Method, StatusCode};

use crate::Service;
use crate::openapi::{Operation, RequestPart};
use crate::store::StoreError;

/// A documented limit that a request breaks. It never holds what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub place: RequestPart,
    /// The parameter, or the field of the body with its path (`product.product_id`); `body` for the body itself.
    pub parameter: String,
    pub reason: String,
    /// A password that breaks its rule.
    pub password_rule: bool,
}

/// The reason for a refusal, before a service gives it its form.
#[derive(Debug)]
pub(crate) enum Problem {
    NoSuchPath,
    MethodNotAllowed(Vec<Method>),
    /// The body was not read to its end.
    BodyTooLarge,
    BodyNotRead,
    /// No host, several hosts, or an invalid host.
    BadHost,
    /// A header that came more often than once.
    RepeatedHeader(&'static str),
    /// Missing, wrong or expired credentials. The text says which, and contains no value.
    Unauthenticated(String),
    /// A signature whose time is too far from the server's time.
    Skewed {
        signed: String,
        now: String,
    },
    /// The credentials are valid, but not for this project.
    WrongProject,
    NoBody,
    NotJson,
    Invalid(Vec<Violation>),
    /// A ROMA Connect instance that does not exist.
    NoSuchInstance {
        project: String,
        instance: String,
    },
    /// A device, a product or a DCS instance that does not exist.
    NoSuchResource {
        id: String,
    },
    /// An error of a service's catalogue.
    Catalogued {
        status: StatusCode,
        code: &'static str,
        message: &'static str,
    },
    /// A value that a configuration parameter of a DCS instance does not allow.
    InvalidSetting(&'static str),
    /// A file that cannot be imported: the row, what is wrong and the cure.
    BadFile(String),
    /// The database failed.
    Failed(String),
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The service that answers, and the subject of the answer.
pub(crate) struct Context<'a> {
    pub service: Service,
    /// None if no operation was found.
    pub operation: Option<&'a Operation>,
    /// The ID in the header of the answer.
    pub request_id: &'a str,
    pub now_ms: i64,
}

impl Problem {
    /// A limit of a field of the body that only the behaviour can check.
    pub fn invalid(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: false,
        }])
    }

    /// The same, for a password that breaks its rule.
    pub fn invalid_field(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: false,
        }])
    }

    pub fn invalid_password(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: true,
        }])
    }
}
