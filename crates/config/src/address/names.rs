//! Lists the names of each service: our name, the variable with its address, and the name in the official SDKs. Refuses
//! addresses of unknown services.

use crate::services::SERVICES;
use crate::settings::environment::Environment;
use huaweicloud_core::{Config, Error, ErrorKind};

/// The prefix of the variables that contain the address of a service.
const PREFIX: &str = "HUAWEICLOUD_ENDPOINT_";

/// The names of one service.
#[derive(Clone, Copy)]
pub(crate) struct ServiceNames {
    /// Our name of the service, for example `roma-link`.
    pub ours: &'static str,
    /// The variable with the address of the service, for example `HUAWEICLOUD_ENDPOINT_ROMA_LINK`.
    pub variable: &'static str,
    /// The name of the service in the official SDKs, for example `ROMA`.
    pub official: &'static str,
}

/// The Security Token Service, which is a part of IAM. In the official SDKs, this part has its own address.
pub(crate) const STS: ServiceNames = ServiceNames {
    ours: "sts",
    variable: "HUAWEICLOUD_ENDPOINT_STS",
    official: "STS",
};

/// Returns the names of every service that can have an address.
pub(crate) fn all() -> impl Iterator<Item = ServiceNames> {
    let services = SERVICES.into_iter();
    services
        .map(|(ours, variable, official)| ServiceNames {
            ours,
            variable,
            official,
        })
        .chain([STS])
}

/// Returns an error if an endpoint in the settings, or a variable with the prefix `HUAWEICLOUD_ENDPOINT_`, is for an
/// unknown service. If `environment` cannot list its names, the function does not check the variables.
///
/// Without this error, a mistyped name would have no effect, and calls could go to the documented address.
pub(crate) fn check(environment: &Environment, settings: Option<&Config>) -> Result<(), Error> {
    let given = settings.into_iter().flat_map(Config::endpoint_names);
    for name in given {
        let known: Vec<&str> = all().map(|service| service.ours).collect();
        if !known.contains(&name) {
            let message = format!(
                "an endpoint is given for `{name}`, which is not one of the services {}",
                known.join(", ")
            );
            let own = "for your own service, add the address to the loaded configuration with to_builder().endpoint(..)";
            return Err(Error::new(ErrorKind::Config, message)
                .with_help(format!("{}{own}", suggestion(name, &known))));
        }
    }
    let set = environment.names();
    for name in set.iter().filter(|name| name.starts_with(PREFIX)) {
        let known: Vec<&str> = all().map(|service| service.variable).collect();
        if !known.contains(&name.as_str()) {
            let message = format!("the variable {name} is for an unknown service");
            let list = format!("the variables with addresses are {}", known.join(", "));
            return Err(Error::new(ErrorKind::Config, message)
                .with_help(format!("{}{list}", suggestion(name, &known))));
        }
    }
    Ok(())
}

/// Returns a question such as `did you mean dcs? ` if a known name is similar. Otherwise returns an empty string.
fn suggestion(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|known| (strsim::osa_distance(known, name), known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    near.map(|(_, known)| format!("did you mean {known}? "))
        .unwrap_or_default()
}
