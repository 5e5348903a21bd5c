//! Prints the device groups of an application as a tree, with the number of devices in each group.
//!
//! ROMA_INSTANCE_ID=... cargo run --example group_tree -- <application id>

use std::collections::HashMap;

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _};
use huaweicloud::roma_link;
use huaweicloud::roma_link::types::{
    DeviceGroupNode, ListDevicesInGroupParams, ShowDeviceGroupTreeParams,
};

const AT_A_TIME: usize = 8;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app_id = std::env::args()
        .nth(1)
        .context("give the ID of an application")?;
    let config = huaweicloud::config::load().await?;
    let link = &roma_link::Client::new(&config)?;
    let instance_id = &std::env::var("ROMA_INSTANCE_ID")?;

    let of_application = ShowDeviceGroupTreeParams::new(app_id);
    let tree = link
        .show_device_group_tree(instance_id, &of_application)
        .await?;
    let mut ids = Vec::new();
    collect_ids(&tree.items, &mut ids);

    // A page with one device is enough, because each page contains the total number of devices.
    let one = &ListDevicesInGroupParams::default().with_limit(1);
    let counts: HashMap<i64, i64> = futures_util::stream::iter(ids)
        .map(|id| async move {
            let page = link.list_devices_in_group(instance_id, id, one).await?;
            anyhow::Ok((id, page.total.unwrap_or_default()))
        })
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await?;
    print_groups(&tree.items, &counts, "");
    Ok(())
}

fn collect_ids(groups: &[DeviceGroupNode], ids: &mut Vec<i64>) {
    for group in groups {
        ids.extend(group.id);
        collect_ids(&group.children, ids);
    }
}

fn print_groups(groups: &[DeviceGroupNode], counts: &HashMap<i64, i64>, indent: &str) {
    for (index, group) in groups.iter().enumerate() {
        let is_last = index + 1 == groups.len();
        let (branch, below) = match is_last {
            true => ("`-- ", "    "),
            false => ("|-- ", "|   "),
        };
        let name = group.name.as_deref().unwrap_or("(no name)");
        let count = group.id.and_then(|id| counts.get(&id)).copied();
        println!("{indent}{branch}{name} ({})", count.unwrap_or_default());
        print_groups(&group.children, counts, &format!("{indent}{below}"));
    }
}
