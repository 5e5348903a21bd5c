//! An access key in variables.

use super::{Answer, Context, Found, Source, half_set, not_set};
use crate::family::Family;
use crate::place::Place;
use huaweicloud_core::{AccessKey, BoxFuture, Error};

pub(super) struct AccessKeyVariables(pub &'static Family);

impl Source for AccessKeyVariables {
    fn name(&self) -> String {
        format!("the access key in {}", self.0.access.join(" or "))
    }

    fn is_set(&self, context: &Context) -> bool {
        let Family {
            access,
            secret,
            security_token,
            ..
        } = self.0;
        [access, secret, security_token]
            .into_iter()
            .any(|names| context.environment.has(names))
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>> {
        Box::pin(std::future::ready(self.read(context)))
    }
}

impl AccessKeyVariables {
    fn read(&self, context: &Context) -> Result<Answer, Error> {
        let (family, environment) = (self.0, &context.environment);
        let access = environment.first(family.access)?;
        let secret = environment.first(family.secret)?;
        let security_token = environment.first(family.security_token)?;
        let (access, secret) = match (access, secret) {
            (Some(access), Some(secret)) => (access, secret),
            (None, None) if security_token.is_none() => return not_set(family.access),
            (access, secret) => {
                let mut missing = Vec::new();
                if access.is_none() {
                    missing.push(family.access);
                }
                if secret.is_none() {
                    missing.push(family.secret);
                }
                return Err(half_set(&[access, secret, security_token], &missing));
            }
        };
        let mut key = AccessKey::new(access.value, secret.value);
        if let Some(token) = security_token {
            key = key.with_security_token(token.value);
        }
        if let Some(project) = environment.first(family.project_id)? {
            key = key.with_project(project.value);
        }
        if let Some(domain) = environment.first(family.domain_id)? {
            key = key.with_domain(domain.value);
        }
        Found::answer(key, Place::find(environment, Some(family))?)
    }
}
