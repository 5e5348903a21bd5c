//! Tests the creation, the deletion and the passwords of DCS instances. The clients log in with a user's password, or
//! sign with an access key.

use crate::support;

use std::collections::HashMap;
use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    CacheEngine, ChangeInstancePasswordRequest, ChangeInstancePasswordRequired,
    CreateInstanceRequest, CreateInstanceRequired, ListInstancesParams, PasswordChangeResult,
    ResetInstancePasswordRequest,
};
use huaweicloud::dcs::{PasswordRefusal, PasswordRefused};
use huaweicloud::setter::{List, Number};
use support::{BOTH, By, OTHER_PASSWORD, PASSWORD, World, cache_request};

const THIRD_PASSWORD: &str = "Planted-Secret-0003!";

#[tokio::test]
async fn an_instance_is_created_shown_listed_and_deleted() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache("cache").await;
        let shown = clients.dcs.show_instance(&id).await.unwrap();
        assert_eq!(shown.name.as_deref(), Some("cache"), "{by:?}");
        let listed = clients
            .dcs
            .list_instances(&ListInstancesParams::default())
            .await
            .unwrap();
        assert_eq!(listed.instance_num, Some(1), "{by:?}");
        assert_eq!(
            clients.dcs.delete_instance(&id).await.unwrap().status(),
            204,
            "{by:?}"
        );
        assert!(clients.dcs.show_instance(&id).await.is_err(), "{by:?}");
    }
}

#[tokio::test]
async fn after_a_password_change_the_old_password_is_invalid() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache("cache").await;
        assert!(world.sandbox.dcs_login(&id, PASSWORD), "{by:?}");
        let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
            old_password: PASSWORD,
            new_password: OTHER_PASSWORD,
        });
        let answer = clients
            .dcs
            .change_instance_password(&id, &change)
            .await
            .unwrap();
        assert_eq!(answer.result, Some(PasswordChangeResult::Success), "{by:?}");
        assert!(!world.sandbox.dcs_login(&id, PASSWORD), "{by:?}");
        assert!(world.sandbox.dcs_login(&id, OTHER_PASSWORD), "{by:?}");
    }
}

#[tokio::test]
async fn wrong_passwords_lock_an_instance_for_five_minutes() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache(&format!("cache-{by:?}")).await;
        let wrong = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
            old_password: "Not-Planted-Yet-1",
            new_password: OTHER_PASSWORD,
        });
        for left in (0..5).rev() {
            let result = clients.dcs.change_instance_password(&id, &wrong).await;
            let error = result.unwrap_err();
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Operation, Some(200)),
                "{by:?}"
            );
            let refused = PasswordRefused::from_error(&error).unwrap();
            assert_eq!(
                (refused.reason, refused.tries_left),
                (PasswordRefusal::WrongOldPassword, Some(left)),
                "{by:?}"
            );
        }
        let right = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
            old_password: PASSWORD,
            new_password: OTHER_PASSWORD,
        });
        let plain = clients.dcs.change_instance_password(&id, &right).unjudged();
        let plain = plain.await.unwrap();
        assert_eq!(plain.result, Some(PasswordChangeResult::Locked), "{by:?}");
        let result = clients.dcs.change_instance_password(&id, &right).await;
        let locked = PasswordRefused::from_error(&result.unwrap_err()).unwrap();
        assert_eq!(locked.reason, PasswordRefusal::Locked, "{by:?}");
        assert_eq!(locked.lock_time, Some(Duration::from_secs(300)), "{by:?}");
        assert_eq!(
            locked.lock_time_left,
            Some(Duration::from_secs(300)),
            "{by:?}"
        );
        assert!(world.sandbox.dcs_login(&id, PASSWORD), "{by:?}");

        world.clock.advance(Duration::from_secs(301));
        clients
            .dcs
            .change_instance_password(&id, &right)
            .await
            .unwrap();
        assert!(world.sandbox.dcs_login(&id, OTHER_PASSWORD), "{by:?}");
    }
}

