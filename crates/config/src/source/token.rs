//! A token in a variable. It is not renewed.

use super::{Answer, Context, Found, Source, not_set};
use crate::family::Family;
use crate::place::Place;
use huaweicloud_core::{BoxFuture, Error, Token};

pub(super) struct TokenVariable(pub &'static Family);

impl Source for TokenVariable {
    fn name(&self) -> String {
        format!("the token in {}", self.0.token.join(" or "))
    }

    fn is_set(&self, context: &Context) -> bool {
        context.environment.has(self.0.token)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>> {
        Box::pin(std::future::ready(self.read(context)))
    }
}

impl TokenVariable {
    fn read(&self, context: &Context) -> Result<Answer, Error> {
        let (family, environment) = (self.0, &context.environment);
        let Some(token) = environment.first(family.token)? else {
            return not_set(family.token);
        };
        let mut token = Token::new(token.value);
        if let Some(project) = environment.first(family.project_id)? {
            token = token.with_project(project.value);
        }
        Found::answer(token, Place::find(environment, Some(family))?)
    }
}
