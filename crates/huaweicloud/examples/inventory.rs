//! Counts the devices of each product. The program reads the list of products and the list of devices at the same time.
//!
//! ROMA_INSTANCE_ID=... cargo run --example inventory

use std::collections::BTreeMap;

use huaweicloud::roma_link;
use huaweicloud::roma_link::types::{Device, ListDevicesParams, ListProductsParams, Product};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    let link = roma_link::Client::new(&config)?;
    let instance_id = std::env::var("ROMA_INSTANCE_ID")?;

    let (all_products, all_devices) = (ListProductsParams::default(), ListDevicesParams::default());
    let products = link.list_products(&instance_id, &all_products).items();
    let devices = link.list_devices(&instance_id, &all_devices).items();
    let (products, devices): (Vec<Product>, Vec<Device>) =
        tokio::try_join!(products.try_collect(), devices.page_size(500).try_collect())?;

    let mut counts: BTreeMap<Option<i64>, usize> = BTreeMap::new();
    for device in &devices {
        let product = device
            .product
            .as_ref()
            .and_then(|product| product.product_id);
        *counts.entry(product).or_default() += 1;
    }
    for product in &products {
        let count = counts.remove(&product.id).unwrap_or_default();
        println!("{count:>6}  {}", product.name.as_deref().unwrap_or("-"));
    }
    println!(
        "{:>6}  (no product, or a product that is not in the list)",
        counts.values().sum::<usize>()
    );
    Ok(())
}
