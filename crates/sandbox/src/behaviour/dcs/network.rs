//! The operations of the chapter (OpenAPI tag) `network`: the IP whitelist and SSL.

use std::net::IpAddr;

use http::StatusCode;
use serde_json::{Value, json};

use super::super::timed::{Ending, put, text};
use super::super::{Behaviour, Call, does};
use super::jobs;
use super::lifecycle::{known, running};
use super::refused;
use super::states::begin;
use crate::answer::Answer;
use crate::problem::Problem;
use crate::random;
use crate::store::{Cache, Item, StoreError, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("show_whitelist", does(show_whitelist)),
    ("update_whitelist", does(update_whitelist)),
    ("start_whitelist_update", does(start_whitelist_update)),
    ("show_ssl", does(show_ssl)),
    ("update_ssl", does(update_ssl)),
    ("create_ssl_certificate_link", does(link)),
];

const WHITELIST: &str = "whitelist";

/// The highest number of addresses and address ranges in all groups of a whitelist together.
const MOST_ADDRESSES: usize = 20;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn whitelist(
    call: &Call<'_>,
    cache: &Cache,
    get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
) -> Result<Item, Problem> {
    // Instances with Redis 3.0 use security groups instead of a whitelist.
    if cache.fields["engine_version"] == "3.0" {
        return Err(refused(
            "DCS.4008",
            "The selected cache engine version is not supported.",
        ));
    }
    match call.item(WHITELIST, cache.id(), get)? {
        Some(item) => Ok(item),
        None => {
            let fields = json!({"enable_whitelist": false, "whitelist": []});
            call.new_item(WHITELIST, Some(cache.id()), cache.id(), fields)
        }
    }
}

fn show_whitelist(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = known(call)?;
    let item = whitelist(call, &cache, |key| call.state.store.read()?.get(key))?;
    Ok(Answer::ok(json!({
        "instance_id": cache.id(),
        "enable_whitelist": item.fields["enable_whitelist"],
        "whitelist": item.fields["whitelist"],
        "whitelist_ip_limit_num": MOST_ADDRESSES.to_string(),
    })))
}

/// Returns the whitelist in the body of the request. If the whitelist is not valid, the function returns an error.
fn wanted(call: &Call<'_>, cache: &Cache) -> Result<Value, Problem> {
    let body = &call.values.body;
    if call
        .in_body("/instance_id")
        .is_some_and(|id| id != cache.id())
    {
        return Err(Problem::invalid_field(
            "instance_id",
            "must be the ID of the instance in the path",
        ));
    }
    let groups = body["whitelist"].as_array();
    let groups: Vec<&Value> = groups.into_iter().flatten().collect();
    let mut addresses = 0;
    for (number, group) in groups.iter().enumerate() {
        let name = &group["group_name"];
        if name == ""
            || groups[..number]
                .iter()
                .any(|other| other["group_name"] == *name)
        {
            let field = format!("whitelist[{number}].group_name");
            return Err(Problem::invalid_field(
                &field,
                "must not be empty, and must differ from the names of the other groups",
            ));
        }
        let list = group["ip_list"].as_array().into_iter().flatten();
        for one in list
            .filter_map(Value::as_str)
            .flat_map(|several| several.split(','))
        {
            addresses += 1;
            if !is_allowed(one.trim()) {
                let field = format!("whitelist[{number}].ip_list");
                let reason = "must contain only addresses and ranges, but not 0.0.0.0, :: or a range of all addresses";
                return Err(Problem::invalid_field(&field, reason));
            }
        }
    }
    if addresses > MOST_ADDRESSES {
        let reason = "must have at most 20 addresses and ranges in all groups together";
        return Err(Problem::invalid_field("whitelist", reason));
    }
    Ok(json!({"enable_whitelist": body["enable_whitelist"], "whitelist": groups}))
}

/// Returns whether a whitelist can contain the text. The text must be an IP address, or a range such as `10.0.0.0/8`.
///
/// A whitelist cannot contain `0.0.0.0`, `::`, or a range of all addresses.
fn is_allowed(text: &str) -> bool {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| {
        let digits = bits.bytes().all(|byte| byte.is_ascii_digit());
        bits.parse::<u8>()
            .ok()
            .filter(|bits| digits && *bits <= most)
    });
    // A range with the prefix length 0 contains all addresses. For example, `10.0.0.0/0` means the same as `0.0.0.0/0`.
    bits.is_some_and(|bits| bits > 0 && !(address.is_unspecified() && bits == most))
}

