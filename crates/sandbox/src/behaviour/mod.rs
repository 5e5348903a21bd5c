//! The behaviours: the code of the sandbox for the operations. If an operation has no behaviour, its answer is the
//! documented example.

mod agency;
mod commands;
pub(crate) mod dcs;
mod debug;
mod devices;
mod files;
mod gateways;
mod groups;
mod iam;
mod items;
mod link;
mod machine;
mod model;
mod notifications;
mod products;
mod rules;
pub(crate) mod shadows;
mod sts;
mod temporary;
pub(crate) mod timed;

use serde_json::{Map, Value};

use crate::Service;
use crate::answer::Answer;
use crate::authenticate::Caller;
use crate::openapi::{Document, Operation};
use crate::problem::Problem;
use crate::received::Received;
use crate::state::State;
use crate::validate::Values;

/// A request that has passed the checks of credentials, project, parameters and body. A behaviour can still refuse the
/// request.
pub(crate) struct Call<'a> {
    pub document: &'a Document,
    pub service: Service,
    pub state: &'a State,
    pub operation: &'a Operation,
    pub request: &'a Received,
    /// `None` if the operation requires no credentials.
    pub caller: Option<&'a Caller>,
    pub values: Values,
}

/// The behaviour of an operation: the function that creates the answer, and settings for the checks of the request.
pub(crate) struct Behaviour {
    pub run: fn(&Call<'_>) -> Result<Answer, Problem>,
    /// The fields of the body that can be empty strings. An empty string in these fields counts as a missing field.
    pub blank_is_absent: &'static [&'static str],
    /// The JSON pointer to the token of the caller in the body. `None` if the body cannot contain this token.
    pub token_in_body: Option<&'static str>,
}

/// The behaviours of the modules that have no table `BEHAVIOURS` of their own, by operation ID.
const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_token", does(iam::create_token)),
    (
        "create_token_with_id_token",
        does(iam::create_token_with_id_token),
    ),
    (
        "create_temporary_access_key_with_oidc",
        does(sts::create_temporary_access_key_with_oidc),
    ),
    ("create_metadata_token", does(machine::create_token)),
    ("show_security_key", does(machine::show_security_key)),
    (
        "create_container_credentials",
        does(machine::create_container_credentials),
    ),
    ("list_projects", does(iam::list_projects)),
    ("list_auth_projects", does(iam::list_auth_projects)),
    ("list_auth_domains", does(iam::list_auth_domains)),
    (
        "create_temporary_access_key",
        Behaviour {
            token_in_body: Some("/auth/identity/token/id"),
            ..does(temporary::create)
        },
    ),
    ("create_device", does(devices::create)),
    ("show_device", does(devices::show)),
    ("list_devices", does(devices::list)),
    ("update_device", does(devices::update)),
    ("delete_device", does(devices::delete)),
    (
        "show_device_authentication",
        does(devices::show_authentication),
    ),
    (
        "reset_device_authentication",
        Behaviour {
            blank_is_absent: &["user_name", "password"],
            ..does(devices::reset_authentication)
        },
    ),
    ("create_product", does(products::create)),
    ("show_product", does(products::show)),
    ("list_products", does(products::list)),
    ("update_product", does(products::update)),
    ("delete_product", does(products::delete)),
    (
        "show_product_authentication",
        does(products::show_authentication),
    ),
    (
        "reset_product_authentication",
        Behaviour {
            blank_is_absent: &["user_name", "password"],
            ..does(products::reset_authentication)
        },
    ),
];

/// The tables in the modules of LINK (ROMA Connect device integration). [`BEHAVIOURS`] contains the operations of the
/// modules `devices` and `products`.
const LINK: &[&[(&str, Behaviour)]] = &[
    commands::BEHAVIOURS,
    debug::BEHAVIOURS,
    files::BEHAVIOURS,
    gateways::BEHAVIOURS,
    groups::BEHAVIOURS,
    model::BEHAVIOURS,
    notifications::BEHAVIOURS,
    rules::BEHAVIOURS,
];

