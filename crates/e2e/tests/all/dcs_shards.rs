//! Tests operations for the nodes, flavors, tags, diagnoses and commands of DCS instances.

use crate::support;
use crate::waits::quick;

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    CreateDiagnosisTaskRequest, CreateDiagnosisTaskRequired, CreateOrDeleteInstanceTagsRequest,
    CreateOrDeleteInstanceTagsRequired, CreateWebCliSessionRequest, DeleteDiagnosisReportsRequest,
    DeleteWebCliSessionRequest, DiagnosisItemName, DiagnosisResult, DiagnosisStatus,
    ExecuteWebCliCommandRequest, ListDiagnosisTasksParams, ListFlavorsParams,
    ListMonitoredObjectsParams, ListNodesParams, NodeType, PrimaryDimension, QuotaType, TagAction,
    TagRequest, UpdateReplicaPriorityRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};
use support::{BOTH, By, Clients, PASSWORD, World, cache_request};

const SECOND: Duration = Duration::from_secs(1);

/// Starts a sandbox in which each change of an instance takes ten seconds.
async fn world() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

/// Creates a running instance with a master and two replicas, and returns its ID. The instance is one hour old.
async fn trio(world: &World, clients: &Clients) -> String {
    let mut request = cache_request("trio");
    request.spec_code = "redis.ha.xu1.large.r3.1".into();
    let created = clients.dcs.create_instance(&request).await.unwrap();
    world.clock.advance(3600 * SECOND);
    created.instances[0].instance_id.clone().unwrap()
}

#[tokio::test]
async fn a_client_sets_the_priority_and_removes_the_address_of_a_replica() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = trio(&world, &clients).await;
        let shards = clients.dcs.list_shards(&id).await.unwrap();
        let shard = shards.group_list[0].group_id.clone().unwrap();
        let replicas = &shards.group_list[0].replication_list;
        let bare = clients.dcs.list_shard_replicas(&id, &shard).await.unwrap();
        assert_eq!(&*bare, replicas, "{by:?}");
        let node = replicas[1].node_id.clone().unwrap();

        let weight = UpdateReplicaPriorityRequest::new(7);
        let set = clients
            .dcs
            .update_replica_priority(&id, &shard, &node, &weight);
        set.await.unwrap();
        world
            .sandbox
            .faults()
            .inject(Service::Dcs, Fault::FailedTask, 1);
        for is_removed in [false, true] {
            let removal = clients.dcs.delete_replica_address(&id, &shard, &node);
            let (wait, states) = quick(removal.wait(), &world.clock);
            let ended = wait.await;
            assert_eq!(ended.is_ok(), is_removed, "{by:?}");
            if let Err(error) = ended {
                assert_eq!(error.last_state(), Some("FAIL"), "{by:?}");
            }
            assert_eq!(states.distinct()[0], "RUNNING", "{by:?}");
            let nodes = clients.dcs.list_instance_nodes(&id).await.unwrap();
            let node = &nodes.nodes[1];
            assert_eq!(node.is_remove_ip, Some(is_removed), "{by:?}");
            assert_eq!(
                (node.priority_weight, &node.node_type),
                (Some(7), &Some(NodeType::Slave))
            );
        }
        let master = replicas[0].node_id.clone().unwrap();
        let refused = clients
            .dcs
            .delete_replica_address(&id, &shard, &master)
            .await;
        assert_eq!(
            refused.unwrap_err().error_code(),
            Some("DCS.4931"),
            "{by:?}"
        );
    }
}

#[tokio::test]
async fn items_returns_the_nodes_and_monitored_objects_of_many_instances() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let many = cache_request("many").with_instance_num(25);
    clients.dcs.create_instance(&many).await.unwrap();
    let params = ListNodesParams::default();
    let nodes = clients.dcs.list_nodes(&params).items().page_size(10);
    let nodes: Vec<_> = nodes.try_collect().await.unwrap();
    let params = ListMonitoredObjectsParams::new(PrimaryDimension::Instance);
    let objects = clients.dcs.list_monitored_objects(&params).items();
    let objects: Vec<_> = objects.page_size(10).try_collect().await.unwrap();
    let ids = nodes.iter().map(|instance| &instance.instance_id);
    let same = objects.iter().map(|object| &object.dcs_instance_id);
    assert!(nodes.len() == 25 && ids.eq(same));
    assert_eq!(world.sandbox.requests_seen("list_nodes"), 3);
    let quota = clients
        .dcs
        .show_quota()
        .await
        .unwrap()
        .quotas
        .clone()
        .unwrap();
    let of = |kind: QuotaType| {
        let mut found = quota.resources.iter();
        found
            .find(|quota| quota.type_.as_ref() == Some(&kind))
            .unwrap()
    };
    assert_eq!(
        (of(QuotaType::Instance).used, of(QuotaType::Ram).used),
        (Some(25), Some(4))
    );
}

