//! The type [`Json`] for values without a documented structure.

use crate::decode::{self, DecodeError, Lenient, NUMBER};
use crate::error::Error;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Any JSON value. Generated types use `Json` for a value without a documented structure.
///
/// [`from_value`](Self::from_value) makes a `Json` from a serializable value. [`decode`](Self::decode) decodes a `Json`
/// as another type. `Display` writes JSON.
///
/// ```
/// use huaweicloud_core::Json;
///
/// let json: Json = r#"{"maxmemory": {"value": "80%", "tries": 3}}"#.parse()?;
/// let inner = json.get("maxmemory").unwrap();
/// assert_eq!(inner.get("value").and_then(Json::as_str), Some("80%"));
/// assert_eq!(inner.get("tries"), Some(&Json::from(3)));
/// # Ok::<(), huaweicloud_core::decode::DecodeError>(())
/// ```
///
/// `Debug` and `Display` show every value. If the OpenAPI document of a service marks a value as a secret, generated
/// types use [`Secret`](crate::Secret) for that value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number without a decimal point and without an exponent. A number that does not fit in 64 bits can become a
    /// [`Float`](Self::Float).
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Makes the JSON of a serializable value.
    ///
    /// # Errors
    /// Fails if the value cannot be written as JSON. For example, the keys of a map are structs, or the `Serialize`
    /// implementation of the value returns an error.
    pub fn from_value(value: &(impl Serialize + ?Sized)) -> Result<Self, Error> {
        // The error message of `serde_json` can contain the value. So the returned error has a fixed message.
        let unfit = |_| {
            Error::invalid_request("the value cannot be written as JSON")
                .with_help("check it for maps with keys that JSON does not allow, such as structs")
        };
        let text = serde_json::to_vec(value).map_err(unfit)?;
        serde_json::from_slice(&text).map_err(unfit)
    }

    /// Decodes the value as another type.
    ///
    /// # Errors
    /// Fails if the value does not have the structure of the type. The error contains paths and types, but no values.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode::from_slice(self.to_string().as_bytes())
    }

    /// Returns the member of an object. Returns `None` if this value is not an object or has no such member.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.get(name),
            _ => None,
        }
    }

    /// Returns the string. Returns `None` if this value is not a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number if this value is an [`Integer`](Self::Integer) that fits in `i64`. Returns `None` for every
    /// other value.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => (*number).try_into().ok(),
            _ => None,
        }
    }

    /// Returns the boolean. Returns `None` if this value is not a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $json:expr;)*) => {$(
        impl From<$type> for Json {
            fn from($value: $type) -> Self {
                $json
            }
        }
    )*};
}

from! {
    bool => |flag| Self::Bool(flag);
    i32 => |number| Self::Integer(number.into());
    i64 => |number| Self::Integer(number.into());
    u64 => |number| Self::Integer(number.into());
    f64 => |number| Self::Float(number);
    &str => |text| Self::Text(text.to_owned());
    String => |text| Self::Text(text);
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Json>> From<BTreeMap<String, T>> for Json {
    fn from(members: BTreeMap<String, T>) -> Self {
        let members = members.into_iter();
        Self::Object(members.map(|(name, value)| (name, value.into())).collect())
    }
}

/// Parses JSON.
impl FromStr for Json {
    type Err = DecodeError;
    fn from_str(text: &str) -> Result<Self, DecodeError> {
        decode::from_slice(text.as_bytes())
    }
}

/// Writes JSON in one line. If JSON cannot represent a number, such as NaN, the output contains `null` in place of the
/// number.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            // Some formats have no numbers of 128 bits. So a number that fits in 64 bits is written with 64 bits.
            Self::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => serializer.serialize_i64(number),
                (_, Ok(number)) => serializer.serialize_u64(number),
                _ => serializer.serialize_i128(*number),
            },
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => list.serialize(serializer),
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_none<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(flag.into())
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = access.next_element()? {
            list.push(value);
        }
        Ok(Json::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = access.next_entry()? {
            members.insert(name, value);
        }
        if let (1, Some(Json::Text(digits))) = (members.len(), members.get(NUMBER)) {
            let whole = digits.parse().map(Json::Integer);
            if let Ok(number) = whole.or_else(|_| digits.parse().map(Json::Float)) {
                return Ok(number);
            }
        }
        Ok(Json::Object(members))
    }
}

/// Keeps the value as it is. In a list or a map, `null` is a value. For an optional field, `null` means that the field
/// is absent.
impl Lenient for Json {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        serde::Deserialize::deserialize(deserializer).map(Some)
    }

    fn fill_option<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        *slot = serde::Deserialize::deserialize(deserializer)?;
        Ok(())
    }
}