const fn does(run: fn(&Call<'_>) -> Result<Answer, Problem>) -> Behaviour {
    Behaviour {
        run,
        blank_is_absent: &[],
        token_in_body: None,
    }
}

pub(crate) fn find_behaviour(operation: &str) -> Option<&'static Behaviour> {
    behaviours()
        .find(|(id, _)| *id == operation)
        .map(|(_, behaviour)| behaviour)
}

fn behaviours() -> impl Iterator<Item = &'static (&'static str, Behaviour)> {
    BEHAVIOURS
        .iter()
        .chain(LINK.iter().copied().flatten())
        .chain(dcs::CHAPTERS.iter().copied().flatten())
}

/// Checks that the path of a request to LINK names the ROMA Connect instance of the sandbox. The check also applies to
/// operations without behaviour.
pub(crate) fn common(call: &Call<'_>) -> Result<(), Problem> {
    let path = &call.values.path;
    match (call.service, call.text(path, "instance_id")) {
        (Service::RomaLink, Some(instance)) if instance != call.state.tenant.instance_id => {
            Err(Problem::NoSuchInstance {
                project: call.project()?.to_owned(),
                instance: instance.to_owned(),
            })
        }
        _ => Ok(()),
    }
}

impl<'a> Call<'a> {
    pub fn text<'v>(&self, values: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
        values.get(name).and_then(Value::as_str)
    }

    /// Returns a string parameter of the path. If the OpenAPI document does not declare the parameter as a string, the
    /// method returns an error.
    pub fn in_path(&self, name: &str) -> Result<&str, Problem> {
        self.text(&self.values.path, name)
            .ok_or_else(|| missing(name))
    }

    pub fn number_in_path(&self, name: &str) -> Result<u64, Problem> {
        self.values
            .path
            .get(name)
            .and_then(Value::as_u64)
            .ok_or_else(|| missing(name))
    }

    pub fn project(&self) -> Result<&str, Problem> {
        self.in_path("project_id")
    }

    /// Returns a number from the query, or the documented default of the parameter. Returns `None` if both are missing.
    pub fn number_in_query(&self, name: &str) -> Option<usize> {
        self.values
            .query
            .get(name)
            .and_then(Value::as_u64)
            .map(|number| usize::try_from(number).unwrap_or(usize::MAX))
    }

    pub fn in_body(&self, pointer: &str) -> Option<&str> {
        self.values.body.pointer(pointer).and_then(Value::as_str)
    }

    pub fn caller(&self) -> Result<&'a Caller, Problem> {
        self.caller.ok_or_else(|| {
            Problem::Failed(format!(
                "{}: the behaviour needs a caller, but the document requires no authentication",
                self.operation.id
            ))
        })
    }
}

/// Returns the error for an OpenAPI document that does not match the behaviour.
fn missing(name: &str) -> Problem {
    Problem::Failed(format!(
        "the document has no path parameter {name} of the expected type"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_behaviour_belongs_to_an_operation_of_a_document() {
        let documents = Service::ALL
            .map(|service| Document::load(service, service.document()).expect("a document"));
        let known: Vec<_> = documents
            .iter()
            .flat_map(Document::operations)
            .map(|operation| operation.id.as_str())
            .collect();
        let unknown: Vec<_> = behaviours()
            .map(|(id, _)| *id)
            .filter(|id| !known.contains(id))
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn only_operations_that_give_credentials_need_no_credentials() {
        let documents = Service::ALL
            .map(|service| Document::load(service, service.document()).expect("a document"));
        let open: Vec<_> = documents
            .iter()
            .flat_map(Document::operations)
            .filter(|operation| !operation.authenticated)
            .collect();
        let mut open: Vec<_> = open.iter().map(|operation| operation.id.as_str()).collect();
        open.sort_unstable();
        assert_eq!(
            open,
            [
                "create_container_credentials",
                "create_metadata_token",
                "create_temporary_access_key_with_oidc",
                "create_token",
                "create_token_with_id_token",
                "show_security_key",
            ]
        );
    }
}
