//! Puts a TLS listener in front of the HTTP listener of a service. The certificate comes from a certificate authority
//! that is new in each run.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::Service;
use crate::listen::{Socket, bind, local};
use crate::{Entrance, StartError};

/// Accepts HTTPS from clients, and forwards the decrypted bytes to an HTTP listener.
pub(crate) struct Front {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    behind: SocketAddr,
}

/// Puts an HTTPS listener in front of each socket whose entrance uses HTTPS. Also returns the certificate of the
/// certificate authority as PEM, or `None` if no socket needs HTTPS. Clients must trust this certificate.
pub(crate) async fn fronts(
    entrances: [Entrance; Service::ALL.len()],
    sockets: &mut [Socket],
) -> Result<(Vec<Front>, Option<String>), StartError> {
    let (mut authority, mut fronts) = (None, Vec::new());
    for (entrance, socket) in entrances.into_iter().zip(sockets) {
        let host = match entrance {
            Entrance::Http | Entrance::UnknownHost => continue,
            Entrance::Https => local(&socket.listener)?.ip().to_string(),
            Entrance::HttpsWrongName => "another-host.invalid".to_owned(),
        };
        let authority = match &mut authority {
            Some(authority) => authority,
            None => authority.insert(Authority::new()?),
        };
        let inside = bind((Ipv4Addr::LOCALHOST, 0).into()).await?;
        fronts.push(Front {
            behind: local(&inside)?,
            acceptor: TlsAcceptor::from(Arc::new(authority.server(host)?)),
            listener: std::mem::replace(&mut socket.listener, inside),
        });
    }
    Ok((fronts, authority.map(|authority| authority.certificate)))
}

/// A certificate authority. Each run makes a new one.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new() -> Result<Self, StartError> {
        let mut params = CertificateParams::new([]).map_err(failed)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = "huaweicloud-sandbox, for this run only";
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.self_signed(&key).map_err(failed)?.pem();
        let issuer = Issuer::new(params, key);
        Ok(Self {
            issuer,
            certificate,
        })
    }

    /// Returns a TLS configuration with a new certificate for this host name or IP address.
    fn server(&self, host: String) -> Result<ServerConfig, StartError> {
        let key = KeyPair::generate().map_err(failed)?;
        let params = CertificateParams::new([host]).map_err(failed)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(failed)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .map_err(failed)
    }
}

impl Front {
    /// Accepts TLS connections until the sandbox stops, and forwards their decrypted bytes.
    pub async fn serve(self, mut stop: watch::Receiver<()>) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = stop.changed() => return,
            };
            match accepted {
                Ok((stream, _)) => {
                    let connection = hand_on(stream, self.acceptor.clone(), self.behind);
                    tokio::spawn(async move {
                        if let Err(error) = connection.await {
                            tracing::info!(%error, "a TLS connection ended early");
                        }
                    });
                }
                Err(error) => tracing::warn!(%error, "a connection could not be accepted"),
            }
        }
    }
}

async fn hand_on(stream: TcpStream, acceptor: TlsAcceptor, to: SocketAddr) -> io::Result<()> {
    let mut outside = acceptor.accept(stream).await?;
    let mut inside = TcpStream::connect(to).await?;
    copy_bidirectional(&mut outside, &mut inside).await?;
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> StartError {
    StartError::Option(format!("TLS cannot be set up: {error}"))
}
