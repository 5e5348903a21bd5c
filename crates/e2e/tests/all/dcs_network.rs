//! Tests the IP whitelist and SSL of a DCS instance.

use std::time::Duration;

use huaweicloud::dcs::types::{
    InstanceStatus, JobStatus, UpdateSslRequest, UpdateWhitelistRequest, UpdateWhitelistRequired,
    WhitelistGroupRequest, WhitelistGroupRequired,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, By, World, cache_request, leaks};
use crate::waits::quick;

const SECOND: Duration = Duration::from_secs(1);

fn whitelist(groups: &[(&str, &[&str])]) -> UpdateWhitelistRequest {
    let groups = groups.iter().map(|(name, addresses)| {
        let addresses: Vec<String> = addresses.iter().map(|one| (*one).to_owned()).collect();
        WhitelistGroupRequest::new(WhitelistGroupRequired {
            group_name: *name,
            ip_list: addresses,
        })
    });
    UpdateWhitelistRequest::new(UpdateWhitelistRequired {
        enable_whitelist: true,
        whitelist: groups.collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn an_update_replaces_the_whole_whitelist() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
        let none = dcs.show_whitelist(&id).await.unwrap();
        assert_eq!(
            (none.enable_whitelist, none.whitelist.len()),
            (Some(false), 0)
        );
        for names in [["one", "two"], ["two", "three"]] {
            let [one, two] = names;
            let request = whitelist(&[(one, &["10.0.0.1", "10.0.1.0/24"]), (two, &["fd00::1"])]);
            dcs.update_whitelist(&id, &request).await.unwrap();
            let shown = dcs.show_whitelist(&id).await.unwrap();
            let groups: Vec<_> = shown
                .whitelist
                .iter()
                .filter_map(|group| group.group_name.as_deref())
                .collect();
            assert_eq!(
                (shown.enable_whitelist, groups),
                (Some(true), names.to_vec()),
                "{by:?}"
            );
            assert_eq!(shown.whitelist[0].ip_list, ["10.0.0.1", "10.0.1.0/24"]);
        }
        let limit = dcs.show_whitelist(&id).await.unwrap();
        assert_eq!(limit.whitelist_ip_limit_num.as_deref(), Some("20"));
    }
}

#[tokio::test]
async fn a_job_replaces_the_whitelist_only_if_the_job_succeeds() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
    world.clock.advance(10 * SECOND);
    let request = whitelist(&[("one", &["10.0.0.1"])]);
    dcs.start_whitelist_update(&id, &request).await.unwrap();
    assert!(dcs.show_whitelist(&id).await.unwrap().whitelist.is_empty());
    let early = dcs.update_whitelist(&id, &request).await.unwrap_err();
    assert_eq!(early.error_code(), Some("DCS.4017"));
    world.clock.advance(10 * SECOND);
    assert_eq!(dcs.show_whitelist(&id).await.unwrap().whitelist.len(), 1);

    let both = whitelist(&[("one", &["10.0.0.1"]), ("two", &["10.0.0.2"])]);
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::FailedTask, 1);
    let wait = dcs.start_whitelist_update(&id, &both).wait();
    let error = quick(wait, &world.clock).0.await.unwrap_err();
    assert_eq!(error.last_state(), Some("FAIL"));
    assert_eq!(dcs.show_whitelist(&id).await.unwrap().whitelist.len(), 1);
    let wait = dcs.start_whitelist_update(&id, &both).wait();
    let job = quick(wait, &world.clock).0.await.unwrap();
    assert_eq!(job.status, Some(JobStatus::Success));
    assert_eq!(dcs.show_whitelist(&id).await.unwrap().whitelist.len(), 2);
}

