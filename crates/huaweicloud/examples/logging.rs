//! Logs each retry of a request at level `info`. At level `debug`, the log also contains the status of each answer.
//!
//! RUST_LOG=huaweicloud=debug cargo run --example logging

use huaweicloud::dcs::{self, types::ListInstancesParams};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env()?;
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;
    let page = dcs.list_instances(&ListInstancesParams::default()).await?;
    tracing::info!(
        attempts = page.attempts(),
        "{} caches",
        page.instance_num.unwrap_or_default()
    );
    Ok(())
}
