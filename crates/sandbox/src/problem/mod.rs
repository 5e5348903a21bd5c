//! What can be wrong with a request, and how each service says so.

mod dcs;
mod gateway;
mod keystone;
mod link;

use http::header::ALLOW;
use http::{HeaderValue, Method, StatusCode};

use crate::Service;
use crate::answer::Answer;
use crate::openapi::Operation;
use crate::store::StoreError;
use crate::validate::Violation;

/// Why a request is refused, before a service has put it into its own words.
#[derive(Debug)]
pub(crate) enum Problem {
    NoSuchPath,
    MethodNotAllowed(Vec<Method>),
    /// Not read to its end.
    BodyTooLarge,
    BodyNotRead,
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
    pub fn answer(&self, context: &Context<'_>) -> Answer {
        match self {
            Self::MethodNotAllowed(methods) => {
                let allow = methods
                    .iter()
                    .map(Method::as_str)
                    .collect::<Vec<_>>()
                    .join(", ");
                // Names of methods are always a valid header.
                let allow = HeaderValue::from_str(&allow).unwrap_or(HeaderValue::from_static(""));
                gateway::answer(self, context).header(ALLOW, allow)
            }
            Self::NoSuchPath | Self::BodyTooLarge | Self::BodyNotRead | Self::Skewed { .. } => {
                gateway::answer(self, context)
            }
            _ => match context.service {
                Service::Iam => keystone::answer(self, context),
                Service::RomaLink => link::answer(self, context),
                Service::Dcs => dcs::answer(self, context),
                // Also services without an error shape of their own here.
                _ => gateway::answer(self, context),
            },
        }
    }
}
