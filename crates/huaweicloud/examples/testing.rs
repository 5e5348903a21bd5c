//! A function that calls a service, and tests of this function that need no cloud and no server.
//!
//! cargo test --example testing --features test-util

use huaweicloud::dcs::{self, types::ListInstancesParams};

/// Returns the names of all caches that are not running.
async fn stopped(dcs: &dcs::Client) -> Result<Vec<String>, huaweicloud::Error> {
    let mut names = Vec::new();
    let all = dcs.list_instances(&ListInstancesParams::default());
    for cache in all.items().try_collect::<Vec<_>>().await? {
        if cache
            .status
            .as_ref()
            .is_none_or(|status| status.to_string() != "RUNNING")
        {
            names.extend(cache.name);
        }
    }
    Ok(names)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    for name in stopped(&dcs::Client::new(&config)?).await? {
        println!("{name} is not running");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use huaweicloud::testing::{Recorder, Reply};
    use serde_json::json;

    fn client(recorder: &Recorder) -> dcs::Client {
        dcs::Client::new(&recorder.config().build().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn stopped_returns_only_caches_that_are_not_running() {
        let recorder = Recorder::new();
        let page = json!({"instance_num": 2, "instances": [
            {"instance_id": "1", "name": "up", "status": "RUNNING"},
            {"instance_id": "2", "name": "down", "status": "ERROR"},
        ]});
        recorder.reply("list_instances", Reply::json(200, &page));
        assert_eq!(stopped(&client(&recorder)).await.unwrap(), ["down"]);
    }

    #[tokio::test]
    async fn the_client_retries_after_a_broken_connection() {
        let recorder = Recorder::new();
        let nothing = json!({"instance_num": 0, "instances": []});
        recorder
            .reply("list_instances", Reply::broken())
            .reply("list_instances", Reply::json(200, &nothing));
        assert!(stopped(&client(&recorder)).await.unwrap().is_empty());
        assert_eq!(recorder.requests().len(), 2);
    }

    #[tokio::test]
    async fn status_403_is_an_auth_error() {
        let recorder = Recorder::new();
        recorder.reply("list_instances", Reply::error(403, "DCS.4004", "no"));
        let error = stopped(&client(&recorder)).await.unwrap_err();
        assert!(error.is_auth());
    }
}
