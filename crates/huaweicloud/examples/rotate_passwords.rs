//! Sets new passwords for a product and for all its devices, eight devices at a time. Prints the devices for which the
//! reset failed.
//!
//! The program writes the passwords to a file. On Unix, only the owner of the file can read the file. If the answer to
//! a reset is lost, the product or the device can have a new password that is not in the file.
//!
//! ROMA_INSTANCE_ID=... cargo run --example rotate_passwords -- <product id> passwords.csv

use std::fs::OpenOptions;
use std::io::Write as _;

use anyhow::{Context as _, ensure};
use futures_util::StreamExt as _;
use huaweicloud::roma_link;
use huaweicloud::roma_link::types::{
    ListDevicesParams, ResetDeviceAuthenticationRequest, ResetProductAuthenticationRequest,
};
use indicatif::ProgressBar;

const AT_A_TIME: usize = 8;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let product_id: i64 = arguments
        .next()
        .context("give the ID of a product")?
        .parse()?;
    let path = arguments
        .next()
        .context("give the path of a new file for the passwords")?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).with_context(|| path.clone())?;

    let config = huaweicloud::config::load().await?;
    let link = &roma_link::Client::new(&config)?;
    let instance_id = &std::env::var("ROMA_INSTANCE_ID")?;

    // The program first reads the whole list. If the list cannot be read, the program changes no password.
    let of_product = ListDevicesParams::default().with_product_id(product_id);
    let devices = link.list_devices(instance_id, &of_product).items();
    let devices: Vec<_> = devices.page_size(500).try_collect().await?;

    // The request contains no password, so the service generates a password.
    let request = ResetProductAuthenticationRequest::default();
    let login = link
        .reset_product_authentication(instance_id, product_id, &request)
        .await?;
    let user = login.user_name.as_deref().unwrap_or_default();
    let password = login.password.as_ref().context("no password received")?;
    writeln!(file, "product,{user},{}", password.expose())?;

    let bar = ProgressBar::new(devices.len() as u64);
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

    let mut failed = Vec::new();
    while let Some((id, result)) = resets.next().await {
        match result {
            Ok(login) => {
                let user = login.user_name.as_deref().unwrap_or_default();
                let password = login.password.as_ref().context("no password received")?;
                writeln!(file, "{id},{user},{}", password.expose())?;
            }
            Err(error) => failed.push(format!("device {id}: {error}")),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    failed.sort();
    for line in &failed {
        println!("{line}");
    }
    println!(
        "{} new passwords in {path}, {} failed",
        bar.position() + 1 - failed.len() as u64,
        failed.len()
    );
    ensure!(failed.is_empty(), "not every reset succeeded");
    Ok(())
}
