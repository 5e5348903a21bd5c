//! Objects: one loop over the fields, shared by every generated type.

use super::{Lenient, Slot, path};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A type that is read field by field. Generated code implements it.
pub trait Object: Default {
    /// Takes the field `name`; unknown ones are skipped.
    ///
    /// # Errors
    /// The value's JSON is broken or has another structure.
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error>;
}

/// A recursive schema's field is boxed.
impl<T: Object> Object for Box<T> {
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        (**self).field(name, value)
    }
}

/// The value of one field, not read yet.
pub struct Value<'a, A> {
    access: &'a mut A,
    name: &'a str,
}

impl<A> fmt::Debug for Value<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")
    }
}

impl<A> Value<'_, A> {
    /// Reads the value into `slot`, which is left alone where the answer holds nothing for its type.
    ///
    /// # Errors
    /// The value's JSON is broken or has another structure; the error's place begins with the field's name.
    pub fn read<'de, T: Lenient>(self, slot: &mut T) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        // The name is one that the generated `match` knows, so it is no value of the body.
        self.access
            .next_value_seed(Slot(slot))
            .map_err(|error| path::within(format_args!(".{}", self.name), error))
    }

    /// Passes over a field that is not documented.
    ///
    /// # Errors
    /// The value's JSON is broken.
    pub fn skip<'de>(self) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        self.access.next_value::<IgnoredAny>().map(drop)
    }
}

/// Reads an object of generated type; `null` and `{}` are its default.
///
/// # Errors
/// The JSON is broken, or is no object.
pub fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::lenient(deserializer).map(Option::unwrap_or_default)
}

impl<T: Object> Lenient for T {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let mut object = T::default();
        let filled = deserializer.deserialize_any(Fields(&mut object))?;
        Ok(filled.then_some(object))
    }

    fn fill_option<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        if !deserializer.deserialize_any(Fields(slot.insert(T::default())))? {
            *slot = None;
        }
        Ok(())
    }

    fn push<'de, D: Deserializer<'de>>(
        list: &mut Vec<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        list.push(T::default());
        if let Some(last) = list.last_mut()
            && !deserializer.deserialize_any(Fields(last))?
        {
            list.pop();
        }
        Ok(())
    }
}

/// Fills an object; the value is whether there was any field.
struct Fields<'a, T>(&'a mut T);

fn not_an_object<E: Error>(found: &'static str) -> Result<bool, E> {
    Err(path::mismatch("object", found))
}

impl<'de, T: Object> Visitor<'de> for Fields<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<bool, A::Error> {
        let mut any = false;
        while let Some(key) = access.next_key_seed(Key)? {
            any = true;
            self.0.field(
                &key,
                Value {
                    access: &mut access,
                    name: &key,
                },
            )?;
        }
        Ok(any)
    }
    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_none<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<bool, E> {
        not_an_object("boolean")
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        not_an_object("number")
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<bool, E> {
        not_an_object("number")
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        not_an_object("number")
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<bool, E> {
        not_an_object("string")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<bool, A::Error> {
        not_an_object("array")
    }
}

/// A field's name, borrowed from the body where it has no escapes.
pub(super) struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("string")
    }
    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }
    fn visit_str<E: Error>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
    fn visit_string<E: Error>(self, key: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key))
    }
}
