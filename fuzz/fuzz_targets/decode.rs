//! Decodes any bytes as any generated type. The decoder must not panic. An error must not show the string `hunter2`,
//! even if the body contains this string. If a decoded value is encoded and decoded again, only empty values and
//! rounding errors can differ.
//!
//! The first line of the input names the service and the type: `dcs Instance`. The rest of the input is the body.
#![no_main]

use huaweicloud_core::decode::from_slice;
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// A string that does not occur in any document, type or message.
const PLANTED: &str = "hunter2";

fn check<T: DeserializeOwned + Serialize>(body: &[u8]) {
    let once: T = match from_slice(body) {
        Ok(once) => once,
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains(PLANTED), "{error}");
            return;
        }
    };
    let first = serde_json::to_value(&once).expect("a decoded value can be encoded");
    let again: T =
        from_slice(first.to_string().as_bytes()).expect("an encoded value can be decoded");
    let second = serde_json::to_value(&again).expect("the value can be encoded again");
    assert!(
        same(&settled(&first), &settled(&second)),
        "{first} became {second}"
    );
}

/// Removes fields and list elements without content, because the second decoding can also remove them. For example, an
/// object with only undocumented fields is encoded as `{}`. The decoder treats `{}` as an absent value.
fn settled(value: &Value) -> Value {
    let nothing = |value: &Value| value.is_null() || *value == json!([]) || *value == json!({});
    match value {
        Value::Object(map) => {
            let members = map
                .iter()
                .map(|(name, value)| (name.clone(), settled(value)));
            members.filter(|(_, value)| !nothing(value)).collect()
        }
        Value::Array(items) => items
            .iter()
            .map(settled)
            .filter(|value| !nothing(value))
            .collect(),
        other => other.clone(),
    }
}

/// Returns whether two values are equal. Ignores rounding errors of numbers.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match (left.as_f64(), right.as_f64()) {
            (Some(a), Some(b)) => left == right || (a - b).abs() <= a.abs() * 4.0 * f64::EPSILON,
            _ => false,
        },
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

type Check = fn(&[u8]);
type Types = &'static [(&'static str, Check)];

macro_rules! types {
    ($($way:ident $name:ident: $type:path,)*) => { &[$((stringify!($name), check::<$type> as Check)),*] };
}

macro_rules! services {
    ($($name:literal $module:ident;)*) => { &[$(($name, huaweicloud::$module::each_type!(types))),*] };
}

static SERVICES: &[(&str, Types)] = huaweicloud::each_service!(services);

/// Returns the index of the entry with the name `word`. If no entry has this name, the sum of the bytes of `word`
/// selects an entry. Inputs contain names instead of numbers, so the corpus stays valid when types are added.
fn choose<T>(all: &[(&str, T)], word: &[u8]) -> usize {
    let named = all.iter().position(|(name, _)| name.as_bytes() == word);
    named.unwrap_or_else(|| word.iter().map(|byte| usize::from(*byte)).sum::<usize>() % all.len())
}

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let (Some(line), Some(body)) = (lines.next(), lines.next()) else {
        return;
    };
    let mut words = line.splitn(2, |byte| *byte == b' ');
    let mut word = || words.next().unwrap_or_default();
    let (_, types) = SERVICES[choose(SERVICES, word())];
    let (_, check) = types[choose(types, word())];
    check(body);
});
