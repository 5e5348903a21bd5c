//! Registers the devices that a CSV file lists, eight devices at a time. The file can be a list of devices that ROMA
//! Connect has exported. The program does not change devices that already exist.
//!
//! The first line of the file contains the names of the columns. The columns `device_name`, `node_id`, `product_name`
//! and `app_id` are mandatory. The columns `device_id`, `parent_device_id`, `description`, `tags` (a JSON list),
//! `user_name` and `password` are optional. `parent_device_id` must be the `device_id` of another line of the file.
//!
//! ROMA_INSTANCE_ID=... cargo run --example register_devices -- fleet.csv

use std::collections::HashMap;

use anyhow::{Context as _, ensure};
use csv::StringRecord;
use futures_util::StreamExt as _;
use huaweicloud::Secret;
use huaweicloud::roma_link::types::{
    CreateDeviceRequest, CreateDeviceRequired, ListDevicesParams, ListProductsParams,
    ProductReferenceRequest,
};
use huaweicloud::roma_link::{self, Client};

const AT_A_TIME: usize = 8;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let file = std::env::args()
        .nth(1)
        .context("give the path of a CSV file")?;
    let mut reader = csv::Reader::from_path(&file).with_context(|| file.clone())?;
    let columns = reader.headers()?.clone();
    for needed in ["device_name", "node_id", "product_name", "app_id"] {
        ensure!(
            columns.iter().any(|name| name == needed),
            "{file} has no column {needed}"
        );
    }
    // The program first reads the whole file. If a line is not valid CSV, the program registers no device.
    let rows = reader.into_records().collect::<Result<Vec<_>, _>>()?;
    let rows = rows.into_iter().map(|cells| Row {
        columns: &columns,
        cells,
    });

    let config = huaweicloud::config::load().await?;
    let link = &roma_link::Client::new(&config)?;
    let instance_id = &*std::env::var("ROMA_INSTANCE_ID")?;
    let all = ListProductsParams::default();
    let mut products = link.list_products(instance_id, &all).items();
    let mut ids = HashMap::new();
    while let Some(product) = products.try_next().await? {
        ids.extend(product.name.zip(product.id));
    }

    // The program must register gateways before their subdevices.
    let (subdevices, others): (Vec<_>, Vec<_>) =
        rows.partition(|row| row.get("parent_device_id").is_some());
    let (mut gateways, mut registered, mut failed) = (HashMap::new(), 0, 0);
    for rows in [others, subdevices] {
        let (products, parents) = (&ids, &gateways);
        let done: Vec<_> = futures_util::stream::iter(rows)
            .map(|row| async move {
                let result = register(link, instance_id, &row, products, parents).await;
                (row, result)
            })
            .buffered(AT_A_TIME)
            .collect()
            .await;
        for (row, result) in done {
            let node = row.get("node_id").unwrap_or_default().to_owned();
            let known = match result {
                Ok((id, true)) => {
                    registered += 1;
                    println!("{node} is device {id}");
                    Some(id)
                }
                Ok((id, false)) => {
                    println!("{node} already exists");
                    Some(id)
                }
                Err(error) => {
                    failed += 1;
                    println!("line {}: {error:#}", row.line());
                    None
                }
            };
            let old = row.get("device_id").map(str::to_owned);
            gateways.extend(old.zip(known));
        }
    }
    println!("{registered} registered, {failed} failed");
    ensure!(failed == 0, "not every device is registered");
    Ok(())
}

struct Row<'a> {
    columns: &'a StringRecord,
    cells: StringRecord,
}

impl Row<'_> {
    /// Returns the cell of a column. `None` if the cell is empty or missing.
    fn get(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at).filter(|cell| !cell.is_empty())
    }

    fn needed(&self, column: &str) -> anyhow::Result<&str> {
        self.get(column)
            .with_context(|| format!("{column} is empty"))
    }

    fn line(&self) -> u64 {
        self.cells.position().map_or(0, csv::Position::line)
    }
}

/// Registers the device if it does not exist. Returns the ID of the device, and whether the device is new.
async fn register(
    link: &Client,
    instance_id: &str,
    row: &Row<'_>,
    products: &HashMap<String, i64>,
    gateways: &HashMap<String, i64>,
) -> anyhow::Result<(i64, bool)> {
    let node_id = row.needed("node_id")?;
    let same = ListDevicesParams::default().with_node_id(node_id);
    let page = link.list_devices(instance_id, &same).await?;
    if let Some(id) = page.items.first().and_then(|device| device.device_id) {
        return Ok((id, false));
    }
    let product = row.needed("product_name")?;
    let product_id = *products
        .get(product)
        .with_context(|| format!("there is no product {product}"))?;
    let parent = row.get("parent_device_id");
    let parent = parent.map(|old| {
        gateways
            .get(old)
            .with_context(|| format!("gateway {old} is not registered"))
    });
    let tags: Option<Vec<String>> = row.get("tags").map(serde_json::from_str).transpose()?;
    let device = CreateDeviceRequest::new(CreateDeviceRequired {
        product: ProductReferenceRequest::default().with_product_id(product_id),
        device_name: row.needed("device_name")?,
        node_id,
        app_id: row.needed("app_id")?,
    })
    .with_parent_device_id(parent.transpose()?.copied())
    .with_description(row.get("description"))
    .with_tags(tags)
    .with_user_name(row.get("user_name"))
    .with_password(row.get("password").map(Secret::new));
    let device = link.create_device(instance_id, &device).await?;
    Ok((device.device_id.context("the device has no ID")?, true))
}
