//! Operations of LINK (ROMA Connect device integration) for rules, and for the sources and destinations of rules.
//!
//! The deletion of a rule also deletes its sources and destinations. The documentation does not say what happens to
//! them.

use http::StatusCode;
use serde_json::{Value, json};

use super::link::{MASKED, numbers, permissions};
use super::{Behaviour, Call, devices, does, products};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Fields, Item, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_rules", does(list)),
    ("create_rule", does(create)),
    ("show_rule", does(show)),
    ("update_rule", does(update)),
    ("delete_rule", does(delete)),
    ("delete_rules", does(delete_several)),
    ("list_sources", does(list_sources)),
    ("create_source", does(create_source)),
    ("delete_source", does(delete_source)),
    ("list_destinations", does(list_destinations)),
    ("create_destination", does(create_destination)),
    ("delete_destination", does(delete_destination)),
];

const RULE: &str = "link-rule";
const SOURCE: &str = "link-source";
const DESTINATION: &str = "link-destination";

impl Call<'_> {
    /// Returns an error if a device or a product is the source of a rule. The sandbox refuses to delete such a device
    /// or product. `field` is `device_id` or `product_id`.
    pub(super) fn refuse_source(
        &self,
        writer: &Writer<'_>,
        (field, id): (&str, u64),
    ) -> Result<(), Problem> {
        let sources = self.that_name(SOURCE, (field, id))?;
        match writer.list(&sources.take(1))?.is_empty() {
            true => Ok(()),
            false => Err(Problem::invalid(
                field,
                "is the source of a rule: delete the source first",
            )),
        }
    }
}

/// Returns the value of `Item::kind` for the items that belong to this rule.
fn of_rule(kind: &str, rule: &Item) -> String {
    format!("{kind}/{}", rule.id)
}

/// Returns the rule that the path of the request names. The OpenAPI document declares the number of the rule as a
/// string in paths, and as a number in answers.
fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    let id = call.in_path("rule_id")?;
    call.item(RULE, id, get)?
        .ok_or_else(|| Problem::NoSuchResource { id: id.to_owned() })
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let query = call.of_the_page(call.items(RULE)?).test(|rule| {
        ["app_id", "name"]
            .iter()
            .all(|name| call.query_equals(name, &rule.fields[*name]))
    });
    let page = call.state.store.read()?.page(&query)?;
    let list = call.page(page, |rule| rule.fields.to_json());
    Ok(Answer::ok(Value::Object(list)))
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let (user, now) = (call.user_field(), call.state.clock.now_ms());
    let rule = call.state.store.write(|writer| {
        let id = writer.next_id(RULE)?;
        let fields = json!({
            "permissions": permissions(),
            "rule_id": id,
            "name": body["name"],
            "app_id": body["app_id"],
            "app_name": "app",
            "description": body.get("description").unwrap_or(&json!("")),
            "status": body.get("status").unwrap_or(&json!(0)),
            "data_parsing_status": body.get("data_parsing_status").unwrap_or(&json!(1)),
            "created_user": user,
            "last_updated_user": user,
            "created_datetime": now,
            "last_updated_datetime": now,
        });
        call.put_link_item(writer, RULE, id, fields)
    })?;
    // The answer of this operation does not show the name of the application.
    let mut shown = rule.fields.into_json();
    if let Some(members) = shown.as_object_mut() {
        members.remove("app_name");
    }
    Ok(Answer::ok(shown))
}

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let rule = found(call, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(rule.fields.into_json()))
}

/// Updates a rule. If `status` or `data_parsing_status` is missing in the request, the field gets its documented
/// default. Any other missing field keeps its value.
fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    let rule = call.state.store.write(|writer| {
        let mut rule = found(call, |key| writer.get(key))?;
        let fields = &mut rule.fields;
        fields.set("status", 0);
        fields.set("data_parsing_status", 1);
        let names = [
            "name",
            "description",
            "status",
            "data_parsing_status",
            "sql_field",
            "sql_where",
        ];
        call.take_over(fields, &names);
        fields.set("last_updated_user", call.user_field());
        fields.set("last_updated_datetime", call.state.clock.now_ms());
        call.keep_link_item(writer, rule)
    })?;
    Ok(Answer::ok(rule.fields.into_json()))
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let rule = found(call, |key| writer.get(key))?;
        remove(call, writer, &rule)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn delete_several(call: &Call<'_>) -> Result<Answer, Problem> {
    let results = call.state.store.write(|writer| {
        let mut results = Vec::new();
        for id in numbers(&call.values.body["resources"]) {
            let rule = call.item(RULE, &id.to_string(), |key| writer.get(key))?;
            let status = match &rule {
                Some(rule) => {
                    remove(call, writer, rule)?;
                    "successful"
                }
                None => "error",
            };
            results.push(json!({"id": id.to_string(), "ret_status": status}));
        }
        Ok::<_, Problem>(results)
    })?;
    Ok(Answer::ok(json!({"resources": results})))
}

