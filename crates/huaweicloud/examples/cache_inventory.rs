//! Prints all caches as a table: name, flavor, type, Redis version, zones, status and tags.
//!
//! cargo run --example cache_inventory

use std::collections::{BTreeMap, HashMap};

use huaweicloud::dcs;
use huaweicloud::dcs::types::{
    InstanceSummary, InstanceTag, ListFlavorsParams, ListInstancesParams, ListNodesParams,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = huaweicloud::config::load().await?;
    let dcs = dcs::Client::new(&config)?;

    // The zones come from the list of nodes, which contains only caches with Redis 4.0 or later. The cache types come
    // from the list of flavors, because the list of caches contains no cache types.
    let (all, nodes) = (ListInstancesParams::default(), ListNodesParams::default());
    let caches = dcs.list_instances(&all).items().page_size(100);
    let nodes = dcs.list_nodes(&nodes).items().page_size(100);
    let flavors = ListFlavorsParams::default();
    let (caches, nodes, flavors): (Vec<InstanceSummary>, Vec<_>, _) = tokio::try_join!(
        caches.try_collect(),
        nodes.try_collect(),
        dcs.list_flavors(&flavors),
    )?;

    let mut zones: HashMap<String, Vec<String>> = HashMap::new();
    for instance in nodes {
        let own = zones
            .entry(instance.instance_id.unwrap_or_default())
            .or_default();
        own.extend(instance.nodes.into_iter().filter_map(|node| node.az_code));
        own.sort();
        own.dedup();
    }
    let flavors = flavors.into_inner().flavors;
    let types: BTreeMap<_, _> = flavors
        .iter()
        .map(|flavor| (&flavor.spec_code, &flavor.cache_mode))
        .collect();

    let mut rows =
        vec![["name", "flavor", "type", "redis", "zones", "status", "tags"].map(String::from)];
    for cache in caches {
        let id = cache.instance_id.unwrap_or_default();
        let mode = types.get(&cache.spec_code).and_then(|mode| mode.as_ref());
        rows.push([
            shown(cache.name),
            shown(cache.spec_code),
            shown(mode),
            shown(cache.engine_version),
            zones.remove(&id).unwrap_or_default().join(" "),
            shown(cache.status),
            tags(&cache.tags),
        ]);
    }
    print_table(&rows);
    Ok(())
}

fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn tags(tags: &[InstanceTag]) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let pairs = tags
        .iter()
        .map(|tag| format!("{}={}", text(&tag.key), text(&tag.value)));
    pairs.collect::<Vec<_>>().join(" ")
}

/// Prints the table. Each column is as wide as its widest cell.
fn print_table<const N: usize>(rows: &[[String; N]]) {
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    });
    for row in rows {
        let cells = row.iter().zip(widths);
        let line: String = cells
            .map(|(cell, width)| format!("{cell:<width$}  "))
            .collect();
        println!("{}", line.trim_end());
    }
}
