//! Tests backups of DCS instances, and restorations from backups. The clients use a password or an access key.

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    BackupError, BackupFormat, BackupStatus, CreateBackupRequest, InstanceStatus,
    ListBackupLinksRequest, ListBackupsParams, ListRestoresParams, RestoreInstanceRequest,
    RestoreStatus,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::leaks;
use crate::support::{BOTH, By, World};
use crate::waits::quick;

const SECOND: Duration = Duration::from_secs(1);

async fn world() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

#[tokio::test]
async fn callers_can_wait_for_a_backup_and_a_restoration() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let dcs = &clients.dcs;
        let id = clients.pair("cache").await;
        world.clock.advance(10 * SECOND);
        let none = dcs.list_backups(&id, &ListBackupsParams::default());
        assert!(none.await.unwrap().is_none(), "{by:?}");
        let none = dcs.list_restores(&id, &ListRestoresParams::default());
        let none: Vec<_> = none.items().try_collect().await.unwrap();
        assert!(none.is_empty(), "{by:?}");

        let request = CreateBackupRequest::default()
            .with_remark("nightly")
            .with_backup_format(BackupFormat::Rdb);
        let (wait, states) = quick(dcs.create_backup(&id, &request).wait(), &world.clock);
        let backup = wait.await.unwrap().into_inner();
        assert_eq!(backup.status, Some(BackupStatus::Succeed), "{by:?}");
        assert_eq!(states.distinct(), ["backuping", "succeed"], "{by:?}");

        let backup = backup.backup_id.unwrap();
        let links = ListBackupLinksRequest::new(600);
        let links = dcs.list_backup_links(&id, &backup, &links).await.unwrap();
        let link = links.links[0].link.as_ref().unwrap();
        leaks::tell([&link.expose().to_owned()]);
        assert!(link.expose().starts_with("https://"), "{by:?}");
        assert!(!format!("{links:?}").contains("Signature"), "{by:?}");

        let request = RestoreInstanceRequest::new(backup.as_str());
        let (wait, states) = quick(dcs.restore_instance(&id, &request).wait(), &world.clock);
        let restore = wait.await.unwrap();
        assert_eq!(restore.status, Some(RestoreStatus::Succeed), "{by:?}");
        assert_eq!(restore.backup_id.as_deref(), Some(backup.as_str()));
        assert_eq!(states.distinct(), ["restoring", "succeed"], "{by:?}");
        let shown = dcs.show_instance(&id).await.unwrap();
        assert_eq!(shown.status, Some(InstanceStatus::Running), "{by:?}");

        dcs.delete_backup(&id, &backup).await.unwrap();
        let all = dcs.list_backups(&id, &ListBackupsParams::default());
        let all: Vec<_> = all.items().try_collect().await.unwrap();
        let states: Vec<_> = all.into_iter().map(|backup| backup.status).collect();
        assert_eq!(states, [Some(BackupStatus::Deleted)], "{by:?}");
    }
}

#[tokio::test]
async fn a_wait_returns_the_error_of_a_failed_backup_or_restoration() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.pair("cache").await;
    world.clock.advance(10 * SECOND);
    let faults = world.sandbox.faults();
    let request = CreateBackupRequest::default();
    let back_up = || clients.dcs.create_backup(&id, &request).wait();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let error = quick(back_up(), &world.clock).0.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert_eq!(error.last_state(), Some("failed"));
    assert_eq!(error.error_code(), Some("dcs.08.0002"));
    assert!(error.to_string().contains("dcs.08.0002"), "{error}");

    let backup = quick(back_up(), &world.clock).0.await.unwrap();
    let request = RestoreInstanceRequest::new(backup.backup_id.as_deref().unwrap());
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let wait = clients.dcs.restore_instance(&id, &request).wait();
    let error = quick(wait, &world.clock).0.await.unwrap_err();
    assert_eq!(error.error_code(), Some("dcs.08.0007"));
    let all = clients
        .dcs
        .list_restores(&id, &ListRestoresParams::default());
    let failed = all.items().next().await.unwrap().unwrap();
    assert_eq!(failed.error_code, Some(BackupError::DataNotSynchronized));
}

#[tokio::test]
async fn items_returns_the_backups_of_all_pages() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.pair("cache").await;
    world.clock.advance(10 * SECOND);
    let request = CreateBackupRequest::default();
    let oldest = clients.dcs.create_backup(&id, &request).await.unwrap();
    for _ in 0..12 {
        world.clock.advance(10 * SECOND);
        clients.dcs.create_backup(&id, &request).await.unwrap();
    }
    let all = clients.dcs.list_backups(&id, &ListBackupsParams::default());
    let all: Vec<_> = all.items().try_collect().await.unwrap();
    assert_eq!(all.len(), 13);
    assert_eq!(all[12].backup_id, oldest.backup_id);
}
