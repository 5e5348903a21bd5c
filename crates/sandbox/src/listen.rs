//! Opens the sockets, and computes the addresses for clients.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::options::Options;
use crate::{Addresses, StartError};

/// The listener of a service.
pub(crate) struct Socket {
    pub listener: TcpListener,
    /// The base address that clients use.
    pub address: String,
}

/// Opens a listener for each service, in the order of [`Service::ALL`](crate::Service::ALL).
pub(crate) async fn listen(options: &Options) -> Result<Vec<Socket>, StartError> {
    let mut sockets = Vec::new();
    for (port, entrance) in options.ports.into_iter().zip(options.entrances) {
        let listener = bind(SocketAddr::new(options.listen, port)).await?;
        let address = entrance.address(local(&listener)?);
        sockets.push(Socket { listener, address });
    }
    Ok(sockets)
}

pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}

pub(crate) fn local(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|error| {
        StartError::Option(format!("cannot find the address of the listener: {error}"))
    })
}

pub(crate) fn addresses(sockets: &[Socket]) -> Addresses {
    let mut bases = sockets.iter().map(|socket| socket.address.clone());
    Addresses::new(|_| bases.next().unwrap_or_default())
}
