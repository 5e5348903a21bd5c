//! Operations of LINK (ROMA Connect device integration) for products and their authentication.

use http::StatusCode;
use serde_json::{Value, json};

use super::Call;
use super::link::{authentication, masked, permissions, shown};
use super::model::{TEMPLATES, apply_template, remove_model};
use super::notifications::refuse_notified;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::random;
use crate::store::records::numbered;
use crate::store::{Device, Fields, IndexKey, Product, Query, StoreError, Writer};

pub(super) fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let product = call.state.store.write(|writer| make(call, writer))?;
    // The answer shows the password in clear text, because the caller needs it to configure the devices.
    Ok(Answer::json(
        StatusCode::CREATED,
        shown(&product.fields, &product.authentication),
    ))
}

/// Creates a product. If the function refuses the product, it writes nothing to the database.
pub(super) fn make(call: &Call<'_>, writer: &mut Writer<'_>) -> Result<Product, Problem> {
    refuse_second(call, writer, None)?;
    let template = call.values.body["template_id"].as_u64();
    if let Some(template) = template {
        call.link_item(TEMPLATES, template, |key| writer.get(key))?;
    }
    let id = writer.next_id("product")?;
    let product = Product {
        fields: new_fields(call, id),
        authentication: call.new_authentication(),
        template,
    };
    writer.put(&numbered(&call.state.tenant.instance_id, id), &product)?;
    if let Some(template) = template {
        apply_template(call, writer, template, id)?;
    }
    Ok(product)
}

/// Returns an error if another product already has the requested name. According to the documentation page, names are
/// unique. `own` is the ID of the product that an update changes.
fn refuse_second(call: &Call<'_>, writer: &Writer<'_>, own: Option<u64>) -> Result<(), Problem> {
    let name = IndexKey::new(&call.values.body["name"]);
    let same = Query::default().with(&Product::BY_NAME, name).take(1);
    let others = writer.list(&same)?;
    match others
        .iter()
        .all(|other| other.fields["id"].as_u64() == own)
    {
        true => Ok(()),
        false => Err(Problem::invalid("name", "is the name of another product")),
    }
}

fn new_fields(call: &Call<'_>, id: u64) -> Fields {
    let body = &call.values.body;
    let (user, now) = (call.user_field(), call.state.clock.now_ms());
    Fields::from(json!({
        "permissions": permissions(),
        "id": id,
        "product_serial": format!("D{}{id}", random::alphanumeric(5)),
        "app_id": body["app_id"],
        "app_name": "app",
        "name": body["name"],
        "manufacturer_id": body["manufacturer_id"],
        "manufacturer_name": body["manufacturer_name"],
        "model": body["model"],
        "product_type": body["product_type"],
        "protocol_type": body["protocol_type"],
        "description": body.get("description").unwrap_or(&json!("")),
        "device_type": body.get("device_type").unwrap_or(&json!("Default")),
        "version": body.get("version").unwrap_or(&json!("")),
        "data_format": body.get("data_format").unwrap_or(&json!(0)),
        "created_user": user,
        "last_updated_user": user,
        "created_datetime": now,
        "last_updated_datetime": now,
    }))
}

/// Returns the fields of a device that describe its product.
pub(super) fn reference(product: &Fields) -> Value {
    json!({
        "product_id": product["id"],
        "product_name": product["name"],
        "manufacturer_id": product["manufacturer_id"],
        "model": product["model"],
        "product_type": product["product_type"],
        "protocol_type": product["protocol_type"],
    })
}

/// Returns the product of a new device.
///
/// The request must contain `product_id`, or both `manufacturer_id` and `model`.
pub(super) fn find(call: &Call<'_>, writer: &Writer<'_>) -> Result<Product, Problem> {
    let wanted = &call.values.body["product"];
    if let Some(id) = wanted["product_id"].as_u64() {
        let product = writer.get(&numbered(&call.state.tenant.instance_id, id))?;
        return product.ok_or(Problem::NoSuchResource { id: id.to_string() });
    }
    let (Some(manufacturer), Some(model)) =
        (wanted["manufacturer_id"].as_str(), wanted["model"].as_str())
    else {
        let reason = "must not be null, unless manufacturer_id and model are given";
        return Err(Problem::invalid("product.product_id", reason));
    };
    let key = IndexKey::new(&json!(manufacturer)).and(&json!(model));
    let same = Query::default().with(&Product::BY_MODEL, key).take(1);
    let product = writer.list(&same)?.into_iter().next();
    product.ok_or_else(|| Problem::NoSuchResource {
        id: format!("{manufacturer}/{model}"),
    })
}

