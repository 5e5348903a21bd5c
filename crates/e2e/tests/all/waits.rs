//! Tests waits for DCS instances.
//!
//! In most tests, each poll advances the clock of the sandbox. So an action of the sandbox ends after a few polls, and
//! these tests need no long pauses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huaweicloud::dcs::types::{
    BatchOutcome, ChangeInstancePasswordRequest, ChangeInstancePasswordRequired, Instance,
    InstanceAction, InstanceBatch, InstanceStatus, RestartOrFlushInstancesRequest,
};
use huaweicloud::wait::Awaited;
use huaweicloud::{ErrorKind, RetryPolicy, Wait};
use huaweicloud_sandbox::{Clock, Fault, Options, Service};

use crate::support::{BOTH, By, Clients, OTHER_PASSWORD, PASSWORD, World, cache_request};

const SECOND: Duration = Duration::from_secs(1);
/// A pause that does not end during a test.
const FOR_EVER: Duration = Duration::from_secs(1 << 32);

/// Starts a sandbox in which each change of an instance takes ten seconds.
async fn world() -> World {
    World::with(Options::default().change_time(10 * SECOND)).await
}

/// The states that a wait has reported.
#[derive(Clone, Default)]
pub(crate) struct States(Arc<Mutex<Vec<String>>>);

impl States {
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// Returns the states without consecutive repetitions.
    pub(crate) fn distinct(&self) -> Vec<String> {
        let mut all = self.all();
        all.dedup();
        all
    }
}

/// Returns a wait with very short pauses, and the states that the wait reports. Each poll of the wait advances the
/// clock by four seconds.
pub(crate) fn quick<W: Awaited>(wait: Wait<W>, clock: &Clock) -> (Wait<W>, States) {
    let (states, clock) = (States::default(), clock.clone());
    let seen = states.clone();
    let wait = pausing(wait).on_progress(move |progress| {
        let state = progress.state.unwrap_or("-").to_owned();
        seen.0.lock().unwrap().push(state);
        clock.advance(4 * SECOND);
    });
    (wait, states)
}

pub fn pausing<W: Awaited>(wait: Wait<W>) -> Wait<W> {
    wait.interval(Duration::from_millis(1))
        .max_interval(Duration::from_millis(1))
}

fn restart(ids: &[&str]) -> RestartOrFlushInstancesRequest {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    RestartOrFlushInstancesRequest::new()
        .with_instances(ids)
        .with_action(InstanceAction::Restart)
}

/// Creates an instance, and advances the clock until the instance is running.
async fn running(world: &World, clients: &Clients) -> String {
    let id = clients.cache("cache").await;
    world.clock.advance(10 * SECOND);
    id
}

#[tokio::test]
async fn a_wait_for_a_creation_returns_the_created_instances() {
    let world = world().await;
    for by in BOTH {
        let clients = world.clients(by);
        let request = cache_request("caches").with_instance_num(2);
        let (wait, states) = quick(clients.dcs.create_instance(&request).wait(), &world.clock);
        let caches = wait.await.unwrap();
        assert_eq!(caches.len(), 2, "{by:?}");
        for cache in &caches {
            assert_eq!(cache.status, Some(InstanceStatus::Running), "{by:?}");
        }
        assert_ne!(caches[0].instance_id, caches[1].instance_id, "{by:?}");
        assert_eq!(states.all()[0], "CREATING", "{by:?}");
    }
    assert_eq!(world.sandbox.requests_seen("create_instance"), 2);
}

#[tokio::test]
async fn a_wait_for_a_restart_handles_a_late_state_change() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = running(&world, &clients).await;
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::LateState(15 * SECOND), 1);
    let action = clients.dcs.restart_or_flush_instances(&restart(&[&id]));
    let (wait, states) = quick(action.wait(), &world.clock);
    let caches = wait.await.unwrap();
    assert_eq!(caches[0].instance_id.as_deref(), Some(id.as_str()));
    assert_eq!(states.distinct(), ["RUNNING", "RESTARTING", "RUNNING"]);
    assert!(
        states
            .all()
            .iter()
            .filter(|state| *state == "RUNNING")
            .count()
            > 2
    );
}

#[tokio::test]
async fn a_separate_wait_considers_earlier_actions_of_its_client() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = running(&world, &clients).await;
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::LateState(15 * SECOND), 1);
    clients
        .dcs
        .restart_or_flush_instances(&restart(&[&id]))
        .await
        .unwrap();
    let clone = clients.dcs.clone();
    let wait = clone.show_instance(&id).wait_for(InstanceStatus::Running);
    let (wait, states) = quick(wait, &world.clock);
    wait.await.unwrap();
    assert_eq!(states.distinct(), ["RUNNING", "RESTARTING", "RUNNING"]);
}

