//! The types of the parameters of constructors and setters in generated code.
//!
//! A setter takes a value or an `Option`. With `None`, the field is absent.
//!
//! ```
//! use huaweicloud_core::setter::{List, MaybeInto, Number};
//!
//! #[derive(Default)]
//! struct Filter { name: Option<String>, tags: Option<Vec<String>>, size: Option<f64> }
//!
//! impl Filter {
//!     fn with_name<How>(mut self, value: impl MaybeInto<String, How>) -> Self {
//!         self.name = value.maybe_into();
//!         self
//!     }
//!
//!     fn with_tags<How>(mut self, values: impl MaybeInto<List<String>, How>) -> Self {
//!         self.tags = values.maybe_into().map(|list| list.0);
//!         self
//!     }
//!
//!     fn with_size<How>(mut self, value: impl MaybeInto<Number<f64>, How>) -> Self {
//!         self.size = value.maybe_into().map(|number| number.0);
//!         self
//!     }
//! }
//!
//! let name: Option<&str> = None;
//! let filter = Filter::default().with_name(name).with_tags(["a", "b"]).with_size(2);
//! assert_eq!(filter.name, None);
//! assert_eq!(filter.with_tags("c").tags, Some(vec!["c".to_owned()]));
//! ```

use crate::query::ToQuery;
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// A value for an optional field: any type that implements `Into<T>`, or an `Option` of such a type.
///
/// `How` distinguishes the implementations. The compiler infers `How`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a field of the type `{T}`",
    note = "a setter takes a value that implements `Into<{T}>`, or an `Option` of such a value"
)]
pub trait MaybeInto<T, How> {
    /// Returns the value, or `None` if the field has no value.
    fn maybe_into(self) -> Option<T>;
}

/// Marks a value that is passed directly.
#[derive(Debug)]
pub enum ByValue {}

/// Marks a single element that is passed in place of a list.
#[derive(Debug)]
pub enum OneElement {}

/// Marks a value that is passed in an `Option`. `How` marks how the inner value is passed.
#[derive(Debug)]
pub struct ByOption<How>(PhantomData<How>);

impl<T, V: Into<T>> MaybeInto<T, ByValue> for V {
    #[inline]
    fn maybe_into(self) -> Option<T> {
        Some(self.into())
    }
}

impl<T, How, V: MaybeInto<T, How>> MaybeInto<T, ByOption<How>> for Option<V> {
    #[inline]
    fn maybe_into(self) -> Option<T> {
        self.and_then(V::maybe_into)
    }
}

/// Makes a list of one element, if the element is a scalar. Because of this implementation, an `Option` of such an
/// element is ambiguous. So a call with this `Option` does not compile. Without this implementation, the `Option` would
/// count as an iterator, and `None` would be an empty list.
impl<T: ToQuery, V: Into<T>> MaybeInto<List<T>, OneElement> for V {
    #[inline]
    fn maybe_into(self) -> Option<List<T>> {
        Some(List(vec![self.into()]))
    }
}

/// A list, which can be made from any iterable value.
#[derive(Clone, Debug)]
pub struct List<T>(pub Vec<T>);

impl<T, I: IntoIterator<Item: Into<T>>> From<I> for List<T> {
    #[inline]
    fn from(elements: I) -> Self {
        Self(elements.into_iter().map(Into::into).collect())
    }
}

/// A map, which can be made from any iterable value that contains pairs.
#[derive(Clone, Debug)]
pub struct Map<T>(pub BTreeMap<String, T>);

impl<T, K: Into<String>, V: Into<T>, I: IntoIterator<Item = (K, V)>> From<I> for Map<T> {
    #[inline]
    fn from(entries: I) -> Self {
        let entries = entries.into_iter();
        Self(
            entries
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

/// A string that is usually `true` or `false`. It can also be made from a boolean.
#[derive(Clone, Debug)]
pub struct Flag(pub String);

macro_rules! flags {
    ($($type:ty)*) => {$(
        impl From<$type> for Flag {
            #[inline]
            fn from(flag: $type) -> Self {
                Self(flag.to_string())
            }
        }
    )*};
}

flags!(bool & str & String);

impl From<String> for Flag {
    #[inline]
    fn from(flag: String) -> Self {
        Self(flag)
    }
}

/// A number that can have a fraction. It can also be made from an integer. The number is rounded to a value of the type
/// `T`.
#[derive(Clone, Copy, Debug)]
pub struct Number<T>(pub T);

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl From<$type> for Number<f32> {
            #[inline]
            fn from(number: $type) -> Self {
                Self(number as f32)
            }
        }
        impl From<$type> for Number<f64> {
            #[inline]
            fn from(number: $type) -> Self {
                Self(number as f64)
            }
        }
    )*};
}

numbers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64);