fn remove(call: &Call<'_>, writer: &mut Writer<'_>, rule: &Item) -> Result<(), Problem> {
    for kind in [SOURCE, DESTINATION] {
        writer.remove_all(&call.items(&of_rule(kind, rule))?)?;
    }
    call.remove_link_item(writer, RULE, &rule.fields["rule_id"])
}

fn page_of(call: &Call<'_>, kind: &str, shown: fn(&Fields) -> Value) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    let rule = found(call, |key| reader.get(key))?;
    let query = call.of_the_page(call.items(&of_rule(kind, &rule))?);
    let list = call.page(reader.page(&query)?, |item| shown(&item.fields));
    Ok(Answer::ok(Value::Object(list)))
}

fn list_sources(call: &Call<'_>) -> Result<Answer, Problem> {
    page_of(call, SOURCE, Fields::to_json)
}

fn create_source(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let source = call.state.store.write(|writer| {
        let rule = found(call, |key| writer.get(key))?;
        let product = body["product_id"].as_u64().unwrap_or_default();
        let product = products::of_id(call, product, |key| writer.get(key))?;
        let id = writer.next_id(SOURCE)?;
        let mut fields = Fields::from(json!({
            "source_id": id,
            "product_id": product.fields["id"],
            "product_name": product.fields["name"],
            "topic": body["topic"],
            "is_base64": body.get("is_base64").unwrap_or(&json!(1)),
            "contain_device_info": body.get("contain_device_info").unwrap_or(&json!(1)),
        }));
        if let Some(device) = body["device_id"].as_u64() {
            let device = devices::of_id(call, device, |key| writer.get(key))?;
            fields.set("device_id", device.fields["id"].clone());
            fields.set("device_name", device.fields["device_name"].clone());
        }
        call.put_link_item(writer, &of_rule(SOURCE, &rule), id, fields.into_json())
    })?;
    Ok(Answer::json(StatusCode::CREATED, source.fields.into_json()))
}

fn list_destinations(call: &Call<'_>) -> Result<Answer, Problem> {
    page_of(call, DESTINATION, shown)
}

fn create_destination(call: &Call<'_>) -> Result<Answer, Problem> {
    let destination = call.state.store.write(|writer| {
        let rule = found(call, |key| writer.get(key))?;
        let id = writer.next_id(DESTINATION)?;
        let mut fields = Fields::from(call.values.body.clone());
        fields.set("destination_id", id);
        call.put_link_item(writer, &of_rule(DESTINATION, &rule), id, fields.into_json())
    })?;
    Ok(Answer::json(
        StatusCode::CREATED,
        shown(&destination.fields),
    ))
}

/// Returns the fields of a destination. Asterisks replace secrets, as in documented examples with passwords.
///
/// If the destination is a device, `token` is the client ID of the device, which is not a secret.
fn shown(destination: &Fields) -> Value {
    let mut shown = destination.clone();
    let secrets: &[&str] = match destination["destination_type"] == json!(7) {
        true => &["password"],
        false => &["password", "token"],
    };
    for &name in secrets {
        if !destination[name].is_null() {
            shown.set(name, MASKED);
        }
    }
    shown.into_json()
}

fn delete_source(call: &Call<'_>) -> Result<Answer, Problem> {
    remove_from_rule(call, SOURCE, "source_id")
}

fn delete_destination(call: &Call<'_>) -> Result<Answer, Problem> {
    remove_from_rule(call, DESTINATION, "destination_id")
}

fn remove_from_rule(call: &Call<'_>, kind: &str, parameter: &str) -> Result<Answer, Problem> {
    let id = call.number_in_path(parameter)?;
    call.state.store.write(|writer| {
        let rule = found(call, |key| writer.get(key))?;
        call.remove_link_item(writer, &of_rule(kind, &rule), &json!(id))
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}
