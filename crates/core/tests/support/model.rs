//! Types that are decoded like generated types.
#![allow(dead_code)]

use huaweicloud_core::decode::{self, Lenient, Object, Value};
use huaweicloud_core::{Json, Secret};
use serde::de::{Deserializer, MapAccess};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// An enum that accepts undocumented values, like a generated enum.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Status {
    Other(String),
}

impl Lenient for Status {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(decode::lenient_string(deserializer)?.map(Self::Other))
    }
}

macro_rules! object {
    ($type:ident { $($field:ident: $of:ty,)* }) => {
        #[derive(Debug, Default, Clone, PartialEq, Serialize)]
        pub struct $type { $(pub $field: $of,)* }

        impl Object for $type {
            fn field<'de, A: MapAccess<'de>>(&mut self, name: &str, value: Value<'_, A>) -> Result<(), A::Error> {
                match name {
                    $(stringify!($field) => value.read(&mut self.$field),)*
                    _ => value.skip(),
                }
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::object(deserializer)
            }
        }
    };
}

object!(Page { items: Vec<Thing>, total: Option<i32>, });
object!(Thing {
    id: Option<i64>,
    small: Option<u32>,
    big: Option<u64>,
    ratio: Option<f64>,
    on: Option<bool>,
    name: Option<String>,
    secret: Option<Secret>,
    status: Option<Status>,
    tags: Vec<String>,
    attributes: HashMap<String, String>,
    sorted: BTreeMap<String, i64>,
    free: Option<Json>,
    members: BTreeMap<String, Json>,
    part: Option<Part>,
    child: Option<Box<Thing>>,
    plain: i64,
});
object!(Part { id: Option<String>, sizes: Vec<Vec<f64>>, });
