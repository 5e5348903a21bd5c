//! Tests the configuration parameters of a DCS instance, changes of parameters, and parameter templates.

use std::collections::BTreeMap;
use std::time::Duration;

use huaweicloud::dcs::types::{
    CacheMode, CreateParameterTemplateRequest, CreateParameterTemplateRequired, Job, JobStatus,
    ListParameterChangesParams, ListParameterTemplatesParams, Parameter, ParameterChangeStatus,
    ParameterRequest, ParameterRequired, ParameterUpdateStatus, ShowParameterTemplateParams,
    TemplateType, UpdateParameterTemplateRequest, UpdateParametersRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, By, Clients, World, cache_request};
use crate::waits::{pausing, quick};

const SECOND: Duration = Duration::from_secs(1);

fn timeout(value: &str) -> UpdateParametersRequest {
    parameter("1", "timeout", value)
}

fn parameter(id: &str, name: &str, value: &str) -> UpdateParametersRequest {
    let parameter = ParameterRequest::new(ParameterRequired {
        param_value: value,
        param_name: name,
        param_id: id,
    });
    UpdateParametersRequest::default().with_redis_config(vec![parameter])
}

async fn parameters(clients: &Clients, id: &str) -> Vec<Parameter> {
    let all = clients.dcs.list_parameters(id).await.unwrap();
    all.into_inner().redis_config
}

async fn value(clients: &Clients, id: &str, name: &str) -> Option<String> {
    let all = parameters(clients, id).await;
    let found = all
        .into_iter()
        .find(|parameter| parameter.param_name.as_deref() == Some(name));
    found.and_then(|parameter| parameter.param_value)
}

#[tokio::test]
async fn callers_can_wait_for_a_parameter_change_and_read_its_history() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    for by in BOTH {
        let clients = world.clients(by);
        let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
        world.clock.advance(10 * SECOND);
        assert_eq!(value(&clients, &id, "timeout").await.as_deref(), Some("0"));

        let action = dcs.update_parameters(&id, &timeout("100"));
        let (wait, states) = quick(action.wait(), &world.clock);
        let changed = wait.await.unwrap();
        assert_eq!(states.distinct(), ["UPDATING", "SUCCESS"], "{by:?}");
        assert_eq!(changed.config_status, Some(ParameterUpdateStatus::Success));
        assert_eq!(
            value(&clients, &id, "timeout").await.as_deref(),
            Some("100")
        );
        let slow = value(&clients, &id, "slowlog-max-len").await;
        assert_eq!(
            slow.as_deref(),
            Some("128"),
            "the parameter slowlog-max-len keeps its value"
        );

        // If the change fails, the parameter keeps its value.
        let faults = world.sandbox.faults();
        faults.inject(Service::Dcs, Fault::FailedTask, 1);
        let action = dcs.update_parameters(&id, &timeout("200"));
        let error = quick(action.wait(), &world.clock).0.await.unwrap_err();
        assert_eq!(error.last_state(), Some("FAILURE"), "{by:?}");
        assert_eq!(
            value(&clients, &id, "timeout").await.as_deref(),
            Some("100")
        );

        let changes = dcs.list_parameter_changes(&id, &ListParameterChangesParams::default());
        let changes: Vec<_> = changes.items().page_size(1).try_collect().await.unwrap();
        let statuses: Vec<_> = changes
            .iter()
            .filter_map(|change| change.status.clone())
            .collect();
        assert_eq!(
            statuses,
            [
                ParameterChangeStatus::Failure,
                ParameterChangeStatus::Success
            ],
            "the newest change comes first"
        );
        let history = changes[1].history_id.as_deref().unwrap();
        let shown = dcs.show_parameter_change(&id, history).await.unwrap();
        let shown = serde_json::to_value(shown.into_inner()).unwrap();
        assert_eq!(shown["history_id"], history);
        let one = &shown["parameters"][0];
        let one = [&one["param_name"], &one["old_value"], &one["new_value"]];
        assert_eq!(one, ["timeout", "0", "100"]);
    }
}

