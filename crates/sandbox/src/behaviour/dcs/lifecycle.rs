//! Operations that create, show, list, update, restart, flush and delete instances.
//!
//! `restart_or_flush_instances` belongs to the chapter (OpenAPI tag) `instances`. All other operations of this module
//! belong to the chapter `lifecycle`.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::timed::{at, page, put, text};
use super::super::{Behaviour, Call, does};
use super::hidden::HIDDEN;
use super::nodes::shape;
use super::states::{CHANGE, UNKNOWN_ACTION, begin};
use super::{invalid, refused, templates};
use crate::answer::Answer;
use crate::password_hash::Hash;
use crate::problem::Problem;
use crate::random;
use crate::store::{Cache, Fields, IndexKey, Query, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_instance", does(create)),
    ("show_instance", does(show)),
    ("list_instances", does(list)),
    ("update_instance", does(update)),
    ("delete_instance", does(delete)),
    ("delete_instances", does(delete_several)),
    ("restart_or_flush_instances", does(restart_or_flush)),
];

/// After this number of wrong old passwords in a row, the sandbox locks the password of an instance or account.
pub(super) const TRIES: u32 = 5;

/// The fields of the request that `update_instance` copies to the instance.
const UPDATED: [&str; 6] = [
    "name",
    "description",
    "port",
    "maintain_begin",
    "maintain_end",
    "security_group_id",
];

/// The fields of the request that `create_instance` copies to a new instance.
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
            templates::apply(call, writer, &id)?;
        }
        Ok::<_, Problem>(created)
    })?;
    let mut answer = json!({"instances": created});
    if is_bought(call) {
        answer["order_id"] = json!(order_id());
    }
    Ok(Answer::ok(answer))
}

pub(super) fn order_id() -> String {
    format!("CS{}", random::access_key())
}

/// Returns whether the request orders an instance with yearly or monthly billing.
fn is_bought(call: &Call<'_>) -> bool {
    call.in_body("/bss_param/charging_mode") == Some("prePaid")
}

/// Returns the hash of the password in the request, or `None` if the request asks for password-free access.
///
/// If the request contains no password and does not ask for password-free access, the function returns an error.
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

/// Returns the name of a new instance. If a request creates several instances, each name ends with a number.
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
    let mut instance = capacity(body["capacity"].as_f64().unwrap_or_default());
    let megabytes = instance["max_memory"].as_i64().unwrap_or_default();
    let spec_code = call.in_body("/spec_code").unwrap_or_default();
    instance.add(shape(spec_code, megabytes));
    for (name, value) in body["spec_param"].as_object().into_iter().flatten() {
        instance.set(name, value.clone());
    }
    instance.add(Fields::from(json!({
        "instance_id": id,
        "status": "CREATING",
        "created_at": now,
        "updated_at": now,
        "update_at": now,
        "charging_mode": i32::from(is_bought(call)),
        "used_memory": 2,
        "ip": own_address(id),
        "port": body.get("port").unwrap_or(&json!(6379)),
        "domain_name": format!("redis-{id}.dcs.sandbox.invalid"),
        "user_id": user.map(|user| &user.id),
        "user_name": user.map(|user| &user.name),
        "no_password_access": (body["no_password_access"] == true).to_string(),
        "sub_status": "normal",
    })));
    for member in KEPT {
        if let Some(value) = body.get(member) {
            instance.set(member, value.clone());
        }
    }
    instance.set("name", name);
    instance
}

/// Returns a loopback address for the instance, such as `127.1.2.3`. Its last three bytes are the first three bytes of
/// the ID of the instance.
fn own_address(id: &str) -> String {
    let [first, second, third, ..] = Uuid::parse_str(id).unwrap_or_default().into_bytes();
    format!("127.{first}.{second}.{third}")
}

/// Returns three fields: `capacity` in whole GB, `capacity_minor`, and `max_memory` in MB.
///
/// If the capacity is less than one GB, `capacity_minor` is a string such as `.125`, as in the documentation. If the
/// capacity is one GB or more, this string is empty.
pub(super) fn capacity(capacity: f64) -> Fields {
    let rest = if capacity < 1.0 {
        capacity.to_string().trim_start_matches('0').to_owned()
    } else {
        String::new()
    };
    // A cast from a float to an integer saturates. Therefore no value can cause an overflow.
    Fields::from(json!({
        "capacity": capacity.trunc() as i64,
        "capacity_minor": rest,
        "max_memory": (capacity * 1024.0).round() as i64,
    }))
}

fn show(call: &Call<'_>) -> Result<Answer, Problem> {
    Ok(Answer::ok(shown(&known(call)?)))
}

