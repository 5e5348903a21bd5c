//! Changes configuration parameters of a DCS instance, and waits until the instance uses the new values.
//!
//! If the change fails, this program restores the former values. The variable CHECK can name a command that checks the
//! change. If this command fails, the program also restores the former values.
//!
//! CHECK=./check.sh cargo run --example tune_parameters -- <instance id> timeout=100 maxclients=5000

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};
use huaweicloud::dcs;
use huaweicloud::dcs::types::{
    Parameter, ParameterRequest, ParameterRequired, UpdateParametersRequest,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let instance_id = arguments.next().context("give the ID of an instance")?;
    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;

    let before = parameters(&dcs, &instance_id).await?;
    let (mut new, mut former) = (Vec::new(), Vec::new());
    for argument in arguments {
        let (name, value) = argument.split_once('=').context("write name=value")?;
        let parameter = before
            .get(name)
            .with_context(|| format!("the instance has no parameter {name}"))?;
        let own = parameter.param_value.as_deref().unwrap_or_default();
        if own != value {
            new.push(with_value(parameter, value));
            former.push(with_value(parameter, own));
        }
    }
    if new.is_empty() {
        println!("nothing to change");
        return Ok(());
    }

    let result = match change(&dcs, &instance_id, new).await {
        Ok(()) => check(),
        Err(error) => Err(error),
    };
    let Err(error) = result else {
        println!("changed");
        return Ok(());
    };
    // Even a failed change can have changed some parameters. The program restores only values that have changed.
    let now = parameters(&dcs, &instance_id).await?;
    former.retain(|parameter| {
        let now = now.get(&parameter.param_name);
        now.is_none_or(|now| now.param_value.as_ref() != Some(&parameter.param_value))
    });
    if former.is_empty() {
        return Err(error.context("nothing was changed"));
    }
    for parameter in &former {
        println!("back to {}={}", parameter.param_name, parameter.param_value);
    }
    change(&dcs, &instance_id, former)
        .await
        .with_context(|| format!("cannot restore the former values after this error: {error:#}"))?;
    Err(error.context("the parameters have their former values"))
}

/// Returns the parameters. The key of each parameter is its name.
async fn parameters(
    dcs: &dcs::Client,
    instance_id: &str,
) -> anyhow::Result<BTreeMap<String, Parameter>> {
    let list = dcs.list_parameters(instance_id).await?.into_inner();
    let named = list.redis_config.into_iter();
    Ok(named
        .filter_map(|parameter| Some((parameter.param_name.clone()?, parameter)))
        .collect())
}

fn with_value(parameter: &Parameter, value: &str) -> ParameterRequest {
    ParameterRequest::new(ParameterRequired {
        param_value: value,
        param_name: parameter.param_name.as_deref().unwrap_or_default(),
        param_id: parameter.param_id.as_deref().unwrap_or_default(),
    })
}

async fn change(
    dcs: &dcs::Client,
    instance_id: &str,
    parameters: Vec<ParameterRequest>,
) -> anyhow::Result<()> {
    let request = UpdateParametersRequest::default().with_redis_config(parameters);
    dcs.update_parameters(instance_id, &request)
        .wait()
        .timeout(Duration::from_secs(5 * 60))
        .await?;
    Ok(())
}

/// If the variable CHECK is set, runs the command that the variable names. Returns an error if this command fails.
fn check() -> anyhow::Result<()> {
    let Ok(program) = std::env::var("CHECK") else {
        return Ok(());
    };
    let status = Command::new(&program)
        .status()
        .with_context(|| program.clone())?;
    match status.success() {
        true => Ok(()),
        false => bail!("the check {program} failed: {status}"),
    }
}
