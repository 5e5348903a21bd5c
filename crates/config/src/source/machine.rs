//! Finds the credentials of the elastic cloud server on which the program runs. This source is the last source, because
//! it needs a request.

use super::{Search, Source};
use crate::address::target::Target;
use crate::context::{Context, Metadata};
use crate::credential::find::Found;
use crate::provider::MetadataCredentials;
use crate::settings::environment::Names;
use huaweicloud_core::{BoxFuture, Error, ProvideCredential};
use std::error::Error as _;
use std::sync::Arc;

const ADDRESS: Names = &["HUAWEICLOUD_METADATA_ENDPOINT"];
const DISABLED: Names = &["HUAWEICLOUD_METADATA_DISABLED"];

pub(crate) struct Machine;

impl Source for Machine {
    fn name(&self) -> String {
        "the metadata service of an elastic cloud server".to_owned()
    }

    /// Returns whether a variable names the address of the service.
    ///
    /// Only a request could show whether the service exists. The result is only for the log, so this method sends no
    /// request.
    fn is_set(&self, context: &Context) -> bool {
        context.environment.has(ADDRESS)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        Box::pin(ask(context))
    }
}

/// Requests a key, because only this request shows whether this machine has a key. The returned credentials keep the
/// key.
///
/// If the machine has no key, the result is the reason, and not an error. The error that lists all sources contains
/// this reason.
async fn ask(context: &Context) -> Result<Search, Error> {
    let disabled = context.environment.first(DISABLED)?;
    let disabled = disabled.is_some_and(|found| {
        let no = ["0", "false", "no", "off"];
        !no.iter().any(|no| found.value.eq_ignore_ascii_case(no))
    });
    let credentials = match &context.metadata {
        Metadata::At(address) => MetadataCredentials::at(address)?,
        Metadata::Off => {
            return Ok(Search::Nothing(
                "the program called without_metadata()".to_owned(),
            ));
        }
        Metadata::Usual if disabled => {
            return Ok(Search::Nothing(format!("{} is set", DISABLED[0])));
        }
        Metadata::Usual => match context.environment.first(ADDRESS)? {
            Some(address) => MetadataCredentials::at(address.value)?,
            None => MetadataCredentials::new()?,
        },
    };
    match credentials.credential().await {
        Ok(_) => Ok(Search::Found(Found {
            credentials: Arc::new(credentials),
            target: Target::for_machine(context)?.into(),
        })),
        Err(error) => Ok(Search::Nothing(match error.source() {
            Some(cause) => cause.to_string(),
            None => error.to_string(),
        })),
    }
}
