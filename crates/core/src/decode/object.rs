//! Reads JSON objects. All generated types share one loop over the fields.

use super::{Lenient, Slot, lost, path};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A type that is read field by field. Generated code implements this trait.
pub trait Object: Default {
    /// Reads the field `name` from `value`. An implementation must skip an unknown field.
    ///
    /// # Errors
    /// Returns the errors of [`Value::read`], [`Value::read_essential`] and [`Value::skip`].
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error>;
}

/// In a recursive schema, generated code puts a field into a `Box`.
impl<T: Object> Object for Box<T> {
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        (**self).field(name, value)
    }
}

/// The value of one field, before it is read.
pub struct Value<'a, A> {
    access: &'a mut A,
    name: &'a str,
    /// `true` during the second reading of an answer, which notes lost values.
    collecting: bool,
    /// Set to `true` if the value belongs to a documented field and is not lost.
    documented: &'a mut bool,
}

impl<A> fmt::Debug for Value<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")
    }
}

impl<A> Value<'_, A> {
    /// Reads the value of a field into `slot`. If the value is `null`, an `Option` becomes `None`. A list or a map
    /// becomes empty, even in an `Option`. A [`Json`](crate::Json) becomes `null`. A `slot` of another type does not
    /// change. For all types except `Json`, `{}` counts as `null`.
    ///
    /// If the value does not fit the type, the first reading of the answer ends with an error. The second reading then
    /// skips the value, and [`Response::lost`](crate::Response::lost) lists the skipped value.
    ///
    /// # Errors
    /// Returns an error if the JSON of the value is broken. During the first reading of an answer, a value that does
    /// not fit the type is also an error. The path of the error begins with the name of the field.
    pub fn read<'de, T: Lenient>(self, slot: &mut T) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        if self.collecting {
            return self.read_noting(slot, false);
        }
        *self.documented = true;
        // The name matches a documented field. So the error path contains no text that a server has chosen.
        self.access
            .next_value_seed(Slot(slot))
            .map_err(|error| path::within(format_args!(".{}", self.name), error))
    }

    /// Reads a field on which the meaning of the answer depends. Examples are the list of a page, and the state for a
    /// wait.
    ///
    /// # Errors
    /// Returns an error if the JSON of the value is broken, or if the value does not fit the type. If the value is a
    /// list, an element that does not fit is also an error.
    pub fn read_essential<'de, T: Lenient>(self, slot: &mut T) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        match self.collecting {
            true => self.read_noting(slot, true),
            false => self.read(slot),
        }
    }

    #[cold]
    fn read_noting<'de, T: Lenient>(self, slot: &mut T, essential: bool) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        let since = lost::count();
        let in_field = |error| path::within(format_args!(".{}", self.name), error);
        self.access.next_value_seed(Slot(slot)).map_err(in_field)?;
        if let Some((expected, found)) = lost::first_itself(since).filter(|_| essential) {
            return Err(in_field(path::mismatch(expected, found)));
        }
        *self.documented |= !lost::is_whole(since);
        lost::within(since, format_args!(".{}", self.name));
        Ok(())
    }

    /// Skips the value of an undocumented field.
    ///
    /// # Errors
    /// Returns an error if the JSON of the value is broken.
    pub fn skip<'de>(self) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
    {
        self.access.next_value::<IgnoredAny>().map(drop)
    }
}

/// Reads an object of a generated type. For `null` and `{}`, returns the default value of the type.
///
/// # Errors
/// Returns an error if the JSON is broken. Also returns an error if the object has fields, but no documented field can
/// be read. During the first reading of an answer, a list, or a scalar other than `null`, is also an error. Also
/// returns the errors of [`Object::field`].
pub fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut object = T::default();
    match deserializer.deserialize_any(Fields(&mut object))? {
        Filled::Undocumented => Err(path::undocumented()),
        Filled::Documented | Filled::Nothing => Ok(object),
    }
}

impl<T: Object> Lenient for T {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let mut object = T::default();
        let filled = deserializer.deserialize_any(Fields(&mut object))?;
        Ok(filled.any().then_some(object))
    }

    fn fill_option<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<(), D::Error> {
        let filled = deserializer.deserialize_any(Fields(slot.insert(T::default())))?;
        if !filled.any() {
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
            && !deserializer.deserialize_any(Fields(last))?.any()
        {
            list.pop();
        }
        Ok(())
    }
}

/// Describes the fields that a JSON object contained.
enum Filled {
    Nothing,
    /// The object had fields, but no documented field could be read.
    Undocumented,
    Documented,
}

impl Filled {
    fn any(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// Reads a JSON object into a value of a generated type.
struct Fields<'a, T>(&'a mut T);

fn not_an_object<E: Error>(found: &'static str) -> Result<Filled, E> {
    lost::note("object", found).map(|()| Filled::Nothing)
}

impl<'de, T: Object> Visitor<'de> for Fields<'_, T> {
    type Value = Filled;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Filled, A::Error> {
        let collecting = lost::is_collecting();
        let (mut any, mut documented) = (false, false);
        while let Some(key) = access.next_key_seed(Key)? {
            any = true;
            self.0.field(
                &key,
                Value {
                    access: &mut access,
                    name: &key,
                    collecting,
                    documented: &mut documented,
                },
            )?;
        }
        Ok(match (any, documented) {
            (_, true) => Filled::Documented,
            (true, false) => Filled::Undocumented,
            (false, false) => Filled::Nothing,
        })
    }
    fn visit_unit<E: Error>(self) -> Result<Filled, E> {
        Ok(Filled::Nothing)
    }
    fn visit_none<E: Error>(self) -> Result<Filled, E> {
        Ok(Filled::Nothing)
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<Filled, E> {
        not_an_object("boolean")
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<Filled, E> {
        not_an_object("number")
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<Filled, E> {
        not_an_object("number")
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Filled, E> {
        not_an_object("number")
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<Filled, E> {
        not_an_object("string")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Filled, A::Error> {
        lost::note_list("object", access).map(|()| Filled::Nothing)
    }
}

/// Reads the name of a field. If the name contains no escapes, the result borrows the name from the body.
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
