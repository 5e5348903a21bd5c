use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{Behaviour, Call, does};
use super::refused;
use super::states::{CHANGE, UNKNOWN_ACTION, begin};
use super::timed::{at, page, put};
use crate::answer::Answer;
use crate::password_hash::Hash;
use crate::problem::Problem;
use crate::store::{Cache, Fields, IndexKey, Query, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_instance", does(create)),
    ("show_instance", does(show)),
    ("list_instances", does(list)),
    ("delete_instance", does(delete)),
    ("restart_or_flush_instances", does(restart_or_flush)),
];

/// Wrong passwords that are let through before an instance is locked.
pub(super) const TRIES: u32 = 5;

/// Members of a request that the instance simply keeps.
const KEPT: [&str; 18] = [
    "name",
    "description",
    "engine",
    "engine_version",
    "spec_code",
    "az_codes",
    "vpc_id",
    "subnet_id",
    "security_group_id",
    "enterprise_project_id",
    "enterprise_project_name",
    "enable_ssl",
    "enable_publicip",
    "publicip_id",
    "maintain_begin",
    "maintain_end",
    "access_user",
    "tags",
];

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let password = password(call)?;
    let count = call.values.body["instance_num"].as_u64().unwrap_or(1);
    let created = call.state.store.write(|writer| {
        let mut created = Vec::new();
        for number in 1..=count {
            let id = Uuid::new_v4().to_string();
            let name = name(call, number, count);
            created.push(json!({"instance_id": id, "instance_name": name}));
            let mut cache = Cache {
                project_id: call.project()?.to_owned(),
                fields: new_fields(call, &id, name),
                password: password.clone(),
                tries_left: TRIES,
                locked_until_ms: None,
                steps: Vec::new(),
            };
            begin(call.state, &mut cache, "create")?;
            put(call, writer, cache)?;
        }
        Ok::<_, Problem>(created)
    })?;
    Ok(Answer::ok(json!({"instances": created})))
}

/// None for an instance that everybody gets into.
fn password(call: &Call<'_>) -> Result<Option<Hash>, Problem> {
    let free = call.values.body["no_password_access"] == true;
    match call.in_body("/password") {
        Some(_) if free => Ok(None),
        Some(password) => Ok(Some(Hash::of(password))),
        None if free => Ok(None),
        None => Err(refused(
            "DCS.4845",
            "The password parameter is missing or its value is invalid.",
        )),
    }
}

/// Several instances of one request are told apart by a number.
fn name(call: &Call<'_>, number: u64, count: u64) -> Value {
    let name = call.in_body("/name").unwrap_or_default();
    if count == 1 {
        json!(name)
    } else {
        json!(format!("{name}-{number:04}"))
    }
}

fn new_fields(call: &Call<'_>, id: &str, name: Value) -> Fields {
    let body = &call.values.body;
    let now = format!("{:.3}", call.state.clock.now());
    let user = call.caller.map(|caller| &caller.user);
    let (whole_gb, rest, megabytes) = size(body["capacity"].as_f64().unwrap_or_default());
    let mut instance = Fields::from(json!({
        "instance_id": id,
        "status": "CREATING",
        "created_at": now,
        "updated_at": now,
        "update_at": now,
        "charging_mode": 0,
        "capacity": whole_gb,
        "capacity_minor": rest,
        "max_memory": megabytes,
        "used_memory": 2,
        "ip": "127.0.0.1",
        "port": body.get("port").unwrap_or(&json!(6379)),
        "domain_name": format!("redis-{id}.dcs.sandbox.invalid"),
        "user_id": user.map(|user| &user.id),
        "user_name": user.map(|user| &user.name),
        "no_password_access": (body["no_password_access"] == true).to_string(),
        "sub_status": "normal",
    }));
    for member in KEPT {
        if let Some(value) = body.get(member) {
            instance.set(member, value.clone());
        }
    }
    instance.set("name", name);
    instance
}

/// Whole GB, what there is below one GB (in text, such as ".125", as the page's example has it), and all of it in MB.
fn size(capacity: f64) -> (i64, String, i64) {
    let rest = if capacity < 1.0 {
        capacity.to_string().trim_start_matches('0').to_owned()
    } else {
        String::new()
    };
    // Casts saturate, whatever the document lets through.
    (
        capacity.trunc() as i64,
        rest,
        (capacity * 1024.0).round() as i64,
    )
}

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    Ok(Answer::ok(cache.fields.to_json()))
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let page = page(call, &query(call)?)?;
    let instances = page.records.iter().map(|cache| cache.fields.to_json());
    let instances: Vec<_> = instances.collect();
    Ok(Answer::ok(
        json!({"instance_num": page.total, "instances": instances}),
    ))
}

