//! Decodes a list page of 10,000 devices with the generated code of the client and with serde's derive.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::sync::LazyLock;

use divan::black_box;
use huaweicloud_bench::{derived, documented};
use huaweicloud_core::decode;
use huaweicloud_roma_link::types::DeviceList;
use serde_json::json;

/// The body of a list page that contains the documented device 10,000 times.
static PAGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let items = vec![documented::device(); 10_000];
    json!({ "total": items.len(), "size": items.len(), "items": items })
        .to_string()
        .into_bytes()
});

fn main() {
    divan::main();
}

#[divan::bench(sample_size = 1)]
fn ours() -> DeviceList {
    decode::from_slice(black_box(&PAGE)).unwrap()
}

#[divan::bench(sample_size = 1)]
fn derived_serde() -> derived::DeviceList {
    serde_json::from_slice(black_box(&PAGE)).unwrap()
}
