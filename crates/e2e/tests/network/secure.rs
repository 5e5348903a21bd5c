//! HTTPS servers with their own certificate authorities, for tests of TLS settings that the sandbox does not have.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { pem, issuer }
    }

    /// Issues a certificate. Returns the certificate and its key as PEM.
    pub fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// A server that answers every request with an empty list.
pub struct Server {
    pub url: String,
    answered: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server that supports only this version of TLS.
    pub async fn speaking(
        authority: &Authority,
        version: &'static SupportedProtocolVersion,
    ) -> Self {
        Self::start(authority, &[version], None).await
    }

    /// Starts a server that accepts only clients with a certificate of the authority `clients`.
    pub async fn asking_for_certificates(authority: &Authority, clients: &Authority) -> Self {
        Self::start(authority, rustls::ALL_VERSIONS, Some(clients)).await
    }

    /// Starts a server with only one version of TLS. The server accepts only clients with a certificate of the
    /// authority `clients`.
    pub async fn refusing_certificates(
        authority: &Authority,
        clients: &Authority,
        version: &'static SupportedProtocolVersion,
    ) -> Self {
        Self::start(authority, &[version], Some(clients)).await
    }

    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }

    async fn start(
        authority: &Authority,
        versions: &[&'static SupportedProtocolVersion],
        clients: Option<&Authority>,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(versions)
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(certificate(&clients.pem)).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let (own, key) = authority.issue("server");
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = builder.with_single_cert(vec![certificate(&own)], key);
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let answered = Arc::<AtomicUsize>::default();
        let count = answered.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, count) = (acceptor.clone(), count.clone());
                tokio::spawn(async move {
                    let mut stream = match acceptor.accept(stream).into_fallible().await {
                        Ok(stream) => stream,
                        Err((_, mut refused)) => {
                            // After a failed handshake, the server reads all data before it closes the connection.
                            // Otherwise, the connection could be reset, and the client could lose the TLS alert.
                            let _ = copy(&mut refused, &mut sink()).await;
                            return;
                        }
                    };
                    let mut request = [0; 4096];
                    if let Ok(1..) = stream.read(&mut request).await {
                        count.fetch_add(1, Ordering::SeqCst);
                        let _ = stream.write_all(ANSWER).await;
                        let _ = stream.shutdown().await;
                    }
                });
            }
        });
        Self { url, answered }
    }
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\
    Content-Length: 36\r\n\r\n{\"instances\": [], \"instance_num\": 0}";

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}
