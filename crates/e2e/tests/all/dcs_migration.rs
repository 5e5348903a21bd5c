//! Tests the migration of data into a DCS instance. During a migration, two instances can exchange their addresses. A
//! test checks this exchange and its rollback.

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    BackupFileChoice, BackupFileSelection, CreateMigrationTaskRequest, CreateMigrationTaskRequired,
    CreateOnlineMigrationTaskRequest, CreateOnlineMigrationTaskRequired,
    DeleteMigrationTasksRequest, ExchangeInstanceIpsRequest, ExchangeInstanceIpsRequired,
    ListMigrationTaskLogsParams, ListMigrationTasksParams, MigrationEndpoint, MigrationLogLevel,
    MigrationMethod, MigrationTargetAccess, MigrationTaskStatus, MigrationType, ReconnectMode,
    SetOnlineMigrationTaskRequest, SetOnlineMigrationTaskRequired, StopMigrationTasksRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, By, Clients, PASSWORD, World};
use crate::waits::quick;

const SECOND: Duration = Duration::from_secs(1);

async fn world() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

fn import(target: &str) -> CreateMigrationTaskRequest {
    let files = BackupFileSelection::new([BackupFileChoice::new("a.rdb")]);
    CreateMigrationTaskRequest::new(CreateMigrationTaskRequired {
        task_name: "import",
        migration_type: MigrationType::BackupFileImport,
        migration_method: MigrationMethod::Full,
        target_instance: MigrationTargetAccess::new(target).with_password(PASSWORD),
    })
    .with_backup_files(files.with_bucket_name("bucket"))
}

fn moving(source: &str, target: &str, method: MigrationMethod) -> SetOnlineMigrationTaskRequest {
    SetOnlineMigrationTaskRequest::new(SetOnlineMigrationTaskRequired {
        migration_method: method,
        resume_mode: ReconnectMode::Auto,
        source_instance: MigrationEndpoint::default()
            .with_id(source)
            .with_password(PASSWORD),
        target_instance: MigrationEndpoint::default().with_id(target),
    })
}

/// Creates an online migration task that has no source and no target yet.
async fn online(world: &World, clients: &Clients) -> String {
    let request = CreateOnlineMigrationTaskRequest::new(CreateOnlineMigrationTaskRequired {
        name: "move",
        vpc_id: "vpc",
        subnet_id: "subnet",
        security_group_id: "group",
    });
    let wait = clients.dcs.create_online_migration_task(&request).wait();
    let task = quick(wait, &world.clock).0.await.unwrap();
    assert_eq!(task.status, Some(MigrationTaskStatus::Running));
    task.into_inner().task_id.unwrap()
}

#[tokio::test]
async fn callers_can_wait_for_an_import_and_see_its_failure() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let target = clients.cache("target").await;
        world.clock.advance(10 * SECOND);
        let request = import(&target);
        let start = || clients.dcs.create_migration_task(&request).wait();
        let (wait, states) = quick(start(), &world.clock);
        let done = wait.await.unwrap();
        assert_eq!(done.status, Some(MigrationTaskStatus::Success), "{by:?}");
        assert_eq!(states.distinct(), ["MIGRATING", "SUCCESS"], "{by:?}");

        let faults = world.sandbox.faults();
        faults.inject(Service::Dcs, Fault::FailedTask, 1);
        let error = quick(start(), &world.clock).0.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation, "{by:?}");
        assert_eq!(error.last_state(), Some("FAILED"), "{by:?}");
        let reason = "job failed, the source is not reachable.";
        assert_eq!(error.error_msg(), Some(reason), "{by:?}");
    }
}

#[tokio::test]
async fn a_full_migration_copies_all_data_and_ends() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let (source, target) = (clients.cache("source").await, clients.cache("target").await);
    world.clock.advance(10 * SECOND);
    let task = online(&world, &clients).await;
    let request = moving(&source, &target, MigrationMethod::Full);
    let start = clients.dcs.set_online_migration_task(&task, &request);
    let (wait, states) = quick(start.wait(), &world.clock);
    assert_eq!(wait.await.unwrap().task_id.as_deref(), Some(task.as_str()));
    assert_eq!(states.distinct(), ["FULLMIGRATING", "SUCCESS"]);
    let stats = clients.dcs.show_migration_task_stats(&task).await.unwrap();
    assert_eq!(stats.full_migration_progress.as_deref(), Some("100"));
    assert_eq!(stats.source_dbsize, stats.target_dbsize);
    let shown = clients.dcs.show_migration_task(&task).await.unwrap();
    let source = shown.source_instance.as_ref().unwrap();
    assert_ne!(source.password.as_ref().unwrap().expose(), PASSWORD);
    let logs = ListMigrationTaskLogsParams::default().with_log_level(MigrationLogLevel::Info);
    let logs = clients.dcs.list_migration_task_logs(&task, &logs);
    let logs: Vec<_> = logs.items().page_size(1).try_collect().await.unwrap();
    assert_eq!(logs.len(), 2);
    assert_eq!(
        logs[0].message.as_deref(),
        Some("job success, all data was migrated.")
    );
}

#[tokio::test]
async fn addresses_can_be_exchanged_and_restored_during_an_incremental_migration() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let dcs = &clients.dcs;
    let (source, target) = (clients.cache("source").await, clients.cache("target").await);
    world.clock.advance(10 * SECOND);
    let task = online(&world, &clients).await;
    let request = moving(&source, &target, MigrationMethod::Incremental);
    dcs.set_online_migration_task(&task, &request)
        .await
        .unwrap();
    let wait = dcs
        .show_migration_task(&task)
        .wait_for(MigrationTaskStatus::IncrementalMigrating);
    quick(wait, &world.clock).0.await.unwrap();

    let domain = async |id: &str| {
        dcs.show_instance(id)
            .await
            .unwrap()
            .into_inner()
            .domain_name
    };
    let before = (domain(&source).await, domain(&target).await);
    let exchange = ExchangeInstanceIpsRequest::new(ExchangeInstanceIpsRequired {
        exchanged_ip: Vec::<String>::new(),
        is_exchange_domain: true,
    });
    dcs.exchange_instance_ips(&task, &exchange).await.unwrap();
    let shown = dcs.show_migration_task(&task).await.unwrap();
    assert_eq!(shown.task_status.as_deref(), Some("EXCHANGING"));
    world.clock.advance(10 * SECOND);
    assert_eq!((domain(&target).await, domain(&source).await), before);
    dcs.rollback_instance_ips(&task).await.unwrap();
    world.clock.advance(10 * SECOND);
    assert_eq!((domain(&source).await, domain(&target).await), before);
    let error = dcs.rollback_instance_ips(&task).await.unwrap_err();
    assert_eq!(error.error_code(), Some("DCS.4990"));

    let (wait, states) = quick(dcs.stop_migration_task(&task).wait(), &world.clock);
    let stopped = wait.await.unwrap();
    assert_eq!(stopped.status, Some(MigrationTaskStatus::Terminated));
    assert_eq!(states.distinct(), ["TERMINATING", "TERMINATED"]);
    // One of the two tasks does not exist, so the call fails.
    let both = StopMigrationTasksRequest::new([task.as_str(), "nothing"]);
    let error = dcs.stop_migration_tasks(&both).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Operation, Some(200))
    );
    let all = DeleteMigrationTasksRequest::new([task.as_str()]);
    dcs.delete_migration_tasks(&all).await.unwrap();
    let left = dcs.list_migration_tasks(&ListMigrationTasksParams::default());
    let left: Vec<_> = left.items().try_collect().await.unwrap();
    assert!(left.is_empty());
}
