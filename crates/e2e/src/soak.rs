//! Makes many calls while tokens expire, and counts the failed calls and the token requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::roma_link::types::{
    CreateDeviceRequest, CreateDeviceRequired, CreateProductRequest, CreateProductRequired,
    ListDevicesParams, ProductReferenceRequest, ProductType, ProtocolType,
    ResetDeviceAuthenticationRequest,
};
use huaweicloud::{Config, Error, roma_link};
use huaweicloud_sandbox::{Clock, Options, Sandbox};
use tokio::task::JoinSet;

use crate::{Log, Recorder};

/// The parameters of [`run`].
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The number of calls.
    pub calls: u64,
    /// The number of tasks that make the calls. All tasks share one client.
    pub tasks: usize,
    /// The lifetime of a token, measured with the clock of the sandbox.
    pub token_life: Duration,
}

/// The results of the calls.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// The number of calls that ended in an error.
    pub failed: u64,
    /// The error of one of the failed calls, or `None` if no call failed.
    pub failure: Option<String>,
    /// The number of token requests.
    pub renewals: usize,
    /// The largest number of token requests that were in progress at the same time.
    pub renewals_at_once: usize,
}

/// Makes the calls of a plan. Before each call, `before` gets the number of the call (from 0) and the clock of the
/// sandbox. If `before` advances this clock by the lifetime of a token, the token expires earlier than the client
/// expects.
///
/// # Errors
///
/// If there is no free port, if the sandbox, the product or the device cannot be created, or if a task panics. If a
/// call of the plan fails, the function returns no error. The outcome contains the number of these failed calls.
pub async fn run(
    plan: Plan,
    before: impl Fn(u64, &Clock) + Send + Sync + 'static,
) -> Result<Outcome> {
    let clock = Clock::system();
    let options = Options::default().clock(clock.clone());
    let sandbox = Sandbox::start(options.token_life(plan.token_life)).await?;
    let log = Log::default();
    let iam = Recorder::start("iam", &sandbox.details().addresses.iam, &log).await?;
    let caller = Arc::new(Caller::new(&sandbox, &iam).await?);
    let (before, next) = (Arc::new(before), Arc::new(AtomicU64::new(0)));
    let mut tasks = JoinSet::new();
    for _ in 0..plan.tasks {
        let (caller, before) = (Arc::clone(&caller), Arc::clone(&before));
        let (clock, next) = (clock.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            let (mut failed, mut failure) = (0, None);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= plan.calls {
                    return (failed, failure);
                }
                before(number, &clock);
                if let Err(error) = caller.call(number).await {
                    failed += 1;
                    failure.get_or_insert_with(|| format!("call {number}: {error}"));
                }
            }
        });
    }
    let (mut failed, mut failure) = (0, None);
    while let Some(ended) = tasks.join_next().await {
        let (count, first) = ended.context("a task ended early")?;
        failed += count;
        failure = failure.or(first);
    }
    let outcome = Outcome {
        failed,
        failure,
        renewals: log.take().len(),
        renewals_at_once: iam.most_at_once(),
    };
    sandbox.shutdown().await;
    Ok(outcome)
}

/// A client with a password, and the device that the calls use.
struct Caller {
    link: roma_link::Client,
    instance: String,
    device: i64,
}

impl Caller {
    async fn new(sandbox: &Sandbox, iam: &Recorder) -> Result<Caller> {
        let details = sandbox.details();
        let config = Config::builder()
            .endpoint("iam", &iam.address)
            .endpoint("roma-link", &details.addresses.roma_link);
        let (domain, user) = (&details.domain_name, &details.user_name);
        let login = Login::new(domain, user, details.password.as_str())
            .with_project_name(&details.project_name);
        let credentials = PasswordCredentials::new(&config.clone().build()?, login)?;
        let link = roma_link::Client::new(&config.credentials(credentials).build()?)?;
        let instance = details.instance_id.clone();
        let device = device(&link, &instance).await?;
        Ok(Caller {
            link,
            instance,
            device,
        })
    }

    /// Makes one call. Every fourth call resets the authentication of the device, and the other calls only read. A
    /// reset is not safe to retry. But if the service refuses the token, the service does not execute the reset. So the
    /// client must send the reset again.
    async fn call(&self, number: u64) -> Result<(), Error> {
        let (link, instance, device) = (&self.link, &self.instance, self.device);
        match number % 4 {
            0 => {
                let request = ResetDeviceAuthenticationRequest::default();
                let reset = link.reset_device_authentication(instance, device, &request);
                reset.await.map(drop)
            }
            1 => {
                let params = ListDevicesParams::default().with_limit(10);
                link.list_devices(instance, &params).await.map(drop)
            }
            _ => link.show_device(instance, device).await.map(drop),
        }
    }
}

async fn device(link: &roma_link::Client, instance: &str) -> Result<i64> {
    let (kind, protocol) = (ProductType::Common, ProtocolType::Mqtt);
    let product = CreateProductRequest::new(CreateProductRequired {
        app_id: "app",
        name: "meter",
        manufacturer_id: "maker",
        manufacturer_name: "Maker",
        model: "m1",
        product_type: kind,
        protocol_type: protocol,
    });
    let product = link.create_product(instance, &product).await?;
    let product = product.id.context("the created product has no id")?;
    let product = ProductReferenceRequest::default().with_product_id(product);
    let device = CreateDeviceRequest::new(CreateDeviceRequired {
        product,
        device_name: "device-1",
        node_id: "node-1",
        app_id: "app",
    });
    let device = link.create_device(instance, &device).await?;
    device.id.context("the created device has no id")
}
