//! Checks whether the current tokio runtime can execute a call.

use crate::error::Error;
use std::cell::Cell;
use std::panic::catch_unwind;
use std::time::Duration;
use tokio::runtime::{Handle, Id};

thread_local! {
    /// The last runtime that passed the check, in this thread.
    static CHECKED: Cell<Option<Id>> = const { Cell::new(None) };
}

/// Returns an error if there is no runtime, or if the runtime has no timers or no sockets. In these cases, a call would
/// panic.
pub(crate) fn check_runtime() -> Result<(), Error> {
    let wrong = |message| Err(Error::config(message).with_help(HELP));
    let Ok(runtime) = Handle::try_current() else {
        return wrong("there is no tokio runtime here");
    };
    if CHECKED.get() == Some(runtime.id()) {
        return Ok(());
    }
    // tokio reports missing timers and sockets only by a panic. With `panic = "abort"`, this panic ends the program
    // before the client sends anything.
    if catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_err() {
        return wrong("the tokio runtime here has no timers");
    }
    if catch_unwind(open_socket).is_err() {
        return wrong("the tokio runtime here has no sockets");
    }
    CHECKED.set(Some(runtime.id()));
    Ok(())
}

const HELP: &str =
    "use a runtime with timers and I/O: #[tokio::main], or enable_all() of tokio's Builder";

/// Opens a socket. The function panics if the runtime has no sockets. If the operating system cannot open the socket,
/// the function ignores the error, because the runtime is not the cause.
fn open_socket() {
    let socket = std::net::UdpSocket::bind((std::net::Ipv4Addr::LOCALHOST, 0));
    let _ = socket.and_then(|socket| {
        socket.set_nonblocking(true)?;
        tokio::net::UdpSocket::from_std(socket)
    });
}
