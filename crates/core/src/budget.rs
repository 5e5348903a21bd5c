//! The limit of repeats for all calls of a configuration together.

use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens that pays for repeats. It protects a service that is down from the repeats of many callers.
///
/// Every client of a [`Config`](crate::Config) takes from the same bucket. The bucket starts full. A repeat takes
/// [`repeat_cost`](Self::repeat_cost), or [`timeout_cost`](Self::timeout_cost) after a timeout. If the bucket has fewer
/// tokens, the call fails at once. If a call succeeds, it puts back the tokens of its last repeat. If it needed no
/// repeat, it puts back [`refund`](Self::refund). With the defaults, a service that stays down gets 100 repeats. After
/// that each call is sent once, until the service answers again. The rule and the numbers come from the standard retry
/// mode of the AWS SDKs.
///
/// The one repeat after a renewed token or a corrected clock costs nothing. The change to another endpoint costs
/// nothing either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    /// The size of the bucket: 500 tokens by default. With 0 there are no repeats.
    pub capacity: u32,
    /// The cost of a repeat: 5 by default.
    pub repeat_cost: u32,
    /// The cost of a repeat after a timeout: 10 by default.
    pub timeout_cost: u32,
    /// The refund for a call that succeeds without a repeat: 1 by default.
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
    /// Repeats cost nothing: only the [`RetryPolicy`](crate::RetryPolicy) limits the repeats of each call.
    pub fn unlimited() -> Self {
        Self {
            repeat_cost: 0,
            timeout_cost: 0,
            ..Self::default()
        }
    }
}

/// The bucket itself. All clients of a configuration share it.
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

    /// Takes the cost of a repeat and returns it. If there are too few tokens, it takes nothing and returns None.
    pub(crate) fn pay(&self, timed_out: bool) -> Option<u32> {
        let price = if timed_out {
            self.budget.timeout_cost
        } else {
            self.budget.repeat_cost
        };
        self.change(|tokens| tokens.checked_sub(price))
            .then_some(price)
    }

    /// Whether the bucket has enough tokens for a repeat after a timeout.
    pub(crate) fn has_enough(&self) -> bool {
        self.tokens.load(Ordering::Relaxed) >= self.budget.timeout_cost
    }

    /// Notes that a call succeeded, which had paid this cost for its last repeat.
    pub(crate) fn succeeded(&self, paid: Option<u32>) {
        let back = paid.unwrap_or(self.budget.refund);
        let capacity = self.budget.capacity;
        // Usually the bucket is full. No write then means no contention between cores.
        self.change(|tokens| {
            (tokens < capacity).then(|| tokens.saturating_add(back).min(capacity))
        });
    }

    /// Relaxed, because no other memory access depends on its order.
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
    fn repeats_are_paid_until_the_bucket_is_empty() {
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
    fn a_successful_repeat_returns_its_cost_up_to_the_size() {
        let bucket = Bucket::new(SMALL);
        let paid = bucket.pay(false);
        bucket.succeeded(paid);
        assert_eq!((bucket.pay(true), bucket.pay(false)), (Some(10), None));
        (0..99).for_each(|_| bucket.succeeded(Some(10)));
        assert_eq!((bucket.pay(true), bucket.pay(false)), (Some(10), None));
    }

    #[test]
    fn no_repeats_and_unlimited_repeats() {
        let none = Bucket::new(RetryBudget {
            capacity: 0,
            ..SMALL
        });
        assert_eq!(none.pay(false), None);
        let unlimited = Bucket::new(RetryBudget::unlimited());
        assert!((0..9999).all(|_| unlimited.pay(true) == Some(0)));
    }
}
