//! Sets a new password for each device of a ROMA Connect instance, eight at a time. Writes the passwords to a file that
//! only its owner can read.
//!
//! ROMA_INSTANCE_ID=... cargo run --example rotate_passwords -- passwords.csv

use std::fs::OpenOptions;
use std::io::Write as _;

use anyhow::Context as _;
use futures_util::StreamExt as _;
use huaweicloud::roma_link;
use huaweicloud::roma_link::types::{ListDevicesParams, ResetDeviceAuthenticationRequest};
use indicatif::ProgressBar;

const AT_A_TIME: usize = 8;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let path = std::env::args()
        .nth(1)
        .context("name a file for the passwords")?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).with_context(|| path.clone())?;

    let config = huaweicloud::config::load().await?;
    let link = &roma_link::Client::new(&config)?;
    let instance_id = &std::env::var("ROMA_INSTANCE_ID")?;

    let devices: Vec<_> = link
        .list_devices(instance_id, &ListDevicesParams::default())
        .items()
        .page_size(500)
        .try_collect()
        .await?;
    let bar = ProgressBar::new(devices.len() as u64);

    // Without a user name and a password in the request, the service makes up both.
    let request = &ResetDeviceAuthenticationRequest::default();
    let mut resets = futures_util::stream::iter(devices)
        .map(|device| async move {
            let id = device.device_id.unwrap_or_default();
            let result = link
                .reset_device_authentication(instance_id, id, request)
                .await;
            (id, result)
        })
        .buffer_unordered(AT_A_TIME);

    let mut failed = 0;
    while let Some((id, result)) = resets.next().await {
        match result {
            Ok(login) => {
                let user = login.user_name.as_deref().unwrap_or_default();
                let password = login.password.as_ref().context("no password came back")?;
                writeln!(file, "{id},{user},{}", password.expose())?;
            }
            Err(error) => {
                failed += 1;
                bar.println(format!("device {id}: {error}"));
            }
        }
        bar.inc(1);
    }
    bar.finish();
    println!(
        "{} new passwords in {path}, {failed} failed",
        bar.position() - failed
    );
    Ok(())
}
