//! The operations of the chapter (OpenAPI tag) `accounts`, which manage the accounts of a DCS instance.
//!
//! The default account has the same ID and the same password as the instance.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::items::pick;
use super::super::timed::{Ending, at, page, put};
use super::super::{Behaviour, Call, does};
use super::jobs;
use super::lifecycle::{known, running};
use super::passwords::{Attempt, Guard, change_of_instance};
use super::refused;
use crate::answer::Answer;
use crate::password_hash::Hash;
use crate::problem::Problem;
use crate::store::{Cache, Fields, IndexKey, Item, Query, Reader, Step, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_accounts", does(list)),
    ("create_account", does(create)),
    ("delete_account", does(delete)),
    ("update_account_description", does(describe)),
    ("change_account_password", does(change_password)),
    ("reset_account_password", does(reset_password)),
    ("update_account_role", does(change_role)),
];

const ACCOUNT: &str = "account";

/// The name of the default account.
const DEFAULT: &str = "default";

/// The highest number of accounts of an instance. The default account does not count.
const MOST: u64 = 18;

/// The fields of every account in an answer. Answers never show the password.
const SHOWN: [&str; 8] = [
    "account_id",
    "account_name",
    "account_type",
    "instance_id",
    "status",
    "account_role",
    "description",
    "error_code",
];

const INVALID: Problem = refused("DCS.4961", "Acl account request param invalid.");

const NO_ACCOUNT: Problem = Problem::Catalogued {
    status: StatusCode::NOT_FOUND,
    code: "DCS.4961",
    message: "Acl account request param invalid.",
};

/// Returns whether the instance supports accounts. The documentation pages name Redis 4.0 and 5.0. Only Huawei Cloud's
/// OpenAPI files exclude Redis Cluster instances (D-202 in `ERRATA.md`). The sandbox applies both restrictions.
fn has_accounts(cache: &Cache) -> bool {
    let version = cache.fields["engine_version"].as_str().unwrap_or_default();
    matches!(version, "4.0" | "5.0") && cache.cache_mode() != "cluster"
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    if !has_accounts(&cache) {
        return Err(refused("DCS.4964", "Failed to query acl list."));
    }
    let id = cache.id();
    let default = json!({
        "account_id": id, "account_name": DEFAULT, "account_type": "default", "instance_id": id, "status": "AVAILABLE",
        "account_role": "write", "description": "", "error_code": Value::Null,
    });
    let found = page(call, &call.items(ACCOUNT)?)?;
    let others = found.records.iter().map(shown);
    let accounts: Vec<_> = std::iter::once(default).chain(others).collect();
    Ok(Answer::ok(json!({"accounts": accounts})))
}

/// Returns the fields of an account for an answer. If the account has no read policy, the answer omits the field
/// `account_read_policy`.
fn shown(account: &Item) -> Value {
    let mut shown = pick(&account.fields, &SHOWN);
    let policy = &account.fields["account_read_policy"];
    if !policy.is_null() {
        shown["account_read_policy"] = policy.clone();
    }
    shown
}

fn create(call: &Call<'_>) -> Result<Answer, Problem> {
    let name = call.in_body("/account_name").unwrap_or_default();
    let password = call.in_body("/account_password").ok_or(INVALID)?;
    if password == name || password.chars().rev().eq(name.chars()) {
        return Err(Problem::invalid_password(
            "account_password",
            "must not be the name of the account, forwards or backwards",
        ));
    }
    call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        if !has_accounts(&cache) {
            return Err(refused("DCS.4007", "Instance type is not supported."));
        }
        let others = present(call, writer)?;
        if name == DEFAULT
            || others
                .iter()
                .any(|other| other.fields["account_name"] == name)
        {
            return Err(INVALID);
        }
        if others.len() as u64 >= MOST {
            return Err(refused("DCS.4039", "The quota limit has been reached."));
        }
        let id = Uuid::new_v4().to_string();
        let fields = json!({
            "account_id": id,
            "account_name": name,
            "account_type": "normal",
            "instance_id": cache.id(),
            "status": "CREATING",
            "account_role": call.values.body["account_role"],
            "account_read_policy": call.values.body["account_read_policy"],
            "description": call.in_body("/description").unwrap_or_default(),
            "guard": Guard::new(password),
        });
        let mut account = call.new_item(ACCOUNT, Some(cache.id()), &id, fields)?;
        let ending = Ending::new(call);
        let status = if ending.failed {
            "CREATEFAILED"
        } else {
            "AVAILABLE"
        };
        account.steps = vec![ending.step(status, Value::Null)];
        put(call, writer, account)
    })?;
    Ok(Answer::new(StatusCode::OK, None))
}