#[tokio::test]
async fn the_sandbox_refuses_invalid_whitelists() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
    let many: Vec<String> = (1..=11).map(|number| format!("10.0.0.{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (groups, named) in [
        (vec![("one", &["0.0.0.0"][..])], "whitelist[0].ip_list"),
        (
            vec![("one", &["10.0.0.1"]), ("two", &["0.0.0.0/0"])],
            "whitelist[1].ip_list",
        ),
        (vec![("one", &["10.0.0.256"])], "whitelist[0].ip_list"),
        (
            vec![("one", &["10.0.0.1"]), ("one", &["10.0.0.2"])],
            "whitelist[1].group_name",
        ),
        (vec![("one", &many), ("two", &many)], "whitelist"),
        (
            vec![("1", &[]), ("2", &[]), ("3", &[]), ("4", &[]), ("5", &[])],
            "whitelist",
        ),
    ] {
        let error = dcs
            .update_whitelist(&id, &whitelist(&groups))
            .await
            .unwrap_err();
        assert_eq!(
            (error.status(), error.error_code()),
            (Some(400), Some("DCS.4062")),
            "{groups:?}"
        );
        assert!(error.error_msg().unwrap().contains(named), "{error}");
    }
    let other = whitelist(&[]).with_instance_id("a4c545cd-10b2-4efc-b0ab-a9b554ca0621");
    assert_eq!(
        dcs.update_whitelist(&id, &other)
            .await
            .unwrap_err()
            .status(),
        Some(400)
    );
    assert!(
        dcs.show_whitelist(&id).await.unwrap().whitelist.is_empty(),
        "no refused group was stored"
    );
}

#[tokio::test]
async fn a_restart_enables_ssl_and_the_certificate_link_is_secret() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    for by in BOTH {
        let clients = world.clients(by);
        let (dcs, id) = (&clients.dcs, clients.cache("cache").await);
        world.clock.advance(10 * SECOND);
        let off = dcs.show_ssl(&id).await.unwrap();
        assert_eq!((off.status(), off.into_inner()), (204, None), "{by:?}");

        let turn = |enabled| UpdateSslRequest::new(enabled);
        let job = dcs.update_ssl(&id, &turn(true)).await.unwrap();
        assert_eq!(job.instance_id.as_deref(), Some(id.as_str()));
        let shown = dcs.show_instance(&id).await.unwrap();
        assert_eq!(shown.status, Some(InstanceStatus::Restarting), "{by:?}");
        world.clock.advance(10 * SECOND);
        let on = dcs.show_ssl(&id).await.unwrap().into_inner().unwrap();
        assert_eq!((on.enabled, on.port.as_deref()), (Some(true), Some("6379")));
        assert_eq!(on.ssl_validated, Some(true));

        let link = dcs.create_ssl_certificate_link(&id).await.unwrap();
        let secret = link.link.as_ref().unwrap().expose();
        leaks::tell([&secret.to_owned()]);
        assert!(secret.starts_with("https://") && secret.contains("Signature="));
        assert!(!format!("{link:?}").contains(secret), "{by:?}");

        world
            .sandbox
            .faults()
            .inject(Service::Dcs, Fault::FailedTask, 1);
        let failed = quick(dcs.update_ssl(&id, &turn(false)).wait(), &world.clock)
            .0
            .await;
        assert_eq!(failed.unwrap_err().last_state(), Some("FAIL"));
        assert_eq!(
            dcs.show_ssl(&id).await.unwrap().status(),
            200,
            "SSL is still enabled"
        );
        let wait = dcs.update_ssl(&id, &turn(false)).wait();
        quick(wait, &world.clock).0.await.unwrap();
        assert_eq!(dcs.show_ssl(&id).await.unwrap().status(), 204, "{by:?}");
    }
}

#[tokio::test]
async fn instances_refuse_the_operations_of_a_feature_that_they_lack() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let dcs = &clients.dcs;
    let of = async |version: &str, specification: &str| {
        let mut request = cache_request("cache").with_engine_version(version);
        request.spec_code = specification.to_owned();
        let created = dcs.create_instance(&request).await.unwrap();
        created.instances[0].instance_id.clone().unwrap()
    };
    let old = of("3.0", "redis.single.xu1.tiny.128").await;
    let proxy = of("6.0", "redis.proxy.xu1.large.4").await;
    let cluster = of("5.0", "redis.cluster.xu1.large.r2.4").await;
    let code = |error: huaweicloud::Error| error.error_code().map(str::to_owned);
    let four = [
        (
            code(dcs.show_whitelist(&old).await.unwrap_err()),
            "DCS.4008",
        ),
        (code(dcs.show_ssl(&proxy).await.unwrap_err()), "DCS.4201"),
        (
            code(dcs.create_ssl_certificate_link(&cluster).await.unwrap_err()),
            "DCS.4201",
        ),
        (
            code(dcs.list_accounts(&proxy).await.unwrap_err()),
            "DCS.4964",
        ),
    ];
    for (found, expected) in four {
        assert_eq!(found.as_deref(), Some(expected));
    }
}