#[tokio::test]
async fn an_unchanged_state_counts_after_the_settle_time() {
    // The restart ends before the first poll.
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.cache("cache").await;
    let action = clients.dcs.restart_or_flush_instances(&restart(&[&id]));
    let (wait, states) = quick(action.wait(), &world.clock);
    let caches = wait.settle(Duration::from_secs(1)).await.unwrap();
    assert_eq!(caches.len(), 1);
    assert!(states.all().len() > 1, "{:?}", states.all());
    // The next wait reaches its timeout before the end of the default settle time. So the unchanged state does not
    // count.
    let action = clients.dcs.restart_or_flush_instances(&restart(&[&id]));
    let wait = pausing(action.wait()).timeout(Duration::from_millis(50));
    let error = wait.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.last_state()),
        (ErrorKind::Timeout, Some("RUNNING"))
    );
}

#[tokio::test]
async fn another_client_can_wait_with_only_the_id() {
    let world = world().await;
    let id = world.clients(By::AccessKey).cache("cache").await;
    for by in BOTH {
        let wait = world
            .clients(by)
            .dcs
            .show_instance(&id)
            .wait_for(InstanceStatus::Running);
        let cache = quick(wait, &world.clock).0.await.unwrap();
        assert_eq!(cache.status, Some(InstanceStatus::Running));
    }
}

#[tokio::test]
async fn a_wait_for_a_deletion_ends_when_the_instance_is_gone() {
    let world = world().await;
    let clients = world.clients(By::Password);
    let id = running(&world, &clients).await;
    let (wait, states) = quick(clients.dcs.delete_instance(&id).wait(), &world.clock);
    wait.await.unwrap();
    assert_eq!(states.distinct(), ["RUNNING", "-"]);
    assert!(
        clients
            .dcs
            .show_instance(&id)
            .await
            .unwrap_err()
            .is_not_found()
    );
    // The next wait starts after the deletion, with a separate call. The status `ERROR` from before the deletion does
    // not end this wait.
    let id = running(&world, &clients).await;
    world.sandbox.put_dcs_status(&id, "ERROR").unwrap();
    clients.dcs.delete_instance(&id).await.unwrap();
    let wait = clients.dcs.show_instance(&id).wait_until_gone();
    quick(wait, &world.clock).0.await.unwrap();
}

#[tokio::test]
async fn a_not_found_error_of_the_gateway_does_not_count_as_a_deletion() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = running(&world, &clients).await;
    world.sandbox.faults().keep(Service::Dcs, Fault::NotFound);
    let error = pausing(clients.dcs.show_instance(&id).wait_until_gone())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.error_code()),
        (ErrorKind::Service, Some("APIGW.0101"))
    );
}

#[tokio::test]
async fn a_documented_failure_ends_a_wait() {
    let world = Arc::new(world().await);
    let clients = world.clients(By::AccessKey);
    for (asked, failed) in [
        ("RUNNING", "CREATEFAILED"),
        ("RUNNING", "ERROR"),
        ("FROZEN", "ERROR"),
    ] {
        let id = clients.cache("cache").await;
        let wait = clients.dcs.show_instance(&id).wait_for(asked);
        let (other, of) = (world.clone(), id.clone());
        let wait =
            pausing(wait).on_progress(move |_| other.sandbox.put_dcs_status(&of, failed).unwrap());
        let error = wait.await.unwrap_err();
        assert_eq!(
            (error.kind(), error.last_state()),
            (ErrorKind::Operation, Some(failed))
        );
        assert!(error.to_string().contains(failed), "{error}");
        let cache: &Instance = error.refused_answer().unwrap();
        assert_eq!(cache.instance_id.as_deref(), Some(id.as_str()));
        // If a caller waits for the failed state, the wait succeeds.
        let cache = clients
            .dcs
            .show_instance(&id)
            .wait_for(failed)
            .await
            .unwrap();
        assert_eq!(cache.status, Some(failed.into()));
    }
    // A wait for a restart fails if the instance gets the status `ERROR`.
    let id = running(&world, &clients).await;
    let action = clients.dcs.restart_or_flush_instances(&restart(&[&id]));
    let (other, of) = (world.clone(), id.clone());
    let wait = pausing(action.wait())
        .on_progress(move |_| other.sandbox.put_dcs_status(&of, "ERROR").unwrap());
    assert_eq!(wait.await.unwrap_err().last_state(), Some("ERROR"));
}

#[tokio::test]
async fn the_timeout_error_contains_the_last_state() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.cache("cache").await;
    let wait = clients.dcs.show_instance(&id).wait();
    let error = pausing(wait)
        .timeout(Duration::from_millis(60))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.last_state()),
        (ErrorKind::Timeout, Some("CREATING"))
    );
    assert!(error.is_timeout());
    let text = error.to_string();
    for part in ["show_instance (dcs)", "`CREATING`", "60ms", "polls"] {
        assert!(text.contains(part), "{text}");
    }
}

