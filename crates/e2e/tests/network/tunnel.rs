//! A proxy that opens tunnels. It records the `CONNECT` requests, and the data that clients send through the tunnels.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

pub struct Tunnel {
    pub url: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    asked: String,
    carried: Vec<u8>,
}

impl Tunnel {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { url, seen }
    }

    pub fn asked(&self) -> String {
        self.seen.lock().unwrap().asked.clone()
    }

    /// Returns the data that clients sent through all tunnels.
    pub fn carried(&self) -> Vec<u8> {
        self.seen.lock().unwrap().carried.clone()
    }
}

async fn serve(mut client: TcpStream, seen: Arc<Mutex<Seen>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    seen.lock().unwrap().asked.push_str(&head);
    let target = head.split(' ').nth(1).unwrap();
    let mut server = TcpStream::connect(target).await.unwrap();
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = async {
        let mut part = [0; 4096];
        while let Ok(read @ 1..) = from_client.read(&mut part).await {
            seen.lock()
                .unwrap()
                .carried
                .extend_from_slice(&part[..read]);
            to_server.write_all(&part[..read]).await.unwrap();
        }
    };
    let _ = tokio::join!(up, copy(&mut from_server, &mut to_client));
}
