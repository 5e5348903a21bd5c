//! Counts the caches of a project. The program sets its own limits: five attempts and ten seconds for each call, and
//! two seconds for each attempt. The user can stop the program with Ctrl-C at any time.
//!
//! cargo run --example limits

use std::time::Duration;

use huaweicloud::dcs::{self, types::ListInstancesParams};
use huaweicloud::{CallOptions, RetryPolicy};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    let patient = dcs::Client::new(&config)?;
    let retry = RetryPolicy {
        attempts: 5,
        ..RetryPolicy::default()
    };
    let dcs = patient.with_options(
        CallOptions::new()
            .attempt_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(10))
            .retry(retry),
    );

    let caches = dcs.list_instances(&ListInstancesParams::default());
    tokio::select! {
        caches = caches.items().try_collect::<Vec<_>>() => {
            println!("{} caches", caches?.len());
        }
        // After Ctrl-C, `select!` drops the future of the list. The client then cancels the current request.
        _ = tokio::signal::ctrl_c() => println!("interrupted"),
    }
    Ok(())
}
