//! Trying credentials, and changing those of the user: what no documented operation does.

use subtle::ConstantTimeEq as _;

use crate::Tenant;
use crate::password_hash::Hash;
use crate::state::State;
use crate::store::records::TENANT;
use crate::store::{AccessKey, Authentication, Cache, Device, Product, StoreError, Token, User};

pub(crate) fn device(
    state: &State,
    instance_id: &str,
    user_name: &str,
    password: &str,
) -> Result<bool, StoreError> {
    let (reader, prefix) = (state.store.read()?, format!("{instance_id}/"));
    let devices = reader
        .list::<Device>(&prefix)?
        .into_iter()
        .map(|device| device.authentication);
    let products = reader
        .list::<Product>(&prefix)?
        .into_iter()
        .map(|product| product.authentication);
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
        for mut user in writer
            .list::<User>("")?
            .into_iter()
            .filter(|user| user.name == state.tenant.user_name)
        {
            user.password = Hash::of(password);
            writer.put(&user.id, &user)?;
            writer.retain(|token: &Token| token.user_id != user.id)?;
            writer.retain(|key: &AccessKey| key.temporary.is_none() || key.user_id != user.id)?;
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
