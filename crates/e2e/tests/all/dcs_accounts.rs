//! Creates, lists and deletes the accounts of a DCS instance, and changes their passwords and roles.

use std::time::Duration;

use huaweicloud::ErrorKind;
use huaweicloud::dcs::types::{
    Account, AccountReadPolicy, AccountRole, AccountStatus, AccountType,
    ChangeAccountPasswordRequest, CreateAccountRequest, CreateAccountRequired, JobStatus,
    PasswordChangeResult, ResetAccountPasswordRequest, UpdateAccountDescriptionRequest,
    UpdateAccountRoleRequest,
};
use huaweicloud_sandbox::{Fault, Options, Service};

use crate::support::{BOTH, By, Clients, OTHER_PASSWORD, PASSWORD, World, cache_request};
use crate::waits::quick;

const ACCOUNT_PASSWORD: &str = "Planted-Account-0001!";
const NEW_PASSWORD: &str = "Planted-Account-0002!";
const SECOND: Duration = Duration::from_secs(1);

/// Creates an instance with an engine version that supports accounts.
async fn cache(clients: &Clients) -> String {
    let request = cache_request("cache").with_engine_version("5.0");
    let created = clients.dcs.create_instance(&request).await.unwrap();
    created.instances[0].instance_id.clone().unwrap()
}

fn account(name: &str) -> CreateAccountRequest {
    CreateAccountRequest::new(CreateAccountRequired {
        account_name: name,
        account_role: AccountRole::Read,
        account_password: ACCOUNT_PASSWORD,
    })
}

async fn accounts(clients: &Clients, id: &str) -> Vec<Account> {
    clients
        .dcs
        .list_accounts(id)
        .await
        .unwrap()
        .into_inner()
        .accounts
}

/// Creates an account with this name, and returns its id.
async fn created(clients: &Clients, id: &str, name: &str) -> String {
    clients
        .dcs
        .create_account(id, &account(name))
        .await
        .unwrap();
    let all = accounts(clients, id).await;
    let found = all
        .into_iter()
        .find(|account| account.account_name.as_deref() == Some(name));
    found.unwrap().account_id.unwrap()
}

fn change(old: &str, new: &str) -> ChangeAccountPasswordRequest {
    ChangeAccountPasswordRequest::default()
        .with_old_password(old)
        .with_new_password(new)
}

#[tokio::test]
async fn an_account_can_log_in_until_its_deletion() {
    let world = World::new().await;
    for by in BOTH {
        let clients = world.clients(by);
        let id = cache(&clients).await;
        let all = accounts(&clients, &id).await;
        let kinds: Vec<_> = all
            .iter()
            .map(|account| (&account.account_type, &account.account_role))
            .collect();
        assert_eq!(
            kinds,
            [(&Some(AccountType::Default), &Some(AccountRole::Write))]
        );

        let reader = created(&clients, &id, "reader").await;
        let login = |password: &str| world.sandbox.dcs_login(&id, &format!("reader:{password}"));
        assert!(login(ACCOUNT_PASSWORD) && !login(PASSWORD), "{by:?}");
        assert!(world.sandbox.dcs_login(&id, PASSWORD), "{by:?}");

        let dcs = &clients.dcs;
        let remark = UpdateAccountDescriptionRequest::default().with_description("reports");
        dcs.update_account_description(&id, &reader, &remark)
            .await
            .unwrap();
        let found = &accounts(&clients, &id).await[1];
        assert_eq!(found.description.as_deref(), Some("reports"), "{by:?}");
        assert_eq!(found.instance_id.as_deref(), Some(id.as_str()), "{by:?}");

        dcs.delete_account(&id, &reader).await.unwrap();
        assert_eq!(accounts(&clients, &id).await.len(), 1, "{by:?}");
        assert!(!login(ACCOUNT_PASSWORD), "{by:?}");
        let gone = dcs.delete_account(&id, &reader).await.unwrap_err();
        assert!(gone.is_not_found(), "{by:?}: {gone}");
    }
}

#[tokio::test]
async fn wrong_old_passwords_lock_an_account() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, cache(&clients).await);
    let reader = created(&clients, &id, "reader").await;
    let other = created(&clients, &id, "other").await;
    let login =
        |name: &str, password: &str| world.sandbox.dcs_login(&id, &format!("{name}:{password}"));

    let right = change(ACCOUNT_PASSWORD, NEW_PASSWORD);
    let answer = dcs
        .change_account_password(&id, &reader, &right)
        .await
        .unwrap();
    assert_eq!(answer.result, Some(PasswordChangeResult::Success));
    assert!(login("reader", NEW_PASSWORD) && !login("reader", ACCOUNT_PASSWORD));
    assert!(
        login("other", ACCOUNT_PASSWORD),
        "the other account keeps its password"
    );

    // The password has changed. So the old password in the request `right` is now wrong.
    for left in (0..5).rev() {
        let error = dcs
            .change_account_password(&id, &reader, &right)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Operation, Some(200))
        );
        let text = format!("{error} {error:?}");
        assert!(!text.contains("Planted-"), "{text}");
        let answer: &huaweicloud::dcs::types::AccountPasswordChange =
            error.refused_answer().unwrap();
        assert_eq!(answer.result, Some(PasswordChangeResult::PasswordFailed));
        assert_eq!(answer.retry_times_left, Some(left.to_string()));
    }
    let back = change(NEW_PASSWORD, ACCOUNT_PASSWORD);
    let locked = dcs
        .change_account_password(&id, &reader, &back)
        .unjudged()
        .await
        .unwrap();
    assert_eq!(locked.result, Some(PasswordChangeResult::Locked));
    assert_eq!(locked.lock_time.as_deref(), Some("5"));
    let reset = ResetAccountPasswordRequest::default().with_new_password(OTHER_PASSWORD);
    let locked = dcs
        .reset_account_password(&id, &reader, &reset)
        .await
        .unwrap_err();
    assert_eq!(locked.kind(), ErrorKind::Operation);
    assert!(login("reader", NEW_PASSWORD), "the password did not change");
    dcs.change_account_password(&id, &other, &right)
        .await
        .unwrap();

    world.clock.advance(301 * SECOND);
    dcs.change_account_password(&id, &reader, &back)
        .await
        .unwrap();
    assert!(login("reader", ACCOUNT_PASSWORD));
}

