//! The problems that a request can have, and the error form of each service.

mod dcs;
mod gateway;
mod keystone;
mod link;
mod refusal;

use http::header::ALLOW;
use http::{HeaderValue, Method};

use crate::Service;
use crate::answer::Answer;

pub(crate) use refusal::{Context, Problem, Violation};

impl Problem {
    pub fn answer(&self, context: &Context<'_>) -> Answer {
        match self {
            Self::MethodNotAllowed(methods) => {
                let allow = methods
                    .iter()
                    .map(Method::as_str)
                    .collect::<Vec<_>>()
                    .join(", ");
                // The names of HTTP methods are always a valid header value.
                let allow = HeaderValue::from_str(&allow).unwrap_or(HeaderValue::from_static(""));
                gateway::answer(self, context).header(ALLOW, allow)
            }
            Self::NoSuchPath
            | Self::BodyTooLarge
            | Self::BodyNotRead
            | Self::BadHost
            | Self::RepeatedHeader(_)
            | Self::Skewed { .. } => gateway::answer(self, context),
            _ => match context.service {
                Service::Iam => keystone::answer(self, context),
                Service::RomaLink => link::answer(self, context),
                Service::Dcs => dcs::answer(self, context),
                // The sandbox has no separate error form for the other services.
                _ => gateway::answer(self, context),
            },
        }
    }
}
