//! One renewal of a credential. Any number of calls can wait for the result of the renewal.

use huaweicloud_core::{Credential, Error, ErrorKind};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// The result of a renewal. All waiting calls share the error.
pub(super) type Outcome = Result<Credential, Arc<Error>>;

/// A running renewal. The renewal has its own task.
#[derive(Clone)]
pub(super) struct Renewal {
    outcome: watch::Receiver<Option<Outcome>>,
    deadline: Instant,
}

impl Renewal {
    /// Returns a renewal, and the channel for its result. After the deadline, no call waits for the renewal.
    pub(super) fn new(deadline: Instant) -> (watch::Sender<Option<Outcome>>, Self) {
        let (sender, outcome) = watch::channel(None);
        (sender, Self { outcome, deadline })
    }

    /// Returns whether the renewal still runs.
    ///
    /// If a runtime ends, its tasks end too, and `has_changed` returns an error. If no thread drives a runtime, its
    /// tasks do not run, so the renewal counts as ended at its deadline.
    pub(super) fn is_alive(&self) -> bool {
        self.outcome.has_changed().is_ok() && Instant::now() < self.deadline
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.outcome.same_channel(&other.outcome)
    }

    /// Waits for the result. Returns `None` if the task ends without a result, or at the deadline.
    pub(super) async fn outcome(&mut self) -> Option<Outcome> {
        let outcome = self.outcome.wait_for(Option::is_some);
        match timeout_at(self.deadline, outcome).await {
            Ok(Ok(outcome)) => outcome.clone(),
            Ok(Err(_)) | Err(_) => None,
        }
    }
}

/// Returns the error for a call whose renewals ended without a result.
pub(super) fn abandoned() -> Error {
    Error::new(
        ErrorKind::Credentials,
        "the renewal of the credentials did not finish: it panicked, or its tokio runtime ended or is not driven",
    )
    .with_help("look for a panic, for example in an interceptor; otherwise call again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use huaweicloud_core::Token;
    use std::time::Duration;

    #[tokio::test]
    async fn a_renewal_without_a_task_has_no_outcome() {
        let (sender, mut renewal) = Renewal::new(Instant::now() + Duration::from_secs(60));
        assert!(renewal.is_alive());
        drop(sender);
        assert!(!renewal.is_alive());
        assert!(renewal.outcome().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_do_not_wait_beyond_the_deadline() {
        let (_sender, mut renewal) = Renewal::new(Instant::now() + Duration::from_secs(60));
        assert!(renewal.outcome().await.is_none());
        assert!(!renewal.is_alive());
    }

    #[tokio::test]
    async fn the_outcome_is_available_after_the_task_has_ended() {
        let (sender, mut renewal) = Renewal::new(Instant::now() + Duration::from_secs(60));
        let credential = Credential::Token(Token::new("t"));
        sender.send(Some(Ok(credential.clone()))).unwrap();
        drop(sender);
        assert_eq!(renewal.outcome().await.unwrap().unwrap(), credential);
    }
}
