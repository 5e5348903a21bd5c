//! The recent actions of a session. A wait uses them to ignore a state that a resource had before an action.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The session remembers an action for at least this time. Later, a new action can remove it.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// For each resource, the time of its last action and a settle time. During the settle time, an answer can still
/// contain the state from before the action.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<HashMap<String, (Instant, Duration)>>);

impl Recent {
    /// Records that an action on this resource was sent or answered now.
    pub fn note(&self, name: String, settle: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (began, _)| began.elapsed() < KEPT);
        all.insert(name, (Instant::now(), settle));
    }

    /// Returns the time and the settle time of the last action on this resource. Returns `None` if no action is
    /// recorded.
    pub fn begun(&self, name: &str) -> Option<(Instant, Duration)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name).copied()
    }
}
