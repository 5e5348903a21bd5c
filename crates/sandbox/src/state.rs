use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::faults::Faults;
use crate::issuers::Issuers;
use crate::options::Times;
use crate::store::Store;
use crate::{Addresses, Clock, Details, Tenant};

/// The state that the listeners of all services share.
pub(crate) struct State {
    pub store: Store,
    pub clock: Clock,
    pub times: Times,
    pub tenant: Tenant,
    pub issuers: Issuers,
    pub addresses: Addresses,
    pub faults: Faults,
    /// A short request (see `api::is_short`) with an unsafe HTTP method holds this lock while the sandbox computes the
    /// answer. So these requests run one after the other.
    pub turn: tokio::sync::Mutex<()>,
    requests: Mutex<BTreeMap<String, u64>>,
}

impl State {
    pub fn new(
        store: Store,
        clock: Clock,
        times: Times,
        tenant: Tenant,
        user_id: String,
        addresses: Addresses,
    ) -> Self {
        let issuers = Issuers::new(user_id, &tenant.domain_id, &addresses.metadata);
        Self {
            store,
            clock,
            times,
            tenant,
            issuers,
            addresses,
            faults: Faults::default(),
            turn: tokio::sync::Mutex::default(),
            requests: Mutex::default(),
        }
    }

    pub fn details(&self) -> Details {
        Details {
            addresses: self.addresses.clone(),
            ca_certificate: None,
            tenant: self.tenant.clone(),
            issuers: self.issuers.clone(),
        }
    }

    pub fn count(&self, operation: &str) {
        *self.counts().entry(operation.to_owned()).or_default() += 1;
    }

    pub fn counted(&self, operation: &str) -> u64 {
        self.counts().get(operation).copied().unwrap_or_default()
    }

    /// A panic cannot leave a wrong count, so this method ignores a poisoned lock.
    fn counts(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl State {
    /// Returns a state with a database in memory. All options have their defaults, except the lock time of one minute.
    /// After five wrong old passwords, a DCS instance refuses password changes and resets for this time.
    pub fn for_test() -> Self {
        let options = crate::Options::default().lock_time(std::time::Duration::from_secs(60));
        let store = Store::open(None).expect("a store");
        let tenant = store.tenant(&options.names, None).expect("a tenant");
        let address = "http://127.0.0.1:1".to_owned();
        let addresses = Addresses::new(|_| address.clone());
        let user = store.user_id(&tenant).expect("a user");
        Self::new(store, options.clock, options.times, tenant, user, addresses)
    }
}
