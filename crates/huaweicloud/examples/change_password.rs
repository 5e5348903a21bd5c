//! Changes the password of a DCS instance. If the service refuses the change, the program prints the reason.
//!
//! OLD_PASSWORD=... NEW_PASSWORD=... cargo run --example change_password -- <instance id>

use anyhow::{Context as _, bail};
use huaweicloud::dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
use huaweicloud::dcs::{self, PasswordRefusal, PasswordRefused};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let instance_id = std::env::args()
        .nth(1)
        .context("give the ID of an instance")?;
    let request = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: std::env::var("OLD_PASSWORD")?,
        new_password: std::env::var("NEW_PASSWORD")?,
    });

    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;
    let Err(error) = dcs.change_instance_password(&instance_id, &request).await else {
        println!("changed");
        return Ok(());
    };
    let Some(refused) = PasswordRefused::from_error(&error) else {
        return Err(error.into());
    };
    match (refused.reason, refused.tries_left) {
        (PasswordRefusal::WrongOldPassword, Some(tries)) => {
            bail!("the old password is wrong; {tries} more tries before the instance is locked")
        }
        (PasswordRefusal::Locked, _) => {
            bail!(
                "the instance is locked for another {:?}",
                refused.lock_time_left.unwrap_or_default()
            )
        }
        _ => Err(error.into()),
    }
}
