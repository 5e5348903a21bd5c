//! Deletes all caches that have a name with the given prefix. The program sends all deletions at the same time, and
//! waits until the caches no longer exist.
//!
//! cargo run --example clean_up -- <prefix>

use anyhow::Context as _;
use huaweicloud::dcs::{self, types::ListInstancesParams};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let prefix = std::env::args()
        .nth(1)
        .context("give the prefix of the cache names")?;
    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;

    let all = dcs.list_instances(&ListInstancesParams::default());
    let mut deletions = JoinSet::new();
    for cache in all.items().try_collect::<Vec<_>>().await? {
        let is_meant = cache
            .name
            .as_deref()
            .is_some_and(|name| name.starts_with(&prefix));
        if let (true, Some(id)) = (is_meant, &cache.instance_id) {
            deletions.spawn(dcs.delete_instance(id).wait());
        }
    }
    let results = deletions.join_all().await;
    let failures: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    for error in &failures {
        eprintln!("{error}");
    }
    println!(
        "{} deleted, {} failed",
        results.len() - failures.len(),
        failures.len()
    );
    Ok(())
}
