//! Text that must not be shown.

use serde::{Serialize, Serializer};
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A password, token or key. `Debug` never shows it, and it has no `Display`. It is overwritten when its last clone is
/// dropped.
///
/// [`Serialize`] writes `***`, so that a log may contain a request or an answer. A sent request contains the text, and
/// so does a value that is serialised as [`ShowSecrets`]. The time of a comparison does not depend on the place of the
/// first difference. It does not hide their lengths.
///
/// # Copies
///
/// A clone shares the text, so it is no copy. These copies are overwritten when they are dropped:
///
/// * the text of a `Secret`, with its last clone
/// * the JSON of a request, and its encoded query
/// * the canonical request of a signature, and the states of hash and HMAC
/// * the body of an answer that an [`Error`](crate::Error) or a [`Response`](crate::Response) keeps
///
/// These copies are not overwritten:
///
/// * old memory of a text that grew, and of a hash or a derived key that was moved
/// * the values of a query before they are encoded
/// * the URL and the headers of a request
/// * the buffers of the HTTP client, of TLS and of the operating system
/// * the body of an answer while it is read
/// * the trees that readers of JSON, YAML and INI files make
/// * the environment of the process
/// * copies that the program makes from [`expose`](Secret::expose)
/// * memory that was swapped out or dumped
#[derive(Clone, Default)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes a secret text. A `String` is moved, not copied.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// Bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self::new(String::from_utf8_lossy(bytes))
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty. The services read an empty password as no password.
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
    /// Whether this thread writes secrets as they are.
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// Serialises a value together with its secrets: `serde_json::to_string(&ShowSecrets(&device))`.
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
        /// Resets the flag, even if a writer panics.
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
