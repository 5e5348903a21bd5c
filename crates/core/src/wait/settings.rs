//! The settings of a wait: its time limit, its pauses, and the limit of consecutive failed polls.

use super::waiter::Waiter;
use crate::error::Error;
use std::time::Duration;

/// The default first pause, if the `Waiter` has no interval.
const INTERVAL: Duration = Duration::from_secs(2);
/// The default longest pause, if the `Waiter` has no longer interval.
const LARGEST: Duration = Duration::from_secs(30);
/// The default time limit of a wait. The creation of an instance can take several minutes.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);
/// The default limit of consecutive failed polls.
const FAILURES: u32 = 10;
/// The default settle time, if the `Waiter` has no settle time. During this time after an action, a poll can return a
/// state from before the action.
const SETTLE: Duration = Duration::from_secs(30);

type Watch = Box<dyn FnMut(&Progress<'_>) + Send>;

/// The settings of a wait: default values, or values that the caller has set.
pub(super) struct Settings {
    pub timeout: Duration,
    pub interval: Duration,
    pub factor: f64,
    pub largest: Duration,
    pub failures: u32,
    /// The settle time that the caller has set. `None` if the wait uses the settle time of the action's `Waiter`.
    pub settle: Option<Duration>,
    pub watch: Option<Watch>,
}

impl Settings {
    pub fn from_waiter(waiter: &Waiter) -> Self {
        let interval = waiter.interval.unwrap_or(INTERVAL);
        Self {
            timeout: TIMEOUT,
            interval,
            factor: 1.5,
            largest: LARGEST.max(interval),
            failures: FAILURES,
            settle: None,
            watch: None,
        }
    }

    /// Returns the settle time of the `Waiter`, or the default.
    pub fn settle(waiter: &Waiter) -> Duration {
        waiter.settle.unwrap_or(SETTLE)
    }

    pub fn check(&self) -> Result<(), Error> {
        let wrong = |message| Err(Error::config(message));
        match self {
            _ if self.interval.is_zero() => {
                wrong("the interval of the wait is zero, so its polls would have no pause")
            }
            _ if self.largest < self.interval => {
                wrong("the largest interval of the wait is less than the first interval")
            }
            _ if !(1.0..=1000.0).contains(&self.factor) => {
                wrong("the factor of the wait is not between 1 and 1000")
            }
            _ => Ok(()),
        }
    }

    /// Returns the pause that follows `pause`.
    pub fn longer(&self, pause: Duration) -> Duration {
        let next = Duration::try_from_secs_f64(pause.as_secs_f64() * self.factor);
        next.unwrap_or(self.largest).min(self.largest)
    }
}

/// The progress of a wait: see [`Wait::on_progress`](crate::Wait::on_progress).
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The state that the poll found. `None` if the poll failed, or if the resource does not exist.
    pub state: Option<&'a str>,
    /// The number of polls so far.
    pub polls: u32,
    /// The number of consecutive failed polls, up to the present poll. `0` if the present poll succeeded.
    pub failures: u32,
    /// The time since the first poll.
    pub elapsed: Duration,
    /// The number of resources for which the wait has succeeded.
    pub done: usize,
    /// The number of resources that the wait polls.
    pub all: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITER: Waiter = Waiter::new("state", &[], &[]);

    #[test]
    fn pauses_grow_up_to_the_longest_pause() {
        let pauses = |settings: &Settings| {
            let mut pause = settings.interval;
            let mut all = vec![pause.as_millis()];
            for _ in 0..7 {
                pause = settings.longer(pause);
                all.push(pause.as_millis());
            }
            all
        };
        let usual = [2000, 3000, 4500, 6750, 10_125, 15_187, 22_781, 30_000];
        assert_eq!(pauses(&Settings::from_waiter(&WAITER)), usual);
        let documented = Settings::from_waiter(&WAITER.with_interval(60));
        assert_eq!(pauses(&documented), [60_000; 8]);
        assert!(documented.check().is_ok());
        let mut absurd = Settings::from_waiter(&WAITER);
        (absurd.interval, absurd.largest, absurd.factor) = (Duration::MAX, Duration::MAX, 1000.0);
        assert_eq!(absurd.longer(Duration::MAX), Duration::MAX);
    }
}
