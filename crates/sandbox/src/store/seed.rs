//! What a new database starts with.

use uuid::Uuid;

use super::records::{AccessKey, SEED, User};
use super::{Store, StoreError, Writer};
use crate::options::Names;
use crate::password::{Hash, Rule};
use crate::{Seed, random};

impl Store {
    /// What the database started with; a new one is given it now.
    pub fn seed(&self, names: &Names, password: Option<&str>) -> Result<Seed, StoreError> {
        if let Some(seed) = self.read()?.get(SEED)? {
            return Ok(seed);
        }
        self.write(|writer| {
            let seed = Seed {
                project_id: random::hex(32),
                project_name: names.project.clone(),
                domain_id: random::hex(32),
                domain_name: names.domain.clone(),
                user_name: names.user.clone(),
                password: password.map_or_else(|| random::password(&Rule::device()), str::to_owned),
                access_key: random::access_key(),
                secret_key: random::alphanumeric(40),
                instance_id: Uuid::new_v4().to_string(),
            };
            put(writer, &seed)?;
            Ok(seed)
        })
    }
}

fn put(writer: &Writer, seed: &Seed) -> Result<(), StoreError> {
    let user = User {
        id: random::hex(32),
        name: seed.user_name.clone(),
        domain_id: seed.domain_id.clone(),
        domain_name: seed.domain_name.clone(),
        password: Hash::of(&seed.password),
    };
    let key = AccessKey {
        user_id: user.id.clone(),
        secret: seed.secret_key.clone(),
        temporary: None,
    };
    writer.put(&user.id, &user)?;
    writer.put(&seed.access_key, &key)?;
    writer.put(SEED, seed)
}