fn update_whitelist(call: &Call<'_>) -> Result<Answer, Problem> {
    call.state.store.write(|writer| {
        let (_, mut item, wanted) = change(call, writer)?;
        item.fields.add(wanted.into());
        put(call, writer, item)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}

fn start_whitelist_update(call: &Call<'_>) -> Result<Answer, Problem> {
    let job = call.state.store.write(|writer| {
        let (cache, mut item, mut wanted) = change(call, writer)?;
        let ending = Ending::new(call);
        if ending.failed {
            wanted = Value::Null;
        }
        item.steps = vec![ending.step("SUCCESS", wanted)];
        put(call, writer, item)?;
        jobs::start_until(
            call,
            writer,
            "AddWhitelist",
            Some(cache.id()),
            json!({}),
            &ending,
        )
    })?;
    Ok(Answer::ok(json!({"job_id": job})))
}

/// Returns the instance, its present whitelist and the new whitelist.
///
/// If a change of the whitelist is in progress, the function returns an error.
fn change(call: &Call<'_>, writer: &Writer<'_>) -> Result<(Cache, Item, Value), Problem> {
    let cache = running(call, writer)?;
    let item = whitelist(call, &cache, |key| writer.get(key))?;
    let wanted = wanted(call, &cache)?;
    match item.steps.is_empty() {
        true => Ok((cache, item, wanted)),
        false => Err(refused(
            "DCS.4017",
            "This DCS instance job task is still running.",
        )),
    }
}

/// Returns the instance, or an error if the instance does not support SSL. SSL needs Redis 6.0 or 7.0, and a type of
/// instance without proxies.
fn with_ssl(cache: Cache) -> Result<Cache, Problem> {
    let version = cache.fields["engine_version"].as_str().unwrap_or_default();
    let is_possible = matches!(version, "6.0" | "7.0")
        && matches!(cache.cache_mode(), "" | "single" | "ha" | "cluster");
    match is_possible {
        true => Ok(cache),
        false => Err(refused("DCS.4201", "Do not support SSL.")),
    }
}

/// Shows the SSL settings. If SSL is off, the status of the answer is 204.
fn show_ssl(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = with_ssl(known(call)?)?;
    let fields = &cache.fields;
    if fields["enable_ssl"] != true {
        return Ok(Answer::new(StatusCode::NO_CONTENT, None));
    }
    let port = fields["port"].to_string();
    let created = fields["created_at"].as_str();
    let created = created.and_then(|time| time.parse::<jiff::Timestamp>().ok());
    let created = created.map(jiff::Timestamp::as_millisecond);
    let domain = fields["domain_name"].as_str().unwrap_or_default();
    Ok(Answer::ok(json!({
        "enabled": true,
        "ip": fields["ip"],
        "port": port,
        "domain_name": format!("{domain}:{port}"),
        "ssl_expired_at": text(created.unwrap_or_default().saturating_add(365 * DAY_MS)),
        "ssl_validated": true,
    })))
}

/// Switches SSL on or off. The instance restarts.
fn update_ssl(call: &Call<'_>) -> Result<Answer, Problem> {
    let answer = call.state.store.write(|writer| {
        let mut cache = with_ssl(running(call, writer)?)?;
        begin(call.state, &mut cache, "restart")?;
        let ending = Ending::new(call);
        if let (Some(last), false) = (cache.steps.last_mut(), ending.failed) {
            last.fields
                .set("enable_ssl", call.values.body["enabled"].clone());
        }
        let id = cache.id().to_owned();
        let job = jobs::start_until(call, writer, "sslSwitch", Some(&id), json!({}), &ending)?;
        put(call, writer, cache)?;
        Ok::<_, Problem>(json!({"job_id": job, "instance_id": id, "result": "success"}))
    })?;
    Ok(Answer::ok(answer))
}

fn link(call: &Call<'_>) -> Result<Answer, Problem> {
    let cache = with_ssl(known(call)?)?;
    let file = format!("CA-{}.zip", call.state.clock.now_ms());
    let expires = call.state.clock.now_ms() / 1000 + 3600;
    let (key, signature) = (random::access_key(), random::alphanumeric(28));
    let link = format!(
        "https://certificates.sandbox.invalid:443/ssl-{}/{file}?AWSAccessKeyId={key}&Expires={expires}&Signature={signature}",
        cache.id()
    );
    Ok(Answer::ok(
        json!({"file_name": file, "link": link, "bucket_name": "certificates"}),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whitelist_accepts_only_valid_entries_and_no_entry_for_all_addresses() {
        for allowed in [
            "10.10.10.1",
            "10.0.0.0/8",
            "0.0.0.0/8",
            "192.168.1.1/32",
            "::1",
            "fd00::/8",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in [
            "",
            "0.0.0.0",
            "0.0.0.0/0",
            "0.0.0.0/32",
            "10.0.0.0/0",
            "::",
            "::/0",
            "10.0.0.256",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "a",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }
}
