//! Operations of LINK (ROMA Connect device integration) for commands to devices, and for the shadows and topics of
//! devices. A shadow contains the last values that a device has reported.
//!
//! If a device is online, it immediately executes the command that `send_command` sends.

use http::StatusCode;
use serde_json::{Value, json};

use super::model::{COMMAND, REQUEST, SERVICE, TOPIC};
use super::{Behaviour, Call, devices, does, shadows};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Device, IndexKey, Item, Page, Query, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("send_command", does(send)),
    ("send_custom_command", does(send_custom)),
    ("list_shadows", does(list_shadows)),
    ("list_topics", does(topics)),
];

/// The topics that every device has. Each element contains the last part of the name, the description, and the
/// permission.
///
/// The permission is 1 if the device subscribes to the topic, and 0 if the device publishes to the topic.
const BASIC_TOPICS: [(&str, &str, u8); 3] = [
    ("datas", "Device data report", 0),
    ("command", "Command delivery", 1),
    ("commandResponse", "Response to a command", 0),
];

fn is_online(device: &Device) -> bool {
    device.fields["online_status"] == json!(1)
}

fn offline() -> Problem {
    Problem::Catalogued {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        code: "ROMA.00011000",
        message: "The device is not online, so no answer to the command came in time.",
    }
}

fn send(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.number_in_path("device_id")?;
    call.state.store.write(|writer| {
        let device = devices::found(call, |key| writer.get(key))?;
        check(call, writer, &device)?;
        let body = &call.values.body;
        match is_online(&device) {
            true => Ok(shadows::carry_out(call.state, writer, id, body)?),
            false if body["is_sync"] == json!(true) => Err(offline()),
            // If the device is not online, and `is_cache_to_shadow` is `false`, the sandbox discards the command.
            false if body["is_cache_to_shadow"] == json!(false) => Ok(()),
            false => Ok(shadows::keep(call.state, writer, id, body)?),
        }
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// Checks that the command belongs to the product of the device. The request must contain all required parameters of
/// the command, and no unknown parameter.
fn check(call: &Call<'_>, writer: &Writer<'_>, device: &Device) -> Result<(), Problem> {
    let body = &call.values.body;
    let number = |name: &str| body[name].as_u64().unwrap_or_default();
    let (service, command) = (number("service_id"), number("command_id"));
    let missing = |id: u64| Problem::NoSuchResource { id: id.to_string() };
    let found = call.link_item(SERVICE.kind, service, |key| writer.get(key))?;
    if found.fields["product_id"] != device.fields["product"]["product_id"] {
        return Err(missing(service));
    }
    call.link_item(&COMMAND.below(service), command, |key| writer.get(key))?;
    let known = writer.list(&call.items(&REQUEST.below(command))?)?;
    let given: Vec<&Value> = shadows::parameters(body).map(|(name, _)| name).collect();
    if let Some(unknown) = given.iter().position(|name| {
        known
            .iter()
            .all(|item| item.fields["property_name"] != **name)
    }) {
        let parameter = format!("requests.{unknown}.parameter_name");
        let reason = "must be the name of a request property of the command";
        return Err(Problem::invalid(&parameter, reason));
    }
    let is_left_out = |item: &&Item| {
        item.fields["required"] == json!(1) && !given.contains(&&item.fields["property_name"])
    };
    match known.iter().find(is_left_out) {
        None => Ok(()),
        Some(item) => {
            let name = item.fields["property_name"].as_str().unwrap_or_default();
            let reason = format!("must contain the required parameter {name}");
            Err(Problem::invalid("requests", &reason))
        }
    }
}

/// Answers a request for a custom command. The device does not execute the command. The answer shows whether the device
/// is online.
///
/// The request names the device by its client ID, not by its number.
fn send_custom(call: &Call<'_>) -> Result<Answer, Problem> {
    let client = &call.values.query["device_id"];
    let query = Query::<Device>::default()
        .with(&Device::BY_CLIENT, IndexKey::new(client))
        .with(&Device::BY_APP, IndexKey::new(&call.values.query["app_id"]));
    let found = call.state.store.read()?.list(&query.take(1))?;
    let device = found.first().ok_or_else(|| Problem::NoSuchResource {
        id: client.as_str().unwrap_or_default().to_owned(),
    })?;
    let (code, text) = match is_online(device) {
        true => ("200", "OK"),
        false => ("404", "The device is not online."),
    };
    Ok(Answer::json(
        StatusCode::CREATED,
        json!({"code": code, "msg": text}),
    ))
}

fn list_shadows(call: &Call<'_>) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    devices::found(call, |key| reader.get(key))?;
    let shadows = shadows::of_device(call.state, call.number_in_path("device_id")?);
    let shadows = reader.list(&shadows)?;
    let shadows = shadows.into_iter().map(|item| item.fields.into_json());
    Ok(Answer::ok(shadows.collect()))
}

/// Lists the topics that every device has, and the topics of the product to which the device belongs.
///
/// In the name of a product's topic, the client ID of the device replaces `${deviceId}`.
fn topics(call: &Call<'_>) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    let device = devices::found(call, |key| reader.get(key))?;
    let client = device.fields["client_id"].as_str().unwrap_or_default();
    let product = &device.fields["product"]["product_id"];
    let own = reader.list(&call.items(&TOPIC.below(product.as_u64().unwrap_or_default()))?)?;
    let basic = BASIC_TOPICS.iter().zip(1..);
    let basic = basic.map(|((name, description, permission), id)| {
        let name = format!("/v1/devices/{client}/{name}");
        json!({"id": id, "name": name, "description": description, "permission": permission, "is_private": 0})
    });
    let own = own.iter().map(|topic| {
        let fields = &topic.fields;
        let name = fields["topic_name"].as_str().unwrap_or_default();
        json!({
            "id": fields["topic_id"],
            "name": name.replace("${deviceId}", client),
            "description": fields["description"],
            "permission": fields["permission"],
            "is_private": 1,
        })
    });
    let wanted = |topic: &Value| {
        call.query_equals("name", &topic["name"])
            && call.query_equals("topic_permission", &topic["permission"])
            && call.query_equals("is_private", &topic["is_private"])
            // In the sandbox, custom topics (`is_private` 1) always belong to the product (`topic_type` 1), and basic
            // topics never do.
            && call.query_equals("topic_type", &topic["is_private"])
    };
    let all: Vec<Value> = basic.chain(own).filter(wanted).collect();
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let (skip, take) = call.bounds();
    let records = all.into_iter().skip(skip).take(take).collect();
    let list = call.page(Page { total, records }, Value::clone);
    Ok(Answer::ok(Value::Object(list)))
}
