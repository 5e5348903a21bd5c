//! The names of a service: ours, the name of the variable with its address, and the name in the official SDKs.

use crate::services::SERVICES;
use crate::settings::environment::Environment;
use huaweicloud_core::{Config, Error, ErrorKind};

/// The prefix of the variables with addresses.
const PREFIX: &str = "HUAWEICLOUD_ENDPOINT_";

/// The names of a service.
#[derive(Clone, Copy)]
pub(crate) struct ServiceNames {
    /// `roma-link`
    pub ours: &'static str,
    /// `HUAWEICLOUD_ENDPOINT_ROMA_LINK`
    pub variable: &'static str,
    /// `ROMA`
    pub official: &'static str,
}

/// A part of IAM that has its own address in the official SDKs.
pub(crate) const STS: ServiceNames = ServiceNames {
    ours: "sts",
    variable: "HUAWEICLOUD_ENDPOINT_STS",
    official: "STS",
};

/// Every service that can have an address.
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

/// Refuses an address for an unknown service. Otherwise, calls that are meant for that address would go to the address
/// of the cloud.
pub(crate) fn check(environment: &Environment, settings: Option<&Config>) -> Result<(), Error> {
    let given = settings.into_iter().flat_map(Config::endpoint_names);
    for name in given {
        let known: Vec<&str> = all().map(|service| service.ours).collect();
        if !known.contains(&name) {
            let message = format!(
                "an endpoint is given for `{name}`, which is none of the services {}",
                known.join(", ")
            );
            let own = "the address of a service of your own goes to the loaded configuration, by to_builder().endpoint(..)";
            return Err(Error::new(ErrorKind::Config, message)
                .with_help(format!("{}{own}", suggestion(name, &known))));
        }
    }
    let set = environment.names();
    for name in set.iter().filter(|name| name.starts_with(PREFIX)) {
        let known: Vec<&str> = all().map(|service| service.variable).collect();
        if !known.contains(&name.as_str()) {
            let message = format!("the variable {name} names no service");
            let list = format!("the variables with addresses are {}", known.join(", "));
            return Err(Error::new(ErrorKind::Config, message)
                .with_help(format!("{}{list}", suggestion(name, &known))));
        }
    }
    Ok(())
}

/// `did you mean dcs? ` if one of the names is similar.
fn suggestion(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|known| (strsim::osa_distance(known, name), known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    near.map(|(_, known)| format!("did you mean {known}? "))
        .unwrap_or_default()
}
