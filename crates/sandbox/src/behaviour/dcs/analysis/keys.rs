//! The keys of a DCS instance. The sandbox runs no Redis, so the keys are invented.
//!
//! Every instance has the same six keys, until a request deletes the data of the instance.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::nodes::{Node, has_shards, nodes};
use crate::store::Cache;

struct Key {
    name: &'static str,
    /// The name that the API uses for the data type.
    data_type: &'static str,
    db: u8,
    /// The number of elements. For a string, this is the number of bytes.
    size: u64,
    bytes: u64,
    /// The counter of accesses to the key, from 0 to 255.
    freq: u8,
}

/// The names of two keys, `dcs-bigkey-test` and `dcs-hotkey-test`, are from examples in the documentation.
#[rustfmt::skip]
const KEYS: [Key; 6] = [
    Key { name: "session:archive", data_type: "hash", db: 0, size: 12_000, bytes: 960_000, freq: 2 },
    Key { name: "ranking:week", data_type: "zset", db: 1, size: 8_000, bytes: 640_000, freq: 120 },
    Key { name: "feed:global", data_type: "list", db: 0, size: 5_000, bytes: 400_000, freq: 12 },
    Key { name: "online:users", data_type: "set", db: 1, size: 2_000, bytes: 128_000, freq: 31 },
    Key { name: "dcs-bigkey-test", data_type: "string", db: 0, size: 3_000, bytes: 3_000, freq: 0 },
    Key { name: "dcs-hotkey-test", data_type: "string", db: 0, size: 3_000, bytes: 3_000, freq: 4 },
];

/// The minimum size of a big key in bytes.
const BIG: u64 = 3_000;

/// The number of expired keys that a scan finds if the instance has data.
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

    /// Returns the address of the master that contains the key. Returns `None` if the instance is not a cluster.
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

    /// Returns the characters before the last `:` or `-` of the name. If the name has no such character, the method
    /// returns the whole name.
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

/// Returns the hot keys. The key with the most accesses comes first.
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

/// Returns the result of an offline analysis: all keys, totals, and statistics by data type and by prefix.
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

/// Returns a CSV file. The first line contains the names of the columns. Each of the other lines contains one hot key.
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
