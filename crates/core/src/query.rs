//! Converts Rust values into the strings of query parameters and headers.

use crate::secret::Secret;
use std::borrow::Cow;

/// A type that provides the values of a query parameter or header: one value, several values, or no value.
pub trait ToQuery {
    /// Appends the values to `values` as strings, in their order and without percent-encoding.
    fn to_query(&self, values: &mut Vec<String>);
}

impl<T: ToQuery + ?Sized> ToQuery for &T {
    fn to_query(&self, values: &mut Vec<String>) {
        (**self).to_query(values);
    }
}

impl<T: ToQuery> ToQuery for Option<T> {
    fn to_query(&self, values: &mut Vec<String>) {
        self.iter().for_each(|value| value.to_query(values));
    }
}

impl<T: ToQuery> ToQuery for [T] {
    fn to_query(&self, values: &mut Vec<String>) {
        self.iter().for_each(|value| value.to_query(values));
    }
}

impl<T: ToQuery> ToQuery for Vec<T> {
    fn to_query(&self, values: &mut Vec<String>) {
        self.as_slice().to_query(values);
    }
}

impl<T: ToQuery, const N: usize> ToQuery for [T; N] {
    fn to_query(&self, values: &mut Vec<String>) {
        self.as_slice().to_query(values);
    }
}

/// Several values that become one value, with commas between them. An empty list provides no value.
#[derive(Debug)]
pub struct Joined<T>(pub T);

impl<T: ToQuery> ToQuery for Joined<T> {
    fn to_query(&self, values: &mut Vec<String>) {
        let mut joined = Vec::new();
        self.0.to_query(&mut joined);
        if !joined.is_empty() {
            values.push(joined.join(","));
        }
    }
}

impl ToQuery for Secret {
    fn to_query(&self, values: &mut Vec<String>) {
        values.push(self.expose().to_owned());
    }
}

macro_rules! scalar {
    ($($type:ty)*) => {$(
        impl ToQuery for $type {
            fn to_query(&self, values: &mut Vec<String>) {
                values.push(self.to_string());
            }
        }
    )*};
}

scalar!(str String Cow<'_, str> bool char i8 i16 i32 i64 u8 u16 u32 u64 usize f32 f64);
