use std::net::SocketAddr;

/// How clients are told to reach a service: the part of its address that they can stumble over before they send a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entrance {
    /// `http` and the IP address that is listened on.
    #[default]
    Http,
    /// `http` and a host name that no DNS knows.
    UnknownHost,
    /// `https` with a certificate of a throw-away authority, [`Details::ca_certificate`](crate::Details::ca_certificate).
    #[cfg(feature = "tls")]
    Https,
    /// The same, but the certificate is another host's.
    #[cfg(feature = "tls")]
    HttpsWrongName,
}

impl Entrance {
    /// The base address that is told to clients of a listener.
    pub(crate) fn address(self, listener: SocketAddr) -> String {
        match self {
            Self::Http => format!("http://{listener}"),
            // Reserved by RFC 2606: nobody can register it.
            Self::UnknownHost => format!("http://sandbox.invalid:{}", listener.port()),
            #[cfg(feature = "tls")]
            Self::Https | Self::HttpsWrongName => format!("https://{listener}"),
        }
    }
}
