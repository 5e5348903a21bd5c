//! Creates a Redis cache, and waits until the cache runs.
//!
//! CACHE_PASSWORD=... VPC_ID=... SUBNET_ID=... cargo run --example create_cache -- <name>

use std::time::Duration;

use anyhow::Context as _;
use huaweicloud::dcs;
use huaweicloud::dcs::types::{CacheEngine, CreateInstanceRequest, CreateInstanceRequired};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let name = std::env::args()
        .nth(1)
        .context("give a name for the cache")?;
    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;

    let request = CreateInstanceRequest::new(CreateInstanceRequired {
        name,
        engine: CacheEngine::Redis,
        capacity: 0.125,
        spec_code: "redis.single.xu1.tiny.128",
        az_codes: ["eu-de-01"],
        vpc_id: std::env::var("VPC_ID")?,
        subnet_id: std::env::var("SUBNET_ID")?,
    })
    .with_engine_version("6.0")
    .with_password(std::env::var("CACHE_PASSWORD")?);

    let caches = dcs
        .create_instance(&request)
        .wait()
        .timeout(Duration::from_secs(15 * 60))
        .on_progress(|progress| println!("{}", progress.state.unwrap_or("no state")))
        .await?;
    for cache in &caches {
        let (ip, port) = (
            cache.ip.as_deref().unwrap_or("-"),
            cache.port.unwrap_or_default(),
        );
        println!(
            "{} runs at {ip}:{port}",
            cache.name.as_deref().unwrap_or("-")
        );
    }
    Ok(())
}
