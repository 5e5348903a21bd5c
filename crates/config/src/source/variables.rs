//! Credentials of one kind in variables of one family.

use super::kind::Kind;
use super::{Answer, Context, Source, clouds, ready};
use crate::environment::shown;
use crate::family::{Family, OS};
use crate::table::Table;
use huaweicloud_core::{BoxFuture, Error};

pub(super) struct Variables(pub Kind, pub &'static Family);

impl Source for Variables {
    fn name(&self) -> String {
        let (kind, family) = (self.0, self.1);
        let (link, names) = match kind {
            Kind::AccessKey => ("in", family.access),
            Kind::Token => ("in", family.token),
            Kind::Password => ("of", family.user),
            Kind::IdentityProvider => ("of", family.provider_id),
        };
        format!("the {} {link} {}", kind.name(), shown(names))
    }

    fn is_set(&self, context: &Context) -> bool {
        let table = self.table(context);
        self.0.is_set(&table) && !self.belongs_to_cloud(&table, context)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Answer, Error>> {
        ready(self.read(context))
    }
}

impl Variables {
    fn table<'a>(&self, context: &'a Context) -> Table<'a> {
        Table {
            settings: &context.environment,
            family: self.1,
            place: "the environment",
        }
    }

    fn read(&self, context: &Context) -> Result<Answer, Error> {
        let table = self.table(context);
        if self.belongs_to_cloud(&table, context) {
            return Ok(Answer::Nothing(
                "the password is for the cloud of OS_CLOUD".to_owned(),
            ));
        }
        Ok(match self.0.find(&table, context)? {
            Some(found) => Answer::Found(found),
            None => {
                let usual = self.0.marks(&table)[0].first().copied();
                Answer::Nothing(format!("{} is not set", usual.unwrap_or_default()))
            }
        })
    }

    /// Many keep the password alone out of `clouds.yaml`.
    fn belongs_to_cloud(&self, table: &Table<'_>, context: &Context) -> bool {
        self.0 == Kind::Password
            && std::ptr::eq(self.1, &OS)
            && !table.has(OS.user)
            && !table.has(OS.user_id)
            && clouds::is_named(context)
    }
}
