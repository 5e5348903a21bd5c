//! Reads scalars: one visitor for all scalar types, and functions that convert the value.
//!
//! If a value does not fit, the first reading of an answer ends with an error. The second reading skips the value.

use super::{Lenient, lost, object::Key};
use crate::secret::Secret;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A scalar as it is in the body.
enum Scalar<'de> {
    Nothing,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Cow<'de, str>),
}

impl Scalar<'_> {
    /// Returns the JSON type. Returns `None` if there is no value. A string that is empty or contains only white space
    /// counts as no value. Services write an empty string for an unknown number.
    fn name(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Text(text) if text.trim().is_empty() => None,
            Self::Bool(_) => Some("boolean"),
            Self::Signed(_) | Self::Unsigned(_) | Self::Float(_) => Some("number"),
            Self::Text(_) => Some("string"),
        }
    }

    /// Converts the value to another type. If the other type cannot represent the value, the function calls
    /// [`lost::note`].
    fn converted<T, E: Error>(
        self,
        expected: &'static str,
        convert: impl FnOnce(Self) -> Option<T>,
    ) -> Result<Option<T>, E> {
        let name = self.name();
        match (convert(self), name) {
            (None, Some(found)) => lost::note(expected, found).map(|()| None),
            (value, _) => Ok(value),
        }
    }

    fn into_string(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Signed(value) => Some(value.to_string()),
            Self::Unsigned(value) => Some(value.to_string()),
            // serde_json formats the float. So `1.0` keeps its decimal point.
            Self::Float(value) => {
                serde_json::Number::from_f64(value).map(|number| number.to_string())
            }
            Self::Text(value) => Some(value.into_owned()),
        }
    }

    /// Converts the value to `i128`. This type can represent each `i64` and each `u64`. The caller converts the result
    /// to the type of the field.
    fn into_integer(self) -> Option<i128> {
        match self {
            Self::Nothing => None,
            Self::Bool(value) => Some(value.into()),
            Self::Signed(value) => Some(value.into()),
            Self::Unsigned(value) => Some(value.into()),
            Self::Float(value) => whole(value),
            Self::Text(text) => {
                let text = text.trim();
                text.parse()
                    .ok()
                    .or_else(|| text.parse().ok().and_then(whole))
            }
        }
    }

    fn into_f64(self) -> Option<f64> {
        match self {
            Self::Nothing => None,
            Self::Bool(value) => Some(f64::from(u8::from(value))),
            Self::Signed(value) => Some(value as f64),
            Self::Unsigned(value) => Some(value as f64),
            Self::Float(value) => Some(value),
            Self::Text(text) => text
                .trim()
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite()),
        }
    }

    fn into_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            other => match other.into_integer() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
        }
    }
}

/// Converts a float to an integer. Returns `None` if the float has a fraction. Also returns `None` if its absolute
/// value is above 2^53, because such a float can be a rounded number.
fn whole(value: f64) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i128)
}

struct ScalarVisitor(&'static str);

/// The key under which serde_json returns a number if its feature `arbitrary_precision` is on. Any crate of the build
/// can turn this feature on.
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
    fn visit_unit<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Nothing)
    }
    fn visit_none<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Nothing)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Signed(value))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Unsigned(value))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Float(value))
    }
    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Scalar<'de>, A::Error> {
        lost::note_list(self.0, access).map(|()| Scalar::Nothing)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Scalar<'de>, A::Error> {
        match access.next_key_seed(Key)?.as_deref() {
            None => Ok(Scalar::Nothing),
            Some(NUMBER) => access
                .next_value()
                .map(|text: String| Scalar::Text(Cow::Owned(text))),
            Some(_) => lost::note_object(self.0, access).map(|()| Scalar::Nothing),
        }
    }
}

fn scalar<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<Scalar<'de>, D::Error> {
    deserializer.deserialize_any(ScalarVisitor(expected))
}

/// Reads a string, a number or a boolean as a string. A generated enum with string values implements [`Lenient`] with
/// this function.
///
/// # Errors
/// Returns an error if the JSON is broken. During the first reading of an answer, an array or an object with members is
/// also an error.
pub fn lenient_string<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    match scalar(deserializer, "string")? {
        // This arm is a fast path, because most scalars in answers are strings.
        Scalar::Text(Cow::Borrowed(text)) => Ok(Some(String::from(text))),
        other => Ok(other.into_string()),
    }
}

/// Reads an integer. Also accepts a string with an integer (`"42"`, `"42.0"`), and a boolean (as 0 or 1).
///
/// # Errors
/// Returns an error if the JSON is broken. During the first reading of an answer, a value that cannot be read as an
/// integer is also an error.
pub fn lenient_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    integer(deserializer)
}

/// Reads a number. Also accepts a string with a number, and a boolean (as 0 or 1).
///
/// # Errors
/// Returns an error if the JSON is broken. During the first reading of an answer, a value that cannot be read as a
/// number is also an error.
pub fn lenient_f64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    scalar(deserializer, "number")?.converted("number", Scalar::into_f64)
}

/// Reads a boolean. Also accepts `"true"`, `"false"`, `"1"`, `"0"`, 1 and 0.
///
/// # Errors
/// Returns an error if the JSON is broken. During the first reading of an answer, a value that cannot be read as a
/// boolean is also an error.
pub fn lenient_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    scalar(deserializer, "boolean")?.converted("boolean", Scalar::into_bool)
}

fn integer<'de, T: TryFrom<i128>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let value = scalar(deserializer, "integer")?;
    // This is a fast path, because most integers in answers are JSON integers.
    let plain = match value {
        Scalar::Nothing => return Ok(None),
        Scalar::Signed(value) => T::try_from(value.into()).ok(),
        Scalar::Unsigned(value) => T::try_from(value.into()).ok(),
        _ => None,
    };
    if plain.is_some() {
        return Ok(plain);
    }
    value.converted("integer", |value| {
        value
            .into_integer()
            .and_then(|value| T::try_from(value).ok())
    })
}

macro_rules! lenient {
    ($($type:ty => $read:expr;)*) => {$(
        impl Lenient for $type {
            fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                $read(deserializer)
            }
        }
    )*};
}

lenient! {
    String => lenient_string;
    bool => lenient_bool;
    f64 => lenient_f64;
    f32 => |deserializer: D| scalar(deserializer, "number")?.converted("number", |value| {
        value.into_f64().map(|value| value as f32).filter(|value| value.is_finite())
    });
    i64 => lenient_i64;
    i32 => integer;
    i16 => integer;
    i8 => integer;
    u64 => integer;
    u32 => integer;
    u16 => integer;
    u8 => integer;
    Secret => |deserializer: D| Ok(lenient_string(deserializer)?.map(Secret::new));
}

/// If the answer has no value, the secret is an empty string.
impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient_string(deserializer).map(|text| Secret::new(text.unwrap_or_default()))
    }
}
