//! How many repeats all calls of a configuration may make together.

use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens that repeats are paid from, so that many callers do not press on a service that is down.
///
/// Every client of a [`Config`](crate::Config) draws from the same bucket. It starts full. A repeat takes
/// [`repeat_cost`](Self::repeat_cost), or [`timeout_cost`](Self::timeout_cost) after a time that ran out; where that is not there,
/// the failure is reported at once. A call that succeeds puts back what its last repeat took, or [`refund`](Self::refund) if it
/// needed none. With the defaults, 100 repeats are made while a service stays down; then each call is sent once, until it answers
/// again. The rule and the numbers are those of the AWS SDKs' standard retry mode.
///
/// The one repeat after a renewed token or a corrected clock, and the way from one endpoint to another, cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    /// The most that the bucket holds: 500 by default. 0 allows no repeats.
    pub capacity: u32,
    /// What a repeat takes: 5 by default.
    pub repeat_cost: u32,
    /// What a repeat after a timeout takes: 10 by default.
    pub timeout_cost: u32,
    /// What a call puts back that succeeds at once: 1 by default.
    pub refund: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            capacity: 500,
            repeat_cost: 5,
            timeout_cost: 10,
            refund: 1,
        }
    }
}

impl RetryBudget {
    /// Repeats cost nothing: each call goes by its [`RetryPolicy`](crate::RetryPolicy) alone.
    pub fn unlimited() -> Self {
        Self {
            repeat_cost: 0,
            timeout_cost: 0,
            ..Self::default()
        }
    }
}

/// The bucket itself, shared by everybody who draws from it.
#[derive(Debug)]
pub(crate) struct Bucket {
    budget: RetryBudget,
    tokens: AtomicU32,
}

impl Bucket {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        Self {
            budget,
            tokens: AtomicU32::new(budget.capacity),
        }
    }

    /// Takes the price of a repeat, and says what it was; None, and nothing taken, if there is not enough.
    pub(crate) fn pay(&self, timed_out: bool) -> Option<u32> {
        let price = if timed_out {
            self.budget.timeout_cost
        } else {
            self.budget.repeat_cost
        };
        self.change(|tokens| tokens.checked_sub(price))
            .then_some(price)
    }

    /// Whether there is enough for a repeat after a timeout.
    pub(crate) fn has_enough(&self) -> bool {
        self.tokens.load(Ordering::Relaxed) >= self.budget.timeout_cost
    }

    /// A call succeeded, and had paid this for its last repeat.
    pub(crate) fn succeeded(&self, paid: Option<u32>) {
        let back = paid.unwrap_or(self.budget.refund);
        let capacity = self.budget.capacity;
        // Usually it is full: then there is nothing to write, and nothing that cores would have to agree on.
        self.change(|tokens| {
            (tokens < capacity).then(|| tokens.saturating_add(back).min(capacity))
        });
    }

    /// Relaxed: nothing else is ordered by it.
    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: RetryBudget = RetryBudget {
        capacity: 12,
        repeat_cost: 5,
        timeout_cost: 10,
        refund: 1,
    };

    #[test]
    fn repeats_are_paid_until_nothing_is_left() {
        let bucket = Bucket::new(SMALL);
        assert_eq!(bucket.pay(true), Some(10));
        assert_eq!(bucket.pay(false), None);
        bucket.succeeded(None);
        assert_eq!(bucket.pay(false), None);
        bucket.succeeded(None);
        bucket.succeeded(None);
        assert_eq!((bucket.pay(false), bucket.pay(false)), (Some(5), None));
    }

    #[test]
    fn a_repeat_that_helped_gives_its_price_back_and_no_more_than_fits() {
        let bucket = Bucket::new(SMALL);
        let paid = bucket.pay(false);
        bucket.succeeded(paid);
        assert_eq!((bucket.pay(true), bucket.pay(false)), (Some(10), None));
        (0..99).for_each(|_| bucket.succeeded(Some(10)));
        assert_eq!((bucket.pay(true), bucket.pay(false)), (Some(10), None));
    }

    #[test]
    fn none_and_without_end() {
        let none = Bucket::new(RetryBudget {
            capacity: 0,
            ..SMALL
        });
        assert_eq!(none.pay(false), None);
        let unlimited = Bucket::new(RetryBudget::unlimited());
        assert!((0..9999).all(|_| unlimited.pay(true) == Some(0)));
    }
}
