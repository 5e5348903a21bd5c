//! Creates a cache, and waits until it runs.
//!
//! CACHE_PASSWORD=... VPC_ID=... SUBNET_ID=... cargo run --example create_cache -- <name>

use std::time::Duration;

use anyhow::Context as _;
use huaweicloud::dcs::{
    self,
    types::{CacheEngine, CreateInstanceRequest, CreateInstanceRequired},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let name = std::env::args().nth(1).context("name the cache")?;
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

    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;
    let creation = dcs.create_instance(&request).wait();
    let creation = creation.timeout(Duration::from_secs(900));
    let creation = creation.on_progress(|progress| {
        let state = progress.state.unwrap_or("unknown");
        eprintln!("{state} after {:?}", progress.elapsed);
    });
    for cache in creation.await? {
        let id = cache.instance_id.as_deref().context("a cache has an id")?;
        println!("{id} runs at {}", cache.ip.as_deref().unwrap_or_default());
    }
    Ok(())
}
