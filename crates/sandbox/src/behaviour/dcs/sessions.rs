//! The operations of the chapter (OpenAPI tag) `sessions`, which show and close the connections of clients.
//!
//! The sandbox runs no Redis. The first successful scan of a node finds twelve invented connections. These connections
//! exist until a request closes them.

use http::StatusCode;
use serde_json::{Value, json};

use super::super::items::remove;
use super::super::timed::{Ending, at, page, put};
use super::super::{Behaviour, Call, does};
use super::jobs;
use super::lifecycle::{known, running};
use super::refused;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, Fields, Item, Step, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_clients", does(list)),
    ("scan_clients", does(scan)),
    ("disconnect_clients", does(disconnect)),
    ("disconnect_all_clients", does(disconnect_all)),
];

const CLIENT: &str = "client";
/// The value of `Item::kind` for scans. Each scanned node has one such item, with the status of its last scan.
///
/// The first successful scan sets the field `time`. A later successful scan changes `time` only if the request sets
/// `clean_cache`.
const SCAN: &str = "client_scan";

/// The number of connections that the first successful scan of a node finds.
const CONNECTIONS: u64 = 12;

/// Checks whether the instance supports sessions. Redis 3.0 does not support sessions.
fn has_sessions(cache: &Cache) -> Result<(), Problem> {
    match cache.fields["engine_version"] == "3.0" {
        true => Err(refused("DCS.4848", "Client Management is not supported.")),
        false => Ok(()),
    }
}

const BUSY: Problem = refused(
    "DCS.4957",
    "This operation is not allowed when the task is in the current state.",
);

fn node<'c>(call: &'c Call<'_>) -> &'c str {
    call.in_body("/node_id").unwrap_or_default()
}

fn list(call: &Call<'_>) -> Result<Answer, Problem> {
    has_sessions(&known(call)?)?;
    let wanted = call.text(&call.values.query, "node_id");
    let of_node = |item: &Item| wanted.is_none_or(|node| item.fields["node_id"] == node);
    let scans = page(call, &call.items(SCAN)?.test(of_node))?.records;
    if scans.iter().any(|scan| scan.status() == "RUNNING") {
        return Err(BUSY);
    }
    let address = call.text(&call.values.query, "addr").unwrap_or_default();
    let fits = move |item: &Item| {
        let own = item.fields["addr"].as_str().unwrap_or_default();
        of_node(item) && own.contains(address)
    };
    let query = call.items(CLIENT)?.test(fits);
    let (total, clients) = match call.text(&call.values.query, "sort") {
        // An instance has few connections. Therefore the function can sort all of them in memory.
        Some(field) => {
            let found = page(call, &query)?;
            (found.total, sorted(call, found.records, field))
        }
        None => {
            let found = call.page_of_items(query, 10)?;
            (found.total, found.records)
        }
    };
    let time = scans.iter().map(|scan| scan.fields["time"].as_str());
    let mut answer = json!({
        "clients": clients.iter().map(shown).collect::<Vec<_>>(),
        "count": total,
    });
    if let Some(time) = time.max().flatten() {
        answer["time"] = json!(time);
    }
    Ok(Answer::ok(answer))
}

/// Sorts the connections by `field`, and returns the requested page.
fn sorted(call: &Call<'_>, mut clients: Vec<Item>, field: &str) -> Vec<Item> {
    clients.sort_by(|one, other| {
        let (one, other) = (&one.fields[field], &other.fields[field]);
        match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one.as_str().cmp(&other.as_str()),
        }
    });
    if call.text(&call.values.query, "order") != Some("asc") {
        clients.reverse();
    }
    let clients = clients.into_iter();
    let clients = clients.skip(call.number_in_query("offset").unwrap_or(0));
    clients
        .take(call.number_in_query("limit").unwrap_or(10))
        .collect()
}

fn shown(client: &Item) -> Value {
    let mut shown = client.fields.to_json();
    if let Some(shown) = shown.as_object_mut() {
        shown.retain(|name, _| name != "node_id" && name != "status");
    }
    shown
}

