//! The service account of a container, in variables that its platform sets.

use super::{Answer, Context, Found, Source, ready};
use crate::environment::Names;
use crate::place::Place;
use crate::provider::ContainerCredentials;
use crate::table::Table;
use huaweicloud_core::{BoxFuture, Error};
use std::sync::Arc;

const URI: Names = &["HC_CONTAINER_CREDENTIALS_FULL_URI"];
const FILE: Names = &["HC_CONTAINER_AUTHORIZATION_TOKEN_FILE"];

pub(super) struct Container;

impl Source for Container {
    fn name(&self) -> String {
        "the container's credentials at HC_CONTAINER_CREDENTIALS_FULL_URI".to_owned()
    }

    fn is_set(&self, context: &Context) -> bool {
        context.environment.has(URI) || context.environment.has(FILE)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>> {
        ready(self.read(context))
    }
}

impl Container {
    fn read(&self, context: &Context) -> Result<Answer, Error> {
        let (uri, file) = (
            context.environment.first(URI)?,
            context.environment.first(FILE)?,
        );
        let table = Table {
            settings: &context.environment,
            family: &crate::family::SDK,
            place: "the environment",
        };
        let (uri, file) = match (&uri, &file) {
            (Some(uri), Some(file)) => (uri, file),
            (None, None) => return Ok(Answer::Nothing(format!("{} is not set", URI[0]))),
            (None, _) => return Err(table.half_set(&[&file], &[URI])),
            (_, None) => return Err(table.half_set(&[&uri], &[FILE])),
        };
        let file = context.folders.expand(&file.value);
        Ok(Answer::Found(Found {
            credentials: Arc::new(ContainerCredentials::new(&uri.value, file)?),
            place: Place::of_machine(context)?.into(),
        }))
    }
}
