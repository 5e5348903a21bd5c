//! Functions that create, find, list and remove resources of the type [`Item`]. Examples are backups of DCS and device
//! groups of LINK. Two more functions select fields.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Call;
use super::timed::{at, page};
use crate::openapi::RequestPart;
use crate::problem::{Problem, Violation};
use crate::store::{Fields, IndexKey, Item, Page, Query, StoreError, Writer};

impl Call<'_> {
    /// Returns a new item that belongs to the instance, or to the project if `instance` is `None`. The caller must
    /// store the item.
    pub fn new_item(
        &self,
        kind: &str,
        instance: Option<&str>,
        id: &str,
        fields: Value,
    ) -> Result<Item, Problem> {
        Ok(Item {
            kind: kind.to_owned(),
            project_id: self.project()?.to_owned(),
            instance_id: instance.map(str::to_owned),
            id: id.to_owned(),
            created_ms: self.state.clock.now_ms(),
            fields: Fields::from(fields),
            steps: Vec::new(),
        })
    }

    /// Returns the item with this kind and ID, in its current state. Returns `None` if the item does not exist. If the
    /// path names an instance, the method finds only items that belong to this instance.
    pub fn item(
        &self,
        kind: &str,
        id: &str,
        get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
    ) -> Result<Option<Item>, Problem> {
        let instance = self.text(&self.values.path, "instance_id");
        let item = get(&Item::key_of(kind, self.project()?, id))?;
        Ok(item
            .filter(|item| instance.is_none() || item.instance_id.as_deref() == instance)
            .and_then(|item| at(item, self.state.clock.now_ms())))
    }

    /// Returns a query for the items of this kind that belong to the instance in the path, in the order of creation.
    ///
    /// If the path names no instance, the query finds the items of this kind in the whole project.
    pub fn items(&self, kind: &str) -> Result<Query<'_, Item>, Problem> {
        let kind = IndexKey::new(&json!(kind)).and(&json!(self.project()?));
        Ok(match self.text(&self.values.path, "instance_id") {
            Some(instance) => Query::default().with(&Item::BY_INSTANCE, kind.and(&json!(instance))),
            None => Query::default().with(&Item::BY_PROJECT, kind),
        })
    }

    /// Returns the page that the query parameters `offset` and `limit` select. If `limit` is missing and has no
    /// documented default, the page has at most `size` elements.
    pub fn page_of_items(
        &self,
        query: Query<'_, Item>,
        size: usize,
    ) -> Result<Page<Item>, Problem> {
        let query = query
            .skip(self.number_in_query("offset").unwrap_or(0))
            .take(self.number_in_query("limit").unwrap_or(size));
        page(self, &query)
    }

    /// Restricts the query to items that were created between two times.
    ///
    /// `from` and `until` are the names of the query parameters with these times. A time has the form yyyyMMddHHmmss.
    pub fn created_between<'q>(
        &self,
        query: Query<'q, Item>,
        kind: &str,
        (from, until): (&str, &str),
    ) -> Result<Query<'q, Item>, Problem> {
        let (from, until) = (self.time_in_query(from)?, self.time_in_query(until)?);
        if from.is_none() && until.is_none() {
            return Ok(query);
        }
        let key = |ms: i64| Some(IndexKey::new(&json!(kind)).and(&json!(ms)));
        // The range includes the whole last second.
        let until = until.map_or(i64::MAX, |until| until.saturating_add(999));
        Ok(query.between(&Item::BY_CREATION, key(from.unwrap_or(0)), key(until)))
    }

    fn time_in_query(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(text) = self.text(&self.values.query, name) else {
            return Ok(None);
        };
        let time = DateTime::strptime("%Y%m%d%H%M%S", text).ok();
        let time = time.and_then(|time| TimeZone::UTC.to_timestamp(time).ok());
        match time {
            Some(time) => Ok(Some(time.as_millisecond())),
            None => Err(Problem::Invalid(vec![Violation {
                place: RequestPart::Query,
                parameter: name.to_owned(),
                reason: "must have the form yyyyMMddHHmmss".to_owned(),
                password_rule: false,
            }])),
        }
    }
}

/// Returns the fields with these names. A missing field has the value `null`.
pub(super) fn pick(fields: &Fields, names: &[&str]) -> Value {
    let picked = names
        .iter()
        .map(|name| ((*name).to_owned(), fields[name].clone()));
    Value::Object(picked.collect())
}

/// Removes all fields with the value `null`. According to the OpenAPI document, most fields cannot be `null`.
pub(super) fn present(fields: Value) -> Value {
    match fields {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.collect())
        }
        other => other,
    }
}

/// Removes an item. Returns whether the item existed.
pub(super) fn remove(writer: &mut Writer<'_>, item: &Item) -> Result<bool, StoreError> {
    writer.remove::<Item>(&Item::key_of(&item.kind, &item.project_id, &item.id))
}
