//! Operations of LINK (ROMA Connect device integration) for notifications, and for the statistics of an instance.
//!
//! The sandbox stores notifications, but never sends them.

use http::StatusCode;
use serde_json::{Value, json};

use super::model::TEMPLATES;
use super::{Behaviour, Call, does};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Device, IndexKey, Product, Query, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_notifications", does(list)),
    ("create_notification", does(create)),
    ("update_notification", does(update)),
    ("delete_notification", does(delete)),
    ("count_devices", does(count)),
];

const NOTIFICATION: &str = "link-notification";

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let query = call.of_the_page(call.items(NOTIFICATION)?).test(|item| {
        let mut filters = ["app_id", "product_serial"].iter();
        filters.all(|name| call.query_equals(name, &item.fields[*name]))
    });
    let page = call.state.store.read()?.page(&query)?;
    let list = call.page(page, |item| item.fields.to_json());
    Ok(Answer::ok(Value::Object(list)))
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let notification = call.state.store.write(|writer| {
        let product = match body["product_serial"].as_str() {
            Some(serial) => {
                let named = |product: &Product| product.fields["product_serial"] == serial;
                let found = writer.list(&Query::default().test(named).take(1))?;
                let none = Problem::NoSuchResource {
                    id: serial.to_owned(),
                };
                Some(found.into_iter().next().ok_or(none)?)
            }
            None => None,
        };
        // If the request names a product, the sandbox ignores the application in the request, as documented.
        let app = product.as_ref();
        let app = app.map_or(&body["app_id"], |product| &product.fields["app_id"]);
        let id = writer.next_id(NOTIFICATION)?;
        let mut fields = json!({
            "notification_id": id,
            "type": body["type"],
            "status": body["status"],
            "topic": body["topic"],
            "instance_id": call.in_path("instance_id")?,
        });
        for (name, value) in [("app_id", app), ("product_serial", &body["product_serial"])] {
            if !value.is_null() {
                fields[name] = value.clone();
            }
        }
        call.put_link_item(writer, NOTIFICATION, id, fields)
    })?;
    Ok(Answer::ok(notification.fields.into_json()))
}

/// Returns an error if a notification names the product, because the sandbox refuses to delete such a product.
pub(super) fn refuse_notified(
    call: &Call<'_>,
    writer: &Writer<'_>,
    product: &Product,
) -> Result<(), Problem> {
    let serial = &product.fields["product_serial"];
    let about = call.items(NOTIFICATION)?;
    let about = about.test(|item| item.fields["product_serial"] == *serial);
    match writer.list(&about.take(1))?.is_empty() {
        true => Ok(()),
        false => Err(Problem::invalid(
            "product_id",
            "has notifications: delete the notifications first",
        )),
    }
}

fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.number_in_path("notification_id")?;
    let notification = call.state.store.write(|writer| {
        let mut notification = call.link_item(NOTIFICATION, id, |key| writer.get(key))?;
        call.take_over(&mut notification.fields, &["topic", "status"]);
        call.keep_link_item(writer, notification)
    })?;
    Ok(Answer::ok(notification.fields.into_json()))
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = json!(call.number_in_path("notification_id")?);
    call.state
        .store
        .write(|writer| call.remove_link_item(writer, NOTIFICATION, &id))?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn count(call: &Call<'_>) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    let products = |kind: u8| -> Result<u64, Problem> {
        let query = Query::default().with(&Product::BY_TYPE, IndexKey::new(&json!(kind)));
        Ok(reader.page(&query.take(0))?.total)
    };
    let devices = |kind: u8| -> Result<Value, Problem> {
        let state = |state: u8| -> Result<u64, Problem> {
            let query: Query<'_, Device> = Query::default()
                .with(&Device::BY_TYPE, IndexKey::new(&json!(kind)))
                .with(&Device::BY_STATUS, IndexKey::new(&json!(state)));
            Ok(reader.page(&query.take(0))?.total)
        };
        Ok(json!({"never_connected": state(0)?, "online": state(1)?, "offline": state(2)?}))
    };
    let templates = reader.page(&call.items(TEMPLATES)?.take(0))?.total;
    Ok(Answer::ok(json!({
        "product_templates": {"product_templates_numbers": templates},
        "products": {
            "normal_products_numbers": products(0)?,
            "gateway_products_numbers": products(1)?,
        },
        "devices": {
            "normal_devices": devices(0)?,
            "gateway_devices": devices(1)?,
            "subsets_devices": devices(2)?,
        },
    })))
}
