//! Finds the big keys of all running caches, four caches at a time. Prints the keys that have at least the given number
//! of bytes or elements.
//!
//! cargo run --example find_big_keys -- 10000

use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures_util::StreamExt as _;
use huaweicloud::dcs;
use huaweicloud::dcs::types::{BigKey, InstanceStatus, ListInstancesParams};

const AT_A_TIME: usize = 4;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let least = std::env::args().nth(1).unwrap_or("10000".to_owned());
    let least: i64 = least.parse().context("give the minimum size as a number")?;
    let config = huaweicloud::config::load().await?;
    let dcs = &dcs::Client::new(&config)?;

    let running = ListInstancesParams::default().with_status(InstanceStatus::Running);
    let caches: Vec<_> = dcs.list_instances(&running).items().try_collect().await?;
    let mut analyses = futures_util::stream::iter(caches)
        .map(|cache| async move {
            let analysis = dcs
                .create_big_key_analysis(cache.instance_id.as_deref().unwrap_or_default())
                .wait()
                .timeout(Duration::from_secs(30 * 60))
                .await;
            (cache.name.unwrap_or_default(), analysis)
        })
        .buffer_unordered(AT_A_TIME);

    let (mut found, mut failed) = (Vec::new(), 0);
    while let Some((cache, analysis)) = analyses.next().await {
        match analysis {
            Ok(analysis) => {
                let keys = analysis.into_inner().keys.unwrap_or_default();
                found.extend(keys.into_iter().map(|key| (cache.clone(), key)));
            }
            Err(error) => {
                failed += 1;
                eprintln!("{cache}: {error}");
            }
        }
    }

    let size = |key: &BigKey| key.size.unwrap_or_default();
    found.retain(|(_, key)| size(key) >= least);
    found.sort_by_key(|(_, key)| std::cmp::Reverse(size(key)));
    for (cache, key) in &found {
        let unit = key.unit.as_ref().map(ToString::to_string);
        println!(
            "{cache:20} {:30} {:>12} {}",
            key.name.as_deref().unwrap_or("-"),
            size(key),
            unit.as_deref().unwrap_or("-")
        );
    }
    println!("{} big keys", found.len());
    ensure!(failed == 0, "{failed} caches could not be analysed");
    Ok(())
}
