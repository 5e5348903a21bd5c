//! The operations of the chapter (OpenAPI tag) `parameters` for parameter templates.
//!
//! Default templates always exist. Custom templates belong to the project.

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::items::{pick, remove};
use super::super::timed::{put, text};
use super::super::{Behaviour, Call, does};
use super::settings::SETTINGS;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Fields, Item, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_parameter_templates", does(list)),
    ("create_parameter_template", does(create)),
    ("show_parameter_template", does(show)),
    ("update_parameter_template", does(update)),
    ("delete_parameter_template", does(delete)),
];

const TEMPLATE: &str = "template";

/// The fields of every template in an answer. Answers do not show the values of the parameters.
const SHOWN: [&str; 9] = [
    "template_id",
    "name",
    "type",
    "description",
    "engine",
    "engine_version",
    "cache_mode",
    "product_type",
    "storage_type",
];

const VERSIONS: [&str; 4] = ["4.0", "5.0", "6.0", "7.0"];
const MODES: [&str; 5] = ["single", "ha", "cluster", "proxy", "ha_rw_split"];

/// Returns the default templates.
///
/// In the documentation, the default templates for single-node instances have the IDs 6 (Redis 4.0) and 11 (Redis 5.0).
/// The sandbox defines the other IDs.
fn defaults() -> impl Iterator<Item = Fields> {
    let all = VERSIONS
        .iter()
        .flat_map(|version| MODES.iter().map(move |mode| (version, mode)));
    all.enumerate().map(|(number, (version, mode))| {
        Fields::from(json!({
            "template_id": (number + 6).to_string(),
            "name": format!("Default-Redis-{version}-{mode}-generic-DRAM"),
            "type": "sys",
            "description": Value::Null,
            "engine": "Redis",
            "engine_version": version,
            "cache_mode": mode,
            "product_type": "generic",
            "storage_type": "DRAM",
            "values": {},
        }))
    })
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let fits = |template: &Fields| {
        let equal = [
            "template_id",
            "engine",
            "engine_version",
            "cache_mode",
            "description",
        ];
        let name = call.text(&call.values.query, "name").unwrap_or_default();
        let own = template["name"].as_str().unwrap_or_default();
        own.contains(name)
            && equal
                .iter()
                .all(|field| call.query_equals(field, &template[field]))
    };
    let (total, templates) = if call.text(&call.values.query, "type") == Some("sys") {
        let skip = call.number_in_query("offset").unwrap_or(0);
        let take = call.number_in_query("limit").unwrap_or(10);
        let found: Vec<_> = defaults().filter(fits).collect();
        let page = found.iter().skip(skip).take(take);
        (
            found.len() as u64,
            page.map(|found| pick(found, &SHOWN)).collect(),
        )
    } else {
        let query = call.items(TEMPLATE)?.test(|item: &Item| fits(&item.fields));
        let page = call.page_of_items(query, 10)?;
        let shown = page.records.iter().map(|item| shown(&item.fields));
        (page.total, shown.collect::<Vec<_>>())
    };
    Ok(Answer::ok(
        json!({"template_num": total, "templates": templates}),
    ))
}

/// Returns the fields of a template for an answer. For a custom template, these fields include its creation time.
fn shown(template: &Fields) -> Value {
    let mut shown = pick(template, &SHOWN);
    if !template["created_at"].is_null() {
        shown["created_at"] = template["created_at"].clone();
    }
    shown
}

