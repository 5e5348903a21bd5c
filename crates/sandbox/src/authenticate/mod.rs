//! Who is calling: by a token or by a signature, as the gateway in front of the services checks it.

mod authorization;
mod signature;
mod token;

use crate::problem::Problem;
use crate::received::Received;
use crate::state::State;
use crate::store::User;

pub(crate) use token::{fingerprint, forget};

/// A caller who has proved who they are.
pub(crate) struct Caller {
    pub user: User,
    pub reach: Reach,
}

/// What the credentials are good for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One project, by ID: a token for it.
    Project(String),
    /// The services that belong to no project: a token for a domain.
    Domain,
    /// Every project of the user: a signature, which names none.
    Every,
}

impl Caller {
    pub fn may_use(&self, project_id: &str, state: &State) -> bool {
        match &self.reach {
            Reach::Project(own) => own == project_id,
            Reach::Domain => false,
            Reach::Every => state.tenant.project_id == project_id,
        }
    }
}

/// The caller of a request. A token counts before a signature if both are there, as a token is what the pages document.
pub(crate) fn caller(
    state: &State,
    request: &Received,
    token_in_body: Option<&str>,
) -> Result<Caller, Problem> {
    if request.headers.contains_key("x-auth-token") {
        let sent = request
            .header("x-auth-token")
            .filter(|token| !token.is_empty());
        return token::caller(
            state,
            sent.ok_or_else(|| unauthenticated("X-Auth-Token is empty or sent more than once"))?,
        );
    }
    if request.headers.contains_key("authorization") {
        return signature::caller(state, request);
    }
    match token_in_body {
        Some(token) => token::caller(state, token),
        None => Err(unauthenticated(
            "The request has neither X-Auth-Token nor Authorization",
        )),
    }
}

fn unauthenticated(reason: &str) -> Problem {
    Problem::Unauthenticated(reason.to_owned())
}
