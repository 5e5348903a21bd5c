//! The keys of an instance in the sandbox: a few keys, until the data is deleted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::nodes::{Node, has_shards, nodes};
use crate::store::Cache;

struct Key {
    name: &'static str,
    /// The name of the type in the API.
    data_type: &'static str,
    db: u8,
    /// Number of elements; of a string, bytes.
    size: u64,
    bytes: u64,
    /// The counter of uses, 0 to 255.
    freq: u8,
}

/// Two of them are from the pages' examples.
#[rustfmt::skip]
const KEYS: [Key; 6] = [
    Key { name: "session:archive", data_type: "hash", db: 0, size: 12_000, bytes: 960_000, freq: 2 },
    Key { name: "ranking:week", data_type: "zset", db: 1, size: 8_000, bytes: 640_000, freq: 120 },
    Key { name: "feed:global", data_type: "list", db: 0, size: 5_000, bytes: 400_000, freq: 12 },
    Key { name: "online:users", data_type: "set", db: 1, size: 2_000, bytes: 128_000, freq: 31 },
    Key { name: "dcs-bigkey-test", data_type: "string", db: 0, size: 3_000, bytes: 3_000, freq: 0 },
    Key { name: "dcs-hotkey-test", data_type: "string", db: 0, size: 3_000, bytes: 3_000, freq: 4 },
];

/// Smaller keys are not big.
const BIG: u64 = 3_000;

/// The number of expired keys that a scan finds.
const EXPIRED: usize = 100;

fn keys_of(cache: &Cache) -> &'static [Key] {
    match cache.fields["used_memory"] == 0 {
        true => &[],
        false => &KEYS,
    }
}

impl Key {
    fn to_json(&self, cache: &Cache) -> Value {
        let unit = match self.data_type {
            "string" => "byte",
            _ => "count",
        };
        let mut key = json!({
            "name": self.name,
            "type": self.data_type,
            "db": self.db,
            "size": self.size,
            "unit": unit,
        });
        if let Some(shard) = self.shard(cache) {
            key["shard"] = json!(shard);
        }
        key
    }

    /// The address of the master that holds the key, in a cluster.
    fn shard(&self, cache: &Cache) -> Option<String> {
        if !has_shards(cache) {
            return None;
        }
        let masters: Vec<Node> = nodes(cache)
            .into_iter()
            .filter(|node| node.is("master"))
            .collect();
        let number = KEYS.iter().position(|key| key.name == self.name)?;
        let master = masters.get(number.checked_rem(masters.len())?)?;
        Some(format!("{}:{}", master.ip, cache.fields["port"]))
    }

    /// The part of the name before its last part.
    fn prefix(&self) -> &'static str {
        let end = self.name.rfind([':', '-']);
        end.map_or(self.name, |end| &self.name[..end])
    }
}

pub(super) fn big(cache: &Cache) -> Value {
    let keys = keys_of(cache).iter().filter(|key| key.bytes >= BIG);
    let keys: Vec<_> = keys.map(|key| key.to_json(cache)).collect();
    json!({"num": keys.len(), "keys": keys})
}

/// The most used first.
pub(super) fn hot(cache: &Cache) -> Value {
    let mut hot: Vec<&Key> = keys_of(cache).iter().filter(|key| key.freq > 0).collect();
    hot.sort_by_key(|key| std::cmp::Reverse(key.freq));
    let keys = hot.iter().map(|key| {
        let mut shown = key.to_json(cache);
        shown["freq"] = json!(key.freq);
        shown
    });
    let keys: Vec<_> = keys.collect();
    json!({"num": keys.len(), "keys": keys})
}

pub(super) fn expired(cache: &Cache) -> Value {
    let found = if keys_of(cache).is_empty() {
        0
    } else {
        EXPIRED
    };
    json!({"num": found})
}

/// All keys, by type and by prefix.
pub(super) fn all(cache: &Cache) -> Value {
    let keys = keys_of(cache);
    let mut types: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut prefixes: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for key in keys {
        for sums in [
            types.entry(key.data_type).or_default(),
            prefixes.entry((key.prefix(), key.data_type)).or_default(),
        ] {
            *sums = (sums.0 + 1, sums.1 + key.bytes);
        }
    }
    let largest = keys.iter().map(|key| {
        json!({"key": key.name, "type": key.data_type, "bytes": key.bytes, "num_of_elem": key.size})
    });
    let prefixes = prefixes.iter().map(|((prefix, data_type), (num, bytes))| {
        json!({"key_prefix": prefix, "type": data_type, "bytes": bytes, "num": num})
    });
    let type_bytes = types
        .iter()
        .map(|(name, sums)| json!({"type": name, "bytes": sums.1}));
    let type_num = types
        .iter()
        .map(|(name, sums)| json!({"type": name, "num": sums.0}));
    json!({
        "largest_keys": largest.collect::<Vec<_>>(),
        "largest_key_prefixes": prefixes.collect::<Vec<_>>(),
        "total_bytes": keys.iter().map(|key| key.bytes).sum::<u64>(),
        "total_num": keys.len(),
        "type_bytes": type_bytes.collect::<Vec<_>>(),
        "type_num": type_num.collect::<Vec<_>>(),
    })
}

/// One line for each hot key, below the names of the columns.
pub(super) fn csv(keys: &Value) -> String {
    const COLUMNS: [&str; 7] = ["name", "type", "shard", "db", "size", "unit", "freq"];
    let cell = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let lines = keys.as_array().into_iter().flatten().map(|key| {
        let cells = COLUMNS.map(|column| cell(&key[column]));
        cells.join(",") + "\n"
    });
    std::iter::once(COLUMNS.join(",") + "\n")
        .chain(lines)
        .collect()
}
