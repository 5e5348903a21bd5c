//! Shows three failures: an unknown device, wrong passwords that lock an instance, and an expired token that the client
//! renews.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use huaweicloud::dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
use huaweicloud::dcs::{PasswordRefusal, PasswordRefused};

use crate::operations::prepare_cache;
use crate::stage::{Clients, Stage};

/// A time that is longer than the lifetime of a token.
const A_DAY_AND_AN_HOUR: Duration = Duration::from_secs(25 * 60 * 60);

pub async fn run(stage: &mut Stage, clients: &Clients) -> Result<()> {
    unknown_device(stage, clients).await?;
    wrong_password_until_locked(stage, clients).await?;
    expired_token(stage, clients).await
}

async fn unknown_device(stage: &mut Stage, clients: &Clients) -> Result<()> {
    let error = clients
        .link
        .show_device_authentication(&stage.instance(), 404_404)
        .await
        .err();
    let error = error.context("an unknown device was found")?;
    ensure!(
        error.is_not_found(),
        "the error for an unknown device is not \"not found\": {error}"
    );
    stage.expect(&[("show_device_authentication", 404)])?;
    say(stage, &error);
    Ok(())
}

async fn wrong_password_until_locked(stage: &mut Stage, clients: &Clients) -> Result<()> {
    let cache = prepare_cache(stage, clients).await?;
    let wrong = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: "Not-The-Password-1",
        new_password: "Demo-Cache-0003!",
    });
    for left in (0..5).rev() {
        let refused = clients
            .dcs
            .change_instance_password(&cache, &wrong)
            .await
            .err();
        let refused = refused.context("a wrong password was accepted")?;
        let refused = PasswordRefused::from_error(&refused)
            .context("the error does not describe a refused password")?;
        stage.expect(&[("change_instance_password", 200)])?;
        say(stage, &refused);
        ensure!(
            refused.tries_left == Some(left),
            "{:?} tries are left, not {left}",
            refused.tries_left
        );
    }
    let refused = clients
        .dcs
        .change_instance_password(&cache, &wrong)
        .await
        .err();
    let refused = refused.context("a locked instance accepted a password")?;
    let refused = PasswordRefused::from_error(&refused)
        .context("the error does not describe a refused password")?;
    stage.expect(&[("change_instance_password", 200)])?;
    ensure!(
        refused.reason == PasswordRefusal::Locked,
        "the instance is not locked: {refused}"
    );
    say(stage, &refused);
    Ok(())
}

async fn expired_token(stage: &mut Stage, clients: &Clients) -> Result<()> {
    stage.pass(A_DAY_AND_AN_HOUR);
    clients
        .link
        .list_devices(&stage.instance(), &Default::default())
        .await?;
    stage.expect(&[
        ("list_devices", 401),
        ("create_token", 201),
        ("list_devices", 200),
    ])?;
    stage.say(
        "      = the token had expired, so the client renewed it once and sent the call again",
    );
    Ok(())
}

/// Prints the message of an error.
fn say(stage: &Stage, error: &dyn std::error::Error) {
    stage.say(&format!("      = {error}"));
}
