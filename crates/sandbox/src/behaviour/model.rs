//! The models of products: product templates and services, with properties, commands and topics.

use http::StatusCode;
use serde_json::{Value, json};

use super::link::{masked, numbers};
use super::{Behaviour, Call, does};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::records::numbered;
use crate::store::{Device, Fields, IndexKey, Item, Page, Product, Query, StoreError, Writer};

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

/// The kind of product templates.
pub(super) const TEMPLATES: &str = "link-template";

/// What a model is made of.
struct Part {
    /// Of its numbers, and of its items: those below something have its number besides.
    kind: &'static str,
    /// Its ID in the path.
    parameter: &'static str,
    /// The fields of the answer that hold its ID and its name.
    id: &'static str,
    name: &'static str,
    /// What it is below, by the path.
    above: fn(&Call<'_>) -> Result<Above, Problem>,
    /// Fields that request and answer have.
    fields: &'static [&'static str],
    /// Fields of a new one, unless the request has them.
    defaults: fn() -> Value,
    /// Parameters of the query, and the fields that they are compared with.
    filters: &'static [(&'static str, &'static str)],
    /// Whether it shows who made it, and when.
    is_signed: bool,
    created: StatusCode,
    parts: &'static [&'static Part],
}

/// What something is below.
enum Above {
    Instance,
    Product(u64),
    /// Its kind and number.
    Item(String, u64),
}

static TEMPLATE: Part = Part {
    kind: TEMPLATES,
    parameter: "product_template_id",
    id: "id",
    name: "name",
    above: |_| Ok(Above::Instance),
    fields: &["name", "description", "status"],
    defaults: || json!({"description": ""}),
    filters: &[("id", "id"), ("name", "name"), ("status", "status")],
    is_signed: true,
    created: StatusCode::CREATED,
    parts: &[],
};

static SERVICE: Part = Part {
    kind: "link-service",
    parameter: "service_id",
    id: "service_id",
    name: "service_name",
    above: |_| Ok(Above::Instance),
    fields: &["service_name", "description", "status"],
    defaults: || json!({"description": ""}),
    filters: &[
        ("service_id", "service_id"),
        ("service_name", "service_name"),
        ("product_id", "product_id"),
        ("product_template_id", "product_template_id"),
    ],
    is_signed: true,
    created: StatusCode::CREATED,
    parts: &[&PROPERTY, &COMMAND],
};

static COMMAND: Part = Part {
    kind: "link-command",
    parameter: "command_id",
    id: "command_id",
    name: "command_name",
    above: service_above,
    fields: &["description"],
    defaults: || json!({"description": ""}),
    filters: &[
        ("command_id", "command_id"),
        ("command_name", "command_name"),
    ],
    is_signed: false,
    created: StatusCode::OK,
    parts: &[&REQUEST, &RESPONSE],
};

static PROPERTY: Part = Part {
    above: service_above,
    fields: PROPERTY_FIELDS,
    ..of_a_command(
        "link-property",
        &[
            ("property_id", "property_id"),
            ("property_name", "property_name"),
        ],
        StatusCode::CREATED,
    )
};

static REQUEST: Part = of_a_command(
    "link-request",
    &[
        ("request_id", "property_id"),
        ("request_name", "property_name"),
    ],
    StatusCode::OK,
);

static RESPONSE: Part = of_a_command(
    "link-response",
    &[
        ("response_id", "property_id"),
        ("response_name", "property_name"),
    ],
    StatusCode::CREATED,
);

static TOPIC: Part = Part {
    kind: "link-topic",
    parameter: "topic_id",
    id: "topic_id",
    name: "topic_name",
    above: |call| Ok(Above::Product(call.number_in_path("product_id")?)),
    fields: &["permission", "version", "description"],
    defaults: || json!({"description": ""}),
    filters: &[],
    is_signed: false,
    created: StatusCode::OK,
    parts: &[],
};

const PROPERTY_FIELDS: &[&str] = &[
    "method",
    "property_name",
    "description",
    "data_type",
    "required",
    "min",
    "max",
    "step",
    "max_length",
    "unit",
    "enum_list",
    "enum_dict",
];

/// A property of a command shows no method.
const FIELDS_OF_A_COMMAND: &[&str] = match PROPERTY_FIELDS {
    [_method, others @ ..] => others,
    [] => &[],
};

/// A property of what goes with a command, or of what comes back.
const fn of_a_command(
    kind: &'static str,
    filters: &'static [(&'static str, &'static str)],
    created: StatusCode,
) -> Part {
    Part {
        kind,
        parameter: "property_id",
        id: "property_id",
        name: "property_name",
        above: command_above,
        fields: FIELDS_OF_A_COMMAND,
        defaults: || json!({"min": "0", "max": "65536", "step": "1", "max_length": 10}),
        filters,
        is_signed: false,
        created,
        parts: &[],
    }
}