#[tokio::test]
async fn a_job_starts_only_if_a_parameter_value_changes() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
    world.clock.advance(10 * SECOND);
    let action = dcs.start_parameter_update(&id, &timeout("100"));
    let job = quick(action.wait(), &world.clock).0.await.unwrap();
    assert_eq!(job.status, Some(JobStatus::Success));
    let same = dcs.start_parameter_update(&id, &timeout("100")).await;
    let same = same.unwrap();
    assert_eq!((same.status(), same.into_inner()), (204, None));

    // Only one change can run at a time.
    dcs.update_parameters(&id, &timeout("1")).await.unwrap();
    let early = dcs.update_parameters(&id, &timeout("2")).await.unwrap_err();
    assert_eq!(early.error_code(), Some("DCS.4114"));
    let listed = dcs.list_parameters(&id).await.unwrap();
    assert_eq!(listed.config_status, Some(ParameterUpdateStatus::Updating));
    let wait = dcs.list_parameters(&id).wait();
    quick(wait, &world.clock).0.await.unwrap();

    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let action = dcs.start_parameter_update(&id, &timeout("3"));
    let error = quick(action.wait(), &world.clock).0.await.unwrap_err();
    assert_eq!(error.last_state(), Some("FAIL"));
    let job: &Job = error.refused_answer().unwrap();
    assert_eq!(
        job.fail_reason.as_deref(),
        Some("job execution status failed.")
    );
    assert_eq!(value(&clients, &id, "timeout").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn the_error_for_an_invalid_parameter_names_the_parameter_or_the_field() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
    for (request, code, named) in [
        (timeout("7201"), "DCS.4066", "timeout"),
        (timeout(""), "DCS.4066", "timeout"),
        (
            parameter("2", "maxmemory-policy", "never"),
            "DCS.4066",
            "maxmemory-policy",
        ),
        (
            parameter("2", "timeout", "1"),
            "DCS.4062",
            "redis_config[0].param_id",
        ),
        (
            parameter("1", "nothing", "1"),
            "DCS.4062",
            "redis_config[0].param_name",
        ),
        // An instance with a single node has no replication, so it has no parameter `repl-timeout`.
        (
            parameter("20", "repl-timeout", "60"),
            "DCS.4062",
            "redis_config[0].param_name",
        ),
        (
            UpdateParametersRequest::default(),
            "DCS.4062",
            "redis_config",
        ),
    ] {
        let error = dcs.update_parameters(&id, &request).await.unwrap_err();
        assert_eq!(
            (error.status(), error.error_code()),
            (Some(400), Some(code))
        );
        assert!(error.error_msg().unwrap().contains(named), "{error}");
    }
    let params = ListParameterChangesParams::default();
    let none = dcs.list_parameter_changes(&id, &params).await.unwrap();
    assert_eq!(none.history_num, Some(0));
    world.sandbox.put_dcs_status(&id, "ERROR").unwrap();
    let error = dcs.update_parameters(&id, &timeout("1")).await.unwrap_err();
    assert_eq!(error.error_code(), Some("DCS.4049"));
    assert!(
        !parameters(&clients, &id).await.is_empty(),
        "the parameters are still listed"
    );
}

#[tokio::test]
async fn new_instances_have_the_values_of_a_custom_template() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let dcs = &clients.dcs;
        let request = CreateParameterTemplateRequest::new(CreateParameterTemplateRequired {
            template_id: "16",
            name: "Quick",
            type_: TemplateType::Default,
            params: BTreeMap::from([("timeout".to_owned(), "30".to_owned())]),
        });
        let id = dcs.create_parameter_template(&request).await.unwrap();
        let id = id.into_inner().id.unwrap();
        let of_user = ShowParameterTemplateParams::new(TemplateType::Custom);
        let shown = dcs.show_parameter_template(&id, &of_user).await.unwrap();
        assert_eq!(
            shown.cache_mode,
            Some(CacheMode::Single),
            "the template has the cache mode of the default template 16"
        );
        assert!(shown.created_at.is_some());
        let request = cache_request("cache").with_template_id(&id);
        let cache = dcs.create_instance(&request).await.unwrap();
        let cache = cache.instances[0].instance_id.clone().unwrap();
        assert_eq!(
            value(&clients, &cache, "timeout").await.as_deref(),
            Some("30")
        );

        let values = BTreeMap::from([("timeout".to_owned(), "60".to_owned())]);
        let change = UpdateParameterTemplateRequest::new(values).with_name("Slow");
        dcs.update_parameter_template(&id, &change).await.unwrap();
        assert_eq!(
            value(&clients, &cache, "timeout").await.as_deref(),
            Some("30"),
            "the instance keeps its value"
        );
        let params = ListParameterTemplatesParams::new(TemplateType::Custom).with_name("low");
        let listed: Vec<_> = dcs
            .list_parameter_templates(&params)
            .items()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(listed.len(), 1, "{by:?}");

        dcs.delete_parameter_template(&id).await.unwrap();
        let gone = dcs
            .show_parameter_template(&id, &of_user)
            .await
            .unwrap_err();
        assert!(gone.is_not_found(), "{by:?}");
        for wrong in [("nothing", "1"), ("timeout", "7201")] {
            let wrong = BTreeMap::from([(wrong.0.to_owned(), wrong.1.to_owned())]);
            let request = CreateParameterTemplateRequest::new(CreateParameterTemplateRequired {
                template_id: "16",
                name: "Wrong",
                type_: TemplateType::Default,
                params: wrong,
            });
            assert_eq!(
                dcs.create_parameter_template(&request)
                    .await
                    .unwrap_err()
                    .status(),
                Some(400)
            );
        }
    }
}

#[tokio::test]
async fn default_templates_can_be_filtered_but_not_deleted() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let dcs = &clients.dcs;
    let params = ListParameterTemplatesParams::new(TemplateType::Default);
    let all: Vec<_> = dcs
        .list_parameter_templates(&params)
        .items()
        .page_size(3)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 20);
    let params = params
        .with_engine_version("4.0")
        .with_cache_mode(CacheMode::Single);
    let found = dcs.list_parameter_templates(&params).await.unwrap();
    let ids: Vec<_> = found
        .templates
        .iter()
        .map(|found| found.template_id.as_deref())
        .collect();
    assert_eq!(
        (found.template_num, ids),
        (Some(1), vec![Some("6")]),
        "in the documented example, the default template for a single node and version 4.0 has the id 6"
    );
    let error = dcs.delete_parameter_template("6").await.unwrap_err();
    assert_eq!(
        (error.status(), error.error_code()),
        (Some(400), Some("DCS.4063"))
    );
    let error = pausing(dcs.list_parameters("nothing").wait())
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(404));
}
