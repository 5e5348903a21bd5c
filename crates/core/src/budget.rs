//! Limits the retries of all calls of a configuration together.

use std::sync::atomic::{AtomicU32, Ordering};

/// Limits retries with a bucket of tokens: a retry takes tokens from the bucket. If a service is down, the bucket
/// protects the service from the retries of many callers.
///
/// All clients of a [`Config`](crate::Config) share one bucket, unless
/// [`CallOptions::retry_budget`](crate::CallOptions::retry_budget) sets a separate budget. At the start, the bucket is
/// full. A retry takes [`repeat_cost`](Self::repeat_cost) tokens, or [`timeout_cost`](Self::timeout_cost) tokens after
/// a timeout. If the bucket has too few tokens, the client does not retry, and the call fails at once. If a call
/// succeeds, the client puts back the tokens of the last retry that took tokens. If no retry of this call took tokens,
/// the client puts back [`refund`](Self::refund) tokens.
///
/// In each call, the first retry after a renewal of the credential is free. The retry after a correction of the clock
/// is also free. A request to another endpoint costs nothing.
///
/// If all calls fail, the default values allow at most 100 retries that cost tokens. Then the client makes only free
/// retries, until calls succeed again. The bucket and its default values come from the standard retry mode of the AWS
/// SDKs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    /// The size of the bucket: 500 tokens by default. With 0 tokens, the client makes only free retries.
    pub capacity: u32,
    /// The cost of a retry, in tokens: 5 by default.
    pub repeat_cost: u32,
    /// The cost of a retry after a timeout, in tokens: 10 by default.
    pub timeout_cost: u32,
    /// The tokens that the client puts back if a call succeeds without a retry that took tokens: 1 by default.
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
    /// Returns a budget in which retries cost nothing. Then only the [`RetryPolicy`](crate::RetryPolicy) and the
    /// timeout of a call limit its retries.
    pub fn unlimited() -> Self {
        Self {
            repeat_cost: 0,
            timeout_cost: 0,
            ..Self::default()
        }
    }
}

/// The tokens of a retry budget.
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

    /// Takes the cost of a retry and returns the cost. If the bucket has too few tokens, takes nothing and returns
    /// `None`.
    pub(crate) fn pay(&self, timed_out: bool) -> Option<u32> {
        let price = if timed_out {
            self.budget.timeout_cost
        } else {
            self.budget.repeat_cost
        };
        self.change(|tokens| tokens.checked_sub(price))
            .then_some(price)
    }

    /// Returns whether the bucket has enough tokens for a retry after a timeout.
    pub(crate) fn has_enough(&self) -> bool {
        self.tokens.load(Ordering::Relaxed) >= self.budget.timeout_cost
    }

    /// Puts tokens back after a call succeeded. `paid` is the cost of the last retry that took tokens. `paid` is `None`
    /// if no retry took tokens.
    pub(crate) fn succeeded(&self, paid: Option<u32>) {
        let back = paid.unwrap_or(self.budget.refund);
        let capacity = self.budget.capacity;
        // Usually the bucket is full. Then the closure returns `None`, and `fetch_update` writes nothing. So the
        // processor cores do not compete for this memory.
        self.change(|tokens| {
            (tokens < capacity).then(|| tokens.saturating_add(back).min(capacity))
        });
    }

    /// Changes the number of tokens. Returns `false` if `change` returns `None`. The memory ordering is relaxed,
    /// because no other memory access depends on the order.
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
    fn a_retry_is_possible_only_with_enough_tokens() {
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
    fn a_successful_retry_refunds_its_cost_up_to_the_capacity() {
        let bucket = Bucket::new(SMALL);
        let paid = bucket.pay(false);
        bucket.succeeded(paid);
        assert_eq!((bucket.pay(true), bucket.pay(false)), (Some(10), None));
        (0..99).for_each(|_| bucket.succeeded(Some(10)));
        assert_eq!((bucket.pay(true), bucket.pay(false)), (Some(10), None));
    }

    #[test]
    fn a_budget_can_allow_no_retries_or_unlimited_retries() {
        let none = Bucket::new(RetryBudget {
            capacity: 0,
            ..SMALL
        });
        assert_eq!(none.pay(false), None);
        let unlimited = Bucket::new(RetryBudget::unlimited());
        assert!((0..9999).all(|_| unlimited.pay(true) == Some(0)));
    }
}