#[tokio::test]
async fn a_client_sends_each_wrong_password_only_once() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let id = clients.cache("cache").await;
    let wrong = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: "Not-Planted-Yet-1",
        new_password: OTHER_PASSWORD,
    });
    clients
        .dcs
        .change_instance_password(&id, &wrong)
        .await
        .unwrap_err();
    assert_eq!(world.sandbox.requests_seen("change_instance_password"), 1);
}

#[tokio::test]
async fn a_password_reset_does_not_need_the_old_password() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = clients.cache("cache").await;
        let reset = ResetInstancePasswordRequest::new().with_new_password(THIRD_PASSWORD);
        clients
            .dcs
            .reset_instance_password(&id, &reset)
            .await
            .unwrap();
        assert!(world.sandbox.dcs_login(&id, THIRD_PASSWORD), "{by:?}");
        assert!(!world.sandbox.dcs_login(&id, PASSWORD), "{by:?}");
    }
}

#[tokio::test]
async fn invalid_new_passwords_do_not_count_as_failed_attempts() {
    let world = World::new().await;
    let clients = world.clients(By::Password);
    let id = clients.cache("cache").await;
    for new in ["Sh0rt!", "onlyletters", PASSWORD] {
        let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
            old_password: PASSWORD,
            new_password: new,
        });
        let error = clients
            .dcs
            .change_instance_password(&id, &change)
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(400), "{new}");
        assert!(
            !format!("{error} {error:?}").contains(new),
            "the error shows the password"
        );
        assert_eq!(
            error.raw_body(),
            None,
            "for an operation with secrets, the error does not return the body"
        );
        assert!(world.sandbox.dcs_login(&id, PASSWORD), "{new}");
    }
    let wrong = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: "Not-Planted-Yet-1",
        new_password: OTHER_PASSWORD,
    });
    let result = clients.dcs.change_instance_password(&id, &wrong).await;
    let refused = PasswordRefused::from_error(&result.unwrap_err()).unwrap();
    assert_eq!(refused.tries_left, Some(4));
}

#[tokio::test]
async fn the_sandbox_does_not_create_invalid_instances() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let short_name = cache_request("abc");
    assert_eq!(
        clients
            .dcs
            .create_instance(&short_name)
            .await
            .unwrap_err()
            .status(),
        Some(400)
    );
    let weak = cache_request("cache").with_password("planted-weak");
    assert_eq!(
        clients
            .dcs
            .create_instance(&weak)
            .await
            .unwrap_err()
            .status(),
        Some(400)
    );
    let listed = clients
        .dcs
        .list_instances(&ListInstancesParams::default())
        .await
        .unwrap();
    assert_eq!(listed.instance_num, Some(0));
}

#[test]
fn constructors_and_setters_accept_numbers_lists_and_maps() {
    fn cache(
        capacity: impl Into<Number<f32>>,
        az_codes: impl Into<List<String>>,
    ) -> CreateInstanceRequest {
        CreateInstanceRequest::new(CreateInstanceRequired {
            name: "cache",
            engine: "Redis",
            capacity,
            spec_code: "redis.single.xu1.tiny.128",
            az_codes,
            vpc_id: "vpc",
            subnet_id: "subnet",
        })
    }
    let request = cache(8, ["eu-de-01"]);
    assert_eq!(request.engine, CacheEngine::Redis);
    let zones = vec!["eu-de-01".to_owned()];
    for other in [cache(8.0, zones.clone()), cache(8_u64, &zones)] {
        assert_eq!(request, other);
    }
    let renamed = request
        .clone()
        .with_rename_commands([("KEYS", "k"), ("SCAN", "s")]);
    let names = HashMap::from([("SCAN", "s".to_owned()), ("KEYS", "k".to_owned())]);
    assert_eq!(renamed, request.clone().with_rename_commands(names.clone()));
    assert_eq!(renamed, request.clone().with_rename_commands(Some(names)));
    assert_eq!(
        request,
        renamed.with_rename_commands(None::<[(&str, &str); 0]>)
    );
}
