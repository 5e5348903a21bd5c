//! Tests waits for jobs of DCS instances, and lists of tasks.

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    JobStatus, ListBackgroundTasksParams, ListCenterTasksParams, StartResizeCheckRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, World};
use crate::waits::quick;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn waits_and_task_lists_show_whether_a_job_failed() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache("cache").await;
        world.clock.advance(10 * SECOND);
        let request = StartResizeCheckRequest::default().with_new_capacity(1);
        let check = || clients.dcs.start_resize_check(&id, &request).wait();
        let (wait, states) = quick(check(), &world.clock);
        let job = wait.await.unwrap();
        assert_eq!(job.status, Some(JobStatus::Success), "{by:?}");
        assert_eq!(states.distinct(), ["RUNNING", "SUCCESS"], "{by:?}");

        let faults = world.sandbox.faults();
        faults.inject(Service::Dcs, Fault::FailedTask, 1);
        let error = quick(check(), &world.clock).0.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Operation, "{by:?}");
        assert_eq!(error.last_state(), Some("FAIL"), "{by:?}");
        let reason = "job execution status failed.";
        assert_eq!(error.error_msg(), Some(reason), "{by:?}");

        let tasks = clients
            .dcs
            .list_background_tasks(&id, &ListBackgroundTasksParams::default());
        let tasks: Vec<_> = tasks.items().page_size(1).try_collect().await.unwrap();
        let states: Vec<_> = tasks.iter().map(|task| task.status.as_deref()).collect();
        assert_eq!(states, [Some("FAIL"), Some("SUCCESS")], "{by:?}");
        let progress = clients
            .dcs
            .show_background_task_progress(&id, tasks[0].id.as_deref().unwrap());
        assert_eq!(progress.await.unwrap().progress, Some(100), "{by:?}");
    }
    let clients = world.clients(BOTH[0]);
    let all = clients
        .dcs
        .list_center_tasks(&ListCenterTasksParams::default());
    let all: Vec<_> = all.items().try_collect().await.unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].error_code.as_deref(), Some("DCS.4842"));
}
