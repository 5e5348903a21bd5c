//! Checks requests that get credentials from an agency or from an identity provider. An agency delegates rights of one
//! account to another account. In the sandbox, both accounts are the account of the user.

use subtle::ConstantTimeEq as _;

use super::Call;
use crate::problem::Problem;

/// Checks that `assume_role` in the body names the agency of the sandbox, and the account that owns this agency.
pub(super) fn check(call: &Call<'_>) -> Result<(), Problem> {
    let wanted = &call.values.body["auth"]["identity"]["assume_role"];
    let (tenant, issuers) = (&call.state.tenant, &call.state.issuers);
    let same = |field: &str, own: &str| wanted.get(field).is_none_or(|wanted| wanted == own);
    let names_account = wanted.get("domain_id").is_some() || wanted.get("domain_name").is_some();
    let fits = wanted["agency_name"] == *issuers.agency_name
        && names_account
        && same("domain_id", &tenant.domain_id)
        && same("domain_name", &tenant.domain_name);
    match fits {
        true => Ok(()),
        // The error does not show whether the agency belongs to another account or does not exist.
        false => Err(Problem::WrongProject),
    }
}

/// Returns whether the body contains the ID token of the identity provider at this JSON pointer.
pub(super) fn is_vouched(call: &Call<'_>, pointer: &str) -> bool {
    let sent = call.in_body(pointer).unwrap_or_default();
    bool::from(
        sent.as_bytes()
            .ct_eq(call.state.issuers.id_token.as_bytes()),
    )
}
