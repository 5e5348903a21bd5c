//! Servers end connections. No call is executed twice, and very few calls fail.
//!
//! The default is a few hundred calls. `CONNECTION_CALLS=10000 cargo test -p huaweicloud-e2e --test connections --
//! --include-ignored --nocapture` makes more of them. It compares with Go's client if Go is installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod calls;
mod go;
mod server;

use std::time::Duration;

use calls::{ByHand, PAUSE, SAFE, TOGETHER, UNSAFE, call, calls, session};
use huaweicloud_core::{ErrorKind, Operation};
use server::{Behaviour, End, HEALTHY, Idle, Server};

fn count() -> usize {
    let count = std::env::var("CONNECTION_CALLS");
    count.map_or(300, |count| count.parse().unwrap())
}

/// Servers that end idle connections at the time of new calls.
const IMPATIENT: [Behaviour; 5] = [
    Behaviour {
        idle: Idle::For(Duration::from_millis(5)),
        ..HEALTHY
    },
    Behaviour {
        idle: Idle::For(Duration::from_millis(10)),
        ..HEALTHY
    },
    Behaviour {
        idle: Idle::UpTo(Duration::from_millis(20)),
        ..HEALTHY
    },
    Behaviour {
        idle: Idle::UpTo(Duration::from_millis(2)),
        ..HEALTHY
    },
    Behaviour {
        idle: Idle::UpTo(Duration::from_millis(20)),
        end: End::HalfClose,
        sick: None,
    },
];

