//! Chooses the region of a cloud, and applies the settings that are only for this region.

use crate::context::Context;
use crate::settings::environment::Names;
use crate::settings::family::OS;
use crate::settings::yaml::Node;
use huaweicloud_core::{Config, Error, ErrorKind};

const REGION: Names = &["HUAWEICLOUD_REGION"];

/// Returns the region that the program or a variable requests. The first string is `the program` or the name of this
/// variable.
pub(super) fn asked(context: &Context) -> Result<Option<(&'static str, String)>, Error> {
    let given = context.settings.as_ref().and_then(Config::region);
    if let Some(region) = given {
        return Ok(Some(("the program", region.to_owned())));
    }
    for names in [REGION, OS.region] {
        if let Some(found) = context.environment.first(names)? {
            return Ok(Some((found.name, found.value)));
        }
    }
    Ok(None)
}

/// Returns the cloud with the settings of the requested region. If no region is requested, uses the first region in the
/// cloud's list.
///
/// `own` is the cloud without the settings of its profile. The regions of the profile are used only if `own` has no
/// regions.
pub(super) fn choose(
    context: &Context,
    own: &Node,
    mut cloud: Node,
    place: &str,
) -> Result<Node, Error> {
    let listed = match listed(own, place)? {
        None => listed(&cloud, place)?,
        found => found,
    };
    let asked = asked(context)?;
    let Some(listed) = listed else {
        // The cloud names no region. So `Target` would use the region in the name of the project, such as `eu-de_team`.
        // The requested region must override the region in this name.
        if let Some((_, region)) = asked {
            cloud.overlay(&region_name(region));
        }
        return Ok(cloud);
    };
    // If a cloud has one `region_name` and no list `regions`, the program or `HUAWEICLOUD_REGION` can request another
    // region. `Target` later uses the requested region. If `OS_REGION_NAME` or `OS_REGION_ID` requests another
    // region, the result is an error.
    let leaves = !listed.is_list
        && asked
            .as_ref()
            .is_some_and(|(by, _)| !OS.region.contains(by));
    let chosen = match asked.filter(|_| !leaves) {
        None => listed.regions.into_iter().next(),
        Some((by, region)) => {
            let names: Vec<String> = listed
                .regions
                .iter()
                .map(|(name, _)| name.clone())
                .collect();
            let mut regions = listed.regions.into_iter();
            match regions.find(|(name, _)| *name == region) {
                None => {
                    let names = names.join(", ");
                    let message =
                        format!("{by} requests the region {region}, which {place} does not have");
                    return Err(Error::new(ErrorKind::Config, message).with_help(format!(
                        "use one of these regions ({names}), or add {region} to {place}"
                    )));
                }
                found => found,
            }
        }
    };
    if let Some((name, values)) = chosen {
        cloud.overlay(&values);
        cloud.overlay(&region_name(name));
    }
    Ok(cloud)
}

fn region_name(name: String) -> Node {
    Node::Map(vec![("region_name".to_owned(), Node::Text(name))])
}

/// The regions of a cloud, and the settings of each region.
struct Listed {
    regions: Vec<(String, Node)>,
    /// Whether the cloud contains a list of regions instead of a single name.
    is_list: bool,
}

fn listed(cloud: &Node, place: &str) -> Result<Option<Listed>, Error> {
    let wrong = |key: &str| {
        let message = format!("{key} in {place} is not a list of regions");
        Error::new(ErrorKind::Config, message)
            .with_help("write a list of names, such as `regions: [eu-de, eu-nl]`; an element of the list can also be a mapping with the keys `name` and `values`")
    };
    let (key, items) = match (cloud.get("regions"), cloud.get("region_name")) {
        (Some(Node::List(items)), _) if !items.is_empty() => ("regions", items.clone()),
        (Some(Node::Map(_) | Node::Text(_)), _) => return Err(wrong("regions")),
        (_, Some(Node::List(items))) => ("region_name", items.clone()),
        (_, Some(found)) => match found.text().filter(|text| !text.trim().is_empty()) {
            None => return Ok(None),
            Some(text) => {
                let names = text
                    .split(',')
                    .map(|name| Node::Text(name.trim().to_owned()));
                ("region_name", names.collect())
            }
        },
        (_, None) => return Ok(None),
    };
    let is_list = key == "regions" || items.len() > 1;
    let mut regions = Vec::new();
    for item in items {
        let values = item.get("values").cloned().unwrap_or_default();
        match item.get("name").unwrap_or(&item).text() {
            Some(name) => regions.push((name.to_owned(), values)),
            None => return Err(wrong(key)),
        }
    }
    Ok(Some(Listed { regions, is_list }))
}
