//! The kinds of parts in a model. A [`Part`] describes one kind: its fields, its filters and its parent.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::Call;
use crate::problem::Problem;
use crate::store::records::numbered;
use crate::store::{Item, Product, StoreError};

/// The value of `Item::kind` for product templates.
pub(crate) const TEMPLATES: &str = "link-template";

/// A kind of part in a model, such as services, properties or topics. Product templates count as parts too.
pub(crate) struct Part {
    /// The start of `Item::kind`, and the name of the sequence from which new items get their numbers.
    ///
    /// If the path names a product or an item as the parent, `Item::kind` ends with the number of the parent.
    pub kind: &'static str,
    /// The path parameter with the ID of the part.
    pub parameter: &'static str,
    /// The field of the answer with the ID of the part.
    pub id: &'static str,
    pub name: &'static str,
    /// Returns the parent that the path of the request names.
    pub above: fn(&Call<'_>) -> Result<Above, Problem>,
    /// The fields that the sandbox copies from the request to the answer.
    pub fields: &'static [&'static str],
    /// Returns the default values of a new part. The fields of the request replace these values.
    pub defaults: fn() -> Value,
    /// Filters of a list: the name of each query parameter, and the field that must have the same value. The function
    /// `list_as` adds the filters for the user and the time of creation.
    pub filters: &'static [(&'static str, &'static str)],
    /// Whether the answer shows the user and the time of the creation and of the last change.
    pub is_signed: bool,
    /// The status of the answer to a creation.
    pub created: StatusCode,
    /// The kinds of the inner parts. `Item::kind` of an inner part ends with the number of the outer part. Services
    /// have no such number, so the list of [`TEMPLATE`] is empty.
    pub parts: &'static [&'static Part],
}

/// The parent of a part.
pub(crate) enum Above {
    Instance,
    Product(u64),
    /// The value of `Item::kind` and the number of the parent.
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

/// The fields of a property of a command. Such a property has no field `method`.
const FIELDS_OF_A_COMMAND: &[&str] = match PROPERTY_FIELDS {
    [_method, others @ ..] => others,
    [] => &[],
};

/// Returns the [`Part`] for the properties in the request or in the response of a command. [`PROPERTY`], the `Part` for
/// the properties of a service, also uses this function, and replaces `above` and `fields`.
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
    /// Returns the value of `Item::kind` for the items below the parent with this number.
    pub fn below(&self, number: u64) -> String {
        format!("{}/{number}", self.kind)
    }

    pub fn kind(&self, above: &Above) -> String {
        match above {
            Above::Instance => self.kind.to_owned(),
            Above::Product(number) | Above::Item(_, number) => self.below(*number),
        }
    }

    /// Returns an object with the field of the answer that names the parent. If there is no such field, the object is
    /// empty.
    pub fn fields_above(&self, above: &Above) -> Value {
        match above {
            Above::Product(number) => json!({"product_id": number}),
            Above::Item(_, number) if self.kind == COMMAND.kind => json!({"service_id": number}),
            _ => json!({}),
        }
    }
}

impl Above {
    /// Returns an error if the parent does not exist.
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

/// Returns the number of the service in the path. The OpenAPI document declares this number as a string in paths, and
/// as a number in answers.
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

/// Returns the product or the product template that the request names as the owner of a service. If the request names
/// both or neither, the function returns an error.
pub(crate) fn owner_of_service(given: &dyn Fn(&str) -> Option<u64>) -> Result<Above, Problem> {
    let refused = |reason| Err(Problem::invalid("product_id", reason));
    match (given("product_id"), given("product_template_id")) {
        (Some(product), None) => Ok(Above::Product(product)),
        (None, Some(template)) => Ok(Above::Item(TEMPLATE.kind.to_owned(), template)),
        (None, None) => refused("must not be null, unless product_template_id is given"),
        (Some(_), Some(_)) => refused("must be null, if product_template_id is given"),
    }
}
