//! Reads lists, maps and options.

use super::{Lenient, Next, Seed, lost, object::Key, path};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::marker::PhantomData;

/// `null` also replaces an earlier value. So if a JSON object has two fields with the same name, the last field
/// decides.
impl<T: Lenient> Lenient for Option<T> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::lenient(deserializer).map(Some)
    }

    fn fill<'de, D: Deserializer<'de>>(slot: &mut Self, deserializer: D) -> Result<(), D::Error> {
        T::fill_option(slot, deserializer)
    }
}

/// `null` and `{}` are read as an empty list. Elements without a value are skipped.
impl<T: Lenient> Lenient for Vec<T> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer
            .deserialize_any(Many::<Self>(PhantomData))
            .map(Some)
    }
}

/// `null` is read as an empty map. Entries without a value are skipped.
impl<T: Lenient, S: BuildHasher + Default> Lenient for HashMap<String, T, S> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer
            .deserialize_any(Many::<Self>(PhantomData))
            .map(Some)
    }
}

/// `null` is read as an empty map. Entries without a value are skipped.
impl<T: Lenient> Lenient for BTreeMap<String, T> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer
            .deserialize_any(Many::<Self>(PhantomData))
            .map(Some)
    }
}

/// The common behaviour of lists and maps.
trait Collection: Default {
    const NAME: &'static str;
    fn list<'de, A: SeqAccess<'de>>(&mut self, access: A) -> Result<(), A::Error> {
        lost::note_list(Self::NAME, access)
    }
    fn map<'de, A: MapAccess<'de>>(&mut self, access: A) -> Result<(), A::Error>;
}

impl<T: Lenient> Collection for Vec<T> {
    const NAME: &'static str = "array";
    fn list<'de, A: SeqAccess<'de>>(&mut self, mut access: A) -> Result<(), A::Error> {
        let collecting = lost::is_collecting();
        let mut position = 0_usize;
        loop {
            let since = if collecting { lost::count() } else { 0 };
            match access.next_element_seed(Next(self)) {
                Ok(Some(())) if collecting => lost::within(since, format_args!("[{position}]")),
                Ok(Some(())) => {}
                Ok(None) => return Ok(()),
                Err(error) => return Err(path::within(format_args!("[{position}]"), error)),
            }
            position += 1;
        }
    }
    fn map<'de, A: MapAccess<'de>>(&mut self, mut access: A) -> Result<(), A::Error> {
        match access.next_key_seed(Key)? {
            None => Ok(()),
            Some(_) => lost::note_object("array", access),
        }
    }
}

/// Reads all entries of a map. In paths, `*` replaces the key, because the key comes from the server and can be a
/// secret.
fn entries<'de, T: Lenient, A: MapAccess<'de>>(
    mut access: A,
    mut insert: impl FnMut(String, T),
) -> Result<(), A::Error> {
    let collecting = lost::is_collecting();
    while let Some(key) = access.next_key_seed(Key)? {
        let since = if collecting { lost::count() } else { 0 };
        let value = access.next_value_seed(Seed::<T>(PhantomData));
        if collecting {
            lost::within(since, format_args!(".*"));
        }
        match value {
            Ok(Some(value)) => insert(key.into_owned(), value),
            Ok(None) => {}
            Err(error) => return Err(path::within(".*", error)),
        }
    }
    Ok(())
}

impl<T: Lenient, S: BuildHasher + Default> Collection for HashMap<String, T, S> {
    const NAME: &'static str = "object";
    fn map<'de, A: MapAccess<'de>>(&mut self, access: A) -> Result<(), A::Error> {
        entries(access, |key, value| drop(self.insert(key, value)))
    }
}

impl<T: Lenient> Collection for BTreeMap<String, T> {
    const NAME: &'static str = "object";
    fn map<'de, A: MapAccess<'de>>(&mut self, access: A) -> Result<(), A::Error> {
        entries(access, |key, value| drop(self.insert(key, value)))
    }
}

struct Many<T>(PhantomData<T>);

fn other<T: Collection, E: Error>(found: &'static str) -> Result<T, E> {
    lost::note(T::NAME, found).map(|()| T::default())
}

impl<'de, T: Collection> Visitor<'de> for Many<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<T, A::Error> {
        let mut all = T::default();
        all.list(access).map(|()| all)
    }
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<T, A::Error> {
        let mut all = T::default();
        all.map(access).map(|()| all)
    }
    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_none<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<T, E> {
        other("boolean")
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        other("number")
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        other("number")
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        other("number")
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<T, E> {
        other("string")
    }
}
