//! Finds credentials of one kind in the variables of one family of tools.

use super::{Search, Source, ready};
use crate::context::Context;
use crate::credential::find::find_kind;
use crate::credential::kind::{CredentialKind, kinds_in_order};
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
            CredentialKind::Password => ("of", &family.user[..1]),
            CredentialKind::IdentityProvider => ("of", family.provider_id),
        };
        format!("the {} {link} {}", kind.name(), shown(names))
    }

    fn is_set(&self, context: &Context) -> bool {
        let table = self.table(context);
        self.0.is_set(&table) && !belongs_to_cloud(self.1, context)
    }

    fn find<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Search, Error>> {
        ready(self.search(context))
    }
}

impl Variables {
    fn table<'a>(&self, context: &'a Context) -> Table<'a> {
        Table::of_variables(&context.environment, self.1)
    }

    fn search(&self, context: &Context) -> Result<Search, Error> {
        let (kind, table) = (self.0, self.table(context));
        if belongs_to_cloud(self.1, context) {
            let why = "the cloud that OS_CLOUD or the program names overrides these variables";
            return Ok(Search::Nothing(why.to_owned()));
        }
        let kinds = kinds_in_order(&table)?;
        let before = kinds.iter().take_while(|other| **other != kind);
        if let Some(other) = before.copied().find(|other| other.is_set(&table)) {
            // In the list of sources, the identity provider comes after the variables of other tools. But the identity
            // provider must override the access key with the same prefix. So the access key's source returns the
            // identity provider.
            if other == CredentialKind::IdentityProvider
                && let Some(found) = find_kind(other, &table, context)?
            {
                return Ok(Search::Found(found));
            }
            let why = format!("the {} with the same prefix is used first", other.name());
            return Ok(Search::Nothing(why));
        }
        let found = match kinds.contains(&kind) {
            true => find_kind(kind, &table, context)?,
            false => None,
        };
        Ok(match found {
            Some(found) => Search::Found(found),
            None => {
                let usual = kind.marks(&table)[0].first().copied();
                Search::Nothing(format!("{} is not set", usual.unwrap_or_default()))
            }
        })
    }
}

/// Returns whether credentials in the variables of a family are ignored because a cloud is named. OpenStack's tools
/// have the same rule. As an exception, a cloud without a password gets the password in `OS_PASSWORD`.
pub(crate) fn belongs_to_cloud(family: &Family, context: &Context) -> bool {
    std::ptr::eq(family, &OS) && context.names_cloud()
}
