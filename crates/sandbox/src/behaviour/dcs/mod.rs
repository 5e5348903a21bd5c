//! The Distributed Cache Service: one file for each chapter, with its own table of behaviours.
//!
//! Instances have their own record. Each other resource is an [`Item`](crate::store::Item). `items` makes, finds and
//! lists items, also for LINK. `timed` lets them change with the clock. `jobs` starts jobs and tasks.

pub(crate) mod accounts;
mod analysis;
mod backups;
mod bandwidth;
mod catalog;
mod diagnosis;
mod flavors;
mod hidden;
mod instances;
mod jobs;
mod lifecycle;
mod logs;
mod migration;
mod network;
mod nodes;
mod overview;
mod parameters;
mod passwords;
mod resize;
mod sessions;
mod settings;
mod shards;
mod states;
mod tags;
mod tasks;
mod templates;
mod web_cli;

use http::StatusCode;

use super::Behaviour;
use crate::openapi::RequestPart;
use crate::problem::{Problem, Violation};

pub(super) const CHAPTERS: &[&[(&str, Behaviour)]] = &[
    accounts::BEHAVIOURS,
    analysis::BEHAVIOURS,
    backups::BEHAVIOURS,
    bandwidth::BEHAVIOURS,
    catalog::BEHAVIOURS,
    diagnosis::BEHAVIOURS,
    instances::BEHAVIOURS,
    lifecycle::BEHAVIOURS,
    logs::BEHAVIOURS,
    migration::BEHAVIOURS,
    network::BEHAVIOURS,
    overview::BEHAVIOURS,
    parameters::BEHAVIOURS,
    passwords::BEHAVIOURS,
    resize::BEHAVIOURS,
    sessions::BEHAVIOURS,
    shards::BEHAVIOURS,
    tags::BEHAVIOURS,
    tasks::BEHAVIOURS,
    templates::BEHAVIOURS,
    web_cli::BEHAVIOURS,
];

/// A refusal of the catalogue, with status 400.
const fn refused(code: &'static str, message: &'static str) -> Problem {
    Problem::Catalogued {
        status: StatusCode::BAD_REQUEST,
        code,
        message,
    }
}

/// A field of the body that conforms to the document, but does not fit the instance.
fn invalid(parameter: &str) -> Problem {
    Problem::Invalid(vec![Violation {
        place: RequestPart::Body,
        parameter: parameter.to_owned(),
        reason: "does not fit the instance".to_owned(),
        password_rule: false,
    }])
}

/// An operation that another type of instance does not support.
const UNSUPPORTED_TYPE: Problem = refused("DCS.4007", "Instance type is not supported.");
