//! Polls the shadow of a device (the last reported value of each property). After each poll, the program prints the
//! values with a new report time. With a second argument, the program stops when it has printed at least this number
//! of values.
//!
//! ROMA_INSTANCE_ID=... cargo run --example watch_shadow -- <device id> [number of values]

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use huaweicloud::roma_link::{self, types::ShadowService};

const PAUSE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let device_id: i64 = arguments
        .next()
        .context("give the ID of a device")?
        .parse()?;
    let mut left: usize = match arguments.next() {
        Some(number) => number
            .parse()
            .context("the number of values is not a number")?,
        None => usize::MAX,
    };
    let config = huaweicloud::config::load().await?;
    let link = roma_link::Client::new(&config)?;
    let instance_id = std::env::var("ROMA_INSTANCE_ID")?;

    // For each property, the service keeps the last value and the time of its report.
    let mut known: HashMap<String, i64> = HashMap::new();
    loop {
        // The client retries a lost poll, so a short failure of the network does not stop the program.
        let shadow = link.list_shadows(&instance_id, device_id).await?;
        for (name, value, time) in values(&shadow) {
            if known.insert(name.clone(), time) == Some(time) {
                continue;
            }
            println!("{name} = {value}");
            left = left.saturating_sub(1);
        }
        if left == 0 {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Returns the name, the last value and the time of the report of each property. The name has the form
/// `service.property`.
fn values(shadow: &[ShadowService]) -> impl Iterator<Item = (String, &str, i64)> {
    shadow.iter().flat_map(|service| {
        let name = service.service_name.as_deref().unwrap_or_default();
        service.properties.iter().map(move |property| {
            let name = format!(
                "{name}.{}",
                property.property_name.as_deref().unwrap_or("?")
            );
            let value = property.property_value.as_deref().unwrap_or_default();
            (
                name,
                value,
                property.property_updated_date.unwrap_or_default(),
            )
        })
    })
}
