//! Fetches a value once, and shares it among any number of callers.

use super::failure::Failure;
use crate::renewing::doubled;
use huaweicloud_core::Error;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A value and its fetch. One caller fetches the value, and the other callers wait.
///
/// If the fetch fails, all waiting callers get the error. If the program drops the fetching call, the next caller
/// fetches the value.
///
/// After several failures in a row, there is a pause without fetches. During the pause, callers get the last error.
#[derive(Default)]
pub(super) struct Flight {
    value: OnceLock<String>,
    failures: AtomicU64,
    /// The last failure. A caller locks this mutex while it fetches.
    last: Mutex<Option<Last>>,
}

/// [`Flight`] subtracts this number from the number of failures in a row, and passes the result to [`doubled`]. So the
/// pauses begin later than after failed logins. Unlike failed logins, failed lookups do not lock an account.
const AT_ONCE: u32 = 4;

/// The last failure, and the end of the pause after this failure.
struct Last {
    failure: Failure,
    in_a_row: u32,
    until: Instant,
}

impl Flight {
    /// Returns the value of an earlier fetch.
    pub(super) fn known(&self) -> Option<String> {
        self.value.get().cloned()
    }

    pub(super) async fn get(
        &self,
        fetch: impl Future<Output = Result<String, Failure>>,
    ) -> Result<String, Error> {
        let before = self.failures.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(value) = self.known() {
            return Ok(value);
        }
        if let Some(last) = &*last
            && (self.failures.load(Ordering::Acquire) != before || Instant::now() < last.until)
        {
            return Err(last.failure.error());
        }
        match fetch.await {
            Ok(value) => Ok(self.value.get_or_init(|| value).clone()),
            Err(failure) => {
                self.failures.fetch_add(1, Ordering::Release);
                let in_a_row = last.as_ref().map_or(0, |last| last.in_a_row) + 1;
                let until = Instant::now() + doubled(in_a_row.saturating_sub(AT_ONCE));
                let last = last.insert(Last {
                    failure,
                    in_a_row,
                    until,
                });
                Err(last.failure.error())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use huaweicloud_core::ErrorKind;
    use std::sync::Arc;
    use tokio::sync::Notify;

    fn failure() -> Failure {
        Failure::new(ErrorKind::Config, "none", "make one")
    }

    #[tokio::test]
    async fn a_value_is_fetched_once() {
        let flight = Flight::default();
        for _ in 0..2 {
            let value = flight.get(async { Ok("a".to_owned()) }).await.unwrap();
            assert_eq!(value, "a");
        }
        let never = async { panic!("fetched again") };
        assert_eq!(flight.get(never).await.unwrap(), "a");
    }

    #[tokio::test]
    async fn waiting_calls_share_the_failure_and_later_calls_try_again() {
        let flight = Arc::new(Flight::default());
        let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let first = tokio::spawn({
            let (flight, begun, end) = (Arc::clone(&flight), Arc::clone(&begun), Arc::clone(&end));
            async move {
                let fetch = async {
                    begun.notify_one();
                    end.notified().await;
                    Err(failure())
                };
                flight.get(fetch).await
            }
        });
        begun.notified().await;
        let mut second = Box::pin(flight.get(async { panic!("not shared") }));
        // Polls the second call once, so that it waits before the first call ends.
        assert!((&mut second).now_or_never().is_none());
        end.notify_one();
        assert!(
            first
                .await
                .unwrap()
                .unwrap_err()
                .to_string()
                .contains("make one")
        );
        assert!(second.await.unwrap_err().to_string().contains("none"));
        let value = flight.get(async { Ok("b".to_owned()) }).await.unwrap();
        assert_eq!(value, "b");
    }

    #[tokio::test(start_paused = true)]
    async fn several_failures_in_a_row_cause_a_pause() {
        let flight = Flight::default();
        let fetched = std::sync::atomic::AtomicU32::new(0);
        let fail = || async {
            fetched.fetch_add(1, Ordering::SeqCst);
            Err(failure())
        };
        for _ in 0..100 {
            flight.get(fail()).await.unwrap_err();
        }
        assert_eq!(fetched.load(Ordering::SeqCst), 6);
        tokio::time::advance(std::time::Duration::from_secs(2)).await;
        assert_eq!(flight.get(async { Ok("a".to_owned()) }).await.unwrap(), "a");
    }

    #[tokio::test]
    async fn a_waiting_call_fetches_if_the_first_call_is_dropped() {
        let flight = Flight::default();
        let mut first = Box::pin(flight.get(std::future::pending()));
        assert!((&mut first).now_or_never().is_none());
        let mut second = Box::pin(flight.get(async { Ok("a".to_owned()) }));
        assert!((&mut second).now_or_never().is_none());
        drop(first);
        assert_eq!(second.await.unwrap(), "a");
    }
}
