//! Every way to sign, against a server that computes the signatures again.

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

/// Clients with the sandbox's key, with or without a region.
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
async fn every_algorithm_is_accepted_with_and_without_a_region() {
    let world = World::new().await;
    for (number, algorithm) in ALL.into_iter().enumerate() {
        for region in [None, Some("eu-de")] {
            let clients = clients(&world, algorithm, region);
            list(&clients).await.unwrap();
            // The body has characters outside of ASCII, and the query has special characters.
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

/// The body of a new product, in three pieces.
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
async fn a_stream_is_accepted_from_every_algorithm() {
    let world = World::new().await;
    for (number, algorithm) in ALL.into_iter().enumerate() {
        let clients = clients(&world, algorithm, Some("eu-de"));
        let name = format!("streamed-{number}");
        let created = create(&clients, &name).await.unwrap();
        assert_eq!(created.name.as_deref(), Some(name.as_str()), "{algorithm}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_for_every_algorithm_but_no_stream_is_repeated() {
    for algorithm in ALL {
        let world = World::new().await;
        let clients = clients(&world, algorithm, None);
        world.clock.advance(Duration::from_secs(3600));
        let error = create(&clients, "late").await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable(), "{error}");
        assert_eq!(world.sandbox.requests_seen("create_product"), 1);
        // The next call uses the learned difference of the clocks.
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

/// One of the calls corrects the clock. The others were refused with the wrong clock, and must be repeated, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_corrected_for_all_calls_at_once() {
    let world = World::new().await;
    let clients = clients(&world, SigningAlgorithm::default(), None);
    list(&clients).await.unwrap();
    world.clock.advance(Duration::from_secs(3600));
    for outcome in join_all((0..50).map(|_| list(&clients))).await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_secret_key_differs_from_a_changed_request() {
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
async fn the_services_own_codes_have_hints() {
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
        "a wrong id stays wrong"
    );
}

/// The tables must be sorted, because they are searched. Each hint must read well at the end of a line.
#[test]
fn every_hint_of_a_catalogue_is_found_and_shown() {
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