fn query<'a>(call: &'a Call<'_>) -> Result<Query<'a, Cache>, Problem> {
    let wanted = &call.values.query;
    let mut query = Query::default()
        .with(&Cache::BY_PROJECT, IndexKey::new(&json!(call.project()?)))
        .skip(call.number_in_query("offset").unwrap_or(0))
        .take(call.number_in_query("limit").unwrap_or(10));
    let whole_name = call.text(wanted, "name_equal") == Some("true");
    for (name, index) in [
        ("instance_id", &Cache::BY_ID),
        ("status", &Cache::BY_STATUS),
        ("name", &Cache::BY_NAME),
    ] {
        match wanted.get(name) {
            Some(value) if name != "name" || whole_name => {
                query = query.with(index, IndexKey::new(value));
            }
            _ => {}
        }
    }
    for tag in call
        .text(wanted, "tags")
        .into_iter()
        .flat_map(|tags| tags.split(','))
    {
        let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
        let key = IndexKey::new(&json!(key)).and(&json!(value));
        query = query.with(&Cache::BY_TAG, key);
    }
    let part_of_name = call.text(wanted, "name").filter(|_| !whole_name);
    let capacity = call.text(wanted, "capacity");
    match part_of_name.is_some() || capacity.is_some() || wanted.contains_key("ip") {
        true => Ok(query.test(move |cache| {
            let own = cache.fields["name"].as_str().unwrap_or_default();
            part_of_name.is_none_or(|wanted| own.contains(wanted))
                && capacity.is_none_or(|wanted| has_capacity(&cache.fields, wanted))
                && call.query_equals("ip", &cache.fields["ip"])
        })),
        false => Ok(query),
    }
}

/// The whole GB, or the text below one.
fn has_capacity(instance: &Fields, wanted: &str) -> bool {
    let minor = instance["capacity_minor"].as_str().unwrap_or_default();
    let own = if minor.is_empty() {
        instance["capacity"].to_string()
    } else {
        format!("0{minor}")
    };
    own == wanted
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let mut cache = found(call, |id| writer.get(id))?;
        begin(call.state, &mut cache, "delete")?;
        put(call, writer, cache)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// What an instance does not take, the others of the request do all the same.
fn restart_or_flush(call: &Call<'_>) -> Result<Answer, Problem> {
    let action = call.in_body("/action").unwrap_or_default();
    let ids = call.values.body["instances"].as_array();
    let ids: Vec<&str> = ids
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if ids.is_empty() {
        return Err(NO_INSTANCES);
    }
    if action.is_empty() {
        return Err(UNKNOWN_ACTION);
    }
    let results = call.state.store.write(|writer| {
        let mut results = Vec::new();
        for id in ids {
            let cache = named(call, id, |id| writer.get(id));
            let taken = cache.and_then(|mut cache| {
                begin(call.state, &mut cache, action)?;
                put(call, writer, cache)
            });
            let result = match taken {
                Ok(()) => "success",
                Err(Problem::Failed(error)) => return Err(Problem::Failed(error)),
                Err(_) => "failed",
            };
            results.push(json!({"result": result, "instance": id}));
        }
        Ok::<_, Problem>(results)
    })?;
    Ok(Answer::ok(json!({"results": results})))
}

const NO_INSTANCES: Problem = refused(
    "DCS.4065",
    "The instances parameter in the request cannot be a null value or left unspecified.",
);

/// The instance of the path, if it is running and nothing else changes it.
pub(super) fn running(call: &Call<'_>, writer: &Writer<'_>) -> Result<Cache, Problem> {
    let mut cache = found(call, |id| writer.get(id))?;
    begin(call.state, &mut cache, CHANGE)?;
    Ok(cache)
}

/// The instance of the path, in whatever state.
pub(super) fn known(call: &Call<'_>) -> Result<Cache, Problem> {
    found(call, |id| call.state.store.read()?.get(id))
}

/// The instance of the path. One of another project does not exist.
pub(super) fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Cache>, StoreError>,
) -> Result<Cache, Problem> {
    named(call, call.in_path("instance_id")?, get)
}

/// The instance with this id, as it is now.
pub(super) fn named(
    call: &Call<'_>,
    id: &str,
    get: impl FnOnce(&str) -> Result<Option<Cache>, StoreError>,
) -> Result<Cache, Problem> {
    let (project, now) = (call.project()?, call.state.clock.now_ms());
    get(id)?
        .and_then(|cache| at(cache, now))
        .filter(|cache| cache.project_id == project)
        .ok_or_else(|| Problem::NoSuchResource { id: id.to_owned() })
}