/// Returns the fields of the instance for an answer. The result does not contain the [`HIDDEN`] fields.
fn shown(cache: &Cache) -> Value {
    let mut shown = cache.fields.to_json();
    if let Value::Object(members) = &mut shown {
        members.retain(|name, _| !HIDDEN.contains(&name.as_str()));
    }
    shown
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let page = page(call, &query(call)?)?;
    let instances = page.records.iter().map(shown);
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

/// Returns whether the capacity of the instance equals the filter `wanted`, such as `4` or `0.125`.
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

/// Updates an instance. A field in [`UPDATED`] that the request does not contain keeps its value.
fn update(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    if call.in_body("/maintain_begin").is_some() != call.in_body("/maintain_end").is_some() {
        return Err(refused("DCS.4106", "The value of maintain time illegal."));
    }
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        if body.get("port").is_some() && is_old(&cache) {
            return Err(invalid("port"));
        }
        for member in UPDATED {
            if let Some(value) = body.get(member) {
                cache.fields.set(member, value.clone());
            }
        }
        if body.get("instance_backup_policy").is_some() {
            let policy = backup_policy(call, &cache)?;
            cache.fields.set("instance_backup_policy", policy);
        }
        let now = text(call.state.clock.now_ms());
        cache.fields.set("updated_at", now.clone());
        cache.fields.set("update_at", now);
        put(call, writer, cache)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

/// Returns whether the instance has Memcached or Redis 3.0. Such instances support fewer operations.
pub(super) fn is_old(cache: &Cache) -> bool {
    cache.fields["engine"] == "Memcached" || cache.fields["engine_version"] == "3.0"
}

/// Returns the new backup policy of the instance.
///
/// For automatic backups, the request must contain `save_days` and `periodical_backup_plan`. In all other cases, if the
/// request omits one of these two fields, the field keeps its earlier value.
fn backup_policy(call: &Call<'_>, cache: &Cache) -> Result<Value, Problem> {
    let mut policy = call.values.body["instance_backup_policy"].clone();
    let before = &cache.fields["instance_backup_policy"];
    for (member, missing) in [
        ("save_days", NO_SAVE_DAYS),
        ("periodical_backup_plan", NO_BACKUP_PLAN),
    ] {
        if policy[member].is_null() {
            let kept = &before["policy"][member];
            if policy["backup_type"] == "auto" {
                return Err(missing);
            }
            if !kept.is_null() {
                policy[member] = kept.clone();
            }
        }
    }
    let now = text(call.state.clock.now_ms());
    let id = before["backup_policy_id"].as_str().map(str::to_owned);
    let created = before["created_at"].as_str().map(str::to_owned);
    Ok(json!({
        "backup_policy_id": id.unwrap_or_else(|| Uuid::new_v4().to_string()),
        "created_at": created.unwrap_or_else(|| now.clone()),
        "updated_at": now,
        "tenant_id": call.project()?,
        "policy": policy,
    }))
}

const NO_SAVE_DAYS: Problem = refused(
    "DCS.4072",
    "Invalid saveDays instance backup policy parameter in the request.",
);
const NO_BACKUP_PLAN: Problem = refused(
    "DCS.4075",
    "Invalid backupAt instance backup policy parameter in the request.",
);

fn restart_or_flush(call: &Call<'_>) -> Result<Answer, Problem> {
    let ids = named_in_body(call);
    if ids.is_empty() {
        return Err(NO_INSTANCES);
    }
    let action = call.in_body("/action").unwrap_or_default();
    if action.is_empty() {
        return Err(UNKNOWN_ACTION);
    }
    batch(call, ids, action)
}

fn delete_several(call: &Call<'_>) -> Result<Answer, Problem> {
    if call.values.query.get("all_failure") == Some(&Value::Bool(true)) {
        let failed = Query::default()
            .with(&Cache::BY_PROJECT, IndexKey::new(&json!(call.project()?)))
            .with(&Cache::BY_STATUS, IndexKey::new(&json!("CREATEFAILED")));
        let failed = page(call, &failed)?.records;
        return batch(call, failed.iter().map(Cache::id).collect(), "delete");
    }
    match named_in_body(call) {
        ids if ids.is_empty() => Err(NO_INSTANCES),
        ids => batch(call, ids, "delete"),
    }
}

fn named_in_body<'a>(call: &'a Call<'_>) -> Vec<&'a str> {
    let ids = call.values.body["instances"].as_array();
    let ids = ids.into_iter().flatten();
    ids.filter_map(Value::as_str).collect()
}

/// Starts an action for several instances. If one instance is missing, or does not allow the action, the action still
/// starts for the other instances.
fn batch(call: &Call<'_>, ids: Vec<&str>, action: &str) -> Result<Answer, Problem> {
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

/// Returns the instance that the path of the request names. If the instance is not running, or if another change is in
/// progress, the function returns an error.
pub(super) fn running(call: &Call<'_>, writer: &Writer<'_>) -> Result<Cache, Problem> {
    let mut cache = found(call, |id| writer.get(id))?;
    begin(call.state, &mut cache, CHANGE)?;
    Ok(cache)
}

/// Returns the instance that the path of the request names. The instance can have any status.
pub(super) fn known(call: &Call<'_>) -> Result<Cache, Problem> {
    found(call, |id| call.state.store.read()?.get(id))
}

/// Returns the instance that the path of the request names. An instance of another project counts as missing.
pub(super) fn found(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Cache>, StoreError>,
) -> Result<Cache, Problem> {
    named(call, call.in_path("instance_id")?, get)
}

/// Returns the instance with this ID, in its present state.
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
