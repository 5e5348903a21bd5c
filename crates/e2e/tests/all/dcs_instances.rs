//! Tests changes of DCS instances, such as a resize, a switchover or a batch deletion. The last test reads a list of
//! 10,000 instances.

use crate::support;
use crate::waits::quick;

use std::collections::BTreeSet;
use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    DeleteInstancesRequest, InstanceStatus, InstanceSummary, Job, JobStatus, ListInstancesParams,
    NodeAction, ResizeInstanceRequest, ResizeInstanceRequired, ShardBandwidthRequest,
    ShardBandwidthRequired, ShowInstanceTopologyParams, StartOrStopNodesRequest, TopologyRole,
    UpdateBandwidthsRequest, UpdateInstanceRequest, UpdatePublicIpRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};
use support::{BOTH, By, Clients, World, cache_request};

const SECOND: Duration = Duration::from_secs(1);

/// Starts a sandbox in which each change of an instance takes ten seconds.
async fn world() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

/// Creates a running instance with two nodes.
async fn pair(world: &World, clients: &Clients, version: &str) -> String {
    let mut request = cache_request("pair").with_engine_version(version);
    request.spec_code = "redis.ha.xu1.large.r2.1".into();
    let created = clients.dcs.create_instance(&request).await.unwrap();
    world.clock.advance(10 * SECOND);
    created.instances[0].instance_id.clone().unwrap()
}

fn resize(spec_code: &str, new_capacity: u32) -> ResizeInstanceRequest {
    ResizeInstanceRequest::new(ResizeInstanceRequired {
        spec_code,
        new_capacity,
    })
}

#[tokio::test]
async fn callers_can_wait_for_a_resize_and_see_its_failure() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = pair(&world, &clients, "6.0").await;
        let larger = resize("redis.ha.xu1.large.r2.4", 4);
        let action = clients.dcs.resize_instance(&id, &larger);
        let (wait, states) = quick(action.wait(), &world.clock);
        let resized = wait.await.unwrap();
        assert_eq!(resized.status, Some(InstanceStatus::Running), "{by:?}");
        assert_eq!(resized.capacity, Some(4), "{by:?}");
        assert_eq!(states.distinct(), ["EXTENDING", "RUNNING"], "{by:?}");

        let faults = world.sandbox.faults();
        faults.inject(Service::Dcs, Fault::FailedTask, 1);
        let smaller = resize("redis.ha.xu1.large.r2.1", 1);
        let action = clients.dcs.resize_instance(&id, &smaller);
        let (wait, _) = quick(action.wait(), &world.clock);
        let error = wait.await.unwrap_err();
        assert_eq!(error.last_state(), Some("ERROR"), "{by:?}");
    }
}

#[tokio::test]
async fn callers_can_wait_for_a_switchover_and_read_the_reason_of_its_failure() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = pair(&world, &clients, "6.0").await;
    let (wait, states) = quick(clients.dcs.start_switchover(&id).wait(), &world.clock);
    let job = wait.await.unwrap();
    assert_eq!(job.status, Some(JobStatus::Success));
    assert_eq!(states.distinct(), ["RUNNING", "SUCCESS"]);
    let topology = ShowInstanceTopologyParams::default();
    let nodes = clients.dcs.show_instance_topology(&id, &topology).await;
    let nodes = nodes.unwrap().into_inner().redis_server;
    let roles: Vec<_> = nodes.into_iter().map(|node| node.node_type).collect();
    assert_eq!(
        roles,
        [Some(TopologyRole::Slave), Some(TopologyRole::Master)]
    );

    let faults = world.sandbox.faults();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let (wait, _) = quick(clients.dcs.start_switchover(&id).wait(), &world.clock);
    let error = wait.await.unwrap_err();
    assert_eq!(error.last_state(), Some("FAIL"));
    let job: &Job = error.refused_answer().unwrap();
    assert_eq!(
        job.fail_reason.as_deref(),
        Some("job execution status failed.")
    );
}

