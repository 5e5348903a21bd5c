//! The indexes, and the keys with which the store finds and sorts records.

use serde_json::Value;

/// A value in an index, as bytes. The keys have the order of the values: `i64` numbers by size, strings by bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct IndexKey(Vec<u8>);

impl IndexKey {
    pub fn new(value: &Value) -> Self {
        Self::default().and(value)
    }

    /// Appends a value. A key with several values is sorted by the first value, then by the next value.
    pub fn and(mut self, value: &Value) -> Self {
        match value {
            Value::Null => self.0.push(0),
            Value::Bool(value) => self.0.extend([1, u8::from(*value)]),
            Value::Number(number) => match number.as_i64() {
                Some(number) => self.number(number),
                None => self.text(3, &number.to_string()),
            },
            Value::String(text) => self.text(4, text),
            // Queries do not search for lists or objects, so the order of their keys does not matter. Different lists
            // and objects have different keys.
            other => self.text(5, &other.to_string()),
        }
        self
    }

    fn number(&mut self, number: i64) {
        self.0.push(2);
        // Because the sign bit is inverted, negative numbers come before positive numbers.
        self.0.extend((number ^ i64::MIN).to_be_bytes());
    }

    /// Appends the byte `kind` for the type of the value, the string, and the bytes 0 and 1 as the end of the string.
    /// Within the encoded string, the byte 1 never follows the byte 0. So no key is the beginning of another key with
    /// the same number of values.
    fn text(&mut self, kind: u8, text: &str) {
        self.0.push(kind);
        for byte in text.bytes() {
            match byte {
                0 => self.0.extend([0, 0xFF]),
                _ => self.0.push(byte),
            }
        }
        self.0.extend([0, 1]);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// An index for a kind of record.
pub(crate) struct Index<R> {
    pub(super) name: &'static str,
    pub(super) keys: IndexKeys<R>,
    /// Whether the database also contains the number of records for each value. With this number, queries are faster if
    /// many records have the same value.
    pub(super) counted: bool,
}

pub(super) enum IndexKeys<R> {
    One(fn(&R) -> IndexKey),
    Several(fn(&R) -> Vec<IndexKey>),
}

impl<R> Index<R> {
    pub const fn new(name: &'static str, key: fn(&R) -> IndexKey) -> Self {
        Self {
            name,
            keys: IndexKeys::One(key),
            counted: false,
        }
    }

    /// Returns an index for records that can have no value or several values.
    pub const fn several(name: &'static str, keys: fn(&R) -> Vec<IndexKey>) -> Self {
        Self {
            name,
            keys: IndexKeys::Several(keys),
            counted: false,
        }
    }

    pub const fn counted(self) -> Self {
        Self {
            name: self.name,
            keys: self.keys,
            counted: true,
        }
    }

    /// Returns the keys of a record, without duplicates.
    pub(super) fn of(&self, record: &R) -> Vec<IndexKey> {
        match &self.keys {
            IndexKeys::One(key) => vec![key(record)],
            IndexKeys::Several(keys) => {
                let mut keys = keys(record);
                keys.sort_unstable();
                keys.dedup();
                keys
            }
        }
    }
}

impl<R> Clone for IndexKeys<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for IndexKeys<R> {}
