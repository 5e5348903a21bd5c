//! Finds the caller of a request by a token or by a signature. In the cloud, the API gateway in front of the services
//! does this.

mod authorization;
mod signature;
mod token;

use crate::problem::Problem;
use crate::received::Received;
use crate::state::State;
use crate::store::User;

pub(crate) use token::{fingerprint, forget};

/// A caller with valid credentials.
pub(crate) struct Caller {
    pub user: User,
    pub reach: Reach,
}

/// The projects that the credentials give access to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Only the project with this ID. A token for a project has this scope.
    Project(String),
    /// No project. A token for a domain (an account) can call only operations without a project in the path.
    Domain,
    /// Every project of the user. A signature has this scope, because a signature names no project.
    Every,
}

impl Reach {
    /// Returns whether the two scopes contradict each other: they differ, and neither scope is [`Reach::Every`].
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

/// Finds the caller of a request. All credentials in the headers must be valid, and must belong to the same user. The
/// scopes of the credentials must not contradict each other. If the headers contain a token and a signature, the token
/// determines the scope.
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
        let sent = sent.ok_or_else(|| {
            unauthenticated("X-Auth-Token is empty or not text, or was sent more than once")
        })?;
        callers.push(token::caller(state, sent)?);
    }
    if request.headers.contains_key("authorization") {
        callers.push(signature::caller(state, request)?);
    }
    // As documented, IAM ignores the token in the body if the header `X-Auth-Token` contains a token. The sandbox also
    // ignores the token in the body if the request has a signature.
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

/// Checks that the headers `X-Project-Id` and `X-Domain-Id` agree with the credentials.
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
