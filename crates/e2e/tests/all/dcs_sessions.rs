//! Lists and disconnects the Redis clients that are connected to a DCS instance.

use std::time::Duration;

use huaweicloud::dcs::types::{
    ClientOrder, DisconnectAllClientsRequest, DisconnectClientsRequest, DisconnectClientsRequired,
    ListClientsParams, ScanClientsRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, By, Clients, World};
use crate::waits::quick;

const SECOND: Duration = Duration::from_secs(1);
const NODE: &str = "8f7ee181-88e2-49b7-a4bf-81f18f93a135";
const OTHER_NODE: &str = "8f7ee181-88e2-49b7-a4bf-81f18f93a136";

fn of(node: &str) -> ListClientsParams {
    ListClientsParams::new(node)
}

async fn addresses(clients: &Clients, id: &str, params: &ListClientsParams) -> Vec<String> {
    let items = clients.dcs.list_clients(id, params).items();
    let items: Vec<_> = items.page_size(5).try_collect().await.unwrap();
    items.into_iter().filter_map(|client| client.addr).collect()
}

#[tokio::test]
async fn clients_are_found_by_a_scan_and_disconnected_by_their_peer_address() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    for by in BOTH {
        let clients = world.clients(by);
        let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
        world.clock.advance(10 * SECOND);
        assert!(
            addresses(&clients, &id, &of(NODE)).await.is_empty(),
            "no scan has run yet"
        );

        let scan = ScanClientsRequest::new(NODE);
        dcs.scan_clients(&id, &scan).await.unwrap();
        let early = dcs.list_clients(&id, &of(NODE)).await.unwrap_err();
        assert_eq!(early.error_code(), Some("DCS.4957"), "{by:?}");
        let again = dcs.scan_clients(&id, &scan).await.unwrap_err();
        assert_eq!(again.error_code(), Some("DCS.4957"), "{by:?}");
        world.clock.advance(10 * SECOND);
        let other = ScanClientsRequest::new(OTHER_NODE);
        let wait = dcs.scan_clients(&id, &other).wait();
        quick(wait, &world.clock).0.await.unwrap();

        let found = addresses(&clients, &id, &of(NODE)).await;
        assert_eq!(
            found.len(),
            12,
            "the clients of one node, in three list pages"
        );
        let listed = dcs.list_clients(&id, &of(NODE)).await.unwrap();
        assert_eq!((listed.count, listed.clients.len()), (Some(12), 10));
        assert!(listed.time.is_some());

        let peers = listed.clients.iter().filter_map(|one| one.peer.clone());
        let peers: Vec<_> = peers.take(2).collect();
        for (client_addrs, left) in [(found[..2].to_vec(), 0), (peers, 2)] {
            let request = DisconnectClientsRequest::new(DisconnectClientsRequired {
                node_id: NODE,
                client_addrs,
            });
            dcs.disconnect_clients(&id, &request).await.unwrap();
            // The service disconnects a client only if the request contains the address from the field `peer`.
            assert_eq!(addresses(&clients, &id, &of(NODE)).await, found[left..]);
        }
        assert_eq!(addresses(&clients, &id, &of(OTHER_NODE)).await.len(), 12);
    }
}

#[tokio::test]
async fn the_list_of_clients_can_be_filtered_and_sorted() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
    let scan = ScanClientsRequest::new(NODE);
    dcs.scan_clients(&id, &scan).await.unwrap();
    let sorted = of(NODE).with_sort("age");
    let listed = dcs.list_clients(&id, &sorted).await.unwrap();
    let ages: Vec<_> = listed
        .clients
        .iter()
        .filter_map(|client| client.age)
        .collect();
    assert!(
        ages.is_sorted_by(|one, next| one > next),
        "the largest age comes first: {ages:?}"
    );
    let sorted = sorted
        .with_order(ClientOrder::Ascending)
        .with_offset(2)
        .with_limit(3);
    let listed = dcs.list_clients(&id, &sorted).await.unwrap();
    let ages: Vec<_> = listed
        .clients
        .iter()
        .filter_map(|client| client.age)
        .collect();
    assert_eq!((listed.count, ages), (Some(12), vec![180, 240, 300]));
    let one = of(NODE).with_addr("10.0.0.12:");
    assert_eq!(addresses(&clients, &id, &one).await, ["10.0.0.12:40012"]);
}

#[tokio::test]
async fn a_job_disconnects_all_clients() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
    world.clock.advance(10 * SECOND);
    let faults = world.sandbox.faults();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let scan = ScanClientsRequest::new(NODE);
    let failed = dcs.scan_clients(&id, &scan).wait();
    quick(failed, &world.clock).0.await.unwrap_err();
    for node in [NODE, OTHER_NODE] {
        let scan = ScanClientsRequest::new(node);
        let wait = dcs.scan_clients(&id, &scan).wait();
        quick(wait, &world.clock).0.await.unwrap();
        assert_eq!(addresses(&clients, &id, &of(node)).await.len(), 12);
    }
    assert_eq!(
        addresses(&clients, &id, &of(NODE)).await.len(),
        12,
        "the scan of OTHER_NODE must not replace the clients of NODE"
    );
    let nothing = DisconnectAllClientsRequest::default();
    let error = dcs.disconnect_all_clients(&id, &nothing).await.unwrap_err();
    assert_eq!(
        error.status(),
        Some(400),
        "without kill_all_nodes, the request must name a node"
    );

    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let all = DisconnectAllClientsRequest::default().with_kill_all_nodes(true);
    let failed = dcs.disconnect_all_clients(&id, &all).wait();
    let error = quick(failed, &world.clock).0.await.unwrap_err();
    assert_eq!(error.last_state(), Some("FAIL"));
    assert_eq!(
        addresses(&clients, &id, &of(NODE)).await.len(),
        12,
        "no client was disconnected"
    );

    let one = DisconnectAllClientsRequest::default().with_node_id(NODE);
    let wait = dcs.disconnect_all_clients(&id, &one).wait();
    quick(wait, &world.clock).0.await.unwrap();
    assert!(addresses(&clients, &id, &of(NODE)).await.is_empty());
    assert_eq!(addresses(&clients, &id, &of(OTHER_NODE)).await.len(), 12);
    let wait = dcs.disconnect_all_clients(&id, &all).wait();
    quick(wait, &world.clock).0.await.unwrap();
    assert!(addresses(&clients, &id, &of(OTHER_NODE)).await.is_empty());
}
