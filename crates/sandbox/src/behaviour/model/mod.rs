//! Operations of LINK (ROMA Connect device integration) for product templates and for the models of products.
//!
//! The parts of a model are services, properties, commands and topics. Product templates have services too.

mod parts;
mod sync;
mod written;

use http::StatusCode;
use serde_json::{Value, json};

use super::{Behaviour, Call, does};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Device, Fields, IndexKey, Item, Product, Query, StoreError, Writer};
use parts::{Above, Part, RESPONSE, TEMPLATE, owner_of_service, service_in_path};
pub(super) use parts::{COMMAND, PROPERTY, REQUEST, SERVICE, TEMPLATES, TOPIC};
pub(super) use sync::apply_template;
use sync::{sync_products, sync_template};
use written::{CREATED, UPDATED, given, put_new, remove_with_parts, sign};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_product_templates", does(|call| list(call, &TEMPLATE))),
    (
        "create_product_template",
        does(|call| create(call, &TEMPLATE)),
    ),
    ("show_product_template", does(|call| show(call, &TEMPLATE))),
    (
        "update_product_template",
        does(|call| update(call, &TEMPLATE)),
    ),
    (
        "delete_product_template",
        does(|call| delete(call, &TEMPLATE)),
    ),
    ("sync_template_to_products", does(sync_template)),
    ("list_services", does(list_services)),
    ("create_service", does(create_service)),
    ("show_service", does(|call| show(call, &SERVICE))),
    ("update_service", does(|call| update(call, &SERVICE))),
    ("delete_service", does(|call| delete(call, &SERVICE))),
    ("list_properties", does(|call| list(call, &PROPERTY))),
    ("create_property", does(|call| create(call, &PROPERTY))),
    ("show_property", does(|call| show(call, &PROPERTY))),
    ("update_property", does(|call| update(call, &PROPERTY))),
    ("delete_property", does(|call| delete(call, &PROPERTY))),
    ("list_commands", does(|call| list(call, &COMMAND))),
    ("create_command", does(|call| create(call, &COMMAND))),
    ("show_command", does(|call| show(call, &COMMAND))),
    ("update_command", does(|call| update(call, &COMMAND))),
    ("delete_command", does(|call| delete(call, &COMMAND))),
    ("list_request_properties", does(|call| list(call, &REQUEST))),
    (
        "create_request_property",
        does(|call| create(call, &REQUEST)),
    ),
    ("show_request_property", does(|call| show(call, &REQUEST))),
    (
        "update_request_property",
        does(|call| update(call, &REQUEST)),
    ),
    (
        "delete_request_property",
        does(|call| delete(call, &REQUEST)),
    ),
    (
        "list_response_properties",
        does(|call| list(call, &RESPONSE)),
    ),
    (
        "create_response_property",
        does(|call| create(call, &RESPONSE)),
    ),
    ("show_response_property", does(|call| show(call, &RESPONSE))),
    (
        "update_response_property",
        does(|call| update(call, &RESPONSE)),
    ),
    (
        "delete_response_property",
        does(|call| delete(call, &RESPONSE)),
    ),
    ("list_product_topics", does(|call| list(call, &TOPIC))),
    ("create_product_topic", does(|call| create(call, &TOPIC))),
    ("update_product_topic", does(|call| update(call, &TOPIC))),
    ("delete_product_topic", does(|call| delete(call, &TOPIC))),
    ("count_devices_in_product", does(count_devices)),
    ("sync_products_from_templates", does(sync_products)),
];

fn create(call: &Call<'_>, part: &Part) -> Result<Answer, Problem> {
    let above = (part.above)(call)?;
    create_as(
        call,
        part,
        &part.kind(&above),
        &above,
        part.fields_above(&above),
    )
}

fn create_service(call: &Call<'_>) -> Result<Answer, Problem> {
    let owner = owner_of_service(&|name| call.values.body[name].as_u64())?;
    let fields = match owner {
        Above::Item(_, template) => json!({"product_template_id": template}),
        _ => SERVICE.fields_above(&owner),
    };
    create_as(call, &SERVICE, SERVICE.kind, &owner, fields)
}

fn create_as(
    call: &Call<'_>,
    part: &Part,
    kind: &str,
    above: &Above,
    besides: Value,
) -> Result<Answer, Problem> {
    let item = call.state.store.write(|writer| {
        above.check(call, |key| writer.get(key), |key| writer.get(key))?;
        let mut fields = Fields::from((part.defaults)());
        fields.add(given(call, part));
        fields.add(Fields::from(besides));
        sign(call, part, &mut fields, &[CREATED, UPDATED]);
        put_new(call, writer, part, kind, fields)
    })?;
    Ok(Answer::json(part.created, item.fields.to_json()))
}

