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
    /// It is a password that does not keep its rule.
    pub password_rule: bool,
}

/// Why a request is refused, before a service has put it into its own words.
#[derive(Debug)]
pub(crate) enum Problem {
    NoSuchPath,
    MethodNotAllowed(Vec<Method>),
    /// Not read to its end.
    BodyTooLarge,
    BodyNotRead,
    /// No host, several, or one that is none.
    BadHost,
    /// A header that may come once, and came more often.
    RepeatedHeader(&'static str),
    /// No credentials, or wrong or expired ones. The text says which, and names no value.
    Unauthenticated(String),
    /// A signature whose time is too far from ours.
    Skewed {
        signed: String,
        now: String,
    },
    /// The credentials are good, but not for this project.
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
    /// A value that a configuration parameter of a DCS instance cannot have.
    InvalidSetting(&'static str),
    /// The database failed.
    Failed(String),
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Who answers, and what the answer refers to.
pub(crate) struct Context<'a> {
    pub service: Service,
    /// None where no operation was found.
    pub operation: Option<&'a Operation>,
    /// The ID in the header of the answer.
    pub request_id: &'a str,
    pub now_ms: i64,
}

impl Problem {
    /// A limit of a field of the body that only the behaviour can judge.
    pub fn invalid(parameter: &str, reason: &str) -> Self {
        Self::Invalid(vec![Violation {
            place: RequestPart::Body,
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
            password_rule: false,
        }])
    }

    /// The same, for a password that does not keep its rule.
    /// A field of the body that no limit of the document refuses, but the service.
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
