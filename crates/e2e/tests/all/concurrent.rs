//! The first two tests make many parallel calls through one client. The third test checks that threads can receive
//! futures and share clients.

use crate::support;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use huaweicloud::roma_link::types::{ListDevicesParams, ResetDeviceAuthenticationRequest};
use support::{BOTH, World};

#[tokio::test(flavor = "multi_thread")]
async fn parallel_creations_create_all_devices() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let product = clients.product(&format!("meter-{by:?}")).await;
        let nodes: Vec<String> = (0..50).map(|number| format!("{by:?}-{number}")).collect();
        let devices = join_all(nodes.iter().map(|node| clients.device(&product, node))).await;
        let ids: BTreeSet<i64> = devices.iter().map(|device| device.id.unwrap()).collect();
        assert_eq!(ids.len(), 50, "{by:?}");
        let params = ListDevicesParams::default()
            .with_product_id(product.id.unwrap())
            .with_limit(100);
        let listed = clients
            .link
            .list_devices(&clients.instance, &params)
            .await
            .unwrap();
        assert_eq!(listed.total, Some(50), "{by:?}");
    }
}

/// After parallel resets, only the user name and the password of one reset are valid.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_resets_leave_one_valid_user_name_and_password() {
    let world = World::new().await;
    let clients = world.clients(support::By::AccessKey);
    let product = clients.product("meter").await;
    let id = clients.device(&product, "node-1").await.id.unwrap();
    let pairs: Vec<(String, String)> = (10..40)
        .map(|number| {
            (
                format!("user-number-{number}"),
                format!("Planted-{number}-Secret!"),
            )
        })
        .collect();
    let resets = pairs.iter().map(|(user, password)| {
        let request = ResetDeviceAuthenticationRequest::default()
            .with_user_name(user)
            .with_password(password.as_str());
        let clients = clients.clone();
        async move {
            clients
                .link
                .reset_device_authentication(&clients.instance, id, &request)
                .await
                .map(drop)
        }
    });
    assert!(
        join_all(resets)
            .await
            .into_iter()
            .all(|result| result.is_ok())
    );
    let opening = pairs.iter().filter(|(user, password)| {
        world
            .sandbox
            .device_login(&clients.instance, user, password)
    });
    assert_eq!(opening.count(), 1);
}

#[test]
fn threads_can_receive_futures_and_share_clients() {
    fn is_send<T: Send>(_: T) {}
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<huaweicloud::iam::Client>();
    is_shared::<huaweicloud::dcs::Client>();
    is_shared::<huaweicloud::roma_link::Client>();
    is_shared::<huaweicloud::Config>();
    // `calls` is never run. The compiler checks that the futures in `calls` can be sent between threads.
    async fn calls(clients: support::Clients) {
        is_send(
            clients
                .link
                .list_devices("i", &ListDevicesParams::default()),
        );
        is_send(clients.dcs.show_instance("i"));
        is_send(clients.iam.list_auth_projects());
    }
    let _ = calls;
}
