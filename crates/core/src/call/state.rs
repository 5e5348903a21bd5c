//! The state of a session. The steps of a call read the state.

use super::clock::Clock;
use super::failover::Endpoints;
use crate::config::Config;
use crate::credential::ProvideCredential;
use crate::operation::Service;
use crate::options::CallOptions;
use crate::recent::Recent;
use std::sync::Arc;

/// The endpoints, the credentials, the project and the limits of a session.
#[derive(Clone)]
pub(crate) struct SessionState {
    pub config: Config,
    pub service: &'static Service,
    pub endpoints: Endpoints,
    pub region: Option<String>,
    pub project_id: Option<String>,
    pub credentials: Option<Arc<dyn ProvideCredential>>,
    pub clock: Arc<Clock>,
    pub recent: Arc<Recent>,
    pub options: CallOptions,
}
