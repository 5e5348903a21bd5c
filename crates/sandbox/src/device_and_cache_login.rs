//! Trying credentials, and changing those of the user: what no documented operation does.

use serde_json::json;
use subtle::ConstantTimeEq as _;

use crate::Tenant;
use crate::password_hash::Hash;
use crate::state::State;
use crate::store::records::TENANT;
use crate::store::{
    AccessKey, Authentication, Cache, Device, IndexKey, Product, Query, StoreError, Token, User,
};

pub(crate) fn device(
    state: &State,
    instance_id: &str,
    user_name: &str,
    password: &str,
) -> Result<bool, StoreError> {
    if instance_id != state.tenant.instance_id {
        return Ok(false);
    }
    let name = || IndexKey::new(&json!(user_name));
    let reader = state.store.read()?;
    let devices = reader.list(&Query::default().with(&Device::BY_LOGIN, name()))?;
    let devices = devices.into_iter().map(|device| device.authentication);
    let products = reader.list(&Query::default().with(&Product::BY_LOGIN, name()))?;
    let products = products.into_iter().map(|product| product.authentication);
    let same = |own: Authentication| {
        own.user_name == user_name && bool::from(own.password.as_bytes().ct_eq(password.as_bytes()))
    };
    Ok(devices.chain(products).any(same))
}

pub(crate) fn dcs(state: &State, instance_id: &str, password: &str) -> Result<bool, StoreError> {
    let cache: Option<Cache> = state.store.read()?.get(instance_id)?;
    Ok(cache.is_some_and(|cache| cache.password.is_none_or(|own| own.matches(password))))
}

/// What was made with the old password ends with it.
pub(crate) fn change_user_password(state: &State, password: &str) -> Result<(), StoreError> {
    state.store.write(|writer| {
        let name = IndexKey::new(&json!(state.tenant.user_name));
        for mut user in writer.list(&Query::default().with(&User::BY_NAME, name))? {
            user.password = Hash::of(password);
            writer.put(&user.id, &user)?;
            let id = || IndexKey::new(&json!(user.id));
            writer.remove_all(&Query::default().with(&Token::BY_USER, id()))?;
            let keys = Query::default().with(&AccessKey::BY_USER, id());
            writer.remove_all(&keys.test(|key| key.temporary.is_some()))?;
        }
        writer.put(
            TENANT,
            &Tenant {
                password: password.to_owned(),
                ..state.tenant.clone()
            },
        )
    })
}
