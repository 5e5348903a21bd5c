//! The operations of the chapter (OpenAPI tag) `tags`: the tags of an instance, and of all instances of the project.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::{Value, json};

use super::super::timed::{page, put};
use super::super::{Behaviour, Call, does};
use super::lifecycle::{found, known};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::{Cache, IndexKey, Query};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("list_tags", does(list_of_project)),
    ("list_instance_tags", does(list_of_instance)),
    ("create_or_delete_instance_tags", does(create_or_delete)),
];

fn tags_of(cache: &Cache) -> Vec<Value> {
    cache.fields["tags"].as_array().cloned().unwrap_or_default()
}

fn list_of_instance(call: &Call<'_>) -> Result<Answer, Problem> {
    Ok(Answer::ok(json!({"tags": tags_of(&known(call)?)})))
}

/// Lists the tags of all instances of the project. Keys and values are sorted.
fn list_of_project(call: &Call<'_>) -> Result<Answer, Problem> {
    let project = IndexKey::new(&json!(call.project()?));
    let all = page(call, &Query::default().with(&Cache::BY_PROJECT, project))?;
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for tag in all.records.iter().flat_map(tags_of) {
        let text = |name: &str| tag[name].as_str().unwrap_or_default().to_owned();
        values.entry(text("key")).or_default().insert(text("value"));
    }
    let tags = values
        .into_iter()
        .map(|(key, values)| json!({"key": key, "values": values}));
    Ok(Answer::ok(json!({"tags": tags.collect::<Vec<_>>()})))
}

/// Adds or removes tags. If the key of an added tag already exists, the tag gets the new value. If a request removes a
/// missing key, the request succeeds.
fn create_or_delete(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let is_new = body["action"] == "create";
    let wanted = body["tags"].as_array().map_or(&[][..], Vec::as_slice);
    let keys: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|tag| tag["key"].as_str())
        .collect();
    if keys.len() < wanted.len() {
        return Err(Problem::invalid("tags.key", "must not be repeated"));
    }
    if is_new && wanted.iter().any(|tag| tag["value"].is_null()) {
        return Err(Problem::invalid("tags.value", "is needed to add a tag"));
    }
    call.state.store.write(|writer| {
        let mut cache = found(call, |id| writer.get(id))?;
        let mut tags = tags_of(&cache);
        tags.retain(|tag| !keys.contains(tag["key"].as_str().unwrap_or_default()));
        if is_new {
            tags.extend(wanted.iter().cloned());
        }
        cache.fields.set("tags", tags);
        put(call, writer, cache)
    })?;
    Ok(Answer::new(StatusCode::NO_CONTENT, None))
}
