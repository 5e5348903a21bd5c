//! Implements methods of [`Sandbox`](crate::Sandbox) for tests. The methods check logins, set the status of a DCS
//! instance, and change the user's password.

use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use crate::behaviour::dcs::accounts::lets_in;
use crate::behaviour::timed::at;
use crate::error::StatusError;
use crate::password_hash::Hash;
use crate::state::State;
use crate::store::records::TENANT;
use crate::store::{
    AccessKey, Authentication, Cache, Device, IndexKey, Product, Query, StoreError, Token, User,
};
use crate::{Service, Tenant};

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
    let (reader, now) = (state.store.read()?, state.clock.now_ms());
    let cache: Option<Cache> = reader.get(instance_id)?;
    let Some(cache) = cache.and_then(|cache| at(cache, now)) else {
        return Ok(false);
    };
    let own = cache.password.as_ref();
    match own.is_none_or(|own| own.matches(password)) {
        true => Ok(true),
        false => lets_in(&reader, &cache, now, password),
    }
}

/// Sets the status of a DCS instance. If a change is in progress, such as a restart, the change has no further effect
/// on the instance.
pub(crate) fn put_status(
    state: &State,
    instance_id: &str,
    status: &str,
) -> Result<(), StatusError> {
    let document: Value = serde_json::from_str(Service::Dcs.document()).unwrap_or_default();
    let options = document.pointer("/components/schemas/InstanceStatus/enum");
    let options: Vec<&str> = options
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !options.contains(&status) {
        let options = options.join(", ");
        return Err(StatusError::Undocumented {
            status: status.to_owned(),
            options,
        });
    }
    state.store.write(|writer| {
        let cache: Option<Cache> = writer.get(instance_id)?;
        let cache = cache.and_then(|cache| at(cache, state.clock.now_ms()));
        let Some(mut cache) = cache else {
            return Err(StatusError::NoInstance(instance_id.to_owned()));
        };
        cache.fields.set("status", status);
        cache.steps.clear();
        Ok(writer.put(instance_id, &cache)?)
    })
}

/// Changes the password of the user. The user's tokens and temporary access keys become invalid.
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
