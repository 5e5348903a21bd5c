//! Tables of the parts of models: their fields, their filters, and their parents.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::Call;
use crate::problem::Problem;
use crate::store::records::numbered;
use crate::store::{Item, Product, StoreError};

/// The kind of product templates.
pub(crate) const TEMPLATES: &str = "link-template";

/// A part of a model: a template, a service, a property, a command or a topic.
pub(crate) struct Part {
    /// The kind of its numbers and of its records. The records of a parent have the parent's number in addition.
    pub kind: &'static str,
    /// The name of its ID in the path.
    pub parameter: &'static str,
    /// The fields of the answer with its ID and its name.
    pub id: &'static str,
    pub name: &'static str,
    /// Its parent in the path.
    pub above: fn(&Call<'_>) -> Result<Above, Problem>,
    /// The fields of both the request and the answer.
    pub fields: &'static [&'static str],
    /// The default values of fields that the request does not have.
    pub defaults: fn() -> Value,
    /// Parameters of the query, each with the field that it filters.
    pub filters: &'static [(&'static str, &'static str)],
    /// Whether its answer has the user and the time of the creation.
    pub is_signed: bool,
    pub created: StatusCode,
    pub parts: &'static [&'static Part],
}

/// The parent of a part.
pub(crate) enum Above {
    Instance,
    Product(u64),
    /// The kind and the number of the parent.
    Item(String, u64),
}

pub(crate) static TEMPLATE: Part = Part {
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

pub(crate) static SERVICE: Part = Part {
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

pub(crate) static COMMAND: Part = Part {
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

pub(crate) static PROPERTY: Part = Part {
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

pub(crate) static REQUEST: Part = of_a_command(
    "link-request",
    &[
        ("request_id", "property_id"),
        ("request_name", "property_name"),
    ],
    StatusCode::OK,
);

pub(crate) static RESPONSE: Part = of_a_command(
    "link-response",
    &[
        ("response_id", "property_id"),
        ("response_name", "property_name"),
    ],
    StatusCode::CREATED,
);

pub(crate) static TOPIC: Part = Part {
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

/// A property of a command's request or response.
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
    /// The kind of its records below a parent.
    pub fn below(&self, number: u64) -> String {
        format!("{}/{number}", self.kind)
    }

    pub fn kind(&self, above: &Above) -> String {
        match above {
            Above::Instance => self.kind.to_owned(),
            Above::Product(number) | Above::Item(_, number) => self.below(*number),
        }
    }

    /// The fields that name the parent.
    pub fn fields_above(&self, above: &Above) -> Value {
        match above {
            Above::Product(number) => json!({"product_id": number}),
            Above::Item(_, number) if self.kind == COMMAND.kind => json!({"service_id": number}),
            _ => json!({}),
        }
    }
}

impl Above {
    /// Refuses a parent that does not exist.
    pub fn check(
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

/// The number of the service in the path, where it is a text.
pub(crate) fn service_in_path(call: &Call<'_>) -> Result<u64, Problem> {
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

/// The owner of a service in the body or the query: a product or a product template.
pub(crate) fn owner_of_service(given: &dyn Fn(&str) -> Option<u64>) -> Result<Above, Problem> {
    let refused = |reason| Err(Problem::invalid("product_id", reason));
    match (given("product_id"), given("product_template_id")) {
        (Some(product), None) => Ok(Above::Product(product)),
        (None, Some(template)) => Ok(Above::Item(TEMPLATE.kind.to_owned(), template)),
        (None, None) => refused("must not be null, unless product_template_id is given"),
        (Some(_), Some(_)) => refused("must be null, if product_template_id is given"),
    }
}
