//! Tests calls to servers that close connections or answer with errors. No server executes an unsafe call twice, and
//! all safe calls succeed.
//!
//! By default, most tests make 300 calls to each server. The following command increases this number to 10,000:
//! `CONNECTION_CALLS=10000 cargo test -p huaweicloud-e2e --test connections -- --include-ignored --nocapture`. If Go is
//! installed, this command also compares our client with the client of Go.

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

/// Servers that close idle connections after a short time. So new calls often use a connection that is closing.
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

/// Makes the calls to a new server, and returns the share of failed calls.
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
        // The connection pool can lose a request before the request is sent. Then the call ends with a timeout.
        let kinds = [ErrorKind::Transport, ErrorKind::Timeout];
        assert!(kinds.contains(&failure.kind()), "{failure}");
    }
    failures.len() as f64 / count() as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_calls_succeed_if_the_server_closes_idle_connections() {
    for behaviour in IMPATIENT {
        assert_eq!(share_of_failures(behaviour, &SAFE).await, 0.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_executes_no_unsafe_call_twice() {
    for behaviour in IMPATIENT {
        share_of_failures(behaviour, &UNSAFE).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Go and many calls: CONNECTION_CALLS=10000"]
async fn unsafe_calls_do_not_fail_more_often_than_with_the_go_client() {
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

/// After the first failed call, the client uses new connections.
#[tokio::test]
async fn at_most_one_unsafe_call_fails_if_the_server_closes_reused_connections() {
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
async fn safe_calls_succeed_if_a_connection_answers_with_errors() {
    for status in [408, 421, 425, 502, 503, 504] {
        let behaviour = Behaviour {
            sick: Some(status),
            ..HEALTHY
        };
        assert_eq!(share_of_failures(behaviour, &SAFE).await, 0.0);
    }
}

/// After a status from 502 to 504, the client does not know whether the server executed the call. After the statuses
/// 421 and 425, the client knows that the server did not execute the call. In this test, the server sends status 408
/// only on reused connections, with `Connection: close`. From such an answer, the client knows that the server closed
/// an idle connection, and did not execute the call.
#[tokio::test(flavor = "multi_thread")]
async fn unsafe_calls_fail_only_if_their_result_is_unknown() {
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

/// Node.js servers close idle connections after five seconds.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits until idle connections end, which takes a minute for 10,000 calls"]
async fn unsafe_calls_succeed_if_idle_connections_last_five_seconds() {
    let five = Duration::from_secs(5);
    let server = Server::start(Behaviour {
        idle: Idle::For(five),
        ..HEALTHY
    });
    let session = session(&server);
    // The test makes bursts of calls. The pauses between the bursts are close to five seconds.
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

/// The number of new clients, and the number of calls and pauses of each client.
#[derive(Clone, Copy, Debug)]
struct Load {
    name: &'static str,
    clients: usize,
    /// The number of calls before a pause.
    burst: usize,
    bursts: usize,
    pause: Duration,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the compared counts vary a little by chance; use CONNECTION_CALLS=10000"]
async fn our_client_opens_at_most_five_percent_more_connections_than_reqwest() {
    let load = |name, clients, bursts, pause| Load {
        name,
        clients,
        burst: count() / clients / bursts,
        bursts,
        pause: Duration::from_millis(pause),
    };
    // Our client closes a connection that is idle for four seconds. All pauses are shorter, so that the bursts can
    // reuse connections.
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
