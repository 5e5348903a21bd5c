//! Tests devices, products and their authentication data. The clients use a password or an access key.

use crate::support;

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use huaweicloud::roma_link::types::{
    Device, DeviceStatus, ListDevicesParams, ListProductsParams, OnlineStatus, Product,
    ResetDeviceAuthenticationRequest, ResetProductAuthenticationRequest, UpdateDeviceRequest,
    UpdateDeviceRequired,
};
use support::leaks::planted;
use support::{BOTH, By, OTHER_PASSWORD, PASSWORD, World};

#[tokio::test]
async fn items_and_pages_return_the_whole_list() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    let product = clients.product("meter").await;
    let mut made = Vec::new();
    for number in 0..23 {
        let device = clients.device(&product, &format!("node-{number}")).await;
        made.push(device.id.unwrap());
    }
    let list = || {
        clients
            .link
            .list_devices(&clients.instance, &ListDevicesParams::default())
    };
    let mut items = list().items().page_size(5);
    let first = items.next().await.unwrap().unwrap();
    assert_eq!(items.total(), Some(23));
    let rest: Vec<Device> = items.try_collect().await.unwrap();
    let mut got: Vec<i64> = [first]
        .iter()
        .chain(&rest)
        .filter_map(|device| device.id)
        .collect();
    got.sort_unstable();
    assert_eq!(got, made);
    // The default page size of the service is 10. So the list needs three more requests after the five requests above.
    let pages: Vec<_> = list()
        .pages()
        .map_ok(|page| page.items.len())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages, [10, 10, 3]);
    assert_eq!(world.sandbox.requests_seen("list_devices"), 8);
    let products = clients
        .link
        .list_products(&clients.instance, &ListProductsParams::default());
    let products: Vec<Product> = products.items().prefetch().try_collect().await.unwrap();
    assert_eq!(products.len(), 1);
}

/// The client reads each of the twelve devices once, although the test deletes a device after each page.
#[tokio::test]
async fn deletions_during_a_read_do_not_hide_other_devices() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let product = clients.product("meter").await;
    for number in 0..12 {
        clients.device(&product, &format!("node-{number}")).await;
    }
    let params = ListDevicesParams::default().with_limit(4);
    let mut pages = clients
        .link
        .list_devices(&clients.instance, &params)
        .pages();
    let mut got = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        let ids: Vec<i64> = page.items.iter().filter_map(|device| device.id).collect();
        if let Some(first) = ids.first() {
            clients
                .link
                .delete_device(&clients.instance, *first)
                .await
                .unwrap();
        }
        got.extend(ids);
    }
    got.sort_unstable();
    let all = got.len();
    got.dedup();
    assert_eq!((all, got.len()), (12, 12));
}

#[tokio::test]
async fn a_device_is_created_shown_modified_listed_and_deleted() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let product = clients.product("meter").await;
        let device = clients.device(&product, "node-1").await;
        let id = device.id.unwrap();
        assert_eq!(
            device.device_name.as_deref(),
            Some("device-node-1"),
            "{by:?}"
        );

        let change = UpdateDeviceRequest::new(UpdateDeviceRequired {
            device_name: "renamed",
            status: DeviceStatus::Disabled,
        })
        .with_description("on the roof")
        .with_tags(["one".to_owned(), "two".to_owned()]);
        let changed = clients
            .link
            .update_device(&clients.instance, id, &change)
            .await
            .unwrap();
        assert_eq!(changed.status, Some(DeviceStatus::Disabled), "{by:?}");

        let shown = clients
            .link
            .show_device(&clients.instance, id)
            .await
            .unwrap();
        assert_eq!(shown.device_name.as_deref(), Some("renamed"), "{by:?}");
        assert_eq!(shown.description.as_deref(), Some("on the roof"), "{by:?}");
        assert_eq!(shown.tags, ["one", "two"], "{by:?}");
        assert!(!shown.request_id().is_empty(), "{by:?}");

        let filter = ListDevicesParams::default()
            .with_device_name("renamed")
            .with_limit(5);
        let listed = clients
            .link
            .list_devices(&clients.instance, &filter)
            .await
            .unwrap();
        assert_eq!(listed.total, Some(1), "{by:?}");
        assert_eq!(
            listed.items.first().and_then(|device| device.id),
            Some(id),
            "{by:?}"
        );

        assert_eq!(
            clients
                .link
                .delete_device(&clients.instance, id)
                .await
                .unwrap()
                .status(),
            204,
            "{by:?}"
        );
        assert!(
            clients
                .link
                .show_device(&clients.instance, id)
                .await
                .unwrap_err()
                .is_not_found(),
            "{by:?}"
        );
        clients
            .link
            .delete_product(&clients.instance, product.id.unwrap())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn only_an_empty_list_removes_the_tags_of_a_device() {
    let world = World::new().await;
    let clients = world.clients(support::By::AccessKey);
    let product = clients.product("meter").await;
    let id = clients.device(&product, "node-1").await.id.unwrap();
    let tags = |change: UpdateDeviceRequest| {
        let clients = clients.clone();
        async move {
            clients
                .link
                .update_device(&clients.instance, id, &change)
                .await
                .unwrap()
                .into_inner()
                .tags
        }
    };
    let change = UpdateDeviceRequest::new(UpdateDeviceRequired {
        device_name: "device",
        status: DeviceStatus::Enabled,
    });
    assert_eq!(tags(change.clone().with_tags(["one"])).await, ["one"]);
    assert_eq!(tags(change.clone()).await, ["one"]);
    assert!(
        tags(change.with_tags(Vec::<String>::new()))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_product_is_created_shown_listed_and_deleted() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let product = clients.product("meter").await;
        let id = product.id.unwrap();
        let shown = clients
            .link
            .show_product(&clients.instance, id)
            .await
            .unwrap();
        assert_eq!(shown.name.as_deref(), Some("meter"), "{by:?}");
        let listed = clients
            .link
            .list_products(&clients.instance, &ListProductsParams::default())
            .await
            .unwrap();
        assert_eq!(listed.total, Some(1), "{by:?}");
        clients
            .link
            .delete_product(&clients.instance, id)
            .await
            .unwrap();
        let listed = clients
            .link
            .list_products(&clients.instance, &ListProductsParams::default())
            .await
            .unwrap();
        // If there is no product, the call still succeeds, and the list is empty.
        assert_eq!(listed.total, Some(0), "{by:?}");
        assert!(listed.items.is_empty(), "{by:?}");
    }
}

