//! Writes the JSON bodies of requests field by field. This module is the counterpart of [`decode`](crate::decode).
//!
//! Generated types do not derive `Serialize`. Without the macros of serde, a service crate compiles faster.
//!
//! ```
//! use huaweicloud_core::encode::Object;
//! use huaweicloud_core::serde::{Serialize, Serializer};
//!
//! struct Device { name: String, note: Option<String> }
//!
//! impl Serialize for Device {
//!     fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
//!         Object::new(serializer)
//!             .field("name", &self.name)
//!             .optional("note", &self.note)
//!             .end()
//!     }
//! }
//!
//! let device = Device { name: "pump".into(), note: None };
//! assert_eq!(huaweicloud_core::serde_json::to_string(&device)?, r#"{"name":"pump"}"#);
//! # Ok::<(), huaweicloud_core::serde_json::Error>(())
//! ```

use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

/// An object that is being written.
///
/// If writing a field fails, the object ignores all further fields. [`end`](Self::end) then returns the error of that
/// field.
#[must_use = "call `end` to complete the object"]
pub struct Object<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> fmt::Debug for Object<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}

impl<S: Serializer> Object<S> {
    /// Begins an object.
    pub fn new(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Writes a field.
    pub fn field<T: Serialize>(mut self, name: &'static str, value: &T) -> Self {
        if let Ok(fields) = &mut self.0
            && let Err(error) = fields.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
        self
    }

    /// Writes a field if `value` is `Some`. If `value` is `None`, the object does not contain the field.
    pub fn optional<T: Serialize>(self, name: &'static str, value: &Option<T>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    /// Returns the error of the serializer if the object or one of its fields could not be written.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0.and_then(SerializeMap::end)
    }
}