/// Makes the calls, and returns the share of failed ones.
async fn share_of_failures(behaviour: Behaviour, operation: &'static Operation) -> f64 {
    let server = Server::start(behaviour);
    let failures = calls(&session(&server), operation, 0..count(), PAUSE).await;
    let name = operation.id();
    if let (true, Some(failure)) = (operation.id() == SAFE.id(), failures.first()) {
        println!("{failure:?}");
    }
    println!(
        "{behaviour:?} {name}: {} of {} failed, {} executed, {} connections",
        failures.len(),
        count(),
        server.executed(),
        server.connections()
    );
    if operation.id() == UNSAFE.id() {
        assert_eq!(server.repeated(), 0, "{behaviour:?}");
    }
    for failure in &failures {
        // The pool of connections can lose a request before it is sent. Then the call ends by its timeout.
        let kinds = [ErrorKind::Transport, ErrorKind::Timeout];
        assert!(kinds.contains(&failure.kind()), "{failure}");
    }
    failures.len() as f64 / count() as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn no_safe_call_fails_for_any_end_of_connections() {
    for behaviour in IMPATIENT {
        assert_eq!(share_of_failures(behaviour, &SAFE).await, 0.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_unsafe_call_is_executed_twice_for_any_end_of_connections() {
    for behaviour in IMPATIENT {
        share_of_failures(behaviour, &UNSAFE).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Go, and counts that are large enough to compare: CONNECTION_CALLS=10000"]
async fn unsafe_calls_fail_at_most_as_often_as_with_go() {
    let Some(go) = go::Client::build() else {
        return;
    };
    for behaviour in IMPATIENT {
        let ours = share_of_failures(behaviour, &UNSAFE).await;
        let server = Server::start(behaviour);
        let failed = go.failed_calls(&server.url, count(), PAUSE);
        let theirs = failed as f64 / count() as f64;
        println!("{behaviour:?} Go: {failed} of {} failed", count());
        assert!(ours <= theirs, "{behaviour:?}: {ours} {theirs}");
    }
}

/// After one failed call, the others use new connections.
#[tokio::test]
async fn one_unsafe_call_fails_if_every_kept_connection_ends() {
    let behaviour = Behaviour {
        idle: Idle::For(Duration::ZERO),
        end: End::HalfClose,
        sick: None,
    };
    let server = Server::start(behaviour);
    let session = session(&server);
    let mut failed = 0;
    for id in 0..50 {
        failed += usize::from(call(&session, &UNSAFE, id).await.is_err());
    }
    assert!(failed <= 1, "{failed}");
    assert_eq!((server.executed(), server.repeated()), (50, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sick_connection_does_not_fail_safe_calls() {
    for status in [408, 421, 425, 502, 503, 504] {
        let behaviour = Behaviour {
            sick: Some(status),
            ..HEALTHY
        };
        assert_eq!(share_of_failures(behaviour, &SAFE).await, 0.0);
    }
}

/// After 502 to 504, it is unknown whether the call was executed. After the other statuses it was not.
#[tokio::test(flavor = "multi_thread")]
async fn a_sick_connection_fails_unsafe_calls_only_if_the_result_is_unknown() {
    for status in [408, 421, 425, 502, 503, 504] {
        let server = Server::start(Behaviour {
            sick: Some(status),
            ..HEALTHY
        });
        let failures = calls(&session(&server), &UNSAFE, 0..count(), PAUSE).await;
        println!(
            "{status}: {} of {} failed, {} connections",
            failures.len(),
            count(),
            server.connections()
        );
        assert_eq!(server.repeated(), 0, "{status}");
        assert_eq!(server.executed(), count() - failures.len(), "{status}");
        assert_eq!(!failures.is_empty(), status >= 502, "{status}");
        for failure in failures {
            assert_eq!(failure.status(), Some(status));
        }
    }
}

/// The shortest usual limit is that of Node.js.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits for idle connections to end, a minute for 10,000 calls"]
async fn no_unsafe_call_fails_if_idle_connections_stay_for_five_seconds() {
    let five = Duration::from_secs(5);
    let server = Server::start(Behaviour {
        idle: Idle::For(five),
        ..HEALTHY
    });
    let session = session(&server);
    // Bursts of calls, with pauses near the server's limit.
    let burst = count() / 6;
    for (turn, pause) in [4500, 4900, 4990, 5000, 5010, 5100].into_iter().enumerate() {
        let ids = turn * burst..(turn + 1) * burst;
        let failures = calls(&session, &UNSAFE, ids, Duration::from_millis(1)).await;
        assert_eq!(failures.len(), 0, "{failures:?}");
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    let failures = calls(&session, &UNSAFE, 6 * burst..7 * burst, PAUSE).await;
    assert_eq!(failures.len(), 0, "{failures:?}");
    assert_eq!(server.repeated(), 0);
}

/// The distribution of calls, and the number of new clients.
#[derive(Clone, Copy, Debug)]
struct Load {
    name: &'static str,
    clients: usize,
    /// The number of calls that start together, before a pause.
    burst: usize,
    bursts: usize,
    pause: Duration,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "compares counts that vary a little by chance; CONNECTION_CALLS=10000"]
async fn a_healthy_server_sees_hardly_more_connections_than_from_reqwest() {
    let load = |name, clients, bursts, pause| Load {
        name,
        clients,
        burst: count() / clients / bursts,
        bursts,
        pause: Duration::from_millis(pause),
    };
    // There are no pauses near four seconds. After that time our client drops idle connections, so each burst would use
    // new ones.
    let loads = [
        load("steady", 5, 1, 0),
        load("from cold", count() / TOGETHER / 2, 1, 0),
        load("bursts", 8, 10, 50),
    ];
    for load in loads {
        for operation in [&SAFE, &UNSAFE] {
            let (mut ours, mut theirs) = (0, 0);
            for _ in 0..load.clients {
                let (server, other) = (Server::start(HEALTHY), Server::start(HEALTHY));
                let (session, by_hand) = (session(&server), ByHand::new(&other));
                for burst in 0..load.bursts {
                    let ids = burst * load.burst..(burst + 1) * load.burst;
                    let failures = calls(&session, operation, ids.clone(), Duration::ZERO).await;
                    assert_eq!(failures.len(), 0, "{failures:?}");
                    let failures = by_hand.calls(ids, Duration::ZERO).await;
                    assert_eq!(failures.len(), 0, "{failures:?}");
                    if load.bursts > 1 {
                        tokio::time::sleep(load.pause).await;
                    }
                }
                ours += server.connections();
                theirs += other.connections();
            }
            println!(
                "{} {}: {ours} connections, reqwest {theirs}",
                load.name,
                operation.id()
            );
            assert!(
                ours as f64 <= theirs as f64 * 1.05,
                "{load:?} {}: {ours} {theirs}",
                operation.id()
            );
        }
    }
}
