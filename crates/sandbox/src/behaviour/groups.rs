//! Operations of LINK (ROMA Connect device integration) for device groups. The groups form a tree, and each group can
//! contain devices.

use std::collections::HashMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::link::{GROUP, numbers, permissions};
use super::{Behaviour, Call, devices, does};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::records::numbered;
use crate::store::{Device, IndexKey, Item, Query, StoreError};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("show_device_group_tree", does(tree)),
    ("create_device_group", does(create)),
    ("show_device_group", does(show)),
    ("update_device_group", does(update)),
    ("delete_device_group", does(delete)),
    ("list_devices_in_group", does(list_devices)),
    ("add_devices_to_group", does(add_devices)),
    ("delete_devices_from_group", does(remove_devices)),
    ("delete_device_from_group", does(remove_device)),
];

fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    let id = call.number_in_path("group_id")?;
    call.link_item(GROUP, id, get)
}

/// Returns the tree of groups.
///
/// A group is always created after its parent. So in the reverse order of creation, all children come before their
/// parent.
fn tree(call: &Call<'_>) -> Result<Answer, Problem> {
    let query = call
        .items(GROUP)?
        .test(|group| call.query_equals("app_id", &group.fields["app_id"]));
    let groups = call.state.store.read()?.list(&query)?;
    let mut below: HashMap<u64, Vec<Value>> = HashMap::new();
    let take = |below: &mut HashMap<u64, Vec<Value>>, id: &Value| {
        let id = id.as_u64().unwrap_or_default();
        let mut nodes = below.remove(&id).unwrap_or_default();
        nodes.reverse();
        nodes
    };
    for group in groups.iter().rev() {
        let fields = &group.fields;
        let node = json!({
            "id": fields["id"],
            "name": fields["name"],
            "parent_id": fields["parent_id"],
            "children": take(&mut below, &fields["id"]),
        });
        let above = fields["parent_id"].as_u64().unwrap_or_default();
        below.entry(above).or_default().push(node);
    }
    let top = take(&mut below, &json!(0));
    Ok(Answer::ok(json!({"size": top.len(), "items": top})))
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let group = call.state.store.write(|writer| {
        let above = body["parent_id"].as_u64().unwrap_or_default();
        if above > 0 {
            let above = call.link_item(GROUP, above, |key| writer.get(key))?;
            if above.fields["app_id"] != body["app_id"] {
                return Err(Problem::invalid(
                    "parent_id",
                    "is a group of another application",
                ));
            }
        }
        let id = writer.next_id(GROUP)?;
        let (user, today) = (call.user_field(), today(call));
        let fields = json!({
            "permissions": permissions(),
            "parent_id": above,
            "id": id,
            "name": body["name"],
            "description": body.get("description").unwrap_or(&json!("")),
            "app_id": body["app_id"],
            "created_user": user,
            "last_updated_user": user,
            "created_datetime": today,
            "last_updated_datetime": today,
        });
        call.put_link_item(writer, GROUP, id, fields)
    })?;
    Ok(Answer::ok(group.fields.into_json()))
}

/// Returns the current date without the time, as in the examples of the documentation.
fn today(call: &Call<'_>) -> String {
    call.state
        .clock
        .now()
        .to_string()
        .chars()
        .take(10)
        .collect()
}

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let mut group = found(call, |key| call.state.store.read()?.get(key))?;
    group.fields.set("app_name", "app");
    Ok(Answer::ok(group.fields.into_json()))
}

fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    let group = call.state.store.write(|writer| {
        let mut group = found(call, |key| writer.get(key))?;
        call.take_over(&mut group.fields, &["name", "description"]);
        group.fields.set("last_updated_user", call.user_field());
        group.fields.set("last_updated_datetime", today(call));
        call.keep_link_item(writer, group)
    })?;
    Ok(Answer::ok(group.fields.into_json()))
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.number_in_path("group_id")?;
    call.state.store.write(|writer| {
        found(call, |key| writer.get(key))?;
        let groups = writer.list(&call.that_name(GROUP, ("parent_id", id))?.take(1))?;
        if !groups.is_empty() || !writer.list(&members(id).take(1))?.is_empty() {
            let reason =
                "contains groups or devices: delete the groups and remove the devices first";
            return Err(Problem::invalid("group_id", reason));
        }
        call.remove_link_item(writer, GROUP, &json!(id))
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn members<'q>(group: u64) -> Query<'q, Device> {
    Query::default().with(&Device::BY_GROUP, IndexKey::new(&json!(group)))
}

fn list_devices(call: &Call<'_>) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    found(call, |key| reader.get(key))?;
    let mut query = call.of_the_page(members(call.number_in_path("group_id")?));
    for (name, index) in [
        ("device_name", &Device::BY_NAME),
        ("product_name", &Device::BY_PRODUCT_NAME),
    ] {
        if let Some(value) = call.values.query.get(name) {
            query = query.with(index, IndexKey::new(value));
        }
    }
    let list = call.page(reader.page(&query)?, |Device { fields, .. }| {
        json!({
            "device_id": fields["device_id"],
            "device_name": fields["device_name"],
            "product_id": fields["product"]["product_id"],
            "product_name": fields["product"]["product_name"],
            "status": fields["status"],
            "online_status": fields["online_status"],
        })
    });
    Ok(Answer::ok(Value::Object(list)))
}

fn add_devices(call: &Call<'_>) -> Result<Answer, Problem> {
    change_members(
        call,
        numbers(&call.values.body["resources"]),
        |groups, group| {
            if !groups.contains(&group) {
                groups.push(group);
            }
            true
        },
    )?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn remove_devices(call: &Call<'_>) -> Result<Answer, Problem> {
    remove(call, numbers(&call.values.body["device_ids"]))
}

fn remove_device(call: &Call<'_>) -> Result<Answer, Problem> {
    remove(call, std::iter::once(call.number_in_path("device_id")?))
}

fn remove(call: &Call<'_>, ids: impl Iterator<Item = u64>) -> Result<Answer, Problem> {
    change_members(call, ids, |groups, group| {
        let before = groups.len();
        groups.retain(|known| *known != group);
        groups.len() < before
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// Changes the groups of each device.
///
/// If `change` returns `false`, the device is not in the group. Then the request fails as for a missing device, and
/// changes no device.
fn change_members(
    call: &Call<'_>,
    ids: impl Iterator<Item = u64>,
    change: fn(&mut Vec<u64>, u64) -> bool,
) -> Result<(), Problem> {
    let group = call.number_in_path("group_id")?;
    call.state.store.write(|writer| {
        found(call, |key| writer.get(key))?;
        for id in ids {
            let mut device = devices::of_id(call, id, |key| writer.get(key))?;
            if !change(&mut device.groups, group) {
                return Err(Problem::NoSuchResource { id: id.to_string() });
            }
            writer.put(&numbered(&call.state.tenant.instance_id, id), &device)?;
        }
        Ok(())
    })
}
