//! A lenient reader of JSON answers.
//!
//! The services send numbers as strings, `{}` for an unknown value, `null` for an empty list, and undocumented fields.
//! An answer must not be lost because of such a detail. So generated types do not derive `Deserialize`: they implement
//! [`Object`] by one `match` over the field's name.
//!
//! A reader accepts each form of a scalar. If a value has another structure (an object instead of a list), only that
//! field is lost. A [`LostField`] names its place and its types, never the value. An answer without any documented
//! field is an error.
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

/// A type that can be read from every form in which a service writes it.
///
/// `None` means that the answer has no value for it: `null` or `{}`. A value that does not fit the type (`"abc"` or a
/// list for an integer) is also `None`, and is noted as lost.
pub trait Lenient: Sized {
    /// Reads one value.
    ///
    /// # Errors
    /// The JSON is broken.
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Reads one value into its place. Overridden to avoid moves of a large object. The next two functions are
    /// overridden for the same reason.
    #[doc(hidden)]
    fn fill<'de, D: Deserializer<'de>>(slot: &mut Self, deserializer: D) -> Result<(), D::Error> {
        if let Some(value) = Self::lenient(deserializer)? {
            *slot = value;
        }
        Ok(())
    }

    /// The same for a value that may be absent.
    #[doc(hidden)]
    fn fill_option<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        *slot = Self::lenient(deserializer)?;
        Ok(())
    }

    /// The same for the next element of a list.
    #[doc(hidden)]
    fn push<'de, D: Deserializer<'de>>(
        list: &mut Vec<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        list.extend(Self::lenient(deserializer)?);
        Ok(())
    }
}

/// Reads a whole answer: UTF-8 or UTF-16, with or without a byte order mark.
///
/// Bytes of another encoding become U+FFFD. Values that do not fit the type are skipped. [`from_answer`] returns a list
/// of them.
///
/// # Errors
/// The body is not JSON, ends too early, or has none of the documented fields. The error holds places and types, never
/// a value.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    from_answer(body).map(|(answer, _)| answer)
}

/// As [`from_slice`], with the list of values that could not be kept: the first hundred.
///
/// # Errors
/// As [`from_slice`].
pub fn from_answer<T: DeserializeOwned>(body: &[u8]) -> Result<(T, Vec<LostField>), DecodeError> {
    let text = text(body);
    match serde_json::from_str(&text) {
        Ok(answer) => Ok((answer, Vec::new())),
        Err(error) => again(&text, &error),
    }
}

/// Reads once more, slowly. Values that do not fit are noted, and text that is nearly JSON is repaired.
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
        // The whole body has another structure.
        _ if lost.iter().any(|lost| lost.path().is_empty()) => Err(first),
        Ok(value) => {
            lost.extend(has_rest.then(LostField::rest));
            Ok((value, lost))
        }
        Err(error) => {
            let second = DecodeError::new(&error, &repaired);
            match second.kind() {
                // The lost value gives more information.
                DecodeErrorKind::Undocumented if first.expected().is_some() => Err(first),
                _ => Err(second),
            }
        }
    }
}

/// A whole answer of a type that is not an object.
pub(crate) struct Whole<T>(pub T);

impl<'de, T: Lenient> serde::Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = T::lenient(deserializer)?;
        value
            .map(Self)
            .ok_or_else(|| path::mismatch("scalar", "null"))
    }
}

/// Lets serde's access types read a [`Lenient`] type.
struct Seed<T>(PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::lenient(deserializer)
    }
}

/// The same, into the place of the value.
struct Slot<'a, T>(&'a mut T);

impl<'de, T: Lenient> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::fill(self.0, deserializer)
    }
}

/// The same, at the end of a list.
struct Next<'a, T>(&'a mut Vec<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Next<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::push(self.0, deserializer)
    }
}