#[tokio::test]
async fn listed_flavors_zones_and_windows_are_valid_for_a_new_instance() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    let zones = clients.dcs.list_available_zones().await.unwrap();
    let windows = clients.dcs.list_maintenance_windows().await.unwrap();
    let params = ListFlavorsParams::new()
        .with_cache_mode("ha")
        .with_capacity("2");
    let flavors = clients.dcs.list_flavors(&params).await.unwrap();
    let window = &windows.maintain_windows[0];
    let hour = |hour: &Option<String>| format!("{}:00:00", hour.as_deref().unwrap());
    let mut request = cache_request("chosen")
        .with_maintain_begin(hour(&window.begin))
        .with_maintain_end(hour(&window.end));
    request.spec_code = flavors.flavors[0].spec_code.clone().unwrap();
    request.az_codes = vec![zones.available_zones[0].code.clone().unwrap()];
    request.capacity = 2.0;
    let created = clients.dcs.create_instance(&request).await.unwrap();
    let id = created.instances[0].instance_id.clone().unwrap();
    let shown = clients.dcs.show_instance(&id).await.unwrap();
    assert_eq!(shown.cache_mode, flavors.flavors[0].cache_mode);
    let nodes = clients.dcs.list_instance_nodes(&id).await.unwrap();
    assert!(
        nodes
            .nodes
            .iter()
            .all(|node| node.az_code.as_ref() == Some(&request.az_codes[0]))
    );
}

#[tokio::test]
async fn the_tags_of_an_instance_are_listed_in_the_project() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache("tagged").await;
        let change = |action: TagAction, tag: TagRequest| {
            let required = CreateOrDeleteInstanceTagsRequired {
                action,
                tags: [tag],
            };
            CreateOrDeleteInstanceTagsRequest::new(required)
        };
        let add = change(
            TagAction::Create,
            TagRequest::new("stage").with_value("test"),
        );
        clients
            .dcs
            .create_or_delete_instance_tags(&id, &add)
            .await
            .unwrap();
        let own = clients.dcs.list_instance_tags(&id).await.unwrap();
        assert_eq!(own.tags[0].value.as_deref(), Some("test"), "{by:?}");
        let all = clients.dcs.list_tags().await.unwrap();
        assert_eq!(all.tags[0].values, ["test"], "{by:?}");
        let remove = change(TagAction::Delete, TagRequest::new("stage"));
        clients
            .dcs
            .create_or_delete_instance_tags(&id, &remove)
            .await
            .unwrap();
        assert!(
            clients.dcs.list_tags().await.unwrap().tags.is_empty(),
            "{by:?}"
        );
    }
}

#[tokio::test]
async fn callers_can_wait_for_a_diagnosis_and_read_its_report() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = trio(&world, &clients).await;
        let now = world.clock.now_ms();
        let request = CreateDiagnosisTaskRequest::new(CreateDiagnosisTaskRequired {
            begin_time: (now - 600_000).to_string(),
            end_time: now.to_string(),
        });
        let task = clients.dcs.create_diagnosis_task(&id, &request);
        let (wait, states) = quick(task.wait(), &world.clock);
        wait.await.unwrap();
        assert_eq!(states.distinct(), ["diagnosing", "finished"], "{by:?}");
        let params = ListDiagnosisTasksParams::default();
        let tasks = clients.dcs.list_diagnosis_tasks(&id, &params).items();
        let tasks: Vec<_> = tasks.try_collect().await.unwrap();
        assert_eq!(tasks[0].status, Some(DiagnosisStatus::Finished), "{by:?}");
        let report = tasks[0].report_id.clone().unwrap();
        let shown = clients.dcs.show_diagnosis_report(&report).await.unwrap();
        assert_eq!(shown.diagnosis_node_report_list.len(), 3, "{by:?}");
        let area = &shown.diagnosis_node_report_list[0].diagnosis_dimension_list[0];
        let item = &area.diagnosis_item_list[0];
        assert_eq!(
            (&item.name, &item.result),
            (
                &Some(DiagnosisItemName::CpuUsage),
                &Some(DiagnosisResult::Normal)
            )
        );

        let both = DeleteDiagnosisReportsRequest::new()
            .with_report_id_list([report.as_str(), "no-such-report"]);
        let refused = clients.dcs.delete_diagnosis_reports(&id, &both).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Operation, "{by:?}");
        let gone = clients.dcs.show_diagnosis_report(&report).await;
        assert_eq!(gone.unwrap_err().status(), Some(404), "{by:?}");
    }
}

#[tokio::test]
async fn commands_run_in_a_session_with_a_secret_id() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache("commands").await;
        let open = CreateWebCliSessionRequest::new().with_password(PASSWORD);
        let session = clients
            .dcs
            .create_web_cli_session(&id, &open)
            .await
            .unwrap();
        let client = session.client_id.clone().unwrap();
        support::leaks::planted(client.expose());
        assert!(!format!("{session:?}").contains(client.expose()), "{by:?}");
        let ping = ExecuteWebCliCommandRequest::new(client.clone()).with_command("PING");
        let reply = clients
            .dcs
            .execute_web_cli_command(&id, &ping)
            .await
            .unwrap();
        assert_eq!(reply.response.as_deref(), Some("PONG"), "{by:?}");
        let end = DeleteWebCliSessionRequest::new().with_client_id(client);
        clients.dcs.delete_web_cli_session(&id, &end).await.unwrap();
        let refused = clients.dcs.execute_web_cli_command(&id, &ping).await;
        assert_eq!(
            refused.unwrap_err().error_code(),
            Some("DCS.4062"),
            "{by:?}"
        );
    }
}
