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

impl Reach {
    /// Whether no request can be within both.
    fn excludes(&self, other: &Self) -> bool {
        *self != *other && *self != Self::Every && *other != Self::Every
    }
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

/// The caller of a request. Each credential that was sent has to be good, and all have to be of one user. The first one says the reach.
pub(crate) fn caller(
    state: &State,
    request: &Received,
    token_in_body: Option<&str>,
) -> Result<Caller, Problem> {
    let mut callers = Vec::new();
    if request.headers.contains_key("x-auth-token") {
        let sent = request
            .header("x-auth-token")
            .filter(|token| !token.is_empty());
        let sent = sent.ok_or_else(|| unauthenticated("X-Auth-Token is empty or not text"))?;
        callers.push(token::caller(state, sent)?);
    }
    if request.headers.contains_key("authorization") {
        callers.push(signature::caller(state, request)?);
    }
    // The document says that it counts only without the others.
    if let (Some(token), true) = (token_in_body, callers.is_empty()) {
        callers.push(token::caller(state, token)?);
    }
    let mut callers = callers.into_iter();
    let first = callers
        .next()
        .ok_or_else(|| unauthenticated("The request has neither X-Auth-Token nor Authorization"))?;
    if callers.any(|other| other.user.id != first.user.id || other.reach.excludes(&first.reach)) {
        return Err(unauthenticated(
            "The request has credentials of several users or projects",
        ));
    }
    check_headers(state, request, &first)?;
    Ok(first)
}

/// The project and the account that a request names besides its credentials.
fn check_headers(state: &State, request: &Received, caller: &Caller) -> Result<(), Problem> {
    let sent = |name: &str| {
        let value = request.headers.get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    let project = sent("x-project-id").is_none_or(|id| caller.may_use(id, state));
    let domain = sent("x-domain-id").is_none_or(|id| caller.user.domain_id == id);
    match project && domain {
        true => Ok(()),
        false => Err(Problem::WrongProject),
    }
}

fn unauthenticated(reason: &str) -> Problem {
    Problem::Unauthenticated(reason.to_owned())
}