#[tokio::test]
async fn an_account_password_reset_checks_the_old_password_if_one_is_sent() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, cache(&clients).await);
    let reader = created(&clients, &id, "reader").await;
    let reset = ResetAccountPasswordRequest::default().with_new_password(NEW_PASSWORD);
    let answer = dcs
        .reset_account_password(&id, &reader, &reset)
        .await
        .unwrap();
    assert_eq!(answer.code.as_deref(), Some("1"));
    assert!(
        world
            .sandbox
            .dcs_login(&id, &format!("reader:{NEW_PASSWORD}"))
    );

    let wrong = ResetAccountPasswordRequest::default()
        .with_old_password(ACCOUNT_PASSWORD)
        .with_new_password(OTHER_PASSWORD);
    let error = dcs
        .reset_account_password(&id, &reader, &wrong)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    let plain = dcs
        .reset_account_password(&id, &reader, &wrong)
        .unjudged()
        .await
        .unwrap();
    assert_eq!(plain.retry_times_left.as_deref(), Some("3"));
    assert!(
        world
            .sandbox
            .dcs_login(&id, &format!("reader:{NEW_PASSWORD}"))
    );
}

#[tokio::test]
async fn the_default_account_has_the_password_of_the_instance() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (dcs, id) = (&clients.dcs, cache(&clients).await);
    let default = accounts(&clients, &id).await[0].account_id.clone().unwrap();
    dcs.change_account_password(&id, &default, &change(PASSWORD, OTHER_PASSWORD))
        .await
        .unwrap();
    assert!(world.sandbox.dcs_login(&id, OTHER_PASSWORD));
    let reset = ResetAccountPasswordRequest::default().with_new_password(PASSWORD);
    dcs.reset_account_password(&id, &default, &reset)
        .await
        .unwrap();
    assert!(world.sandbox.dcs_login(&id, PASSWORD));
    let error = dcs.delete_account(&id, &default).await.unwrap_err();
    assert_eq!(
        (error.status(), error.error_code()),
        (Some(400), Some("DCS.4961"))
    );
}

#[tokio::test]
async fn callers_can_wait_for_changes_of_accounts() {
    let world = World::with(Options::default().change_time(10 * SECOND)).await;
    let clients = world.clients(By::Password);
    let (dcs, id) = (&clients.dcs, cache(&clients).await);
    world.clock.advance(10 * SECOND);

    let (wait, states) = quick(
        dcs.create_account(&id, &account("reader")).wait(),
        &world.clock,
    );
    let made = wait.await.unwrap();
    assert_eq!(made.status, Some(AccountStatus::Available));
    assert_eq!(states.distinct(), ["CREATING", "AVAILABLE"]);
    let reader = made.account_id.clone().unwrap();

    let role = UpdateAccountRoleRequest::default()
        .with_account_role(AccountRole::Write)
        .with_account_read_policy(AccountReadPolicy::MasterReplica);
    let early = dcs.update_account_role(&id, &reader, &role);
    let job = quick(early.wait(), &world.clock).0.await.unwrap();
    assert_eq!(job.status, Some(JobStatus::Success));
    let found = &accounts(&clients, &id).await[1];
    assert_eq!(
        (&found.account_role, &found.status),
        (&Some(AccountRole::Write), &Some(AccountStatus::Available))
    );
    let policy = &found.account_read_policy;
    assert_eq!(*policy, Some(AccountReadPolicy::MasterReplica));

    let faults = world.sandbox.faults();
    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let role = UpdateAccountRoleRequest::default().with_account_role(AccountRole::Read);
    let failed = dcs.update_account_role(&id, &reader, &role).wait();
    let error = quick(failed, &world.clock).0.await.unwrap_err();
    assert_eq!(error.last_state(), Some("FAIL"));
    let found = &accounts(&clients, &id).await[1];
    assert_eq!(
        found.account_role,
        Some(AccountRole::Write),
        "the role did not change"
    );

    faults.inject(Service::Dcs, Fault::FailedTask, 1);
    let failed = dcs.create_account(&id, &account("failing")).wait();
    let error = quick(failed, &world.clock).0.await.unwrap_err();
    assert_eq!(error.last_state(), Some("CREATEFAILED"));

    let (wait, states) = quick(dcs.delete_account(&id, &reader).wait(), &world.clock);
    wait.await.unwrap();
    assert_eq!(states.distinct(), ["DELETING", "-"]);
    let left = accounts(&clients, &id).await;
    assert!(
        left.iter()
            .all(|account| account.account_id.as_ref() != Some(&reader))
    );
}
