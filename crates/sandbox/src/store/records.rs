//! What is kept.

use std::fmt;

use redb::TableDefinition;
use serde::{Deserialize, Serialize};

use super::fields::Fields;
use super::{Definition, Record};
use crate::Tenant;
use crate::password_hash::Hash;

pub(crate) const SEQUENCES: TableDefinition<'static, &'static str, u64> =
    TableDefinition::new("sequences");

/// Numbers start behind this one, so that small ones, as people write them into tests of what does not exist, do not exist.
pub(crate) const FIRST_ID: u64 = 100_000;

impl Record for Tenant {
    const TABLE: Definition = TableDefinition::new("tenant");
}

/// The key of the one [`Tenant`].
pub(crate) const TENANT: &str = "tenant";

/// A user of IAM, by ID.
#[derive(Serialize, Deserialize)]
pub(crate) struct User {
    pub id: String,
    pub name: String,
    pub domain_id: String,
    pub domain_name: String,
    pub password: Hash,
}

impl Record for User {
    const TABLE: Definition = TableDefinition::new("users");
}

/// A token, by the SHA-256 of its text. The text is not kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Token {
    pub user_id: String,
    /// The project that it is good for; none if it is good for the domain only.
    pub project_id: Option<String>,
    pub expires_ms: i64,
}

impl Record for Token {
    const TABLE: Definition = TableDefinition::new("tokens");
}

/// An access key, by itself. Its secret has to be kept as it is, because signatures are made with it.
#[derive(Serialize, Deserialize)]
pub(crate) struct AccessKey {
    pub user_id: String,
    pub secret: String,
    /// Set for a temporary key.
    pub temporary: Option<Temporary>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Temporary {
    /// SHA-256 of the security token that has to come with the key.
    pub security_token: String,
    pub expires_ms: i64,
}

impl Record for AccessKey {
    const TABLE: Definition = TableDefinition::new("access_keys");
}

/// What a device, or all devices of a product, sign in with. Kept as it is, because the API shows it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Authentication {
    pub user_name: String,
    pub password: String,
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Authentication {{ user_name: {:?}, password: *** }}",
            self.user_name
        )
    }
}

/// A device, by [`numbered`].
#[derive(Serialize, Deserialize)]
pub(crate) struct Device {
    /// The answer of the API, without the authentication.
    pub fields: Fields,
    pub authentication: Authentication,
}

impl Record for Device {
    const TABLE: Definition = TableDefinition::new("devices");
}

/// A product, by [`numbered`].
#[derive(Serialize, Deserialize)]
pub(crate) struct Product {
    /// The answer of the API, without the authentication.
    pub fields: Fields,
    pub authentication: Authentication,
}

impl Record for Product {
    const TABLE: Definition = TableDefinition::new("products");
}

/// The key of what is numbered within a ROMA instance. It sorts as the numbers do.
pub(crate) fn numbered(instance: &str, id: u64) -> String {
    format!("{instance}/{id:020}")
}

/// A DCS instance, by ID.
#[derive(Serialize, Deserialize)]
pub(crate) struct Cache {
    pub project_id: String,
    /// The answer of the API.
    pub fields: Fields,
    /// None if it can be used without a password.
    pub password: Option<Hash>,
    pub tries_left: u32,
    pub locked_until_ms: Option<i64>,
}

impl Record for Cache {
    const TABLE: Definition = TableDefinition::new("dcs_instances");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_numbers_and_by_instance() {
        let keys = [
            numbered("a", 9),
            numbered("a", 10),
            numbered("a", u64::MAX),
            numbered("b", 1),
        ];
        assert!(keys.is_sorted(), "{keys:?}");
    }
}
