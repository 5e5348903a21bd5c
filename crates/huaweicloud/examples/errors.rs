//! Prints the name of a DCS instance. If the call fails, the exit code depends on the reason.
//!
//! cargo run --example errors -- <instance id>

use std::process::ExitCode;

use huaweicloud::{ErrorKind, dcs};

#[tokio::main]
async fn main() -> ExitCode {
    let instance_id = std::env::args().nth(1).unwrap_or_default();
    match show(&instance_id).await {
        Ok(name) => {
            println!("{name}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Usually, the message contains advice. The message contains no secret, so a program can log the message.
            eprintln!("{error}");
            exit_code(&error)
        }
    }
}

async fn show(instance_id: &str) -> Result<String, huaweicloud::Error> {
    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;
    let instance = dcs.show_instance(instance_id).await?;
    Ok(instance.name.clone().unwrap_or_default())
}

fn exit_code(error: &huaweicloud::Error) -> ExitCode {
    if error.is_not_found() {
        return 3.into();
    }
    if error.is_auth() {
        return 4.into();
    }
    if error.is_throttled() || error.is_timeout() || error.is_connect() {
        return 75.into(); // `EX_TEMPFAIL` in `sysexits.h`: try again later.
    }
    if error.kind() == ErrorKind::Service {
        eprintln!(
            "HTTP {}, code {}, request {}",
            error.status().unwrap_or_default(),
            error.error_code().unwrap_or("-"),
            error.request_id().unwrap_or("-"),
        );
    }
    ExitCode::FAILURE
}
