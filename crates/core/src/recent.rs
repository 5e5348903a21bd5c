//! What a session has started of late, so that a wait does not take a state from before it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Older actions are forgotten.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// When an action of each thing was answered, and how long its state may be from before.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<HashMap<String, (Instant, Duration)>>);

impl Recent {
    /// An action of this thing was answered now.
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