#[tokio::test]
async fn a_permanent_error_ends_a_wait_but_a_few_temporary_errors_do_not() {
    let world = world().await;
    let mut clients = world.clients(By::AccessKey);
    clients.dcs = clients.dcs.with_retry(RetryPolicy::none());
    for fault in [
        Fault::ServiceUnavailable,
        Fault::BadGateway,
        Fault::InternalServerError,
        Fault::ResetBeforeHeaders,
        Fault::Throttled(huaweicloud_sandbox::RetryAfter::Seconds(0)),
    ] {
        let id = clients.cache("cache").await;
        world.sandbox.faults().inject(Service::Dcs, fault, 3);
        let (wait, states) = quick(clients.dcs.show_instance(&id).wait(), &world.clock);
        wait.await
            .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(states.all()[..3], ["-", "-", "-"], "{fault:?}");
        // A wait ends if too many polls fail in a row.
        world.sandbox.faults().keep(Service::Dcs, fault);
        let failures = Arc::new(Mutex::new(0));
        let seen = failures.clone();
        let wait = pausing(clients.dcs.show_instance(&id).wait()).failures(4);
        let wait = wait.on_progress(move |progress| *seen.lock().unwrap() = progress.failures);
        let error = wait.await.unwrap_err();
        assert!(
            error.to_string().contains("5 polls in a row failed"),
            "{fault:?}: {error}"
        );
        assert_eq!(*failures.lock().unwrap(), 5, "{fault:?}");
        world.sandbox.faults().clear();
    }
    for (fault, status) in [(Fault::Forbidden, 403), (Fault::Unauthorized, 401)] {
        let id = clients.cache("cache").await;
        world.sandbox.faults().keep(Service::Dcs, fault);
        let (wait, states) = quick(clients.dcs.show_instance(&id).wait(), &world.clock);
        assert_eq!(wait.await.unwrap_err().status(), Some(status));
        assert!(states.all().is_empty(), "{fault:?}");
        world.sandbox.faults().clear();
    }
    // If the id is wrong, the wait ends at once.
    let error = clients
        .dcs
        .show_instance("nothing")
        .wait()
        .await
        .unwrap_err();
    assert_eq!(
        (error.status(), error.error_code()),
        (Some(404), Some("DCS.3022"))
    );
}

#[tokio::test]
async fn a_wait_fails_if_the_service_refuses_one_instance() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = running(&world, &clients).await;
    let order = restart(&[&id, "nothing"]);
    let error = clients
        .dcs
        .restart_or_flush_instances(&order)
        .wait()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.error_code()),
        (ErrorKind::Operation, Some("failed"))
    );
    let batch: &InstanceBatch = error.refused_answer().unwrap();
    let results: Vec<_> = batch.results.iter().map(|one| one.result.clone()).collect();
    assert_eq!(
        results,
        [Some(BatchOutcome::Success), Some(BatchOutcome::Failed)]
    );
    assert_eq!(world.sandbox.requests_seen("show_instance"), 0);
    // `unjudged` returns the answer instead of an error.
    world.clock.advance(10 * SECOND);
    let plain = clients
        .dcs
        .restart_or_flush_instances(&order)
        .unjudged()
        .await
        .unwrap();
    assert_eq!(plain.results.len(), 2);
}

#[tokio::test]
async fn a_dropped_wait_stops_polling() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.cache("cache").await;
    assert_eq!(world.sandbox.requests_seen("show_instance"), 0);
    let (seen, mut polled) = tokio::sync::mpsc::unbounded_channel();
    let wait = clients.dcs.show_instance(&id).wait().interval(FOR_EVER);
    let task = tokio::spawn(wait.on_progress(move |_| seen.send(()).unwrap()));
    polled.recv().await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    // The callback was dropped together with the wait.
    assert!(polled.recv().await.is_none());
    assert_eq!(world.sandbox.requests_seen("show_instance"), 1);
    // A wait sends no request if the program drops the wait without awaiting it.
    drop(clients.dcs.delete_instance(&id).wait());
    assert_eq!(world.sandbox.requests_seen("delete_instance"), 0);
}

#[tokio::test]
async fn an_action_fails_if_the_status_of_the_instance_forbids_the_action() {
    let world = world().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.cache("cache").await;
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: PASSWORD,
        new_password: OTHER_PASSWORD,
    });
    let codes = [
        ("CREATING", "DCS.4118"),
        ("RESTARTING", "DCS.4111"),
        ("EXTENDING", "DCS.4113"),
        ("FROZEN", "DCS.4049"),
        ("CREATEFAILED", "DCS.4049"),
    ];
    for (status, code) in codes {
        world.sandbox.put_dcs_status(&id, status).unwrap();
        let error = clients
            .dcs
            .change_instance_password(&id, &change)
            .await
            .unwrap_err();
        assert_eq!(
            (error.status(), error.error_code()),
            (Some(400), Some(code)),
            "{status}"
        );
    }
    for status in ["CREATING", "RESTARTING"] {
        world.sandbox.put_dcs_status(&id, status).unwrap();
        let error = clients.dcs.delete_instance(&id).await.unwrap_err();
        assert_eq!(error.error_code(), Some("DCS.4099"), "{status}");
    }
    let error = world
        .sandbox
        .put_dcs_status(&id, "DREAMING")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("DREAMING") && error.contains("RUNNING"),
        "{error}"
    );
    let error = world
        .sandbox
        .put_dcs_status("nothing", "ERROR")
        .unwrap_err();
    assert!(error.to_string().contains("nothing"), "{error}");
}
