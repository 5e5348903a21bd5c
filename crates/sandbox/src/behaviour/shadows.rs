//! The behaviour of devices: devices report values, and execute commands.
//!
//! The shadow of a device contains the last values that the device has reported. The documented HTTP operations cannot
//! connect a device, and cannot report its values. Therefore tests call methods of the sandbox for these two purposes:
//! `Sandbox::put_device_online` and `Sandbox::report_properties`.

use serde_json::{Value, json};

use super::model::{PROPERTY, SERVICE};
use crate::state::State;
use crate::store::records::numbered;
use crate::store::{Device, Fields, IndexKey, Item, Query, StoreError, Writer};

/// Returns the value of `Item::kind` for the shadow of a device. The shadow has one item for each service for which the
/// device has reported a value.
fn shadow(device: u64) -> String {
    format!("link-shadow/{device}")
}

fn waiting(device: u64) -> String {
    format!("link-waiting/{device}")
}

fn items(state: &State, kind: &str) -> Query<'static, Item> {
    let key = IndexKey::new(&json!(kind)).and(&json!(state.tenant.project_id));
    let key = key.and(&json!(state.tenant.instance_id));
    Query::default().with(&Item::BY_INSTANCE, key)
}

fn get(
    state: &State,
    writer: &Writer<'_>,
    kind: &str,
    id: u64,
) -> Result<Option<Item>, StoreError> {
    writer.get(&Item::key_of(
        kind,
        &state.tenant.project_id,
        &id.to_string(),
    ))
}

fn put(
    state: &State,
    writer: &mut Writer<'_>,
    kind: String,
    id: u64,
    fields: Value,
) -> Result<(), StoreError> {
    let item = Item {
        kind,
        project_id: state.tenant.project_id.clone(),
        instance_id: Some(state.tenant.instance_id.clone()),
        id: id.to_string(),
        created_ms: state.clock.now_ms(),
        fields: Fields::from(fields),
        steps: Vec::new(),
    };
    writer.put(&Item::key_of(&item.kind, &item.project_id, &item.id), &item)
}

/// Returns a query for the shadow of a device. The services are in the order of their first report.
pub(super) fn of_device(state: &State, device: u64) -> Query<'static, Item> {
    items(state, &shadow(device))
}

/// Stores a command until the device comes online.
pub(super) fn keep(
    state: &State,
    writer: &mut Writer<'_>,
    device: u64,
    command: &Value,
) -> Result<(), StoreError> {
    let number = writer.next_id("link-waiting")?;
    put(state, writer, waiting(device), number, command.clone())
}

/// Returns the parameters of a command, as pairs of name and value.
pub(super) fn parameters(command: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    let list = command["requests"].as_array().into_iter().flatten();
    list.map(|parameter| (&parameter["parameter_name"], &parameter["parameter_value"]))
}

/// Executes a command. The device reports those parameters of the command that are properties of the service.
pub(super) fn carry_out(
    state: &State,
    writer: &mut Writer<'_>,
    device: u64,
    command: &Value,
) -> Result<(), StoreError> {
    let service = command["service_id"].as_u64().unwrap_or_default();
    report(state, writer, device, service, parameters(command)).map(drop)
}

/// Stores reported values of properties, and ignores values of unknown properties. Returns `true` if at least one value
/// was stored.
fn report<'v>(
    state: &State,
    writer: &mut Writer<'_>,
    device: u64,
    service: u64,
    values: impl Iterator<Item = (&'v Value, &'v Value)>,
) -> Result<bool, StoreError> {
    let Some(named) = get(state, writer, SERVICE.kind, service)? else {
        return Ok(false);
    };
    let known = writer.list(&items(state, &PROPERTY.below(service)))?;
    let before = get(state, writer, &shadow(device), service)?;
    let before = before.and_then(|item| item.fields["properties"].as_array().cloned());
    let mut properties = before.unwrap_or_default();
    let now = state.clock.now_ms();
    let mut is_new = false;
    for (name, value) in values {
        if known
            .iter()
            .any(|item| item.fields["property_name"] == *name)
        {
            properties.retain(|property| property["property_name"] != *name);
            properties.push(json!({"property_name": name, "property_value": value, "property_updated_date": now}));
            is_new = true;
        }
    }
    if is_new {
        let fields = json!({
            "service_id": service,
            "service_name": named.fields["service_name"],
            "properties": properties,
        });
        put(state, writer, shadow(device), service, fields)?;
    }
    Ok(is_new)
}

/// Deletes the shadow and the waiting commands of a deleted device.
pub(super) fn forget(
    state: &State,
    writer: &mut Writer<'_>,
    device: u64,
) -> Result<(), StoreError> {
    writer.remove_all(&items(state, &shadow(device)))?;
    writer.remove_all(&items(state, &waiting(device)))
}

/// Connects or disconnects a device. When a device comes online, it executes the commands that wait for the device.
/// Returns `false` if the device does not exist.
pub(crate) fn connect(state: &State, device: u64, is_online: bool) -> Result<bool, StoreError> {
    state.store.write(|writer| {
        let key = numbered(&state.tenant.instance_id, device);
        let Some(mut found) = writer.get::<Device>(&key)? else {
            return Ok(false);
        };
        found
            .fields
            .set("online_status", if is_online { 1 } else { 2 });
        writer.put(&key, &found)?;
        if is_online {
            let waiting = items(state, &waiting(device));
            for command in writer.list(&waiting)? {
                carry_out(state, writer, device, &command.fields.into_json())?;
            }
            writer.remove_all(&waiting)?;
        }
        Ok(true)
    })
}

/// Stores values that a device reports for a service of its product. Returns `true` if at least one value was stored.
pub(crate) fn report_values(
    state: &State,
    device: u64,
    service: u64,
    values: &[(&str, &str)],
) -> Result<bool, StoreError> {
    state.store.write(|writer| {
        let found: Option<Device> = writer.get(&numbered(&state.tenant.instance_id, device))?;
        let owner = get(state, writer, SERVICE.kind, service)?;
        match (found, owner) {
            (Some(found), Some(owner))
                if owner.fields["product_id"] == found.fields["product"]["product_id"] =>
            {
                let values: Vec<_> = values
                    .iter()
                    .map(|(name, value)| (json!(name), json!(value)))
                    .collect();
                let values = values.iter().map(|(name, value)| (name, value));
                report(state, writer, device, service, values)
            }
            _ => Ok(false),
        }
    })
}
