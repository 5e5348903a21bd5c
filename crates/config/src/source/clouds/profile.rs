//! If a cloud of `clouds.yaml` names a profile, adds the settings of the profile. A profile describes a public cloud,
//! such as Open Telekom Cloud (`otc`).

use super::files::{CloudFiles, public_cloud};
use crate::context::Context;
use crate::settings::yaml::{self, Node};
use huaweicloud_core::{Error, ErrorKind};
use std::path::Path;

/// The profiles of openstacksdk for the public clouds that this crate supports. In openstacksdk, the address of
/// `otc-swiss` has no scheme. This constant adds `https`.
const KNOWN: &str = "\
otc: {auth: {auth_url: 'https://iam.{region_name}.otc.t-systems.com/v3'}, regions: [eu-de, eu-nl]}
otc-swiss: {auth: {auth_url: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3'}, regions: [eu-ch2]}
";

/// Returns `cloud` with the settings of the profile that `cloud` names. A setting of `cloud` overrides the setting of
/// the profile.
///
/// The profile is in `clouds-public.yaml` or in [`KNOWN`]. If the profile comes from a `clouds-public.yaml` in the
/// current folder, this function records this fact in `files`.
pub(super) fn complete(
    context: &Context,
    files: &mut CloudFiles,
    cloud: &Node,
    place: &str,
) -> Result<Node, Error> {
    // The key `cloud` is the older name of the key `profile`.
    let named = ["profile", "cloud"].into_iter().find_map(|key| {
        let name = cloud.get(key)?.text()?;
        Some((key, name.to_owned()))
    });
    let Some((key, name)) = named else {
        return Ok(cloud.clone());
    };
    let found = match public_cloud(context, &name, &files.path)? {
        None => yaml::parse(Path::new("the known profiles"), KNOWN)?
            .get(&name)
            .cloned(),
        Some(public) => {
            files.is_in_current_folder |= public.is_in_current_folder;
            Some(public.settings)
        }
    };
    if let Some(mut completed) = found {
        completed.overlay(cloud);
        return Ok(completed);
    }
    let auth = cloud.get("auth").and_then(|auth| auth.get("auth_url"));
    if auth.or(cloud.get("auth_url")).is_some() {
        tracing::warn!(target: "huaweicloud", place, profile = name, "this profile is not known, so only the cloud's own settings count; add it to clouds-public.yaml");
        return Ok(cloud.clone());
    }
    let message = format!("{key} in {place} is `{name}`, an unknown profile");
    Err(Error::new(ErrorKind::Config, message).with_help(
        "write otc or otc-swiss, add the profile to clouds-public.yaml, or give the cloud an auth_url",
    ))
}
