//! Tests the analyses of the keys in a cache, and the logs of a cache. A cache is a DCS instance.
//!
//! Each poll of a wait advances the clock of the sandbox. So an analysis ends after a few polls, and the tests need no
//! long pauses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    AnalysisStatus, AnalysisTrigger, BigKeyAnalysis, CreateOfflineKeyAnalysisRequest,
    CreateRunLogsParams, KeySizeUnit, KeyType, ListBigKeyAnalysesParams, ListExpiredKeyScansParams,
    ListRunLogsParams, ListSlowLogsParams, ListSlowLogsParamsRequired, LogType, ParameterRequest,
    ParameterRequired, RunLog, RunLogPeriod, ShowInstanceTopologyParams, SlowLog, SlowLogSortKey,
    UpdateAutoAnalysisRequest, UpdateAutoAnalysisRequired, UpdateExpiredKeyAutoScanRequest,
    UpdateParametersRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, By, Clients, World, leaks};
use crate::waits::quick;

const SECOND: Duration = Duration::from_secs(1);

/// Starts a sandbox in which each change takes ten seconds.
async fn world() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

/// Creates a cache, and advances the clock until the cache is running.
async fn running(world: &World, clients: &Clients) -> String {
    let id = clients.cache("cache").await;
    world.clock.advance(10 * SECOND);
    id
}

/// Changes a parameter, so that the cache counts the uses of its keys.
async fn count_uses(world: &World, clients: &Clients, id: &str) {
    let policy = ParameterRequest::new(ParameterRequired {
        param_id: "2",
        param_name: "maxmemory-policy",
        param_value: "allkeys-lfu",
    });
    let request = UpdateParametersRequest::default().with_redis_config(vec![policy]);
    clients.dcs.update_parameters(id, &request).await.unwrap();
    world.clock.advance(10 * SECOND);
}