pub(super) fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let product = found(call, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(masked(&product.fields, &product.authentication)))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let page = call.state.store.read()?.page(&query(call))?;
    let list = call.page(page, |product| {
        masked(&product.fields, &product.authentication)
    });
    Ok(Answer::ok(Value::Object(list)))
}

/// Returns the query for the filters of the request.
///
/// A filter for a string compares the whole string, because the documentation page does not define another comparison.
fn query<'a>(call: &'a Call<'_>) -> Query<'a, Product> {
    /// Some of the filters without an index. Each filter compares the field with the same name.
    const TESTED: [&str; 7] = [
        "app_name",
        "manufacturer_id",
        "manufacturer_name",
        "model",
        "device_type",
        "product_serial",
        "product_type",
    ];
    let mut query = call.limits();
    for (name, index) in [("name", &Product::BY_NAME), ("app_id", &Product::BY_APP)] {
        if let Some(value) = call.values.query.get(name) {
            query = query.with(index, IndexKey::new(value));
        }
    }
    let (from, to) = call.creation();
    let query = query.between(&Product::BY_CREATION, from, to);
    let others = ["protocol_type", "id", "created_user_name"];
    let tested = |name: &&str| call.values.query.contains_key(*name);
    match TESTED.iter().chain(&others).any(tested) {
        true => query.test(|product| {
            let fields = &product.fields;
            TESTED.iter().all(|name| call.query_equals(name, &fields[*name]))
                && call.query_equals("protocol_type", &fields["protocol_type"])
                // The ID is a string in the query, and an integer in the product.
                && call.query_equals("id", &json!(fields["id"].to_string()))
                && call.query_equals("created_user_name", &fields["created_user"]["user_name"])
        }),
        false => query,
    }
}

/// Updates a product. A field that the request does not contain keeps its value. The documentation page does not say
/// what happens to such a field.
pub(super) fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    /// The fields that an update can change.
    const FIELDS: [&str; 7] = [
        "name",
        "description",
        "manufacturer_id",
        "manufacturer_name",
        "model",
        "device_type",
        "version",
    ];
    let id = call.number_in_path("product_id")?;
    let product = call.state.store.write(|writer| {
        let mut product = found(call, |key| writer.get(key))?;
        refuse_second(call, writer, Some(id))?;
        call.take_over(&mut product.fields, &FIELDS);
        product.fields.set("last_updated_user", call.user_field());
        let now = call.state.clock.now_ms();
        product.fields.set("last_updated_datetime", now);
        writer.put(&numbered(&call.state.tenant.instance_id, id), &product)?;
        Ok::<_, Problem>(product)
    })?;
    Ok(Answer::ok(product.fields.to_json()))
}

/// Deletes a product with its services and topics.
///
/// The request fails if the product has devices or notifications, or is the source of a rule.
pub(super) fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.number_in_path("product_id")?;
    call.state.store.write(|writer| {
        let product = found(call, |key| writer.get(key))?;
        let devices =
            Query::<Device>::default().with(&Device::BY_PRODUCT, IndexKey::new(&json!(id)));
        if !writer.list(&devices.take(1))?.is_empty() {
            let reason = "has devices: delete the devices first";
            return Err(Problem::invalid("product_id", reason));
        }
        call.refuse_source(writer, ("product_id", id))?;
        refuse_notified(call, writer, &product)?;
        remove_model(call, writer, id)?;
        writer.remove::<Product>(&numbered(&call.state.tenant.instance_id, id))?;
        Ok::<_, Problem>(())
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

pub(super) fn show_authentication(call: &Call<'_>) -> Result<Answer, Problem> {
    let product = found(call, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(authentication(&product.authentication)))
}

pub(super) fn reset_authentication(call: &Call<'_>) -> Result<Answer, Problem> {
    let product = call.state.store.write(|writer| {
        let mut product = found(call, |key| writer.get(key))?;
        product.authentication = call.reset_authentication(product.authentication);
        product.fields.set("last_updated_user", call.user_field());
        product
            .fields
            .set("last_updated_datetime", json!(call.state.clock.now_ms()));
        writer.put(
            &numbered(
                &call.state.tenant.instance_id,
                call.number_in_path("product_id")?,
            ),
            &product,
        )?;
        Ok::<_, Problem>(product)
    })?;
    Ok(Answer::ok(authentication(&product.authentication)))
}

/// Returns the product that the path of the request names.
fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Product>, StoreError>,
) -> Result<Product, Problem> {
    of_id(call, call.number_in_path("product_id")?, get)
}

pub(super) fn of_id(
    call: &Call<'_>,
    id: u64,
    get: impl FnOnce(&str) -> Result<Option<Product>, StoreError>,
) -> Result<Product, Problem> {
    get(&numbered(&call.state.tenant.instance_id, id))?
        .ok_or(Problem::NoSuchResource { id: id.to_string() })
}