impl Part {
    /// The kind of its items below something.
    fn below(&self, number: u64) -> String {
        format!("{}/{number}", self.kind)
    }

    fn kind(&self, above: &Above) -> String {
        match above {
            Above::Instance => self.kind.to_owned(),
            Above::Product(number) | Above::Item(_, number) => self.below(*number),
        }
    }

    /// The fields that name what it is below.
    fn fields_above(&self, above: &Above) -> Value {
        match above {
            Above::Product(number) => json!({"product_id": number}),
            Above::Item(_, number) if self.kind == COMMAND.kind => json!({"service_id": number}),
            _ => json!({}),
        }
    }
}

impl Above {
    /// Refuses what is not there.
    fn check(
        &self,
        call: &Call<'_>,
        product: impl FnOnce(&str) -> Result<Option<Product>, StoreError>,
        item: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
    ) -> Result<(), Problem> {
        match self {
            Self::Instance => Ok(()),
            Self::Product(id) => match product(&numbered(&call.state.tenant.instance_id, *id))? {
                Some(_) => Ok(()),
                None => Err(Problem::NoSuchResource { id: id.to_string() }),
            },
            Self::Item(kind, id) => call.link_item(kind, *id, item).map(drop),
        }
    }
}

/// A text in paths, a number everywhere else.
fn service_in_path(call: &Call<'_>) -> Result<u64, Problem> {
    let id = call.in_path("service_id")?;
    let number = id.parse();
    number.map_err(|_| Problem::NoSuchResource { id: id.to_owned() })
}

fn service_above(call: &Call<'_>) -> Result<Above, Problem> {
    Ok(Above::Item(SERVICE.kind.to_owned(), service_in_path(call)?))
}

fn command_above(call: &Call<'_>) -> Result<Above, Problem> {
    let kind = COMMAND.below(service_in_path(call)?);
    Ok(Above::Item(kind, call.number_in_path("command_id")?))
}

/// Whose service is meant, by the body or the query: that of a product or of a product template.
fn owner_of_service(given: &dyn Fn(&str) -> Option<u64>) -> Result<Above, Problem> {
    let refused = |reason| Err(Problem::invalid("product_id", reason));
    match (given("product_id"), given("product_template_id")) {
        (Some(product), None) => Ok(Above::Product(product)),
        (None, Some(template)) => Ok(Above::Item(TEMPLATE.kind.to_owned(), template)),
        (None, None) => refused("must not be null, unless product_template_id is given"),
        (Some(_), Some(_)) => refused("must be null, if product_template_id is given"),
    }
}

/// What the request says of a part, in the names of the answer.
fn given(call: &Call<'_>, part: &Part) -> Fields {
    let body = &call.values.body;
    let mut fields = Fields::default();
    call.take_over(&mut fields, part.fields);
    if part.kind == COMMAND.kind {
        fields.set(part.name, body["name"].clone());
    }
    if part.kind == TOPIC.kind {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let slash = match body["with_prefix_slash"].as_bool() {
            Some(false) => "",
            _ => "/",
        };
        let topic = format!("{slash}{}/${{deviceId}}/{}", text("version"), text("name"));
        fields.set(part.name, topic);
    }
    fields
}

const CREATED: (&str, &str) = ("created_user", "created_datetime");
const UPDATED: (&str, &str) = ("last_updated_user", "last_updated_datetime");

fn sign(call: &Call<'_>, part: &Part, fields: &mut Fields, names: &[(&str, &str)]) {
    if part.is_signed {
        for (user, time) in names {
            fields.set(user, call.user_field());
            fields.set(time, call.state.clock.now_ms());
        }
    }
}

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

/// Gives it a number, and keeps it.
fn put_new(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    part: &Part,
    kind: &str,
    mut fields: Fields,
) -> Result<Item, Problem> {
    let id = writer.next_id(part.kind)?;
    fields.set(part.id, id);
    call.put_link_item(writer, kind, id, fields.to_json())
}

/// The one in the path. What is below another one has another kind.
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

/// What the request leaves out stays: the documents do not say otherwise.
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
            below.extend(services(call, writer, ("product_template_id", id))?);
        }
        if !below.is_empty() {
            let reason = "has parts: delete them first";
            return Err(Problem::invalid(part.parameter, reason));
        }
        call.remove_link_item(writer, &item.kind, &item.fields[part.id])
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn list(call: &Call<'_>, part: &Part) -> Result<Answer, Problem> {
    let above = (part.above)(call)?;
    list_as(call, part, &part.kind(&above), &above)
}

fn list_services(call: &Call<'_>) -> Result<Answer, Problem> {
    let query = &call.values.query;
    let given = |name: &str| query.get(name).and_then(Value::as_u64);
    let owner = owner_of_service(&given)?;
    list_as(call, &SERVICE, SERVICE.kind, &owner)
}

