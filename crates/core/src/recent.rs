//! The recent actions of a session. A wait uses them to ignore a state from before the action.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Older actions are forgotten.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// For each thing, the time of its last answered action. Also how long its state may be from before that action.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<HashMap<String, (Instant, Duration)>>);

impl Recent {
    /// Notes that an action of this thing was answered now.
    pub fn note(&self, name: String, settle: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (began, _)| began.elapsed() < KEPT);
        all.insert(name, (Instant::now(), settle));
    }

    /// The last action of this thing.
    pub fn begun(&self, name: &str) -> Option<(Instant, Duration)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name).copied()
    }
}
