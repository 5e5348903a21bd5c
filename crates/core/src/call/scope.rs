//! Adds a missing project or account to the credential of a request.

use super::request::Parts;
use super::state::SessionState;
use crate::check::check_id;
use crate::credential::{Credential, ProvideCredential};
use crate::error::Error;

/// If the path needs a project that is not known, adds the project to the credential. If the path needs no project, and
/// no project or account is known, adds the account to an access key. The values come from `provider`.
pub(crate) async fn complete(
    session: &SessionState,
    parts: &Parts,
    provider: &dyn ProvideCredential,
    mut credential: Credential,
) -> Result<Credential, Error> {
    if session.project_id.is_some() || credential.project_id().is_some() {
        return Ok(credential);
    }
    let region = session.region.as_deref();
    if parts.path.wants_project() {
        let found = provider.project_id(region).await?;
        check_id("project_id", found.as_deref())?;
        match &mut credential {
            Credential::Token(token) => token.project_id = found,
            Credential::AccessKey(key) => key.project_id = found,
        }
    } else if let Credential::AccessKey(key) = &mut credential
        && key.domain_id.is_none()
        && session.config.domain_id().is_none()
    {
        let found = provider.domain_id(region).await?;
        check_id("domain_id", found.as_deref())?;
        key.domain_id = found;
    }
    Ok(credential)
}
