use huaweicloud_core::sign::payload_hash;

use super::{Caller, Reach, unauthenticated};
use crate::problem::Problem;
use crate::received::Received;
use crate::state::State;
use crate::store::{StoreError, Token, User};

/// Returns the SHA-256 hash of a token. The database contains only this hash, so a reader of the database cannot use
/// the token.
pub(crate) fn fingerprint(token: &str) -> String {
    payload_hash(token.as_bytes())
}

/// Removes the token of a request from the database. The token is then no longer valid.
pub(crate) fn forget(state: &State, request: &Received) -> Result<(), StoreError> {
    match request.header("x-auth-token") {
        Some(token) => state
            .store
            .write(|writer| writer.remove::<Token>(&fingerprint(token)).map(drop)),
        None => Ok(()),
    }
}

pub(super) fn caller(state: &State, token: &str) -> Result<Caller, Problem> {
    let reader = state.store.read()?;
    let known = reader
        .get::<Token>(&fingerprint(token))?
        .ok_or_else(|| unauthenticated("The token is not known"))?;
    if known.expires_ms <= state.clock.now_ms() {
        return Err(unauthenticated("The token has expired"));
    }
    let user = reader
        .get::<User>(&known.user_id)?
        .ok_or_else(|| unauthenticated("The token's user does not exist"))?;
    Ok(Caller {
        user,
        reach: known.project_id.map_or(Reach::Domain, Reach::Project),
    })
}