#[tokio::test]
async fn a_reset_of_device_authentication_with_only_one_value_keeps_the_other_value() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let product = clients.product(&format!("meter-{by:?}")).await;
        let id = clients
            .device(&product, &format!("node-{by:?}"))
            .await
            .id
            .unwrap();
        let instance = &clients.instance;
        let opens =
            |user: &str, password: &str| world.sandbox.device_login(instance, user, password);

        let both = ResetDeviceAuthenticationRequest::default()
            .with_user_name("user-number-1")
            .with_password(PASSWORD);
        let answer = clients
            .link
            .reset_device_authentication(instance, id, &both)
            .await
            .unwrap();
        assert_eq!(answer.user_name.as_deref(), Some("user-number-1"), "{by:?}");
        assert!(opens("user-number-1", PASSWORD), "{by:?}");

        // If the request contains only a password, the user name stays the same. The old password becomes invalid.
        let password = ResetDeviceAuthenticationRequest::default().with_password(OTHER_PASSWORD);
        clients
            .link
            .reset_device_authentication(instance, id, &password)
            .await
            .unwrap();
        assert!(opens("user-number-1", OTHER_PASSWORD), "{by:?}");
        assert!(!opens("user-number-1", PASSWORD), "{by:?}");

        // If the password in the request is empty, only the user name changes.
        let user = ResetDeviceAuthenticationRequest::default()
            .with_user_name("user-number-2")
            .with_password("");
        clients
            .link
            .reset_device_authentication(instance, id, &user)
            .await
            .unwrap();
        assert!(opens("user-number-2", OTHER_PASSWORD), "{by:?}");
        assert!(!opens("user-number-1", OTHER_PASSWORD), "{by:?}");

        // If the request is empty, the service creates a new user name and a new password.
        let neither = ResetDeviceAuthenticationRequest::default();
        let made = clients
            .link
            .reset_device_authentication(instance, id, &neither)
            .await
            .unwrap();
        let (user, password) = (
            made.user_name.clone().unwrap(),
            made.password.clone().unwrap(),
        );
        assert!(opens(&user, password.expose()), "{by:?}");
        assert!(!opens("user-number-2", OTHER_PASSWORD), "{by:?}");

        let known = clients
            .link
            .show_device_authentication(instance, id)
            .await
            .unwrap();
        assert_eq!(known.user_name.as_deref(), Some(user.as_str()), "{by:?}");
    }
}

#[tokio::test]
async fn a_product_needs_a_longer_password_than_a_device() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.product(&format!("meter-{by:?}")).await.id.unwrap();
        let instance = &clients.instance;
        let good = ResetProductAuthenticationRequest::default()
            .with_user_name("user-number-1")
            .with_password(PASSWORD);
        clients
            .link
            .reset_product_authentication(instance, id, &good)
            .await
            .unwrap();
        let known = clients
            .link
            .show_product_authentication(instance, id)
            .await
            .unwrap();
        assert_eq!(known.user_name.as_deref(), Some("user-number-1"), "{by:?}");
        // The next password is long enough for a device, but too short for a product.
        let short = ResetProductAuthenticationRequest::default().with_password("Planted-01!");
        let error = clients
            .link
            .reset_product_authentication(instance, id, &short)
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(400), "{by:?}");
        assert!(
            !format!("{error} {error:?}").contains("Planted-01!"),
            "{by:?}"
        );
    }
}

