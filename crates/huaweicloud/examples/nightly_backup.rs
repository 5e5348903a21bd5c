//! Backs up all caches that have a name with the given prefix. Then deletes old backups that this program has created.
//! For each cache, the program keeps the newest of these backups, as many as the second argument says.
//!
//! Cron or a similar program can start this program each night.
//!
//! cargo run --example nightly_backup -- <prefix> <how many to keep>

use std::time::Duration;

use anyhow::{Context as _, ensure};
use huaweicloud::dcs;
use huaweicloud::dcs::types::{
    BackupStatus, CreateBackupRequest, ListBackupsParams, ListInstancesParams,
};

/// The remark of the backups that this program creates. The program deletes only backups with this remark.
const REMARK: &str = "nightly";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let prefix = arguments
        .next()
        .context("give the prefix of the cache names")?;
    let keep = arguments
        .next()
        .context("give the number of backups to keep")?;
    let keep: usize = keep
        .parse()
        .context("the number of backups is not a number")?;
    ensure!(keep > 0, "keep at least one backup");
    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;

    let mut failed = 0;
    let mut caches = dcs.list_instances(&ListInstancesParams::default()).items();
    while let Some(cache) = caches.try_next().await? {
        let name = cache.name.unwrap_or_default();
        let Some(id) = cache.instance_id.filter(|_| name.starts_with(&prefix)) else {
            continue;
        };
        // If the new backup fails, the program deletes no old backup of this cache.
        let done =
            async { anyhow::Ok((back_up(&dcs, &id).await?, retain(&dcs, &id, keep).await?)) };
        match done.await {
            Ok((backup, deleted)) => println!("{name}: {backup}, {deleted} deleted"),
            Err(error) => {
                failed += 1;
                eprintln!("{name}: {error}");
            }
        }
    }
    ensure!(
        failed == 0,
        "{failed} caches have no new backup, or still have too many backups"
    );
    Ok(())
}

/// Creates a backup, and returns its name.
async fn back_up(dcs: &dcs::Client, id: &str) -> anyhow::Result<String> {
    let request = CreateBackupRequest::default().with_remark(REMARK);
    let backup = dcs
        .create_backup(id, &request)
        .wait()
        .timeout(Duration::from_secs(60 * 60))
        .await?;
    Ok(backup.into_inner().backup_name.unwrap_or_default())
}

/// Deletes the successful backups of this program, except the newest `keep`. Returns the number of deleted backups.
async fn retain(dcs: &dcs::Client, id: &str, keep: usize) -> anyhow::Result<usize> {
    let all = dcs.list_backups(id, &ListBackupsParams::default());
    let mut own: Vec<_> = all.items().try_collect().await?;
    own.retain(|backup| {
        backup.remark.as_deref() == Some(REMARK) && backup.status == Some(BackupStatus::Succeed)
    });
    own.sort_by(|one, other| other.created_at.cmp(&one.created_at));
    let old = own.into_iter().skip(keep);
    let old: Vec<_> = old.filter_map(|backup| backup.backup_id).collect();
    for backup in &old {
        dcs.delete_backup(id, backup).await?;
    }
    Ok(old.len())
}
