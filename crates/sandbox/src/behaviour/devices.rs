//! Operations of LINK (ROMA Connect device integration) for devices and their authentication.

use http::StatusCode;
use serde_json::{Value, json};

use super::link::{GROUP, authentication, masked, numbers, permissions, shown};
use super::products;
use super::{Call, shadows};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::random;
use crate::store::records::numbered;
use crate::store::{Device, Fields, IndexKey, Query, StoreError, Writer};

pub(super) fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let device = call.state.store.write(|writer| {
        let product = products::find(call, writer)?;
        let parent = parent(call, writer)?;
        let groups: Vec<u64> = numbers(&call.values.body["groups"]).collect();
        for group in &groups {
            call.link_item(GROUP, *group, |key| writer.get(key))?;
        }
        let id = writer.next_id("device")?;
        let device = Device {
            fields: new_fields(call, id, &product.fields, parent.as_ref())?,
            authentication: call.new_authentication(),
            groups,
        };
        writer.put(&numbered(&call.state.tenant.instance_id, id), &device)?;
        Ok::<_, Problem>(device)
    })?;
    // The answer shows the password in clear text, because the caller needs the password to configure the device.
    Ok(Answer::json(
        StatusCode::CREATED,
        shown(&device.fields, &device.authentication),
    ))
}

fn parent(call: &Call<'_>, writer: &Writer<'_>) -> Result<Option<Device>, Problem> {
    let Some(id) = call.values.body["parent_device_id"].as_u64() else {
        return Ok(None);
    };
    let parent = writer.get(&numbered(&call.state.tenant.instance_id, id))?;
    parent
        .map(Some)
        .ok_or(Problem::NoSuchResource { id: id.to_string() })
}

fn new_fields(
    call: &Call<'_>,
    id: u64,
    product: &Fields,
    parent: Option<&Device>,
) -> Result<Fields, Problem> {
    let body = &call.values.body;
    let (user, now, address) = (
        call.user_field(),
        call.state.clock.now_ms(),
        &call.state.addresses.roma_link,
    );
    let place = if parent.is_some() { 2 } else { 0 };
    let mut device = Fields::from(json!({
        "permissions": permissions(),
        "id": id,
        "device_id": id,
        "product": products::reference(product),
        "device_name": body["device_name"],
        "instance_id": call.in_path("instance_id")?,
        "client_id": format!("D{}{id}{}", product["id"], random::alphanumeric(5)),
        "node_id": body["node_id"],
        "app_id": body["app_id"],
        "app_name": "app",
        "status": body.get("status").unwrap_or(&json!(0)),
        "online_status": 0,
        "description": body.get("description").unwrap_or(&json!("")),
        "tags": body.get("tags").unwrap_or(&json!([])),
        "created_user": user,
        "last_updated_user": user,
        "created_datetime": now,
        "last_updated_datetime": now,
        "connect_address": address,
        "ssl_connect_address": address,
        "node_type": place,
        "device_type": place,
    }));
    if let Some(parent) = parent {
        device.set("parent_device_id", parent.fields["id"].clone());
        device.set("parent_device_name", parent.fields["device_name"].clone());
    }
    Ok(device)
}

pub(super) fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let device = found(call, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(masked(&device.fields, &device.authentication)))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.state.store.read()?.page(&query(call))?;
    let mut list = call.page(page, |device| {
        masked(&device.fields, &device.authentication)
    });
    for name in ["connect_address", "ssl_connect_address"] {
        list.insert(name.into(), json!(call.state.addresses.roma_link));
    }
    Ok(Answer::ok(Value::Object(list)))
}

