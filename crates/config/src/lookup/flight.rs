//! Something that is fetched once, however many want it.

use super::failure::Failure;
use huaweicloud_core::Error;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// One caller fetches, the others wait. Whoever waited for a failed attempt shares its failure, instead of making another; if the one who
/// fetches is dropped, the next one fetches.
#[derive(Default)]
pub(super) struct Flight {
    value: OnceLock<String>,
    failures: AtomicU64,
    /// Held by whoever fetches.
    last: Mutex<Option<Failure>>,
}

impl Flight {
    /// What was fetched before.
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
        if let Some(failure) = &*last
            && self.failures.load(Ordering::Acquire) != before
        {
            return Err(failure.error());
        }
        match fetch.await {
            Ok(value) => Ok(self.value.get_or_init(|| value).clone()),
            Err(failure) => {
                self.failures.fetch_add(1, Ordering::Release);
                Err(last.insert(failure).error())
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
    async fn who_waits_shares_the_failure_and_who_comes_later_tries_again() {
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
        // Lets it wait, before the first one ends.
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

    #[tokio::test]
    async fn a_dropped_fetch_is_taken_over() {
        let flight = Flight::default();
        let mut first = Box::pin(flight.get(std::future::pending()));
        assert!((&mut first).now_or_never().is_none());
        let mut second = Box::pin(flight.get(async { Ok("a".to_owned()) }));
        assert!((&mut second).now_or_never().is_none());
        drop(first);
        assert_eq!(second.await.unwrap(), "a");
    }
}