#[tokio::test]
async fn a_client_finds_big_keys_and_deletes_the_analysis() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let (dcs, id) = (&clients.dcs, &running(&world, &clients).await);
        let (wait, states) = quick(dcs.create_big_key_analysis(id).wait(), &world.clock);
        let analysis: BigKeyAnalysis = wait.await.unwrap().into_inner();
        let keys = analysis.keys.as_deref().unwrap();
        assert_eq!(
            states.distinct(),
            ["waiting", "running", "success"],
            "{by:?}"
        );
        assert_eq!(analysis.scan_type, Some(AnalysisTrigger::Manual));
        let list = keys.iter().find(|key| key.type_ == Some(KeyType::List));
        let list = list.unwrap();
        assert_eq!(
            (list.size, &list.unit),
            (Some(5_000), &Some(KeySizeUnit::Count))
        );

        let task = analysis.id.as_deref().unwrap();
        let deleted = dcs.delete_big_key_analysis(id, task).await.unwrap();
        assert_eq!(
            deleted.as_ref().map(|deleted| deleted.num),
            Some(analysis.num)
        );
        let again = dcs.delete_big_key_analysis(id, task).await.unwrap();
        assert!(again.is_none() && again.status() == 204, "{by:?}");
        let error = dcs.show_big_key_analysis(id, task).await.unwrap_err();
        assert_eq!(error.error_code(), Some("DCS.4942"));
        assert!(
            error.to_string().contains("take the id from the list"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn each_wait_returns_the_result_of_its_own_analysis() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let (dcs, id) = (&clients.dcs, &running(&world, &clients).await);
    let clock = &world.clock;
    let refused = dcs.create_hot_key_analysis(id).wait().await.unwrap_err();
    assert_eq!(refused.error_code(), Some("DCS.4922"));
    count_uses(&world, &clients, id).await;
    let hot = quick(dcs.create_hot_key_analysis(id).wait(), clock).0;
    let hot = hot.await.unwrap();
    let freqs: Vec<_> = hot
        .keys
        .iter()
        .flatten()
        .filter_map(|key| key.freq)
        .collect();
    assert!(
        freqs.len() > 1 && freqs.is_sorted_by(|a, b| a > b),
        "{freqs:?}"
    );
    // The next call starts a scan before the loop. So the waits in the loop poll a list that contains several scans.
    dcs.create_expired_key_scan(id).await.unwrap();
    for scan in [
        dcs.create_expired_key_scan(id).wait(),
        dcs.scan_expired_keys(id).wait(),
    ] {
        let scan = quick(scan, clock).0.await.unwrap();
        assert_eq!(
            (scan.status.clone(), scan.num),
            (Some(AnalysisStatus::Success), Some(100))
        );
    }
    let nodes = dcs.show_instance_topology(id, &ShowInstanceTopologyParams::default());
    let nodes = nodes.await.unwrap();
    let node = nodes.redis_server[0].node_id.as_deref().unwrap();
    let request = CreateOfflineKeyAnalysisRequest::new(node);
    let offline = quick(dcs.create_offline_key_analysis(id, &request).wait(), clock).0;
    let record = offline.await.unwrap();
    let offline = dcs.show_offline_key_analysis(id, record.id.as_deref().unwrap());
    let offline = offline.await.unwrap();
    let sizes = offline
        .type_bytes
        .iter()
        .filter_map(|of_type| of_type.bytes);
    assert_eq!(Some(sizes.sum()), offline.total_bytes);
}

#[tokio::test]
async fn a_wait_returns_an_error_if_the_analysis_fails() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let (dcs, id) = (&clients.dcs, &running(&world, &clients).await);
    for _ in 0..2 {
        let faults = world.sandbox.faults();
        faults.inject(Service::Dcs, Fault::FailedTask, 1);
        let wait = quick(dcs.scan_expired_keys(id).wait(), &world.clock).0;
        let error = wait.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation);
        assert!(error.to_string().contains("failed"), "{error}");
    }
    // Here, one call starts the analysis, and another call waits for its end.
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let started = dcs.create_big_key_analysis(id).await.unwrap();
    let shown = dcs.show_big_key_analysis(id, started.id.as_deref().unwrap());
    let wait = quick(shown.wait_for(AnalysisStatus::Success), &world.clock).0;
    assert_eq!(wait.await.unwrap_err().kind(), ErrorKind::Operation);
}

#[tokio::test]
async fn schedules_start_analyses_and_items_returns_the_analyses_of_all_pages() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let (dcs, id) = (&clients.dcs, &running(&world, &clients).await);
    let daily = UpdateAutoAnalysisRequest::new(UpdateAutoAnalysisRequired {
        enable_auto_scan: true,
        schedule_at: ["03:00", "15:00"],
    });
    let set = dcs.update_big_key_auto_analysis(id, &daily).await.unwrap();
    world.clock.advance(12 * 24 * 3600 * SECOND);
    let shown = dcs.show_big_key_auto_analysis(id).await.unwrap();
    assert_eq!(
        (shown.enable_auto_scan, &shown.schedule_at),
        (Some(true), &set.schedule_at)
    );
    let params = ListBigKeyAnalysesParams::default().with_status(AnalysisStatus::Success);
    let all = dcs.list_big_key_analyses(id, &params).items().page_size(5);
    let all: Vec<_> = all.try_collect().await.unwrap();
    assert_eq!(all.len(), 24);
    assert!(
        all.iter()
            .all(|record| record.scan_type == Some(AnalysisTrigger::Auto))
    );
    assert_eq!(world.sandbox.requests_seen("list_big_key_analyses"), 5);

    let hourly = UpdateExpiredKeyAutoScanRequest::default()
        .with_enable_auto_scan(true)
        .with_first_scan_at("2100-01-01T00:00:00.000Z")
        .with_interval(3600)
        .with_timeout(7199);
    let error = dcs
        .update_expired_key_auto_scan(id, &hourly)
        .await
        .unwrap_err();
    assert_eq!(error.error_code(), Some("DCS.4821"));
    dcs.update_expired_key_auto_scan(id, &hourly.with_timeout(7200))
        .await
        .unwrap();
    let shown = dcs.show_expired_key_auto_scan(id).await.unwrap();
    assert_eq!((shown.interval, shown.scan_keys_count), (Some(3600), None));
    let scans = dcs.list_expired_key_scans(id, &ListExpiredKeyScansParams::default());
    assert_eq!(
        scans.items().try_collect::<Vec<_>>().await.unwrap().len(),
        0
    );
}

