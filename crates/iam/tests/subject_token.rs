//! Tests of the token in a header of IAM's answer.
#![cfg(feature = "tokens")]
#![allow(clippy::unwrap_used)]

use huaweicloud_core::{Config, Response};
use huaweicloud_iam::types::{
    AuthMethod, CreateTokenParams, CreateTokenRequest, IssuedToken, PasswordIdentity, PasswordUser,
    PasswordUserDomain, TokenAuth, TokenAuthRequired, TokenIdentity, TokenScope,
};
use huaweicloud_iam::{Client, IssuedTokenExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Returns the client's result for an answer with this additional header.
async fn answer(header: &'static str) -> Response<IssuedToken> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}}}") {
            stream.read_buf(&mut request).await.unwrap();
        }
        let head =
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 12\r\n";
        let answer = format!("{head}{header}\r\n{{\"token\":{{}}}}");
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    let user = PasswordUser::new("hunter2")
        .with_name("user")
        .with_domain(PasswordUserDomain::new().with_name("account"));
    let identity =
        TokenIdentity::new([AuthMethod::Password]).with_password(PasswordIdentity::new(user));
    let body = CreateTokenRequest::new(TokenAuth::new(TokenAuthRequired {
        identity,
        scope: TokenScope::new(),
    }));
    let config = Config::builder().endpoint("iam", url).build().unwrap();
    Client::new(&config)
        .unwrap()
        .create_token(&body, &CreateTokenParams::default())
        .await
        .unwrap()
}

#[tokio::test]
async fn subject_token_returns_the_token_and_debug_does_not_show_the_token() {
    let answer = answer("X-Subject-Token: MIIsecret\r\n").await;
    assert_eq!(answer.subject_token().unwrap().expose(), "MIIsecret");
    assert!(!format!("{answer:?} {:?}", answer.headers()).contains("MIIsecret"));
}

#[tokio::test]
async fn subject_token_returns_none_if_the_answer_has_no_token() {
    assert!(answer("").await.subject_token().is_none());
    assert!(
        answer("X-Subject-Token: \r\n")
            .await
            .subject_token()
            .is_none()
    );
}