/// Returns all accounts of the instance, except the default account.
fn present(call: &Call<'_>, writer: &Writer<'_>) -> Result<Vec<Item>, Problem> {
    let now = call.state.clock.now_ms();
    let all = writer.list(&call.items(ACCOUNT)?)?.into_iter();
    Ok(all.filter_map(|account| at(account, now)).collect())
}

/// Returns the new password in `field` of the body. If the password contains the name of the account, forwards or
/// backwards, the function returns an error.
///
/// The validation of the request has already checked the password rules in the OpenAPI document.
fn password<'a>(call: &'a Call<'_>, field: &str, name: &str) -> Result<&'a str, Problem> {
    let password = call.in_body(&format!("/{field}")).ok_or(INVALID)?;
    let backwards: String = name.chars().rev().collect();
    match password.contains(name) || password.contains(&backwards) {
        true => Err(Problem::invalid_password(
            field,
            "must not contain the name of the account, forwards or backwards",
        )),
        false => Ok(password),
    }
}

fn delete(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let (_, mut account) = normal(call, writer)?;
        // This check ignores the status. So a request can also delete an account whose creation or deletion has failed.
        if !account.steps.is_empty() {
            return Err(CHANGING);
        }
        let ending = Ending::new(call);
        account.fields.set("status", "DELETING");
        account.steps = vec![match ending.failed {
            true => ending.step("DELETEFAILED", Value::Null),
            false => Step {
                due_ms: ending.due_ms,
                status: None,
                fields: Fields::default(),
            },
        }];
        put(call, writer, account)
    })?;
    Ok(Answer::new(StatusCode::OK, None))
}

const CHANGING: Problem = refused("DCS.4017", "This DCS instance job task is still running.");

/// Returns the account that the path of the request names.
fn find(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    call.item(ACCOUNT, call.in_path("account_id")?, get)?
        .ok_or(NO_ACCOUNT)
}

fn is_default(call: &Call<'_>, cache: &Cache) -> Result<bool, Problem> {
    Ok(call.in_path("account_id")? == cache.id())
}

/// Returns the instance and the account that the path of the request names.
///
/// The function returns an error if the instance is not running, or if the path names the default account.
fn normal(call: &Call<'_>, writer: &Writer<'_>) -> Result<(Cache, Item), Problem> {
    let cache = running(call, writer)?;
    if is_default(call, &cache)? {
        return Err(INVALID);
    }
    Ok((cache, find(call, |key| writer.get(key))?))
}

/// Returns the instance and the account, like [`normal`]. If the account does not have the status AVAILABLE, the
/// function returns an error.
fn available(call: &Call<'_>, writer: &Writer<'_>) -> Result<(Cache, Item), Problem> {
    let (cache, account) = normal(call, writer)?;
    match account.status() {
        "AVAILABLE" => Ok((cache, account)),
        _ => Err(CHANGING),
    }
}