#[tokio::test]
async fn saving_hot_keys_in_a_folder_reports_the_progress() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let (dcs, id) = (&clients.dcs, &running(&world, &clients).await);
    count_uses(&world, &clients, id).await;
    let analysis = quick(dcs.create_hot_key_analysis(id).wait(), &world.clock).0;
    let analysis = analysis.await.unwrap();
    let task = analysis.id.as_deref().unwrap();
    let mut file = dcs.download_hot_keys(id, task).await.unwrap().into_inner();
    let told = Arc::new(Mutex::new(0));
    let seen = told.clone();
    file.on_progress(move |bytes, _| *seen.lock().unwrap() = bytes);
    let folder = tempfile::tempdir().unwrap();
    let path = file.save_in(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join(format!("hot-keys-{task}.csv")));
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(*told.lock().unwrap(), text.len() as u64);
    assert_eq!(
        text.lines().count(),
        analysis.keys.as_ref().unwrap().len() + 1
    );
    let error = dcs.download_hot_keys(id, "missing").await.unwrap_err();
    assert_eq!(error.error_code(), Some("DCS.4941"));
}

#[tokio::test]
async fn run_logs_can_be_collected_and_listed_and_have_secret_links() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let (dcs, id) = (&clients.dcs, &running(&world, &clients).await);
    let params = ListRunLogsParams::new(LogType::Run);
    let none = dcs.list_run_logs(id, &params).await.unwrap();
    assert!(none.is_none() && none.status() == 204);
    let none: Vec<RunLog> = dcs
        .list_run_logs(id, &params)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(none.len(), 0);
    let week = CreateRunLogsParams::new(LogType::Run).with_query_time(RunLogPeriod::SevenDays);
    dcs.create_run_logs(id, &week).await.unwrap();
    world.clock.advance(10 * SECOND);
    let logs = dcs.list_run_logs(id, &params).items().page_size(3);
    let logs: Vec<RunLog> = logs.try_collect().await.unwrap();
    assert_eq!(logs.len(), 8);
    let answer = dcs
        .create_run_log_link(id, logs[0].id.as_deref().unwrap())
        .await
        .unwrap();
    let link = answer.link.as_ref().unwrap();
    leaks::tell([&link.expose().to_owned()]);
    assert!(link.expose().starts_with("https://"));
    let shown = format!("{answer:?}");
    assert!(
        !shown.contains("https") && !shown.contains(link.expose()),
        "{shown}"
    );
}

#[tokio::test]
async fn the_list_of_slow_commands_is_sorted_by_duration() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let id = running(&world, &clients).await;
    world.clock.advance(30 * 60 * SECOND);
    let params = ListSlowLogsParams::new(ListSlowLogsParamsRequired {
        start_time: "0",
        end_time: world.clock.now_ms().to_string(),
    });
    let params = params.with_sort_key(SlowLogSortKey::Duration);
    let slow = clients
        .dcs
        .list_slow_logs(&id, &params)
        .items()
        .page_size(7);
    let slow: Vec<SlowLog> = slow.try_collect().await.unwrap();
    let durations = slow
        .iter()
        .map(|entry| entry.duration.as_ref().unwrap().parse().unwrap());
    let durations: Vec<u64> = durations.collect();
    assert!(
        durations.len() == 31 && durations.is_sorted_by(|a, b| a >= b),
        "{durations:?}"
    );
}
