use std::net::SocketAddr;

/// The kind of address that clients get for a service. With some kinds, a client fails before it sends a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entrance {
    /// `http` and the IP address of the listener.
    #[default]
    Http,
    /// `http` and a host name that DNS cannot resolve.
    UnknownHost,
    /// `https` with a certificate from the sandbox's certificate authority, which is new in each run. Clients must
    /// trust [`Details::ca_certificate`](crate::Details::ca_certificate).
    #[cfg(feature = "tls")]
    Https,
    /// Like [`Https`](Self::Https), but the certificate is for another host.
    #[cfg(feature = "tls")]
    HttpsWrongName,
}

impl Entrance {
    /// Returns the base address that clients use for a listener.
    pub(crate) fn address(self, listener: SocketAddr) -> String {
        match self {
            Self::Http => format!("http://{listener}"),
            // RFC 2606 reserves `.invalid`, so nobody can register this name.
            Self::UnknownHost => format!("http://sandbox.invalid:{}", listener.port()),
            #[cfg(feature = "tls")]
            Self::Https | Self::HttpsWrongName => format!("https://{listener}"),
        }
    }
}
