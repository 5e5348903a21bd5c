use std::net::SocketAddr;

/// The address that clients get for a service. Some addresses fail before a request is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entrance {
    /// `http` and the IP address of the listener.
    #[default]
    Http,
    /// `http` and a host name that DNS does not know.
    UnknownHost,
    /// `https` with a certificate of a temporary authority,
    /// [`Details::ca_certificate`](crate::Details::ca_certificate).
    #[cfg(feature = "tls")]
    Https,
    /// The same, but the certificate is for another host.
    #[cfg(feature = "tls")]
    HttpsWrongName,
}

impl Entrance {
    /// The base address of a listener for clients.
    pub(crate) fn address(self, listener: SocketAddr) -> String {
        match self {
            Self::Http => format!("http://{listener}"),
            // Reserved by RFC 2606, so nobody can register it.
            Self::UnknownHost => format!("http://sandbox.invalid:{}", listener.port()),
            #[cfg(feature = "tls")]
            Self::Https | Self::HttpsWrongName => format!("https://{listener}"),
        }
    }
}
