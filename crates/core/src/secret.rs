//! Strings that must not be shown.

use serde::{Serialize, Serializer};
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A password, token or key. `Debug` never shows the value, and `Secret` does not implement `Display`. The value is
/// overwritten in memory when the last clone is dropped.
///
/// [`Serialize`] writes `***`, so the program can log a request or an answer. A request that the client sends contains
/// the real value. [`ShowSecrets`] also writes the real value. The time of a comparison does not depend on the position
/// of the first difference. The comparison does not hide the lengths of the values.
///
/// # Copies
///
/// All clones share one string, so a clone is not a copy. These copies are overwritten when they are dropped:
///
/// * the string of a `Secret`, with its last clone
/// * the JSON of a request, and its encoded query
/// * the canonical request of a signature, and the states of the hash and of the HMAC
/// * the body of an answer that an [`Error`](crate::Error) or a [`Response`](crate::Response) keeps
///
/// These copies are not overwritten:
///
/// * the old memory of a string that grew
/// * the old memory of a hash or a derived key that was moved
/// * the values of a query before they are encoded
/// * the URL and the headers of a request
/// * the buffers of the HTTP client, of TLS and of the operating system
/// * the body of an answer while the client reads it
/// * the trees that parsers of JSON, YAML and INI files make
/// * the environment of the process
/// * copies that the program makes from [`expose`](Secret::expose)
/// * memory that was swapped out or dumped
#[derive(Clone, Default)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Makes a secret from a string. A `String` is moved, not copied.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// Makes a secret from bytes. Bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self::new(String::from_utf8_lossy(bytes))
    }

    /// Returns the secret string.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether the secret string is empty. The services read an empty password as no password.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl FromStr for Secret {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if SHOWN.get() { &self.0 } else { "***" })
    }
}

thread_local! {
    /// Whether this thread serializes secrets with their real values.
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// Serializes a value with the real values of its secrets: `serde_json::to_string(&ShowSecrets(&device))`.
///
/// ```
/// use huaweicloud_core::{Secret, ShowSecrets, serde_json};
///
/// let secret = Secret::new("text");
/// assert_eq!(serde_json::to_string(&secret)?, r#""***""#);
/// assert_eq!(serde_json::to_string(&ShowSecrets(&secret))?, r#""text""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct ShowSecrets<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized> fmt::Debug for ShowSecrets<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShowSecrets")
    }
}

impl<T: Serialize + ?Sized> Serialize for ShowSecrets<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Sets `SHOWN` to its earlier value when this struct is dropped, also after a panic of a serializer.
        struct Restore(bool);
        impl Drop for Restore {
            fn drop(&mut self) {
                SHOWN.set(self.0);
            }
        }
        let _restore = Restore(SHOWN.replace(true));
        self.0.serialize(serializer)
    }
}
