//! The operations of the chapter (OpenAPI tag) `parameters` for the configuration parameters of an instance, and for
//! the records of their changes.
//!
//! The module `templates` has the operations for parameter templates.

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::items::pick;
use super::super::timed::{Ending, put, text};
use super::super::{Behaviour, Call, does};
use super::jobs;
use super::lifecycle::{known, running};
use super::refused;
use super::settings::settings_of;
use super::templates::{PARAMETERS, parameters_item};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Item, StoreError};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_parameters", does(list)),
    ("update_parameters", does(update)),
    ("start_parameter_update", does(start_update)),
    ("list_parameter_changes", does(list_changes)),
    ("show_parameter_change", does(show_change)),
];

const CHANGE: &str = "parameter_change";

/// The fields of a parameter change in a list.
const SHOWN: [&str; 4] = ["history_id", "type", "created_at", "status"];

fn parameters(
    call: &Call<'_>,
    cache: &Cache,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    match call.item(PARAMETERS, cache.id(), get)? {
        Some(item) => Ok(item),
        None => {
            let created = cache.fields["created_at"].as_str().unwrap_or_default();
            parameters_item(call, cache.id(), created, json!({}))
        }
    }
}

/// Returns the present value of a parameter of the instance.
pub(super) fn value(
    call: &Call<'_>,
    cache: &Cache,
    name: &str,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<String, Problem> {
    let own = parameters(call, cache, get)?;
    let own = own.fields["values"][name].as_str().map(str::to_owned);
    let setting = settings_of(cache.cache_mode()).find(|setting| setting.name == name);
    let default = || setting.map_or("", |setting| setting.default).to_owned();
    Ok(own.unwrap_or_else(default))
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let own = parameters(call, &cache, |key| call.state.store.read()?.get(key))?;
    let values = &own.fields["values"];
    let settings = settings_of(cache.cache_mode()).map(|setting| {
        let value = values[setting.name].as_str().unwrap_or(setting.default);
        json!({
            "param_id": setting.id,
            "param_name": setting.name,
            "param_value": value,
            "default_value": setting.default,
            "value_range": setting.range(),
            "value_type": setting.value_type(),
            "description": setting.description,
        })
    });
    Ok(Answer::ok(json!({
        "instance_id": cache.id(),
        "status": cache.status(),
        "config_status": own.status(),
        "config_time": own.fields["config_time"],
        "redis_config": settings.collect::<Vec<_>>(),
    })))
}

fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    change(call)?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn start_update(call: &Call<'_>) -> Result<Answer, Problem> {
    Ok(match change(call)? {
        Some(job) => Answer::ok(json!({"job_id": job})),
        None => Answer::new(StatusCode::NO_CONTENT, None),
    })
}

/// Starts a job that changes parameters. Returns the ID of the job, or `None` if no value changes.
fn change(call: &Call<'_>) -> Result<Option<String>, Problem> {
    call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        let mut own = parameters(call, &cache, |key| writer.get(key))?;
        let mut values = own.fields["values"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let changes = changes(call, &cache, &mut values)?;
        if own.status() == "UPDATING" {
            return Err(refused("DCS.4114", "the instance is configuring."));
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let ending = Ending::new(call);
        let (status, mut end) = match ending.failed {
            false => ("SUCCESS", json!({"values": values})),
            true => ("FAILURE", json!({})),
        };
        end["config_time"] = json!(ending.time());
        own.fields.set("status", "UPDATING");
        own.steps = vec![ending.step(status, end)];
        put(call, writer, own)?;

        let id = Uuid::new_v4().to_string();
        let fields = json!({
            "history_id": id,
            "type": "config_param",
            "created_at": text(call.state.clock.now_ms()),
            "status": "EXECUTING",
            "parameters": changes,
        });
        let mut record = call.new_item(CHANGE, Some(cache.id()), &id, fields)?;
        record.steps = vec![ending.step(status, Value::Null)];
        put(call, writer, record)?;
        let details = json!({"updated_config_length": changes.len()});
        jobs::start_until(
            call,
            writer,
            "modifyConfig",
            Some(cache.id()),
            details,
            &ending,
        )
        .map(Some)
    })
}

/// Returns the parameters whose values change, with the old and the new values. The function also writes the new values
/// into `values`.
fn changes(
    call: &Call<'_>,
    cache: &Cache,
    values: &mut Map<String, Value>,
) -> Result<Vec<Value>, Problem> {
    let wanted = call.values.body["redis_config"].as_array();
    let wanted = wanted.filter(|wanted| !wanted.is_empty()).ok_or_else(|| {
        Problem::invalid_field("redis_config", "must contain at least one parameter")
    })?;
    let mut changes = Vec::new();
    for (number, parameter) in wanted.iter().enumerate() {
        let field = |name: &str| parameter[name].as_str().unwrap_or_default();
        let place = |name: &str| format!("redis_config[{number}].{name}");
        let (name, value) = (field("param_name"), field("param_value"));
        if wanted[..number]
            .iter()
            .any(|other| other["param_name"] == name)
        {
            return Err(Problem::invalid_field(
                &place("param_name"),
                "must not be repeated",
            ));
        }
        let setting = settings_of(cache.cache_mode()).find(|setting| setting.name == name);
        let setting = setting.ok_or_else(|| {
            Problem::invalid_field(
                &place("param_name"),
                "is not the name of a parameter of this instance",
            )
        })?;
        if setting.id != field("param_id") {
            return Err(Problem::invalid_field(
                &place("param_id"),
                "is not the ID of this parameter",
            ));
        }
        if !setting.takes(value) {
            return Err(Problem::InvalidSetting(setting.name));
        }
        let old = values.insert(name.to_owned(), json!(value));
        let old = old.unwrap_or(json!(setting.default));
        if old != value {
            changes.push(json!({"param_id": setting.id, "param_name": name, "old_value": old, "new_value": value}));
        }
    }
    Ok(changes)
}

/// Lists the parameter changes. The newest change comes first.
fn list_changes(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let page = call.page_of_items(call.items(CHANGE)?.descending(), 10)?;
    let changes = page.records.iter().map(|item| pick(&item.fields, &SHOWN));
    let changes: Vec<_> = changes.collect();
    Ok(Answer::ok(
        json!({"history_num": page.total, "histories": changes}),
    ))
}

fn show_change(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    let id = call.in_path("history_id")?;
    let found = call.item(CHANGE, id, |key| call.state.store.read()?.get(key))?;
    let found = found.ok_or(Problem::Catalogued {
        status: StatusCode::NOT_FOUND,
        code: "DCS.4133",
        message: "Instance job is not found.",
    })?;
    Ok(Answer::ok(found.fields.to_json()))
}
