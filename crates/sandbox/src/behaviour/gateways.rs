//! Operations of LINK (ROMA Connect device integration) for the subdevices of gateways, and for several devices at
//! once.
//!
//! The documentation does not say what happens if the change of one device fails. In this case the sandbox changes no
//! device. The operation `disconnect_devices` is an exception: it still disconnects the other devices.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::link::{masked, numbers};
use super::{Behaviour, Call, devices, does};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::records::numbered;
use crate::store::{Device, Index, IndexKey, Query};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_subsets", does(list)),
    ("add_subsets_to_gateway", does(add)),
    ("delete_devices", does(delete)),
    ("disconnect_devices", does(disconnect)),
];

/// The fields by which a request can sort subdevices. If the request names no field, the sandbox sorts subdevices by
/// their creation.
const SORTED_BY: [(&str, &Index<Device>); 6] = [
    ("device_name", &Device::BY_NAME),
    ("node_id", &Device::BY_NODE),
    ("client_id", &Device::BY_CLIENT),
    ("product_name", &Device::BY_PRODUCT_NAME),
    ("online_status", &Device::BY_STATUS),
    ("created_datetime", &Device::BY_CREATION),
];

fn unknown_order() -> Problem {
    let names = SORTED_BY.map(|(name, _)| name).join(", ");
    Problem::invalid("sort", &format!("must be one of {names}"))
}

/// The fields of a device that the lists of subdevices do not show.
const NOT_SHOWN: [&str; 4] = ["permissions", "app_name", "node_type", "device_type"];
/// The fields that the answer of `add_subsets_to_gateway` does not show, in addition to [`NOT_SHOWN`].
const NOT_ADDED: [&str; 7] = [
    "parent_device_name",
    "authentication",
    "tags",
    "connect_address",
    "ssl_connect_address",
    "ipv6_connect_address",
    "ipv6_ssl_connect_address",
];

fn without(device: &Device, names: &[&str]) -> Value {
    let shown = masked(&device.fields, &device.authentication);
    let members = shown.as_object().into_iter().flatten();
    let kept = members.filter(|(name, _)| !names.contains(&name.as_str()));
    let kept: Map<_, _> = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    let gateway = devices::found(call, |key| reader.get(key))?;
    let parent = IndexKey::new(&gateway.fields["id"]);
    let mut query: Query<'_, Device> = call.limits().with(&Device::BY_PARENT, parent);
    for (name, index) in [
        ("device_name", &Device::BY_NAME),
        ("product_name", &Device::BY_PRODUCT_NAME),
        ("online_status", &Device::BY_STATUS),
    ] {
        if let Some(value) = call.values.query.get(name) {
            query = query.with(index, IndexKey::new(value));
        }
    }
    let tested = ["parent_device_name", "status"];
    let is_given = |name: &&str| call.values.query.contains_key(*name);
    if tested.iter().any(is_given) {
        query = query.test(move |device| {
            let mut names = tested.iter();
            names.all(|name| call.query_equals(name, &device.fields[*name]))
        });
    }
    if let Some(wanted) = call.text(&call.values.query, "sort") {
        let known = SORTED_BY.iter().find(|(name, _)| *name == wanted);
        let (_, index) = known.ok_or_else(unknown_order)?;
        query = query.sorted(index);
    }
    if call.text(&call.values.query, "order") == Some("DESC") {
        query = query.descending();
    }
    let list = call.page(reader.page(&query)?, |device| without(device, &NOT_SHOWN));
    Ok(Answer::ok(Value::Object(list)))
}

fn add(call: &Call<'_>) -> Result<Answer, Problem> {
    let added = call.state.store.write(|writer| {
        let gateway = devices::found(call, |key| writer.get(key))?;
        let mut added = Vec::new();
        for id in numbers(&call.values.body["resources"]) {
            let mut device = devices::of_id(call, id, |key| writer.get(key))?;
            if device.fields["device_type"] != json!(0)
                || device.fields["id"] == gateway.fields["id"]
            {
                return Err(Problem::invalid(
                    "resources",
                    "must contain only common devices, and must not contain the gateway",
                ));
            }
            let fields = &mut device.fields;
            fields.set("parent_device_id", gateway.fields["id"].clone());
            fields.set("parent_device_name", gateway.fields["device_name"].clone());
            fields.set("node_type", 2);
            fields.set("device_type", 2);
            fields.set("last_updated_user", call.user_field());
            fields.set("last_updated_datetime", call.state.clock.now_ms());
            writer.put(&numbered(&call.state.tenant.instance_id, id), &device)?;
            added.push(without(&device, &[&NOT_SHOWN[..], &NOT_ADDED[..]].concat()));
        }
        Ok(added)
    })?;
    Ok(Answer::json(StatusCode::CREATED, Value::Array(added)))
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let ids = || numbers(&call.values.body["device_ids"]);
        ids().try_for_each(|id| devices::remove(call, writer, id))?;
        // The check runs after all deletions. Therefore a request can name a gateway and its subdevices in any order.
        ids().try_for_each(|id| devices::refuse_parent(writer, "device_ids", id))
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// Disconnects devices. The answer lists missing devices as failed, and all other devices as successful.
fn disconnect(call: &Call<'_>) -> Result<Answer, Problem> {
    let (success, failed) = call.state.store.write(|writer| {
        let (mut success, mut failed) = (Vec::new(), Vec::new());
        for id in numbers(&call.values.body["device_ids"]) {
            let key = numbered(&call.state.tenant.instance_id, id);
            let Some(mut device) = writer.get::<Device>(&key)? else {
                failed.push(json!({"id": id, "device_id": id}));
                continue;
            };
            if device.fields["online_status"] == json!(1) {
                device.fields.set("online_status", 2);
                writer.put(&key, &device)?;
            }
            let name = device.fields["device_name"].clone();
            success.push(json!({"id": id, "device_name": name, "device_id": id}));
        }
        Ok::<_, Problem>((success, failed))
    })?;
    Ok(Answer::ok(json!({"success": success, "failed": failed})))
}
