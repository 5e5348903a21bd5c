//! Runs a short version of the program `soak`.

use std::time::Duration;

use huaweicloud_e2e::soak::{Plan, run};

const LIFE: Duration = Duration::from_secs(3600);

#[tokio::test(flavor = "multi_thread")]
async fn calls_succeed_although_tokens_expire_early() {
    let plan = Plan {
        calls: 1_000,
        tasks: 16,
        token_life: LIFE,
    };
    let outcome = run(plan, |number, clock| {
        if number % 400 == 100 {
            clock.advance(LIFE);
        }
    });
    let outcome = outcome.await.unwrap();
    assert_eq!((outcome.failed, &outcome.failure), (0, &None));
    assert_eq!(outcome.renewals_at_once, 1);
    // The client requests one token at the beginning, and one token after each of the three expiries. The client
    // replaces at most three refused tokens in a minute. So a fourth expiry in the same minute would make calls fail.
    assert_eq!(outcome.renewals, 4);
}
