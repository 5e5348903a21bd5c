//! Searches the sources of credentials in a fixed order.

use crate::context::Context;
use crate::credential::find::Found;
use crate::credential::kind::{CREDENTIAL_KINDS, CredentialKind};
use crate::settings::environment::Names;
use crate::settings::family::{self, HW, OS, OTC, SDK};
use crate::source::clouds::Clouds;
use crate::source::container::Container;
use crate::source::koocli::KooCli;
use crate::source::machine::Machine;
use crate::source::oidc::OidcVariables;
use crate::source::profile::Profile;
use crate::source::variables::{Variables, belongs_to_cloud};
use crate::source::{Search, Source};
use huaweicloud_core::{Error, ErrorKind};

/// Returns all sources, in the order of the search.
fn sources() -> Vec<Box<dyn Source>> {
    let variables = |kind, family| Box::new(Variables(kind, family)) as Box<dyn Source>;
    vec![
        variables(CredentialKind::AccessKey, &SDK),
        variables(CredentialKind::AccessKey, &HW),
        variables(CredentialKind::AccessKey, &OTC),
        variables(CredentialKind::AccessKey, &OS),
        variables(CredentialKind::Token, &OS),
        variables(CredentialKind::Token, &HW),
        variables(CredentialKind::Password, &OS),
        variables(CredentialKind::Password, &HW),
        Box::new(Clouds),
        Box::new(Profile),
        Box::new(KooCli),
        Box::new(OidcVariables),
        variables(CredentialKind::IdentityProvider, &SDK),
        Box::new(Container),
        Box::new(Machine),
    ]
}

/// Returns the credentials of the first source that has credentials. If no source has credentials, the error states the
/// reason for each source.
pub(crate) async fn find_first(context: &Context) -> Result<Found, Error> {
    let sources = sources();
    let mut nothing = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        match source.find(context).await? {
            Search::Found(found) => {
                check_agency(context, &source.name())?;
                tell(&**source, &sources[index + 1..], context);
                return Ok(found);
            }
            Search::Nothing(why) => nothing.push(format!("\n  {}: {why}", source.name())),
        }
    }
    let message = format!("no credentials found:{}", nothing.concat());
    Err(Error::new(ErrorKind::Credentials, message).with_help(
        "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or the settings of another source in this list",
    ))
}

/// Logs the names of the used source (`taken`) and of the sources in `later` that have settings. `later` contains the
/// sources after the used source. If the client uses an unexpected account, this message shows the source of the
/// credentials.
fn tell(taken: &dyn Source, later: &[Box<dyn Source>], context: &Context) {
    let passed: Vec<String> = later
        .iter()
        .filter(|source| source.is_set(context))
        .map(|source| source.name())
        .collect();
    let taken = taken.name();
    if passed.is_empty() {
        tracing::debug!(target: "huaweicloud", taken, "credentials found");
    } else {
        let passed = passed.join(", ");
        tracing::debug!(target: "huaweicloud", taken, passed_over = passed, "credentials found; the sources in passed_over also have settings");
    }
}

/// Returns an error if a family of variables, such as the `OS_` variables, names an agency but contains no credentials.
///
/// `taken` is the name of the used source. Without this error, calls would not act as the agency. They would act with
/// other permissions, perhaps in another account.
///
/// If the family contains credentials, the agency belongs to these credentials. Then there is no error, even if the
/// search uses an earlier source. If a cloud of `clouds.yaml` is named, credentials in `OS_` variables do not count.
fn check_agency(context: &Context, taken: &str) -> Result<(), Error> {
    for family in family::ALL {
        let own = |kind| Variables(kind, family).is_set(context);
        let agency = [
            family.agency,
            family.agency_domain_name,
            family.agency_domain_id,
        ];
        let agency = agency
            .into_iter()
            .find(|names| context.environment.has(names));
        let Some(names) = agency.filter(|_| !CREDENTIAL_KINDS.into_iter().any(own)) else {
            continue;
        };
        let found = context.environment.first(names)?;
        let name = found.map_or("an agency", |found| found.name);
        let usual = |names: Names| names.first().copied().unwrap_or_default();
        let (access, secret) = (usual(family.access), usual(family.secret));
        let message = format!(
            "{name} is set in the environment, but the credentials come from another source ({taken}), so the client would not act as this agency"
        );
        let help = match belongs_to_cloud(family, context) {
            true => format!("unset {name}, and set auth.agency_name in clouds.yaml"),
            false => format!(
                "set {access} and {secret}, or set {} with its password and account, or unset {name}; to name an agency in clouds.yaml, set auth.agency_name",
                usual(family.user)
            ),
        };
        return Err(Error::new(ErrorKind::Credentials, message).with_help(help));
    }
    Ok(())
}
