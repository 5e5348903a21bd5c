//! Credentials of one kind in variables of one family.

use super::{Search, Source, ready};
use crate::context::Context;
use crate::credential::find::find_kind;
use crate::credential::kind::CredentialKind;
use crate::settings::environment::shown;
use crate::settings::family::{Family, OS};
use crate::settings::table::Table;
use huaweicloud_core::{BoxFuture, Error};

pub(crate) struct Variables(pub CredentialKind, pub &'static Family);

impl Source for Variables {
    fn name(&self) -> String {
        let (kind, family) = (self.0, self.1);
        let (link, names) = match kind {
            CredentialKind::AccessKey => ("in", family.access),
            CredentialKind::Token => ("in", family.token),
            CredentialKind::Password => ("of", family.user),
            CredentialKind::IdentityProvider => ("of", family.provider_id),
        };
        format!("the {} {link} {}", kind.name(), shown(names))
    }

    fn is_set(&self, context: &Context) -> bool {
        let table = self.table(context);
        self.0.is_set(&table) && !self.belongs_to_cloud(&table, context)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(self.search(context))
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

    fn search(&self, context: &Context) -> Result<Search, Error> {
        let table = self.table(context);
        if self.belongs_to_cloud(&table, context) {
            return Ok(Search::Nothing(
                "the password is for the cloud of OS_CLOUD".to_owned(),
            ));
        }
        Ok(match find_kind(self.0, &table, context)? {
            Some(found) => Search::Found(found),
            None => {
                let usual = self.0.marks(&table)[0].first().copied();
                Search::Nothing(format!("{} is not set", usual.unwrap_or_default()))
            }
        })
    }

    /// Many keep the password alone out of `clouds.yaml`.
    fn belongs_to_cloud(&self, table: &Table<'_>, context: &Context) -> bool {
        self.0 == CredentialKind::Password
            && std::ptr::eq(self.1, &OS)
            && !table.has(OS.user)
            && !table.has(OS.user_id)
            && context.names_cloud()
    }
}
