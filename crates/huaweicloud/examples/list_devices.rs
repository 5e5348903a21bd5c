//! Prints every device of a ROMA Connect instance. The program reads the list page by page.
//!
//! ROMA_INSTANCE_ID=... cargo run --example list_devices

use huaweicloud::roma_link::{self, types::ListDevicesParams};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    let link = roma_link::Client::new(&config)?;
    let instance_id = std::env::var("ROMA_INSTANCE_ID")?;

    let mut devices = link
        .list_devices(&instance_id, &ListDevicesParams::default())
        .items()
        .page_size(200);
    let mut count = 0;
    while let Some(device) = devices.try_next().await? {
        println!(
            "{:>8}  {}",
            device.device_id.unwrap_or_default(),
            device.device_name.as_deref().unwrap_or("-"),
        );
        count += 1;
    }
    println!("{count} devices");
    Ok(())
}