/// Returns the default or custom template with this ID.
fn find(
    call: &Call<'_>,
    id: &str,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Option<Fields>, Problem> {
    let default = defaults().find(|template| template["template_id"] == id);
    Ok(match default {
        Some(default) => Some(default),
        None => call.item(TEMPLATE, id, get)?.map(|item| item.fields),
    })
}

/// The value of `Item::kind` for the parameters of an instance. Each instance has at most one such item.
///
/// The item contains only the values that a template or a request has set. Its status is the status of the last change.
pub(super) const PARAMETERS: &str = "parameters";

pub(super) fn parameters_item(
    call: &Call<'_>,
    instance: &str,
    time: &str,
    values: Value,
) -> Result<Item, Problem> {
    let fields = json!({"status": "SUCCESS", "config_time": time, "values": values});
    call.new_item(PARAMETERS, Some(instance), instance, fields)
}

/// Gives a new instance the values of the template that the request names.
///
/// If the template does not exist, the request succeeds, and the instance gets the default values. The reason: a
/// documented example of a request names a template that does not exist in the sandbox.
pub(super) fn apply(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    instance: &str,
) -> Result<(), Problem> {
    let id = call.in_body("/template_id").unwrap_or_default();
    let Some(template) = find(call, id, |key| writer.get(key))? else {
        return Ok(());
    };
    let time = text(call.state.clock.now_ms());
    let item = parameters_item(call, instance, &time, template["values"].clone())?;
    put(call, writer, item)
}

/// Returns the values of a template with the changes of the request. An unknown parameter and an invalid value are
/// errors.
fn merged(call: &Call<'_>, values: &Value) -> Result<Value, Problem> {
    let mut values = values.as_object().cloned().unwrap_or_default();
    let wanted = call.values.body["params"].as_object();
    for (name, value) in wanted.into_iter().flat_map(Map::iter) {
        let setting = SETTINGS.iter().find(|setting| setting.name == name);
        let setting = setting.ok_or_else(|| {
            Problem::invalid_field("params", "contains a parameter that does not exist")
        })?;
        if !value.as_str().is_some_and(|value| setting.takes(value)) {
            return Err(Problem::InvalidSetting(setting.name));
        }
        values.insert(name.clone(), value.clone());
    }
    Ok(Value::Object(values))
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = Uuid::new_v4().to_string();
    call.state.store.write(|writer| {
        let source = call.in_body("/template_id").unwrap_or_default();
        let source = find(call, source, |key| writer.get(key))?;
        let mut fields = source
            .ok_or_else(|| Problem::invalid_field("template_id", "is not the ID of a template"))?;
        let values = merged(call, &fields["values"])?;
        fields.set("values", values);
        for name in [
            "name",
            "description",
            "engine",
            "engine_version",
            "cache_mode",
        ] {
            if let Some(value) = call.values.body.get(name) {
                fields.set(name, value.clone());
            }
        }
        fields.set("template_id", id.as_str());
        fields.set("type", "user");
        fields.set("created_at", text(call.state.clock.now_ms()));
        let mut item = call.new_item(TEMPLATE, None, &id, Value::Null)?;
        item.fields = fields;
        put(call, writer, item)
    })?;
    Ok(Answer::ok(json!({"id": id})))
}

const NO_TEMPLATE: Problem = Problem::Catalogued {
    status: StatusCode::NOT_FOUND,
    code: "DCS.4063",
    message: "Invalid template_id parameter in the request.",
};

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let id = call.in_path("template_id")?;
    let found = find(call, id, |key| call.state.store.read()?.get(key))?;
    let found = found.filter(|found| call.query_equals("type", &found["type"]));
    Ok(Answer::ok(shown(&found.ok_or(NO_TEMPLATE)?)))
}

/// Returns the custom template that the path of the request names. The function returns an error with the status 400
/// for a default template, and with the status 404 for an unknown template.
fn custom(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    let id = call.in_path("template_id")?;
    match call.item(TEMPLATE, id, get)? {
        Some(item) => Ok(item),
        None if defaults().any(|default| default["template_id"] == id) => Err(super::refused(
            "DCS.4063",
            "Invalid template_id parameter in the request.",
        )),
        None => Err(NO_TEMPLATE),
    }
}

fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let mut item = custom(call, |key| writer.get(key))?;
        let values = merged(call, &item.fields["values"])?;
        item.fields.set("values", values);
        for name in ["name", "description"] {
            if let Some(value) = call.values.body.get(name) {
                item.fields.set(name, value.clone());
            }
        }
        put(call, writer, item)
    })?;
    Ok(done())
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let item = custom(call, |key| writer.get(key))?;
        remove(writer, &item)?;
        Ok::<_, Problem>(())
    })?;
    Ok(done())
}

fn done() -> Answer {
    Answer::ok(json!({"result": "success"}))
}
