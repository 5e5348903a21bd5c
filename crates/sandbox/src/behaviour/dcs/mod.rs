//! The Distributed Cache Service: a file for each chapter, with its own table of behaviours.
//!
//! Instances are records of their own. Every other resource is an [`Item`](crate::store::Item): `items` makes, finds and lists them, `timed`
//! lets them follow the clock, and `jobs` starts what has a job and a task.

mod accounts;
mod analysis;
mod backups;
mod catalog;
mod diagnosis;
mod instances;
mod items;
mod jobs;
mod lifecycle;
mod logs;
mod migration;
mod network;
mod parameters;
mod passwords;
mod sessions;
mod shards;
mod states;
mod tags;
mod tasks;
pub(crate) mod timed;
mod web_cli;

use http::StatusCode;

use super::Behaviour;
use crate::problem::Problem;

pub(super) const CHAPTERS: &[&[(&str, Behaviour)]] = &[
    accounts::BEHAVIOURS,
    analysis::BEHAVIOURS,
    backups::BEHAVIOURS,
    catalog::BEHAVIOURS,
    diagnosis::BEHAVIOURS,
    instances::BEHAVIOURS,
    lifecycle::BEHAVIOURS,
    logs::BEHAVIOURS,
    migration::BEHAVIOURS,
    network::BEHAVIOURS,
    parameters::BEHAVIOURS,
    passwords::BEHAVIOURS,
    sessions::BEHAVIOURS,
    shards::BEHAVIOURS,
    tags::BEHAVIOURS,
    tasks::BEHAVIOURS,
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
