//! Finds the credentials of a container's service account. The container platform sets variables with the address
//! of the credentials and the path of a token file.

use super::{Search, Source, ready};
use crate::address::target::Target;
use crate::context::Context;
use crate::credential::find::Found;
use crate::provider::ContainerCredentials;
use crate::settings::environment::Names;
use crate::settings::family::SDK;
use crate::settings::half_set::HalfSet;
use crate::settings::table::Table;
use huaweicloud_core::{BoxFuture, Error};
use std::sync::Arc;

const URI: Names = &["HC_CONTAINER_CREDENTIALS_FULL_URI"];
const FILE: Names = &["HC_CONTAINER_AUTHORIZATION_TOKEN_FILE"];

pub(crate) struct Container;

impl Source for Container {
    fn name(&self) -> String {
        "the container's credentials at HC_CONTAINER_CREDENTIALS_FULL_URI".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        context.environment.has(URI) || context.environment.has(FILE)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(self.search(context))
    }
}

impl Container {
    fn search(&self, context: &Context) -> Result<Search, Error> {
        let table = Table::of_variables(&context.environment, &SDK);
        let (uri, file) = (table.name(URI)?, table.name(FILE)?);
        let (uri, file) = match (&uri, &file) {
            (Some(uri), Some(file)) => (uri, file),
            (None, None) => return Ok(Search::Nothing(format!("{} is not set", URI[0]))),
            (uri, file) => {
                let set = [uri, file].into_iter().flatten();
                let half = HalfSet {
                    set: set.map(|found| found.name).collect(),
                    missing: vec![if uri.is_none() { URI } else { FILE }],
                };
                return Err(half.error("the environment"));
            }
        };
        let file = context.folders.expand(&file.value);
        Ok(Search::Found(Found {
            credentials: Arc::new(ContainerCredentials::new(&uri.value, file)?),
            target: Target::for_machine(context)?.into(),
        }))
    }
}
