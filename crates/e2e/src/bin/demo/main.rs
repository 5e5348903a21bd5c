//! Demonstrates five documented operations. The generated clients call these operations first with a token that IAM
//! returns for a password. Then the clients sign their requests with an access key. At the end, the program shows
//! failures.
//!
//! `cargo xtask demo` runs this program. With `RUST_LOG=trace`, the program also shows everything that the clients and
//! the sandbox log.

mod failures;
mod operations;
mod output;
mod stage;

use std::process::ExitCode;

use anyhow::Result;

use output::Output;
use stage::Stage;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(summary) => {
            anstream::println!("\n{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            anstream::eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<String> {
    let output = Output::default();
    output.log()?;
    let mut stage = Stage::set(output).await?;
    let by_password = stage.with_password()?;
    stage.heading("With a token that IAM gave for a password");
    operations::run(&mut stage, &by_password, true).await?;
    stage.heading("With requests signed by an access key (SDK-HMAC-SHA256)");
    let by_key = stage.with_access_key()?;
    operations::run(&mut stage, &by_key, false).await?;
    stage.heading("Failures");
    failures::run(&mut stage, &by_password).await?;
    stage.end().await
}
