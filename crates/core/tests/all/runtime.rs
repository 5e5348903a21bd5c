//! Tests calls in runtimes without timers or sockets, and one client in several runtimes.

use crate::support;

use huaweicloud_core::{Error, ErrorKind, Request, Session};
use std::sync::mpsc;
use support::{Device, LIST, Scripted, config, device};
use tokio::runtime::{Builder, Runtime};

fn call(runtime: &Runtime, session: &Session) -> Result<(), Error> {
    let call = session.send::<Device>(Request::new(&LIST));
    runtime.block_on(call).map(drop)
}

/// Starts a server in its own thread and runtime. Returns a session for this server.
fn session() -> Session {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Scripted::start((0..99).map(|_| device())).await;
            sender
                .send(server.session_with(config().token("t")))
                .unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().unwrap()
}

#[test]
fn a_call_in_a_runtime_without_timers_or_sockets_is_an_error() {
    let session = session();
    let bare = || Builder::new_current_thread();
    for (runtime, lacks) in [
        (bare().build(), "timers"),
        (bare().enable_io().build(), "timers"),
        (bare().enable_time().build(), "sockets"),
        (
            Builder::new_multi_thread().worker_threads(1).build(),
            "timers",
        ),
    ] {
        let runtime = runtime.unwrap();
        for _ in 0..2 {
            let error = call(&runtime, &session).unwrap_err();
            let text = error.to_string();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
            assert!(
                text.contains(lacks) && text.contains("enable_all()"),
                "{text}"
            );
        }
    }
    // After these errors, the session can still make calls.
    call(&bare().enable_all().build().unwrap(), &session).unwrap();
}

/// A connection works only while the runtime that opened it runs. So each runtime needs its own connections.
#[test]
fn a_client_can_be_used_in_several_runtimes_in_turn() {
    let session = session();
    let runtimes: Vec<Runtime> = (0..12)
        .map(|_| Builder::new_current_thread().enable_all().build().unwrap())
        .collect();
    for _ in 0..2 {
        for runtime in &runtimes {
            call(runtime, &session).unwrap();
        }
    }
}
