//! The operations of the chapter (OpenAPI tag) `web-cli`: sessions in which a client executes commands on an instance.

use http::StatusCode;
use serde_json::json;

use super::super::items::remove;
use super::super::timed::put;
use super::super::{Behaviour, Call, does};
use super::lifecycle::{known, running};
use super::refused;
use crate::answer::Answer;
use crate::authenticate::fingerprint;
use crate::problem::Problem;
use crate::random;
use crate::store::{Item, StoreError};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("create_web_cli_session", does(log_in)),
    ("execute_web_cli_command", does(execute)),
    ("delete_web_cli_session", does(log_off)),
];

/// The value of `Item::kind` for sessions. The ID of the item is the hash of the session's `client_id`.
const SESSION: &str = "web_cli_session";

const WRONG_PASSWORD: Problem = refused("DCS.4080", "Instance password verify failed.");

/// Returns the number of databases of an instance. A cluster has 1 database, and other instances have 256.
fn databases(fields: &crate::store::Fields) -> i64 {
    fields["db_number"].as_i64().unwrap_or(256)
}

fn log_in(call: &Call<'_>) -> Result<Answer, Problem> {
    let sent = call.in_body("/password").unwrap_or_default();
    let client = random::hex(48);
    let databases = call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        if cache
            .password
            .as_ref()
            .is_some_and(|own| !own.matches(sent))
        {
            return Err(WRONG_PASSWORD);
        }
        let session = call.new_item(SESSION, Some(cache.id()), &fingerprint(&client), json!({}))?;
        put(call, writer, session)?;
        Ok(databases(&cache.fields))
    })?;
    Ok(Answer::ok(
        json!({"client_id": client, "databases": databases}),
    ))
}

fn session(
    call: &Call<'_>,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    let client = call.in_body("/client_id").unwrap_or_default();
    let session = call.item(SESSION, &fingerprint(client), get)?;
    session
        .ok_or_else(|| Problem::invalid("client_id", "is not the ID of a session of this instance"))
}

/// Executes a command. The sandbox implements only PING and ECHO, because it runs no Redis. For all other commands, the
/// answer is the documented example.
fn execute(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = call.state.store.write(|writer| running(call, writer))?;
    session(call, |key| call.state.store.read()?.get(key))?;
    let database = call.values.body["database"].as_i64().unwrap_or(0);
    if !(0..databases(&cache.fields)).contains(&database) {
        return Err(Problem::invalid(
            "database",
            "is not a database of this instance",
        ));
    }
    let command = call.in_body("/command").unwrap_or_default().trim();
    let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
    let reply = match name.to_ascii_lowercase().as_str() {
        "" => return Err(Problem::invalid("command", "is empty")),
        "ping" if rest.is_empty() => "PONG",
        "ping" | "echo" => rest.trim(),
        _ => {
            return Ok(Answer::new(
                call.operation.status,
                call.operation.example.clone(),
            ));
        }
    };
    Ok(Answer::ok(json!({"response": reply})))
}

fn log_off(call: &Call<'_>) -> Result<Answer, Problem> {
    known(call)?;
    call.state.store.write(|writer| {
        let session = session(call, |key| writer.get(key))?;
        Ok::<_, Problem>(remove(writer, &session)?)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}