#[tokio::test]
async fn stopping_a_node_needs_a_backup_but_starting_a_node_does_not() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = pair(&world, &clients, "6.0").await;
    let stop = StartOrStopNodesRequest::new().with_action(NodeAction::Stop);
    let error = clients.dcs.start_or_stop_nodes(&id, &stop).await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.status(), error.error_code()),
        (Some(405), Some("DCS.2001"))
    );
    let start = StartOrStopNodesRequest::new().with_action(NodeAction::Start);
    let action = clients.dcs.start_or_stop_nodes(&id, &start);
    let (wait, _) = quick(action.wait(), &world.clock);
    assert_eq!(wait.await.unwrap().status, Some(JobStatus::Success));
}

#[tokio::test]
async fn callers_can_wait_for_a_batch_deletion() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(pair(&world, &clients, "6.0").await);
    }
    // The service deletes an instance even if its status is `ERROR`.
    world.sandbox.put_dcs_status(&ids[1], "ERROR").unwrap();
    let both = DeleteInstancesRequest::new().with_instances(&ids[..2]);
    let action = clients.dcs.delete_instances(&both, &Default::default());
    let (wait, _) = quick(action.wait(), &world.clock);
    wait.await.unwrap();
    for id in &ids[..2] {
        let error = clients.dcs.show_instance(id).await.unwrap_err();
        assert!(error.is_not_found());
    }
    let gone = DeleteInstancesRequest::new().with_instances(&ids);
    let error = clients
        .dcs
        .delete_instances(&gone, &Default::default())
        .await;
    let error = error.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Operation,
        "two of the three instances do not exist"
    );
}

#[tokio::test]
async fn a_client_changes_settings_bandwidth_and_public_access() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = pair(&world, &clients, "6.0").await;
    let update = UpdateInstanceRequest::new()
        .with_name("renamed")
        .with_port(7000);
    clients.dcs.update_instance(&id, &update).await.unwrap();
    let shown = clients.dcs.show_instance(&id).await.unwrap();
    assert_eq!(
        (shown.name.as_deref(), shown.port),
        (Some("renamed"), Some(7000))
    );

    let before = clients.dcs.show_bandwidths(&id).await.unwrap();
    let shard = before.group_bandwidths[0].group_id.clone().unwrap();
    let wanted = ShardBandwidthRequest::new(ShardBandwidthRequired {
        group_id: shard,
        target_bandwidth: 500,
    });
    let wanted = UpdateBandwidthsRequest::new().with_group_bandwidths([wanted]);
    let action = clients.dcs.update_bandwidths(&id, &wanted);
    let (wait, _) = quick(action.wait(), &world.clock);
    wait.await.unwrap();
    let after = clients.dcs.show_bandwidths(&id).await.unwrap();
    assert_eq!(after.bandwidth, Some(500));

    let balancer = UpdatePublicIpRequest::new().with_elb_id("elb");
    let action = clients.dcs.update_public_ip(&id, &balancer);
    let (wait, _) = quick(action.wait(), &world.clock);
    wait.await.unwrap();
    let shown = clients.dcs.show_instance(&id).await.unwrap();
    assert_eq!(shown.enable_publicip, Some(true));

    // If the engine version is Redis 3.0, the answer contains no job.
    let old = pair(&world, &clients, "3.0").await;
    let address = UpdatePublicIpRequest::new()
        .with_publicip_id("ip")
        .with_enable_ssl(true);
    let done = clients.dcs.update_public_ip(&old, &address).await;
    assert!(done.unwrap().into_inner().is_none());
}

/// By the documentation, a page of `list_instances` has at most 1,000 instances.
#[tokio::test]
async fn items_returns_ten_thousand_instances_from_several_pages() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let hundred = cache_request("many").with_instance_num(100);
    for _ in 0..100 {
        clients.dcs.create_instance(&hundred).await.unwrap();
    }
    let all = ListInstancesParams::default();
    let items = clients.dcs.list_instances(&all).items().page_size(1000);
    let seen: Vec<InstanceSummary> = items.try_collect().await.unwrap();
    let ids: BTreeSet<_> = seen
        .iter()
        .filter_map(|one| one.instance_id.as_ref())
        .collect();
    assert_eq!((seen.len(), ids.len()), (10_000, 10_000));
    let pages = world.sandbox.requests_seen("list_instances");
    assert!((10..=11).contains(&pages), "{pages} pages");
}