fn list_as(call: &Call<'_>, part: &Part, kind: &str, above: &Above) -> Result<Answer, Problem> {
    let reader = call.state.store.read()?;
    above.check(call, |key| reader.get(key), |key| reader.get(key))?;
    let between = |time: &Value| {
        let bound = |name: &str| call.values.query.get(name).and_then(Value::as_i64);
        let time = time.as_i64().unwrap_or_default();
        bound("created_date_start").is_none_or(|start| start <= time)
            && bound("created_date_end").is_none_or(|end| time <= end)
    };
    let mut query = call.of_the_page(call.items(kind)?);
    let page = ["limit", "offset"];
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

/// The services of a product or of a product template.
fn services(
    call: &Call<'_>,
    writer: &Writer<'_>,
    (field, id): (&str, u64),
) -> Result<Vec<Item>, Problem> {
    let query = call.items(SERVICE.kind)?;
    Ok(writer.list(&query.test(|service| service.fields[field] == id))?)
}

/// Takes one part over to below something else. What is known there by the same name is changed, all else stays.
fn copy(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    part: &Part,
    source: &Item,
    (kind, known, besides): (&str, &[Item], Value),
) -> Result<(), Problem> {
    let mut fields = Fields::from(besides);
    for name in part.fields.iter().copied().chain([part.name]) {
        if !source.fields[name].is_null() {
            fields.set(name, source.fields[name].clone());
        }
    }
    sign(call, part, &mut fields, &[UPDATED]);
    let named = |item: &&Item| item.fields[part.name] == source.fields[part.name];
    let target = match known.iter().find(named) {
        Some(item) => {
            let mut all = item.fields.clone();
            all.add(fields);
            let id = all[part.id].as_u64().unwrap_or_default();
            call.put_link_item(writer, kind, id, all.to_json())?
        }
        None => {
            sign(call, part, &mut fields, &[CREATED]);
            put_new(call, writer, part, kind, fields)?
        }
    };
    let number = |item: &Item| item.fields[part.id].as_u64().unwrap_or_default();
    for inner in part.parts {
        let above = Above::Item(part.kind.to_owned(), number(&target));
        let kind = inner.kind(&above);
        let known = writer.list(&call.items(&kind)?)?;
        for source in writer.list(&call.items(&inner.below(number(source)))?)? {
            let to = (kind.as_str(), known.as_slice(), inner.fields_above(&above));
            copy(call, writer, inner, &source, to)?;
        }
    }
    Ok(())
}

/// Brings a product up to date with a product template.
pub(super) fn apply_template(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    template: u64,
    product: u64,
) -> Result<(), Problem> {
    call.link_item(TEMPLATE.kind, template, |key| writer.get(key))?;
    let known = services(call, writer, ("product_id", product))?;
    for source in services(call, writer, ("product_template_id", template))? {
        let to = (
            SERVICE.kind,
            known.as_slice(),
            json!({"product_id": product}),
        );
        copy(call, writer, &SERVICE, &source, to)?;
    }
    Ok(())
}

/// A product that belongs to no template is refused, unless the request names one.
fn sync_products(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let products = call.state.store.write(|writer| {
        let mut products = Vec::new();
        for id in numbers(&body["product_ids"]) {
            let key = numbered(&call.state.tenant.instance_id, id);
            let none = Problem::NoSuchResource { id: id.to_string() };
            let product: Product = writer.get(&key)?.ok_or(none)?;
            let template = body["template_id"].as_u64().or(product.template);
            let reason = "must not be null for a product without a template";
            let template = template.ok_or_else(|| Problem::invalid("template_id", reason))?;
            apply_template(call, writer, template, id)?;
            products.push(product);
        }
        Ok::<_, Problem>(products)
    })?;
    let page = Page {
        total: u64::try_from(products.len()).unwrap_or(u64::MAX),
        records: products,
    };
    let list = call.page(page, |product| {
        masked(&product.fields, &product.authentication)
    });
    Ok(Answer::ok(Value::Object(list)))
}

/// Answers the last template that the request names: which one is not documented.
fn sync_template(call: &Call<'_>) -> Result<Answer, Problem> {
    let last = call.state.store.write(|writer| {
        let mut last = Value::Null;
        for id in numbers(&call.values.body["template_ids"]) {
            let template = call.link_item(TEMPLATE.kind, id, |key| writer.get(key))?;
            let own = Query::default().test(|product: &Product| product.template == Some(id));
            for product in writer.list(&own)? {
                let product = product.fields["id"].as_u64().unwrap_or_default();
                apply_template(call, writer, id, product)?;
            }
            last = template.fields.to_json();
        }
        Ok::<_, Problem>(last)
    })?;
    Ok(Answer::ok(last))
}
