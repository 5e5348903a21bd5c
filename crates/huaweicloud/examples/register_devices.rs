//! Registers the devices of a CSV file (`node id,name` in each line) with a product. Those that are there already stay as they are.
//!
//! ROMA_INSTANCE_ID=... cargo run --example register_devices -- <product id> devices.csv

use anyhow::Context as _;
use huaweicloud::roma_link;
use huaweicloud::roma_link::types::{
    CreateDeviceRequest, CreateDeviceRequired, ListDevicesParams, ProductReferenceRequest,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let product_id: i64 = arguments.next().context("name a product")?.parse()?;
    let file = arguments.next().context("name a file")?;
    let lines = std::fs::read_to_string(&file).with_context(|| file.clone())?;

    let config = huaweicloud::config::load().await?;
    let link = roma_link::Client::new(&config)?;
    let instance_id = std::env::var("ROMA_INSTANCE_ID")?;

    for line in lines.lines() {
        let (node_id, device_name) = line.split_once(',').context("write `node id,name`")?;
        let same = ListDevicesParams::default().with_node_id(node_id);
        if !link
            .list_devices(&instance_id, &same)
            .await?
            .items
            .is_empty()
        {
            println!("{node_id} is there");
            continue;
        }
        let device = CreateDeviceRequest::new(CreateDeviceRequired {
            product: ProductReferenceRequest::default().with_product_id(product_id),
            device_name,
            node_id,
            app_id: "factory",
        });
        let device = link.create_device(&instance_id, &device).await?;
        println!(
            "{node_id} is device {}",
            device.device_id.unwrap_or_default()
        );
    }
    Ok(())
}