/// Returns the part that the path of the request names.
///
/// If the path also names a parent, `Item::kind` contains the number of this parent. Therefore the function does not
/// find parts of other parents.
fn found(
    call: &Call<'_>,
    part: &Part,
    get: impl Fn(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    let id = match part.kind == SERVICE.kind {
        true => service_in_path(call)?,
        false => call.number_in_path(part.parameter)?,
    };
    let above = (part.above)(call)?;
    if let Above::Item(kind, number) = &above {
        call.link_item(kind, *number, &get)?;
    }
    call.link_item(&part.kind(&above), id, &get)
}

fn show(call: &Call<'_>, part: &Part) -> Result<Answer, Problem> {
    let item = found(call, part, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(item.fields.to_json()))
}

/// Updates a part. A field that the request does not contain keeps its value. The documentation does not say what
/// happens to such a field. As an exception, a missing `with_prefix_slash` of a topic gets its documented default.
fn update(call: &Call<'_>, part: &Part) -> Result<Answer, Problem> {
    let item = call.state.store.write(|writer| {
        let mut item = found(call, part, |key| writer.get(key))?;
        item.fields.add(given(call, part));
        sign(call, part, &mut item.fields, &[UPDATED]);
        call.keep_link_item(writer, item)
    })?;
    Ok(Answer::ok(item.fields.to_json()))
}

fn delete(call: &Call<'_>, part: &Part) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let item = found(call, part, |key| writer.get(key))?;
        let id = item.fields[part.id].as_u64().unwrap_or_default();
        let mut below = Vec::new();
        for inner in part.parts {
            below.extend(writer.list(&call.items(&inner.below(id))?.take(1))?);
        }
        if part.kind == TEMPLATE.kind {
            let services = services_of(call, ("product_template_id", id))?;
            below.extend(writer.list(&services.take(1))?);
            let products = Query::default().with(&Product::BY_TEMPLATE, IndexKey::new(&json!(id)));
            if !writer.list::<Product>(&products.take(1))?.is_empty() {
                let reason = "has products that were created from it: delete the products first";
                return Err(Problem::invalid(part.parameter, reason));
            }
        }
        if !below.is_empty() {
            let reason = "has parts, such as services or properties: delete the parts first";
            return Err(Problem::invalid(part.parameter, reason));
        }
        call.remove_link_item(writer, &item.kind, &item.fields[part.id])
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// Returns a query for the services of a product or of a product template.
pub(super) fn services_of<'c>(
    call: &'c Call<'_>,
    owner: (&str, u64),
) -> Result<Query<'c, Item>, Problem> {
    call.that_name(SERVICE.kind, owner)
}

/// Deletes all parts of the model of a product.
pub(super) fn remove_model(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    product: u64,
) -> Result<(), Problem> {
    for service in writer.list(&services_of(call, ("product_id", product))?)? {
        remove_with_parts(call, writer, &SERVICE, &service)?;
    }
    Ok(writer.remove_all(&call.items(&TOPIC.below(product))?)?)
}

fn list(call: &Call<'_>, part: &Part) -> Result<Answer, Problem> {
    let above = (part.above)(call)?;
    list_as(call, part, call.items(&part.kind(&above))?, &above)
}

fn list_services(call: &Call<'_>) -> Result<Answer, Problem> {
    let query = &call.values.query;
    let given = |name: &str| query.get(name).and_then(Value::as_u64);
    let owner = owner_of_service(&given)?;
    let named = match owner {
        Above::Item(_, template) => ("product_template_id", template),
        _ => ("product_id", given("product_id").unwrap_or_default()),
    };
    list_as(call, &SERVICE, services_of(call, named)?, &owner)
}

fn list_as<'c>(
    call: &'c Call<'_>,
    part: &'c Part,
    query: Query<'c, Item>,
    above: &Above,
) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    above.check(call, |key| reader.get(key), |key| reader.get(key))?;
    let between = |time: &Value| {
        let bound = |name: &str| call.values.query.get(name).and_then(Value::as_i64);
        let time = time.as_i64().unwrap_or_default();
        bound("created_date_start").is_none_or(|start| start <= time)
            && bound("created_date_end").is_none_or(|end| time <= end)
    };
    let mut query = call.of_the_page(query);
    let page = ["limit", "offset", "product_id", "product_template_id"];
    if call
        .values
        .query
        .keys()
        .any(|name| !page.contains(&name.as_str()))
    {
        query = query.test(|item| {
            let fields = &item.fields;
            let mut filters = part.filters.iter();
            filters.all(|(name, field)| call.query_equals(name, &fields[*field]))
                && call.query_equals("created_user_name", &fields["created_user"]["user_name"])
                && between(&fields["created_datetime"])
        });
    }
    let page = reader.page(&query)?;
    let list = call.page(page, |item: &Item| item.fields.to_json());
    Ok(Answer::ok(Value::Object(list)))
}

fn count_devices(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.number_in_path("product_id")?;
    let reader = call.state.store.read()?;
    Above::Product(id).check(call, |key| reader.get(key), |_| Ok(None))?;
    let devices = Query::default()
        .with(&Device::BY_PRODUCT, IndexKey::new(&json!(id)))
        .take(0);
    let total = reader.page::<Device>(&devices)?.total;
    Ok(Answer::ok(json!({"summary": total})))
}
