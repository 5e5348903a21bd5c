//! Prints a line for each answer of a service: the operation, the status, and the request id. The cloud's support team
//! can find a request by this id.
//!
//! cargo run --example audit_trail

use huaweicloud::dcs::{self, types::ListInstancesParams};
use huaweicloud::{IncomingAnswer, Intercept, InterceptError};

struct AuditTrail;

impl Intercept for AuditTrail {
    fn after_answer(&self, answer: &IncomingAnswer<'_>) -> Result<(), InterceptError> {
        println!(
            "{} {} {}",
            answer.operation().id(),
            answer.status(),
            answer.request_id()
        );
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    let config = config.to_builder().intercept(AuditTrail).build()?;
    let dcs = dcs::Client::new(&config)?;
    dcs.list_instances(&ListInstancesParams::default()).await?;
    // This instance does not exist. The interceptor also gets the answer with status 404.
    match dcs
        .show_instance("00000000-0000-0000-0000-000000000000")
        .await
    {
        Err(error) if error.is_not_found() => Ok(()),
        other => other.map(|_| ()).map_err(Into::into),
    }
}