#[tokio::test]
async fn an_invalid_reset_of_device_authentication_changes_nothing() {
    let world = World::new().await;
    let clients = world.clients(support::By::AccessKey);
    let product = clients.product("meter").await;
    let id = clients.device(&product, "node-1").await.id.unwrap();
    let instance = &clients.instance;
    let good = ResetDeviceAuthenticationRequest::default()
        .with_user_name("user-number-1")
        .with_password(PASSWORD);
    clients
        .link
        .reset_device_authentication(instance, id, &good)
        .await
        .unwrap();
    for (user, password) in [
        ("short", PASSWORD),
        ("user_number_1", PASSWORD),
        ("user-number-2", "Sh0rt!"),
        ("user-number-2", "planted-no-digit-or-upper!"),
        ("user-number-2", planted("NoSpecialCharacter1")),
        ("user-number-2", "Not-Planted-Here-1\u{e9}"),
    ] {
        let bad = ResetDeviceAuthenticationRequest::default()
            .with_user_name(user)
            .with_password(password);
        let error = clients
            .link
            .reset_device_authentication(instance, id, &bad)
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(400), "{user} {password}");
        assert!(
            world
                .sandbox
                .device_login(instance, "user-number-1", PASSWORD),
            "{user} {password}"
        );
    }
}

#[tokio::test]
async fn is_not_found_is_true_for_missing_objects() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let link = &clients.link;
        let missing = link
            .show_device(&clients.instance, 404_404)
            .await
            .unwrap_err();
        assert_eq!(
            (missing.status(), missing.error_code()),
            (Some(404), Some("ROMA.00110006")),
            "{by:?}"
        );
        assert!(missing.is_not_found(), "{by:?}");
        // By the documentation, the status of the answer for a missing instance is 500.
        let missing = link.show_product("no-such-instance", 1).await.unwrap_err();
        assert_eq!(
            (missing.status(), missing.error_code()),
            (Some(500), Some("ROMA.00110002")),
            "{by:?}"
        );
        assert!(missing.is_not_found(), "{by:?}");
        assert_eq!(missing.attempts(), 1, "{by:?}: a retry cannot succeed");
    }
}

#[tokio::test]
async fn a_client_does_not_send_ids_that_change_the_path() {
    let world = World::new().await;
    let clients = world.clients(support::By::AccessKey);
    for id in ["", ".", ".."] {
        let error = clients.link.delete_product(id, 1).await.unwrap_err();
        assert!(error.to_string().contains("instance_id"), "{error}");
    }
    assert_eq!(world.sandbox.requests_seen("delete_product"), 0);
}

#[tokio::test]
async fn a_filter_accepts_one_value_or_several_values() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    let product = clients.product("meter").await;
    clients.device(&product, "node-1").await;
    let all = ListDevicesParams::new;
    let found = async |params: ListDevicesParams| {
        let page = clients.link.list_devices(&clients.instance, &params).await;
        page.unwrap().items.len()
    };
    let (never, offline) = (OnlineStatus::NotConnected, OnlineStatus::Offline);
    assert_eq!(found(all().with_online_status(never)).await, 1);
    assert_eq!(found(all().with_online_status(offline)).await, 0);
    assert_eq!(found(all().with_online_status([offline, never])).await, 1);
    assert_eq!(found(all().with_online_status(Some([offline]))).await, 0);
    assert_eq!(
        found(all().with_online_status(Vec::<OnlineStatus>::new())).await,
        1
    );
}

#[test]
fn setters_accept_values_references_and_options() {
    let all = ListDevicesParams::new();
    let name = String::from("pump");
    let by_value = all.clone().with_device_name("pump").with_limit(5);
    for other in [
        all.clone().with_device_name(&name).with_limit(5_i32),
        all.clone()
            .with_device_name(Some("pump"))
            .with_limit(Some(5)),
        all.clone()
            .with_device_name(Some(name.clone()))
            .with_limit(5_u16),
    ] {
        assert_eq!(by_value, other);
    }
    let nothing = by_value
        .with_device_name(None::<String>)
        .with_limit(None::<i32>);
    assert_eq!(nothing, all);

    let change = UpdateDeviceRequest::new(UpdateDeviceRequired {
        device_name: name,
        status: 0,
    });
    assert_eq!(change.status, DeviceStatus::from(0));
    let tags = change.clone().with_tags(["1", "2"]);
    for other in [
        change
            .clone()
            .with_tags(vec!["1".to_owned(), "2".to_owned()]),
        change.clone().with_tags((1..3).map(|tag| tag.to_string())),
        change.clone().with_tags(Some(["1", "2"])),
        change.clone().with_tags(BTreeSet::from(["2", "1"])),
    ] {
        assert_eq!(tags, other);
    }
    assert_eq!(
        change.clone().with_tags("1").tags,
        Some(vec!["1".to_owned()])
    );
    assert_eq!(tags.with_tags(None::<Vec<String>>), change);
    // The setter keeps an empty list, because a request with an empty list removes the tags of a device.
    let none = change.with_tags(Vec::<String>::new());
    assert_eq!(none.tags, Some(Vec::new()));
}
