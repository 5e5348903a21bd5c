//! Reads a list of 1,000 devices in pages of 100 devices. The bench `items` uses the method `items()`. The bench
//! `plain_calls` makes the same ten calls without `items()`.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::sync::LazyLock;

use axum::Router;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use divan::Bencher;
use huaweicloud_bench::{documented, server};
use huaweicloud_core::Config;
use huaweicloud_roma_link::Client;
use huaweicloud_roma_link::types::{Device, ListDevicesParams};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

const PAGES: usize = 10;
const PAGE: usize = 100;

/// The bodies of the list pages. Each device is a copy of the documented device, with a different id.
static BODIES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let device = |id: usize| {
        let mut device = documented::device();
        device["id"] = json!(id);
        device
    };
    let page = |page: usize| {
        let items: Vec<_> = (page * PAGE..(page + 1) * PAGE).map(device).collect();
        json!({ "total": PAGES * PAGE, "size": PAGE, "items": items }).to_string()
    };
    (0..PAGES).map(page).collect()
});

fn main() {
    divan::main();
}

fn client() -> (Runtime, Client) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (listener, address) = server::listen().unwrap();
    let answer = |uri: Uri| async move {
        let parameters = uri.query().unwrap_or_default().split('&');
        let mut offsets = parameters.filter_map(|text| text.strip_prefix("offset="));
        let offset: usize = offsets.next().map_or(0, |text| text.parse().unwrap());
        let body = BODIES.get(offset / PAGE).map(String::as_str);
        ([(CONTENT_TYPE, "application/json")], body.unwrap())
    };
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, Router::new().fallback(answer)).await
    });
    let config = Config::builder()
        .endpoint("roma-link", format!("http://{address}"))
        .access_key("QTWAOYTTINDUT2QVKYUC", "Planted-secret-of-a-bench")
        .project_id("77b6a44cba5143ab91d13ab9a8ff44fd");
    let client = Client::new(&config.build().unwrap()).unwrap();
    (runtime, client)
}

#[divan::bench(sample_count = 50)]
fn items(bencher: Bencher<'_, '_>) {
    let (runtime, client) = client();
    let all = ListDevicesParams::default();
    bencher.bench_local(|| {
        let items = client.list_devices("instance", &all).items();
        let devices: Vec<Device> = runtime
            .block_on(items.page_size(PAGE as u32).try_collect())
            .unwrap();
        assert_eq!(devices.len(), PAGES * PAGE);
    });
}

#[divan::bench(sample_count = 50)]
fn plain_calls(bencher: Bencher<'_, '_>) {
    let (runtime, client) = client();
    bencher.bench_local(|| {
        let mut devices: Vec<Device> = Vec::new();
        for page in 0..PAGES {
            let params = ListDevicesParams::default()
                .with_offset((page * PAGE) as i32)
                .with_limit(PAGE as i32);
            let call = client.list_devices("instance", &params);
            devices.extend(runtime.block_on(call).unwrap().into_inner().items);
        }
        assert_eq!(devices.len(), PAGES * PAGE);
    });
}
