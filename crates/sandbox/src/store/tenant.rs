//! Creates the content of a new database, and finds the tenant and the user in a database.

use serde_json::json;
use uuid::Uuid;

use super::records::{AccessKey, TENANT, User};
use super::{IndexKey, Query, Store, StoreError, Writer};
use crate::options::Names;
use crate::password_hash::Hash;
use crate::{Tenant, random};

impl Store {
    /// Returns the tenant in the database. If the database has no tenant, the method creates a tenant with a user and
    /// an access key.
    pub fn tenant(&self, names: &Names, password: Option<&str>) -> Result<Tenant, StoreError> {
        if let Some(tenant) = self.read()?.get(TENANT)? {
            return Ok(tenant);
        }
        self.write(|writer| {
            let tenant = Tenant {
                project_id: random::hex(32),
                project_name: names.project.clone(),
                domain_id: random::hex(32),
                domain_name: names.domain.clone(),
                user_name: names.user.clone(),
                password: password.map_or_else(
                    || random::password(&random::device_password_rule()),
                    str::to_owned,
                ),
                access_key: random::access_key(),
                secret_key: random::alphanumeric(40),
                instance_id: Uuid::new_v4().to_string(),
            };
            put(writer, &tenant)?;
            Ok(tenant)
        })
    }
}

impl Store {
    /// Returns the ID of the tenant's user. The result is an empty string if the database no longer contains this user.
    pub fn user_id(&self, tenant: &Tenant) -> Result<String, StoreError> {
        let name = IndexKey::new(&json!(tenant.user_name));
        let users = self
            .read()?
            .list(&Query::default().with(&User::BY_NAME, name).take(1))?;
        Ok(users
            .into_iter()
            .next()
            .map(|user| user.id)
            .unwrap_or_default())
    }
}

fn put(writer: &mut Writer<'_>, tenant: &Tenant) -> Result<(), StoreError> {
    let user = User {
        id: random::hex(32),
        name: tenant.user_name.clone(),
        domain_id: tenant.domain_id.clone(),
        domain_name: tenant.domain_name.clone(),
        password: Hash::of(&tenant.password),
    };
    let key = AccessKey {
        user_id: user.id.clone(),
        secret: tenant.secret_key.clone(),
        temporary: None,
    };
    writer.put(&user.id, &user)?;
    writer.put(&tenant.access_key, &key)?;
    writer.put(TENANT, tenant)
}
