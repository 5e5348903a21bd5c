//! A lenient reader of JSON answers.
//!
//! The services answer numbers as strings, `{}` where nothing is known, `null` for an empty list, and fields that no page
//! documents. An answer must not be lost for such a detail, so generated types do not derive `Deserialize`: they implement
//! [`Object`] by one `match` over the field's name and hand each value to a reader that takes every form of a scalar. Only a
//! wrong structure (an object where a list belongs) is an error, and it names the place and the types, never a value.
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
mod object;
mod path;
mod scalar;

pub use error::{DecodeError, DecodeErrorKind};
pub use object::{Object, Value, object};
pub use scalar::{lenient_bool, lenient_f64, lenient_i64, lenient_string};

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A type that can be read from every form in which a service writes it.
///
/// `None` means that the answer holds nothing for it: `null`, `{}`, or a scalar that cannot be read as this type (`"abc"`
/// for an integer). A wrong structure is an error.
pub trait Lenient: Sized {
    /// Reads one value.
    ///
    /// # Errors
    /// The JSON is broken, or its structure is not this type's.
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Reads one value to where it shall stand. Overridden where that spares moving a large object; so are the next two.
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

/// Reads a whole answer. Bytes that are no UTF-8 (a name that a device wrote in another encoding) become U+FFFD.
///
/// # Errors
/// The body is not JSON, ends too early, or has another structure. The error holds places and types, never a value.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    // Checking the text once is quicker than checking every string of it.
    let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    serde_json::from_str(&text).map_err(|error| DecodeError::new(&error, &text))
}

/// Lets serde's access types read a [`Lenient`] type.
struct Seed<T>(PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::lenient(deserializer)
    }
}

/// The same, to where the value shall stand.
struct Slot<'a, T>(&'a mut T);

impl<'de, T: Lenient> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::fill(self.0, deserializer)
    }
}

/// The same, to the end of a list.
struct Next<'a, T>(&'a mut Vec<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Next<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::push(self.0, deserializer)
    }
}
