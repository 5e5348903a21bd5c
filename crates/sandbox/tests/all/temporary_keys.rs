//! Tests of temporary access keys, and of the effects of a changed password.

use crate::support;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Keys, World, send};

async fn temporary_keys(world: &World, token: Value) -> Keys {
    let url = format!(
        "{}/v3.0/OS-CREDENTIAL/securitytokens",
        world.sandbox.details().addresses.iam
    );
    let got = world
        .call(
            "POST",
            &url,
            Some(json!({"auth": {"identity": {"methods": ["token"], "token": token}}})),
        )
        .await;
    assert_eq!(got.status, 201, "{:?}", got.body);
    let text = |name: &str| got.body["credential"][name].as_str().unwrap().to_owned();
    assert_eq!(text("expires_at").len(), 27);
    Keys {
        access: text("access"),
        secret: text("secret"),
        security_token: Some(text("securitytoken")),
    }
}

#[tokio::test]
async fn a_temporary_key_needs_its_security_token_and_expires() {
    let world = World::new().await;
    let url = world.dcs_url("");
    let keys = temporary_keys(&world, json!({"duration_seconds": 1200})).await;
    assert_eq!(send(keys.get(&world.http, &url, &[])).await.status, 200);
    let without = Keys {
        security_token: None,
        access: keys.access.clone(),
        secret: keys.secret.clone(),
    };
    assert_eq!(send(without.get(&world.http, &url, &[])).await.status, 401);
    let wrong = Keys {
        security_token: Some("wrong".into()),
        ..without
    };
    assert_eq!(send(wrong.get(&world.http, &url, &[])).await.status, 401);

    // The key is valid for 1200 seconds. Even on a slow machine, the calls before this line take less than 60 seconds.
    // So the key is still valid after 1140 more seconds.
    world.clock.advance(Duration::from_secs(1140));
    let now = world.clock.now();
    assert_eq!(
        send(keys.signed(&world.http, Method::GET, &url, &[], b"", now))
            .await
            .status,
        200
    );
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(
        send(keys.signed(&world.http, Method::GET, &url, &[], b"", world.clock.now()))
            .await
            .code(),
        "APIGW.0301"
    );
}

#[tokio::test]
async fn temporary_keys_need_a_valid_token_and_a_valid_duration() {
    let world = World::new().await;
    let url = format!(
        "{}/v3.0/OS-CREDENTIAL/securitytokens",
        world.sandbox.details().addresses.iam
    );
    let body = |token: Value| json!({"auth": {"identity": {"methods": ["token"], "token": token}}});
    assert_eq!(
        send(
            world
                .http
                .post(&url)
                .json(&body(json!({"id": world.token})))
        )
        .await
        .status,
        201
    );
    assert_eq!(
        send(world.http.post(&url).json(&body(json!({"id": "wrong"}))))
            .await
            .status,
        401
    );
    assert_eq!(
        send(world.http.post(&url).json(&body(json!({}))))
            .await
            .status,
        401
    );
    for seconds in [899, 86_401] {
        let got = world
            .call(
                "POST",
                &url,
                Some(body(json!({"duration_seconds": seconds}))),
            )
            .await;
        assert_eq!(got.status, 400, "{seconds}");
    }
}

#[tokio::test]
async fn a_password_change_invalidates_old_tokens_and_temporary_keys() {
    let world = World::new().await;
    let old = world.sandbox.details().password.clone();
    let temporary = temporary_keys(&world, json!({})).await;
    assert_eq!(
        send(temporary.get(&world.http, &world.dcs_url(""), &[]))
            .await
            .status,
        200
    );
    world
        .sandbox
        .change_user_password("Another-Password-1")
        .unwrap();
    assert_eq!(
        world.link("GET", "/devices", None).await.status,
        401,
        "the old token is invalid"
    );
    assert_eq!(
        send(temporary.get(&world.http, &world.dcs_url(""), &[]))
            .await
            .status,
        401,
        "the temporary key is invalid"
    );
    assert_eq!(
        world.login(&old, json!({})).await.status,
        401,
        "the old password is invalid"
    );
    assert_eq!(
        world.login("Another-Password-1", json!({})).await.status,
        201
    );
    assert_eq!(
        send(Keys::of(&world.sandbox).get(&world.http, &world.dcs_url(""), &[]))
            .await
            .status,
        200,
        "the permanent key stays valid"
    );
}
