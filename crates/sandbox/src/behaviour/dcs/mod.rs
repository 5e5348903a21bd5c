//! The behaviours of the Distributed Cache Service (DCS).
//!
//! The operations with the same tag in the OpenAPI document are a chapter. This folder has one or more modules for each
//! chapter. The table `BEHAVIOURS` of such a module lists the operations of the module.
//!
//! A DCS instance is a record of the type [`Cache`](crate::store::Cache). Backups, tasks and most other resources are
//! records of the type [`Item`](crate::store::Item).
//!
//! Other modules help the behaviours. `items`, in the parent folder, creates, finds and lists items. LINK (ROMA Connect
//! device integration) uses `items` too. `timed`, in the parent folder, applies the changes of a record that are due.
//! `jobs` starts background jobs. `states` defines the actions on an instance, and their effects on its status. `nodes`
//! computes the shards and nodes of an instance. `flavors`, `hidden` and `settings` contain tables and constants.

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

/// Returns an error with a documented code of DCS and the HTTP status 400.
const fn refused(code: &'static str, message: &'static str) -> Problem {
    Problem::Catalogued {
        status: StatusCode::BAD_REQUEST,
        code,
        message,
    }
}

/// Returns the error for a field of the body that is missing, or is not valid for the instance. The OpenAPI document
/// allows such a body.
fn invalid(parameter: &str) -> Problem {
    Problem::Invalid(vec![Violation {
        place: RequestPart::Body,
        parameter: parameter.to_owned(),
        reason: "is missing, or is not valid for this instance".to_owned(),
        password_rule: false,
    }])
}

/// The error for an operation that the type of the instance does not support.
const UNSUPPORTED_TYPE: Problem = refused("DCS.4007", "Instance type is not supported.");
