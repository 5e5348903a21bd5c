//! Tests device groups, gateways, rules, notifications and statistics. These resources belong to ROMA Connect device
//! integration (LINK).

use crate::support;

use huaweicloud::roma_link::types::{
    AddDevicesToGroupRequest, AddSubsetsToGatewayRequest, CreateDestinationRequest,
    CreateDestinationRequired, CreateDeviceGroupRequest, CreateDeviceGroupRequired,
    CreateNotificationRequest, CreateNotificationRequired, CreateRuleRequest, CreateRuleRequired,
    CreateSourceRequest, CreateSourceRequired, DeleteDevicesFromGroupRequest, DeleteDevicesRequest,
    DeleteRulesRequest, DestinationType, DeviceGroupNode, DeviceStatus, DisconnectDevicesRequest,
    GroupedDevice, ListDestinationsParams, ListDevicesInGroupParams, ListNotificationsParams,
    ListRulesParams, ListSourcesParams, ListSubsetsParams, NotificationStatus, NotificationType,
    Rule, RuleDeletionList, RuleDeletionStatus, RuleStatus, ShowDeviceGroupTreeParams, Subdevice,
    UpdateDeviceGroupRequest, UpdateNotificationRequest, UpdateNotificationRequired,
    UpdateRuleRequest,
};
use support::{By, Clients, PASSWORD, World};

async fn world() -> (World, Clients) {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    (world, clients)
}

async fn group(clients: &Clients, name: &str, above: i64) -> i64 {
    let request = CreateDeviceGroupRequest::new(CreateDeviceGroupRequired {
        parent_id: above,
        name,
        app_id: "app",
    });
    let link = &clients.link;
    let group = link.create_device_group(&clients.instance, &request).await;
    group.unwrap().id.unwrap()
}

async fn rule(clients: &Clients, name: &str) -> Rule {
    let request = CreateRuleRequest::new(CreateRuleRequired {
        name,
        app_id: "app",
    });
    let link = &clients.link;
    let rule = link.create_rule(&clients.instance, &request).await;
    rule.unwrap().into_inner()
}

