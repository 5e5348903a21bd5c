//! Functions that several operations of LINK (ROMA Connect device integration) share. Most of the functions handle
//! authentications, pages of lists, and resources of the type [`Item`].

use serde_json::{Map, Value, json};

use super::Call;
use crate::problem::Problem;
use crate::random;
use crate::store::{
    Authentication, Fields, IndexKey, Item, Page, Query, Record, StoreError, Writer,
};

/// The maximum number of elements on a page of a list. If the API allows a larger `limit`, the page still has at most
/// this number of elements.
const LARGEST_PAGE: usize = 999;

/// The string that replaces passwords and other secrets in most answers.
///
/// Only creations, resets, exports and requests for the authentication can return the password of a device or product.
pub(super) const MASKED: &str = "********";

impl Call<'_> {
    /// Returns the user name and the password of the request. The sandbox generates the values that the request does
    /// not contain.
    pub fn new_authentication(&self) -> Authentication {
        Authentication {
            user_name: self
                .in_body("/user_name")
                .map_or_else(made_up_user_name, str::to_owned),
            password: self
                .in_body("/password")
                .map_or_else(|| self.made_up_password(), str::to_owned),
        }
    }

    /// Returns the authentication after a reset. If the request contains only a user name or only a password, the other
    /// value stays unchanged.
    ///
    /// If the request contains neither value, the sandbox generates both.
    pub fn reset_authentication(&self, present: Authentication) -> Authentication {
        match (self.in_body("/user_name"), self.in_body("/password")) {
            (None, None) => self.new_authentication(),
            (user_name, password) => Authentication {
                user_name: user_name.map_or(present.user_name, str::to_owned),
                password: password.map_or(present.password, str::to_owned),
            },
        }
    }

    /// Generates a password that is valid for the operation.
    fn made_up_password(&self) -> String {
        let documented = self
            .operation
            .body
            .as_ref()
            .and_then(|body| body.rule("password"));
        random::password(documented.unwrap_or(&random::device_password_rule()))
    }

    /// Returns the user of the request, for fields such as `created_user`.
    pub fn user_field(&self) -> Value {
        self.caller.map_or(
            Value::Null,
            |caller| json!({"user_id": caller.user.id, "user_name": caller.user.name}),
        )
    }

    /// Returns a query that selects the requested page of a list.
    pub fn limits<R: Record>(&self) -> Query<'_, R> {
        self.of_the_page(Query::default())
    }

    /// Returns the body of an answer with one page of a list.
    pub fn page<R>(&self, page: Page<R>, shown: impl Fn(&R) -> Value) -> Map<String, Value> {
        let items: Vec<_> = page.records.iter().map(shown).collect();
        let list = [
            ("total", json!(page.total)),
            ("size", json!(items.len())),
            ("items", Value::Array(items)),
        ];
        list.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Restricts a query to the requested page of the list.
    pub fn of_the_page<'q, R: Record>(&self, query: Query<'q, R>) -> Query<'q, R> {
        let (skip, take) = self.bounds();
        query.skip(skip).take(take)
    }

    /// Returns the number of elements before the requested page, and the size of the page.
    pub fn bounds(&self) -> (usize, usize) {
        let limit = self.number_in_query("limit").unwrap_or(LARGEST_PAGE);
        let skipped = self.number_in_query("offset").unwrap_or(0);
        (skipped, limit.min(LARGEST_PAGE))
    }

    /// Copies fields from the body of the request. Fields that the body does not contain stay unchanged.
    pub fn take_over(&self, fields: &mut Fields, names: &[&str]) {
        for name in names {
            if let Some(value) = self.values.body.get(name) {
                fields.set(name, value.clone());
            }
        }
    }

    /// Returns the item of this kind with this number. If the item does not exist, the method returns an error. Devices
    /// and products are not items.
    pub fn link_item(
        &self,
        kind: &str,
        id: u64,
        get: impl FnOnce(&str) -> Result<Option<Item>, StoreError>,
    ) -> Result<Item, Problem> {
        let id = id.to_string();
        self.item(kind, &id, get)?
            .ok_or(Problem::NoSuchResource { id })
    }

    pub fn put_link_item(
        &self,
        writer: &mut Writer<'_>,
        kind: &str,
        id: u64,
        fields: Value,
    ) -> Result<Item, Problem> {
        let instance = Some(self.in_path("instance_id")?);
        let item = self.new_item(kind, instance, &id.to_string(), fields)?;
        self.keep_link_item(writer, item)
    }

    pub fn keep_link_item(&self, writer: &mut Writer<'_>, item: Item) -> Result<Item, Problem> {
        writer.put(&Item::key_of(&item.kind, &item.project_id, &item.id), &item)?;
        Ok(item)
    }

    /// Removes the item of this kind with this number. If the item does not exist, the method returns an error.
    pub fn remove_link_item(
        &self,
        writer: &mut Writer<'_>,
        kind: &str,
        id: &Value,
    ) -> Result<(), Problem> {
        let id = id.to_string();
        match writer.remove::<Item>(&Item::key_of(kind, self.project()?, &id))? {
            true => Ok(()),
            false => Err(Problem::NoSuchResource { id }),
        }
    }

    /// Returns a query for the items with the value `id` in `field`. `kind` is the beginning of `Item::kind`, without
    /// the number of the parent. So the items can have any parent.
    pub fn that_name(
        &self,
        kind: &str,
        (field, id): (&str, u64),
    ) -> Result<Query<'_, Item>, Problem> {
        let key = Item::reference(kind, self.project()?, field, id);
        Ok(Query::default().with(&Item::BY_REFERENCE, key))
    }

    /// Returns whether a query parameter is missing or equals `value`.
    pub fn query_equals(&self, parameter: &str, value: &Value) -> bool {
        self.values
            .query
            .get(parameter)
            .is_none_or(|wanted| wanted == value)
    }

    /// Returns the earliest and the latest creation time that the query parameters allow. `None` means no limit.
    pub fn creation(&self) -> (Option<IndexKey>, Option<IndexKey>) {
        let bound = |name: &str| self.values.query.get(name).map(IndexKey::new);
        (bound("created_date_start"), bound("created_date_end"))
    }
}

fn made_up_user_name() -> String {
    random::hex(32).to_ascii_uppercase()
}

/// Returns the fields and the authentication. The password is in clear text.
pub(super) fn shown(fields: &Fields, authentication: &Authentication) -> Value {
    with_authentication(fields, &authentication.user_name, &authentication.password)
}

/// Returns the fields and the authentication. The password is masked, as in the examples of the documentation.
pub(super) fn masked(fields: &Fields, authentication: &Authentication) -> Value {
    with_authentication(fields, &authentication.user_name, MASKED)
}

fn with_authentication(fields: &Fields, user_name: &str, password: &str) -> Value {
    let mut fields = fields.clone();
    fields.set(
        "authentication",
        json!({"user_name": user_name, "password": password}),
    );
    fields.into_json()
}

pub(super) fn authentication(authentication: &Authentication) -> Value {
    json!({"user_name": authentication.user_name, "password": authentication.password})
}

/// The value of `Item::kind` for device groups.
pub(super) const GROUP: &str = "link-group";

/// Returns the numbers of a JSON list.
pub(super) fn numbers(list: &Value) -> impl Iterator<Item = u64> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_u64)
}

/// Returns all permissions for a resource, because in the sandbox the caller is always the owner.
pub(super) fn permissions() -> Value {
    json!(["read", "access", "delete", "modify"])
}
