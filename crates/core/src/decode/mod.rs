//! A lenient reader of JSON answers.
//!
//! Some services send numbers as strings, `{}` for an unknown value, `null` for an empty list, and undocumented fields.
//! Such details must not make an answer unreadable. So generated types do not derive `Deserialize`. They implement
//! [`Object`], with one `match` over the names of the fields.
//!
//! The reader accepts a number or a boolean for a string, and a string for a number or a boolean. If a value has a
//! wrong structure, such as an object instead of a list, only its field or list element is lost. A [`LostField`]
//! contains the path and the types of the lost value, but not the value itself. If no documented field of an answer can
//! be read, the reader returns an error. The reader also returns an error if [`Value::read_essential`] reads a value
//! that does not fit its type.
//!
//! ```
//! use huaweicloud_core::decode::{self, Object, Value};
//! use huaweicloud_core::serde::{self, de::MapAccess, Deserializer};
//!
//! #[derive(Debug, Default)]
//! struct Device { id: Option<i64>, tags: Vec<String> }
//!
//! impl Object for Device {
//!     fn field<'de, A: MapAccess<'de>>(&mut self, name: &str, value: Value<'_, A>) -> Result<(), A::Error> {
//!         match name {
//!             "id" => value.read(&mut self.id),
//!             "tags" => value.read(&mut self.tags),
//!             _ => value.skip(),
//!         }
//!     }
//! }
//! impl<'de> serde::Deserialize<'de> for Device {
//!     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
//!         decode::object(deserializer)
//!     }
//! }
//!
//! let device: Device = decode::from_slice(br#"{"id": "42", "tags": null, "new": true}"#)?;
//! assert_eq!(device.id, Some(42));
//! # Ok::<(), decode::DecodeError>(())
//! ```

mod collection;
mod error;
mod lost;
mod object;
mod path;
mod repair;
mod scalar;
mod text;

pub use error::{DecodeError, DecodeErrorKind};
pub use lost::LostField;
pub use object::{Object, Value, object};
pub use scalar::{lenient_bool, lenient_f64, lenient_i64, lenient_string};

pub(crate) use repair::parse_any;
pub(crate) use scalar::NUMBER;
pub(crate) use text::{compression, decompressed, text};

use repair::repaired;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer};
use std::marker::PhantomData;

/// A type that can be read from several JSON types, such as the number `42` and the string `"42"`.
///
/// In the result of [`lenient`](Lenient::lenient), `None` means that the answer has no value: `null` or `{}`. For a
/// number or a boolean, an empty string also means no value. If a value does not fit the type, the result is also
/// `None`, and the value is noted as lost. Examples are `"abc"` or a list for an integer. For a list, a map or an
/// `Option`, the result is an empty value in place of `None`. A [`Json`](crate::Json) keeps `null` and `{}`.
pub trait Lenient: Sized {
    /// Reads one value.
    ///
    /// # Errors
    /// Returns an error if the JSON is broken. During the first, quick reading of an answer, a value that does not fit
    /// is also an error.
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Reads one value into `slot`, as [`Value::read`] describes.
    ///
    /// Objects override `fill_option` and `push`, to avoid moving a large object in memory.
    #[doc(hidden)]
    fn fill<'de, D: Deserializer<'de>>(slot: &mut Self, deserializer: D) -> Result<(), D::Error> {
        if let Some(value) = Self::lenient(deserializer)? {
            *slot = value;
        }
        Ok(())
    }

    /// Like [`fill`](Self::fill), but sets `slot` to `None` if the answer has no value.
    #[doc(hidden)]
    fn fill_option<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        *slot = Self::lenient(deserializer)?;
        Ok(())
    }

    /// Like [`fill`](Self::fill), but adds the value to the end of a list.
    #[doc(hidden)]
    fn push<'de, D: Deserializer<'de>>(
        list: &mut Vec<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        list.extend(Self::lenient(deserializer)?);
        Ok(())
    }
}

/// Reads a whole answer. Its encoding is UTF-8 or UTF-16, with or without a byte order mark.
///
/// Bytes that are not valid in this encoding become U+FFFD or `?`. Values that do not fit their types are skipped. To
/// get a list of these values, call [`from_answer`].
///
/// # Errors
/// Returns an error if the body is not JSON, even after a repair. Returns an error if the body ends too early, or as a
/// whole does not fit the type. Also returns an error if no documented field can be read. A field that does not fit its
/// type is an error only if [`Value::read_essential`] reads it. The error contains paths and types, but no value of the
/// body.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    from_answer(body).map(|(answer, _)| answer)
}

/// Like [`from_slice`], but also returns a list of the values that were skipped. The list contains at most 100 values.
/// If bytes follow the JSON of the answer, the list also contains one entry for these bytes.
///
/// # Errors
/// Returns the errors of [`from_slice`].
pub fn from_answer<T: DeserializeOwned>(body: &[u8]) -> Result<(T, Vec<LostField>), DecodeError> {
    let text = text(body);
    match serde_json::from_str(&text) {
        Ok(answer) => Ok((answer, Vec::new())),
        Err(error) => again(&text, &error),
    }
}

/// Reads the answer a second time, more slowly. This reading first repairs broken JSON, if possible. If a value does
/// not fit its type, this reading skips the value and notes it.
#[cold]
fn again<T: DeserializeOwned>(
    text: &str,
    error: &serde_json::Error,
) -> Result<(T, Vec<LostField>), DecodeError> {
    let first = DecodeError::new(error, text);
    let (repaired, has_rest) = match first.kind() {
        DecodeErrorKind::Undocumented => return Err(first),
        _ => match repaired(text) {
            Some(text) => text,
            None => return Err(first),
        },
    };
    let (value, lost) = lost::collect(|| serde_json::from_str(&repaired));
    let mut lost = lost::trimmed(lost);
    match value {
        // The whole body does not fit its type. So `value` is an error, or contains nothing from the body.
        _ if lost.iter().any(|lost| lost.path().is_empty()) => Err(first),
        Ok(value) => {
            lost.extend(has_rest.then(LostField::rest));
            Ok((value, lost))
        }
        Err(error) => {
            let second = DecodeError::new(&error, &repaired);
            match second.kind() {
                // The first error is more exact, because it contains the path of a value that does not fit.
                DecodeErrorKind::Undocumented if first.expected().is_some() => Err(first),
                _ => Err(second),
            }
        }
    }
}

/// A body that consists of one value without documented fields: a scalar, a list, a map, or any JSON value.
pub(crate) struct Whole<T>(pub T);

impl<'de, T: Lenient> serde::Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = T::lenient(deserializer)?;
        value
            .map(Self)
            .ok_or_else(|| path::mismatch("scalar", "null"))
    }
}

/// With this seed, the `MapAccess` of serde can read a [`Lenient`] type.
struct Seed<T>(PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::lenient(deserializer)
    }
}

/// Like [`Seed`], but reads the value into a variable.
struct Slot<'a, T>(&'a mut T);

impl<'de, T: Lenient> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::fill(self.0, deserializer)
    }
}

/// Like [`Seed`], but adds the value to the end of a list.
struct Next<'a, T>(&'a mut Vec<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Next<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::push(self.0, deserializer)
    }
}