/// Formats the names in a tree of groups. Parentheses contain the children of a group.
fn drawn(nodes: &[DeviceGroupNode]) -> String {
    let names = nodes.iter().map(|node| {
        let name = node.name.clone().unwrap_or_default();
        match node.children.as_slice() {
            [] => name,
            children => format!("{name}({})", drawn(children)),
        }
    });
    names.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn device_groups_form_a_tree() {
    let (_world, clients) = world().await;
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let site = group(&clients, "site", 0).await;
    let hall = group(&clients, "hall", site).await;
    group(&clients, "yard", site).await;
    group(&clients, "shelf", hall).await;
    group(&clients, "car", 0).await;
    let tree =
        |app: &str| link.show_device_group_tree(instance, &ShowDeviceGroupTreeParams::new(app));
    let all = tree("app").await.unwrap();
    assert_eq!(drawn(&all.items), "site(hall(shelf) yard) car");
    assert_eq!(all.size, Some(2));
    assert!(tree("other").await.unwrap().items.is_empty());

    let change = UpdateDeviceGroupRequest::new("hall-2").with_description("the second one");
    link.update_device_group(instance, hall, &change)
        .await
        .unwrap();
    let shown = link.show_device_group(instance, hall).await.unwrap();
    assert_eq!(shown.name.as_deref(), Some("hall-2"));
    assert_eq!(shown.parent_id, Some(site));
    assert!(shown.app_name.is_some());

    // The service does not delete a group that has subgroups. A missing group cannot be a parent.
    let refused = link.delete_device_group(instance, hall).await.unwrap_err();
    assert_eq!(refused.status(), Some(400), "{refused}");
    let missing = CreateDeviceGroupRequest::new(CreateDeviceGroupRequired {
        parent_id: 7,
        name: "lost",
        app_id: "app",
    });
    let missing = link.create_device_group(instance, &missing).await;
    assert!(missing.unwrap_err().is_not_found());
}

#[tokio::test]
async fn devices_are_added_to_a_group_listed_and_removed() {
    let (_world, clients) = world().await;
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let product = clients.product("meter").await;
    let mut devices = Vec::new();
    for number in 0..5 {
        let device = clients.device(&product, &format!("node-{number}")).await;
        devices.push(device.id.unwrap());
    }
    let group = group(&clients, "site", 0).await;
    // If one device does not exist, the whole batch fails.
    let wrong = AddDevicesToGroupRequest::new([devices[0], 7]);
    let wrong = link.add_devices_to_group(instance, group, &wrong).await;
    assert!(wrong.unwrap_err().is_not_found());
    let add = AddDevicesToGroupRequest::new(devices.clone());
    link.add_devices_to_group(instance, group, &add)
        .await
        .unwrap();
    let listed = async |params: ListDevicesInGroupParams| -> Vec<i64> {
        let list = link.list_devices_in_group(instance, group, &params);
        let items: Vec<GroupedDevice> = list.items().page_size(2).try_collect().await.unwrap();
        items.iter().filter_map(|device| device.device_id).collect()
    };
    assert_eq!(listed(ListDevicesInGroupParams::new()).await, devices);
    let one = ListDevicesInGroupParams::new().with_device_name("device-node-3");
    assert_eq!(listed(one).await, [devices[3]]);

    link.delete_device_from_group(instance, group, devices[0])
        .await
        .unwrap();
    let again = link
        .delete_device_from_group(instance, group, devices[0])
        .await;
    assert!(again.unwrap_err().is_not_found());
    // If a device is deleted, the service removes this device from its groups.
    let gone = DeleteDevicesRequest::new([devices[1]]);
    link.delete_devices(instance, &gone).await.unwrap();
    let two = DeleteDevicesFromGroupRequest::new([devices[2], devices[3]]);
    link.delete_devices_from_group(instance, group, &two)
        .await
        .unwrap();
    assert_eq!(listed(ListDevicesInGroupParams::new()).await, [devices[4]]);
    assert!(link.delete_device_group(instance, group).await.is_err());
    link.delete_device(instance, devices[4]).await.unwrap();
    link.delete_device_group(instance, group).await.unwrap();
}

#[tokio::test]
async fn devices_can_be_added_to_a_gateway_counted_and_disconnected() {
    let (_world, clients) = world().await;
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let product = clients.product("meter").await;
    let mut ids = Vec::new();
    for number in 0..4 {
        let device = clients.device(&product, &format!("node-{number}")).await;
        ids.push(device.id.unwrap());
    }
    let add = AddSubsetsToGatewayRequest::new([ids[1], ids[2]]);
    let added = link.add_subsets_to_gateway(instance, ids[0], &add).await;
    let added: Vec<Subdevice> = added.unwrap().into_inner();
    assert_eq!(added.len(), 2);
    assert!(
        added
            .iter()
            .all(|device| device.parent_device_id == Some(ids[0]))
    );
    // The two devices are subdevices now, so they cannot be added again.
    let again = link.add_subsets_to_gateway(instance, ids[0], &add).await;
    assert_eq!(again.unwrap_err().status(), Some(400));
    let list = link.list_subsets(instance, ids[0], &ListSubsetsParams::new());
    let listed: Vec<Subdevice> = list.items().try_collect().await.unwrap();
    let listed: Vec<i64> = listed.iter().filter_map(|device| device.id).collect();
    assert_eq!(listed, [ids[1], ids[2]]);
    let enabled = ListSubsetsParams::new()
        .with_device_name("device-node-2")
        .with_status(DeviceStatus::Enabled);
    let one = link.list_subsets(instance, ids[0], &enabled).await.unwrap();
    assert_eq!(one.total, Some(1));

    let count = link.count_devices(instance).await.unwrap().into_inner();
    let devices = count.devices.unwrap();
    let counts = |count: Option<_>| {
        let count: huaweicloud::roma_link::types::ConnectionCount = count.unwrap();
        (count.never_connected, count.online, count.offline)
    };
    assert_eq!(counts(devices.normal_devices), (Some(2), Some(0), Some(0)));
    assert_eq!(counts(devices.subsets_devices), (Some(2), Some(0), Some(0)));
    assert_eq!(count.products.unwrap().normal_products_numbers, Some(1));

    let offline = DisconnectDevicesRequest::new([ids[3], 7]);
    let result = link.disconnect_devices(instance, &offline).await.unwrap();
    assert_eq!(result.success[0].device_id, Some(ids[3]));
    assert_eq!(result.failed[0].device_id, Some(7));
}

#[tokio::test]
async fn a_rule_has_sources_and_destinations() {
    let (_world, clients) = world().await;
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let product = clients.product("meter").await;
    let device = clients.device(&product, "node-1").await;
    let made = rule(&clients, "rule-1").await;
    assert_eq!(made.status, Some(RuleStatus::Enabled));
    // The id of a rule is a number in answers, and a string in paths.
    let id = made.rule_id.unwrap().to_string();

    let source = CreateSourceRequest::new(CreateSourceRequired {
        product_id: product.id.unwrap(),
        topic: "/v1/devices/datas",
    })
    .with_device_id(device.id.unwrap());
    let source = link.create_source(instance, &id, &source).await.unwrap();
    assert_eq!(source.device_name, device.device_name);
    let sources = link
        .list_sources(instance, &id, &ListSourcesParams::new())
        .await;
    assert_eq!(sources.unwrap().total, Some(1));

    let target = CreateDestinationRequest::new(CreateDestinationRequired {
        destination_type: DestinationType::Mqs,
        topic: "target",
    })
    .with_server("127.0.0.1:9094")
    .with_user_name("writer")
    .with_password(PASSWORD);
    let target = link
        .create_destination(instance, &id, &target)
        .await
        .unwrap();
    assert_eq!(target.destination_type, Some(DestinationType::Mqs));
    let list = ListDestinationsParams::new();
    let targets = link.list_destinations(instance, &id, &list).await.unwrap();
    assert_eq!(targets.items[0].user_name.as_deref(), Some("writer"));

    let change = UpdateRuleRequest::new()
        .with_status(RuleStatus::Disabled)
        .with_sql_where("temperature > 20");
    let changed = link.update_rule(instance, &id, &change).await.unwrap();
    assert_eq!(changed.status, Some(RuleStatus::Disabled));
    assert_eq!(changed.name.as_deref(), Some("rule-1"));

    let destination = target.destination_id.unwrap();
    link.delete_destination(instance, &id, destination)
        .await
        .unwrap();
    let source = source.source_id.unwrap();
    link.delete_source(instance, &id, source).await.unwrap();
    let again = link.delete_source(instance, &id, source).await;
    assert!(again.unwrap_err().is_not_found());
    link.delete_rule(instance, &id).await.unwrap();
    assert!(
        link.show_rule(instance, &id)
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert!(
        link.show_rule(instance, "none")
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn the_error_of_a_batch_deletion_lists_the_result_of_each_rule() {
    let (_world, clients) = world().await;
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let mut ids = Vec::new();
    for number in 0..3 {
        let rule = rule(&clients, &format!("rule-{number}")).await;
        ids.push(rule.rule_id.unwrap());
    }
    let two = DeleteRulesRequest::new([ids[0], ids[1]]);
    let done = link.delete_rules(instance, &two).await.unwrap();
    assert_eq!(done.resources.len(), 2);
    // The service answers with status 200, although one of the next two deletions fails.
    let wrong = DeleteRulesRequest::new([ids[2], ids[0]]);
    let error = link.delete_rules(instance, &wrong).await.unwrap_err();
    let answer: &RuleDeletionList = error.refused_answer().unwrap();
    let states: Vec<_> = answer
        .resources
        .iter()
        .filter_map(|one| one.ret_status.clone())
        .collect();
    assert_eq!(
        states,
        [RuleDeletionStatus::Successful, RuleDeletionStatus::Error]
    );
    let list = link.list_rules(instance, &ListRulesParams::new().with_app_id("app"));
    let left: Vec<Rule> = list.items().try_collect().await.unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn a_notification_is_created_changed_listed_and_deleted() {
    let (_world, clients) = world().await;
    let (link, instance) = (&clients.link, clients.instance.as_str());
    let request = CreateNotificationRequest::new(CreateNotificationRequired {
        type_: NotificationType::DeviceOffline,
        topic: "alarms",
        status: NotificationStatus::Enabled,
    });
    let request = request.with_app_id("app");
    let made = link.create_notification(instance, &request).await.unwrap();
    let id = made.notification_id.unwrap();
    let change = UpdateNotificationRequest::new(UpdateNotificationRequired {
        topic: "quiet",
        status: NotificationStatus::Disabled,
    });
    link.update_notification(instance, id, &change)
        .await
        .unwrap();
    let all = ListNotificationsParams::new().with_app_id("app");
    let listed = link.list_notifications(instance, &all).await.unwrap();
    let [one] = listed.items.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!(one.topic.as_deref(), Some("quiet"));
    assert_eq!(one.type_, Some(NotificationType::DeviceOffline));
    link.delete_notification(instance, id).await.unwrap();
    let listed = link.list_notifications(instance, &all).await.unwrap();
    assert_eq!(listed.total, Some(0));
}