/// Returns the query for the filters of the request.
///
/// A filter for a string compares the whole string, because the documentation page does not define another comparison.
fn query<'a>(call: &'a Call<'_>) -> Query<'a, Device> {
    let wanted = &call.values.query;
    let mut query = call.limits();
    for (name, index) in [
        ("device_name", &Device::BY_NAME),
        ("node_id", &Device::BY_NODE),
        ("app_id", &Device::BY_APP),
        ("product_id", &Device::BY_PRODUCT),
        ("node_type", &Device::BY_TYPE),
        ("tag", &Device::BY_TAG),
        ("client_id", &Device::BY_CLIENT),
        ("product_name", &Device::BY_PRODUCT_NAME),
    ] {
        if let Some(value) = wanted.get(name) {
            query = query.with(index, IndexKey::new(value));
        }
    }
    if let Some(states) = wanted.get("online_status").and_then(Value::as_array) {
        let states = states.iter().map(IndexKey::new);
        query = query.any(&Device::BY_STATUS, states.collect());
    }
    let (from, to) = call.creation();
    query.between(&Device::BY_CREATION, from, to)
}

pub(super) fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    let device = change(call, |device| {
        for name in ["device_name", "status", "description", "tags"] {
            if let Some(value) = call.values.body.get(name) {
                device.fields.set(name, value.clone());
            }
        }
    })?;
    Ok(Answer::ok(masked(&device.fields, &device.authentication)))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.number_in_path("device_id")?;
    call.state.store.write(|writer| {
        remove(call, writer, id)?;
        refuse_parent(writer, "device_id", id)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

pub(super) fn remove(call: &Call<'_>, writer: &mut Writer<'_>, id: u64) -> Result<(), Problem> {
    let key = numbered(&call.state.tenant.instance_id, id);
    if !writer.remove::<Device>(&key)? {
        return Err(Problem::NoSuchResource { id: id.to_string() });
    }
    shadows::forget(call.state, writer, id)?;
    call.refuse_source(writer, ("device_id", id))
}

/// Returns an error if the device has subdevices, because the sandbox refuses to delete such a device.
pub(super) fn refuse_parent(writer: &Writer<'_>, parameter: &str, id: u64) -> Result<(), Problem> {
    let below = Query::<Device>::default().with(&Device::BY_PARENT, IndexKey::new(&json!(id)));
    match writer.list(&below.take(1))?.is_empty() {
        true => Ok(()),
        false => Err(Problem::invalid(
            parameter,
            "has subdevices: delete the subdevices first",
        )),
    }
}

pub(super) fn show_authentication(call: &Call<'_>) -> Result<Answer, Problem> {
    let device = found(call, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(authentication(&device.authentication)))
}

pub(super) fn reset_authentication(call: &Call<'_>) -> Result<Answer, Problem> {
    let device = change(call, |device| {
        device.authentication = call.reset_authentication(device.authentication.clone())
    })?;
    Ok(Answer::ok(authentication(&device.authentication)))
}

/// Changes the device in the path of the request. Also stores the user and the time of the change.
fn change(call: &Call<'_>, change: impl FnOnce(&mut Device)) -> Result<Device, Problem> {
    call.state.store.write(|writer| {
        let mut device = found(call, |key| writer.get(key))?;
        change(&mut device);
        device.fields.set("last_updated_user", call.user_field());
        device
            .fields
            .set("last_updated_datetime", json!(call.state.clock.now_ms()));
        writer.put(
            &numbered(
                &call.state.tenant.instance_id,
                call.number_in_path("device_id")?,
            ),
            &device,
        )?;
        Ok(device)
    })
}

/// Returns the device that the path of the request names.
pub(super) fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Device>, StoreError>,
) -> Result<Device, Problem> {
    of_id(call, call.number_in_path("device_id")?, get)
}

pub(super) fn of_id(
    call: &Call<'_>,
    id: u64,
    get: impl FnOnce(&str) -> Result<Option<Device>, StoreError>,
) -> Result<Device, Problem> {
    get(&numbered(&call.state.tenant.instance_id, id))?
        .ok_or(Problem::NoSuchResource { id: id.to_string() })
}
