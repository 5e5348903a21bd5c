//! A SOCKS 5 proxy (RFC 1928, RFC 1929). The proxy records the requested addresses, but always connects to one fixed
//! address.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

pub struct Socks {
    pub address: String,
    shared: Arc<Shared>,
}

struct Shared {
    user: &'static str,
    password: &'static str,
    /// The address to which the proxy always connects.
    to: String,
    asked: Mutex<Vec<String>>,
}

impl Socks {
    pub async fn start(user: &'static str, password: &'static str, to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            user,
            password,
            to,
            asked: Mutex::default(),
        });
        let behind = shared.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = behind.clone();
                // If a connection breaks, `serve` returns an error. The proxy ignores this error.
                tokio::spawn(async move { shared.serve(stream).await.ok() });
            }
        });
        Self { address, shared }
    }

    /// Returns the requested hosts and ports, in the order of the requests.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }
}

impl Shared {
    async fn serve(&self, mut client: TcpStream) -> std::io::Result<()> {
        // The client sends the version of SOCKS and a list of authentication methods. The proxy requires a list
        // with only method 2 (user name and password).
        assert_eq!(client.read_u8().await?, 5);
        let methods = field(&mut client).await?;
        assert_eq!(methods, [2]);
        client.write_all(&[5, 2]).await?;
        assert_eq!(client.read_u8().await?, 1);
        let (user, password) = (field(&mut client).await?, field(&mut client).await?);
        let right = user == self.user.as_bytes() && password == self.password.as_bytes();
        client.write_all(&[1, u8::from(!right)]).await?;
        if !right {
            return Ok(());
        }
        let mut command = [0; 4];
        client.read_exact(&mut command).await?;
        let host = match command {
            [5, 1, 0, 1] => std::net::Ipv4Addr::from_bits(client.read_u32().await?).to_string(),
            [5, 1, 0, 3] => String::from_utf8(field(&mut client).await?).unwrap(),
            other => panic!("{other:?}"),
        };
        let port = client.read_u16().await?;
        self.asked.lock().unwrap().push(format!("{host}:{port}"));
        let mut server = TcpStream::connect(&self.to).await?;
        client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await?;
        copy_bidirectional(&mut client, &mut server).await?;
        Ok(())
    }
}

/// Reads a field: one byte with the length, and then the data of this length.
async fn field(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut field = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut field).await?;
    Ok(field)
}
