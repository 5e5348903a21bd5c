//! Checks every signing algorithm with the sandbox, which computes each signature again and compares the signatures.

use crate::support;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http_body::{Body, Frame};
use huaweicloud::dcs::types::ListInstancesParams;
use huaweicloud::roma_link::operations::CREATE_PRODUCT;
use huaweicloud::roma_link::types::{ListDevicesParams, Product};
use huaweicloud::{AccessKey, Error};
use huaweicloud_core::{Request, Response, SigningAlgorithm, reqwest};
use support::{Clients, World};

const ALL: [SigningAlgorithm; 4] = [
    SigningAlgorithm::SdkHmacSha256,
    SigningAlgorithm::SdkHmacSm3,
    SigningAlgorithm::V11HmacSha256,
    SigningAlgorithm::ScopedSdkHmacSha256,
];

/// Returns clients that use the access key of the sandbox, with or without a region.
fn clients(world: &World, algorithm: SigningAlgorithm, region: Option<&str>) -> Clients {
    let details = world.sandbox.details();
    clients_with(world, algorithm, region, details.secret_key.as_str())
}

fn clients_with(
    world: &World,
    algorithm: SigningAlgorithm,
    region: Option<&str>,
    secret: &str,
) -> Clients {
    let details = world.sandbox.details();
    let key = AccessKey::new(&details.access_key, secret).with_project(&details.project_id);
    let mut config = world.config().credentials(key).signing_algorithm(algorithm);
    if let Some(region) = region {
        config = config.region(region);
    }
    world.clients_of(&config.build().unwrap())
}

async fn list(clients: &Clients) -> Result<(), Error> {
    let params = ListDevicesParams::default();
    let listed = clients.link.list_devices(&clients.instance, &params).await;
    listed.map(drop)
}

#[tokio::test]
async fn the_sandbox_accepts_every_algorithm_with_and_without_a_region() {
    let world = World::new().await;
    for (number, algorithm) in ALL.into_iter().enumerate() {
        for region in [None, Some("eu-de")] {
            let clients = clients(&world, algorithm, region);
            list(&clients).await.unwrap();
            // The body contains characters outside of ASCII. The query contains special characters.
            let name = format!("Größe-{number}-{}", region.unwrap_or("x"));
            let product = clients.product(&name).await;
            clients
                .device(&product, &format!("n{number}{}", region.is_some()))
                .await;
            let params = ListInstancesParams::default().with_name("a b&c=+ü/%");
            clients.dcs.list_instances(&params).await.unwrap();
            clients.iam.list_auth_projects().await.unwrap();
        }
    }
}

/// A body with an unknown length.
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// Returns the body of a request that creates a product, in three pieces.
fn product(name: &str) -> reqwest::Body {
    let body = format!(
        r#"{{"app_id": "app", "name": "{name}", "manufacturer_id": "maker", "manufacturer_name": "Maker", "model": "m1", "product_type": 0, "protocol_type": 0}}"#
    );
    let bytes = Bytes::from(body);
    let pieces = [bytes.slice(..7), bytes.slice(7..40), bytes.slice(40..)];
    reqwest::Body::wrap(Pieces(pieces.into()))
}

async fn create(clients: &Clients, name: &str) -> Result<Response<Product>, Error> {
    let request = Request::new(&CREATE_PRODUCT)
        .path("instance_id", &clients.instance)
        .body_stream("application/json", product(name));
    clients.link.session().send(request).await
}

#[tokio::test]
async fn the_sandbox_accepts_streams_with_every_algorithm() {
    let world = World::new().await;
    for (number, algorithm) in ALL.into_iter().enumerate() {
        let clients = clients(&world, algorithm, Some("eu-de"));
        let name = format!("streamed-{number}");
        let created = create(&clients, &name).await.unwrap();
        assert_eq!(created.name.as_deref(), Some(name.as_str()), "{algorithm}");
    }
}

#[tokio::test]
async fn a_client_corrects_its_clock_but_does_not_retry_streams() {
    for algorithm in ALL {
        let world = World::new().await;
        let clients = clients(&world, algorithm, None);
        world.clock.advance(Duration::from_secs(3600));
        let error = create(&clients, "late").await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable(), "{error}");
        assert_eq!(world.sandbox.requests_seen("create_product"), 1);
        // The next call uses the difference of the clocks, which the client learned from the error.
        create(&clients, "in-time").await.unwrap();
        world.clock.advance(Duration::from_secs(3600));
        list(&clients).await.unwrap();
        assert_eq!(
            world.sandbox.requests_seen("list_devices"),
            2,
            "{algorithm}"
        );
    }
}

/// One of the calls corrects the clock of the client. Other calls can already have a signature with the wrong time, so
/// the client must retry them.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_calls_succeed_after_a_clock_correction() {
    let world = World::new().await;
    let clients = clients(&world, SigningAlgorithm::default(), None);
    list(&clients).await.unwrap();
    world.clock.advance(Duration::from_secs(3600));
    for outcome in join_all((0..50).map(|_| list(&clients))).await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn the_error_for_a_wrong_secret_key_says_to_check_the_key() {
    let world = World::new().await;
    for algorithm in ALL {
        let clients = clients_with(&world, algorithm, Some("eu-de"), "Planted-wrong-key");
        let error = list(&clients).await.unwrap_err();
        assert_eq!(error.signature_difference(), Some(&[][..]), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("check the secret key"), "{text}");
        assert!(!text.contains("Planted-"), "{text}");
    }
}

#[tokio::test]
async fn errors_with_known_codes_have_hints() {
    let world = World::new().await;
    let clients = clients(&world, SigningAlgorithm::default(), None);
    let unknown = "00000000-0000-4000-8000-000000000000";
    let error = clients.dcs.show_instance(unknown).await.unwrap_err();
    let hint = error.hint().unwrap();
    assert_eq!(Some(hint.code()), error.error_code());
    assert!(error.to_string().ends_with(hint.advice()), "{error}");
    let params = ListDevicesParams::default();
    let error = clients
        .link
        .list_devices(unknown, &params)
        .await
        .unwrap_err();
    assert_eq!(error.hint().unwrap().code(), "ROMA.00110002");
    assert!(
        !error.hint().unwrap().is_transient(),
        "a retry cannot correct a wrong id"
    );
}

/// The table of hints must be sorted, because an error finds its hint by a binary search. The message of an error must
/// end with the advice of its hint.
#[test]
fn errors_show_every_hint_of_a_service() {
    use huaweicloud::{dcs, roma_link};
    let operations = [
        (&dcs::operations::SHOW_INSTANCE, 250),
        (&roma_link::operations::LIST_DEVICES, 90),
    ];
    for (operation, least) in operations {
        let hints = operation.service().hints();
        assert!(hints.len() > least, "{}", hints.len());
        for hint in hints {
            let error = Error::outcome(operation, hint.code(), "");
            assert_eq!(error.hint(), Some(hint), "{}", hint.code());
            let text = error.to_string();
            assert!(text.contains(&format!("code {}", hint.code())), "{text}");
            assert!(text.ends_with(&format!("; {}", hint.advice())), "{text}");
        }
    }
}