fn describe(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let (_, mut account) = available(call, writer)?;
        if let Some(description) = call.in_body("/description") {
            account.fields.set("description", description);
        }
        put(call, writer, account)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn guard(account: &Item) -> Result<Guard, Problem> {
    serde_json::from_value(account.fields["guard"].clone()).map_err(|error| {
        Problem::Failed(format!(
            "the stored password of an account is not valid: {error}"
        ))
    })
}

/// Changes the password of an account.
///
/// If the old password is wrong, the function stores the reduced number of remaining attempts.
fn change_password(call: &Call<'_>) -> Result<Answer, Problem> {
    let old = call.in_body("/old_password").ok_or(INVALID)?;
    call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        if is_default(call, &cache)? {
            let new = password(call, "new_password", DEFAULT)?;
            return change_of_instance(call, writer, cache, old, new);
        }
        let (_, mut account) = available(call, writer)?;
        let new = password(call, "new_password", name(&account))?;
        let mut guard = guard(&account)?;
        let answer = guard.change(call, old, new)?;
        account.fields.set("guard", json!(guard));
        put(call, writer, account)?;
        Ok(Answer::ok(answer))
    })
}

fn name(account: &Item) -> &str {
    account.fields["account_name"].as_str().unwrap_or_default()
}

/// Resets the password of an account. The request can omit the old password.
///
/// If the request contains a wrong old password, the sandbox does not change the password.
fn reset_password(call: &Call<'_>) -> Result<Answer, Problem> {
    let old = call.in_body("/old_password");
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        let account = match is_default(call, &cache)? {
            true => None,
            false => Some(available(call, writer)?.1),
        };
        let new = password(call, "new_password", account.as_ref().map_or(DEFAULT, name))?;
        let mut guard = match &account {
            Some(account) => guard(account)?,
            None => Guard::of(&cache),
        };
        let attempt = guard.set(call, old, Some(Hash::of(new)));
        let mut answer = guard.reset_answer(call, attempt);
        if attempt == Attempt::Done {
            answer["message"] = json!("Reset DCSInstance password success.");
        }
        match account {
            Some(mut account) => {
                account.fields.set("guard", json!(guard));
                put(call, writer, account)?;
            }
            None => {
                guard.keep(&mut cache);
                put(call, writer, cache)?;
            }
        }
        Ok(Answer::ok(answer))
    })
}

/// Returns whether an account of the instance accepts `login`. A valid `login` has the form `{name}:{password}`. The
/// function ignores the default account.
pub(crate) fn lets_in(
    reader: &Reader,
    cache: &Cache,
    now_ms: i64,
    login: &str,
) -> Result<bool, StoreError> {
    let Some((wanted, password)) = login.split_once(':') else {
        return Ok(false);
    };
    let key = IndexKey::new(&json!(ACCOUNT)).and(&json!(cache.project_id));
    let query = Query::default().with(&Item::BY_INSTANCE, key.and(&json!(cache.id())));
    let accounts = reader.list(&query)?.into_iter();
    let mut accounts = accounts.filter_map(|account| at(account, now_ms));
    Ok(accounts.any(|account| {
        let usable = matches!(account.status(), "AVAILABLE" | "UPDATING");
        usable && name(&account) == wanted && guard(&account).is_ok_and(|own| own.matches(password))
    }))
}

fn change_role(call: &Call<'_>) -> Result<Answer, Problem> {
    let mut wanted = json!({});
    for field in ["account_role", "account_read_policy"] {
        if let Some(value) = call.in_body(&format!("/{field}")) {
            wanted[field] = json!(value);
        }
    }
    if wanted == json!({}) {
        return Err(INVALID);
    }
    call.state.store.write(|writer| {
        let (cache, mut account) = available(call, writer)?;
        let ending = Ending::new(call);
        account.fields.set("status", "UPDATING");
        let changed = match ending.failed {
            true => Value::Null,
            false => wanted,
        };
        account.steps = vec![ending.step("AVAILABLE", changed)];
        let details = json!({"account_name": name(&account)});
        let job = jobs::start_until(
            call,
            writer,
            "UpdateAclRole",
            Some(cache.id()),
            details,
            &ending,
        )?;
        put(call, writer, account)?;
        Ok(Answer::ok(
            json!({"instance_id": cache.id(), "job_id": job}),
        ))
    })
}
