//! A user's name and password in variables.

use super::{Answer, Context, Found, Source, half_set, not_set};
use crate::family::Family;
use crate::login::Login;
use crate::password::PasswordCredentials;
use crate::place::Place;
use huaweicloud_core::{BoxFuture, Config, Error, ErrorKind};

pub(super) struct PasswordVariables(pub &'static Family);

impl Source for PasswordVariables {
    fn name(&self) -> String {
        format!("the password of {}", self.0.user.join(" or "))
    }

    fn is_set(&self, context: &Context) -> bool {
        context.environment.has(self.0.user) || context.environment.has(self.0.password)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>> {
        Box::pin(std::future::ready(self.read(context)))
    }
}

impl PasswordVariables {
    fn read(&self, context: &Context) -> Result<Answer, Error> {
        if !self.is_set(context) {
            return not_set(self.0.user);
        }
        let login = self.login(context)?;
        let place = Place::find(&context.environment, Some(self.0))?;
        let login = self.scoped(login, &place, context)?;
        let settings = context.settings.as_ref();
        let builder = settings.map_or_else(Config::builder, Config::to_builder);
        let config = place.build(place.add_to(builder, settings))?;
        Found::answer(PasswordCredentials::new(&config, login)?, place)
    }

    fn login(&self, context: &Context) -> Result<Login, Error> {
        let (family, environment) = (self.0, &context.environment);
        let names = [family.user, family.password, family.domain_name];
        let user = environment.first(family.user)?;
        let password = environment.first(family.password)?;
        let domain = environment.first(family.domain_name)?;
        match (user, password, domain) {
            (Some(user), Some(password), Some(domain)) => {
                Ok(Login::new(domain.value, user.value, password.value))
            }
            (user, password, domain) => {
                let found = [user, password, domain];
                let pairs = names.iter().zip(&found);
                let missing: Vec<_> = pairs
                    .filter_map(|(names, found)| found.is_none().then_some(*names))
                    .collect();
                Err(half_set(&found, &missing))
            }
        }
    }

    /// For the project that is named, else for the one that every region has under its own name.
    fn scoped(&self, login: Login, place: &Place, context: &Context) -> Result<Login, Error> {
        let (family, environment) = (self.0, &context.environment);
        let settings = context.settings.as_ref();
        let region = settings.and_then(Config::region).or(place.region());
        let iam = settings.and_then(|given| given.endpoint("iam"));
        if region.is_none() && iam.is_none() && !place.has_endpoint("iam") {
            return Err(self.nowhere());
        }
        if let Some(id) = settings.and_then(Config::project_id) {
            return Ok(login.with_project_id(id));
        }
        if let Some(id) = environment.first(family.project_id)? {
            return Ok(login.with_project_id(id.value));
        }
        let name = environment.first(family.project_name)?;
        let name = name.map(|name| name.value);
        Ok(match name.or_else(|| region.map(str::to_owned)) {
            Some(name) => login.with_project_name(name),
            None => login,
        })
    }

    /// Without this, the password would go to the first cloud of the list.
    fn nowhere(&self) -> Error {
        let user = self.0.user.join(" or ");
        let place = [self.0.auth_url, self.0.region].concat().join(" or ");
        let message =
            format!("{user} is set in the environment, but nothing says where its IAM is");
        Error::new(ErrorKind::Credentials, message).with_help(format!("set {place}"))
    }
}