fn scan(call: &Call<'_>) -> Result<Answer, Problem> {
    let node = node(call);
    let job = call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        has_sessions(&cache)?;
        let id = format!("{}/{node}", cache.id());
        let before = call.item(SCAN, &id, |key| writer.get(key))?;
        if before
            .as_ref()
            .is_some_and(|scan| scan.status() == "RUNNING")
        {
            return Err(BUSY);
        }
        let ending = Ending::new(call);
        let (status, is_first) = match (ending.failed, &before) {
            (true, _) => ("FAIL", false),
            (false, None) => ("SUCCESS", true),
            (false, Some(before)) => ("SUCCESS", before.fields["time"].is_null()),
        };
        // If the node was not scanned before, its number is the count of the scan items of the instance. The sandbox
        // never removes these items, so each node gets its own number. The IDs of connections depend on this number.
        let node_number = match &before {
            Some(before) => before.fields["node_number"].as_u64().unwrap_or_default(),
            None => writer.page(&call.items(SCAN)?.take(0))?.total,
        };
        if is_first {
            connect(call, writer, &cache, node, node_number)?;
        }
        let again = call.values.body["clean_cache"] == true;
        let old = before.map_or(Value::Null, |before| before.fields["time"].clone());
        let fields =
            json!({"node_id": node, "status": "RUNNING", "time": old, "node_number": node_number});
        let mut scan = call.new_item(SCAN, Some(cache.id()), &id, fields)?;
        let found = match status == "SUCCESS" && (is_first || again) {
            true => json!({"time": ending.time()}),
            false => Value::Null,
        };
        scan.steps = vec![ending.step(status, found)];
        put(call, writer, scan)?;
        jobs::start_until(
            call,
            writer,
            "scanClients",
            Some(cache.id()),
            json!({}),
            &ending,
        )
    })?;
    Ok(Answer::ok(json!({"job_id": job})))
}

/// Stores the connections that the first successful scan of a node finds.
fn connect(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    cache: &Cache,
    node: &str,
    node_number: u64,
) -> Result<(), Problem> {
    for number in 1..=CONNECTIONS {
        let id = (node_number * CONNECTIONS + number).to_string();
        let fields = json!({
            "node_id": node,
            "id": id,
            "addr": format!("10.0.0.{number}:{}", 40_000 + number),
            "fd": (number + 7).to_string(),
            "name": format!("client-{number}"),
            "cmd": "get",
            "age": number * 60,
            "idle": number,
            "db": "0",
            "flags": "N",
            "sub": 0,
            "psub": 0,
            "multi": 0,
            "qbuf": 0,
            "qbuf_free": 0,
            "obl": 0,
            "oll": 0,
            "omem": 0,
            "events": "r",
            "network": "vpc",
            "peer": format!("198.19.0.{number}:{}", 50_000 + number),
            "user": "default",
        });
        let key = format!("{}/{id}", cache.id());
        let client = call.new_item(CLIENT, Some(cache.id()), &key, fields)?;
        put(call, writer, client)?;
    }
    Ok(())
}

/// Returns the open connections of a node, or of all nodes if `node` is `None`.
fn clients(call: &Call<'_>, writer: &Writer<'_>, node: Option<&str>) -> Result<Vec<Item>, Problem> {
    let now = call.state.clock.now_ms();
    let all = writer.list(&call.items(CLIENT)?)?.into_iter();
    let all = all.filter_map(|client| at(client, now));
    Ok(all
        .filter(|client| node.is_none_or(|node| client.fields["node_id"] == node))
        .collect())
}

/// Closes connections. The request names each connection by the value of its field `peer`.
fn disconnect(call: &Call<'_>) -> Result<Answer, Problem> {
    let wanted = call.values.body["client_addrs"].as_array();
    let wanted: Vec<&str> = wanted
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if wanted.is_empty() {
        return Err(Problem::invalid_field(
            "client_addrs",
            "must contain at least one address",
        ));
    }
    call.state.store.write(|writer| {
        has_sessions(&running(call, writer)?)?;
        for client in clients(call, writer, Some(node(call)))? {
            let peer = client.fields["peer"].as_str().unwrap_or_default();
            if wanted.contains(&peer) {
                remove(writer, &client)?;
            }
        }
        Ok::<_, Problem>(())
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn disconnect_all(call: &Call<'_>) -> Result<Answer, Problem> {
    let node = match call.values.body["kill_all_nodes"] == true {
        true => None,
        false => Some(call.in_body("/node_id").ok_or_else(|| {
            Problem::invalid_field("node_id", "is required unless kill_all_nodes is true")
        })?),
    };
    let job = call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        has_sessions(&cache)?;
        let ending = Ending::new(call);
        if !ending.failed {
            for mut client in clients(call, writer, node)? {
                client.steps = vec![Step {
                    due_ms: ending.due_ms,
                    status: None,
                    fields: Fields::default(),
                }];
                put(call, writer, client)?;
            }
        }
        jobs::start_until(
            call,
            writer,
            "killAllClients",
            Some(cache.id()),
            json!({}),
            &ending,
        )
    })?;
    Ok(Answer::ok(json!({"job_id": job})))
}
