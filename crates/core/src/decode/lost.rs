//! What of an answer could not be kept.
//!
//! An answer is read quickly first, and the first value of another structure ends that. Then it is read once more, and each such value
//! is passed over and noted here. The notes are this thread's, because serde's visitors have no room for them.

use super::path;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess};
use std::cell::{Cell, RefCell};
use std::fmt;

/// More of them are not noted.
const MOST: usize = 100;

thread_local! {
    /// Apart from the notes, as it is asked for each object of an answer.
    static COLLECTING: Cell<bool> = const { Cell::new(false) };
    static NOTES: RefCell<Vec<LostField>> = const { RefCell::new(Vec::new()) };
}

/// A value of an answer that its documented type cannot hold: its place and types, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostField {
    path: String,
    expected: &'static str,
    found: &'static str,
}

impl LostField {
    /// Where: the documented names of the fields and the positions in lists, `items[3].product.id`; keys of a map are `*`.
    /// Empty for bytes that stand behind the answer's JSON.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The documented JSON type.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The JSON type that stands there. It is `number` for an integer that is too large, or has a fraction.
    pub fn found(&self) -> &'static str {
        self.found
    }

    /// The bytes behind the JSON.
    pub(super) fn rest() -> Self {
        Self {
            path: String::new(),
            expected: "end",
            found: "more",
        }
    }

    /// Whether this is the whole value, or an element of it if it is a list.
    fn is_itself(&self) -> bool {
        !self.path.contains('.')
    }
}

impl fmt::Display for LostField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            expected,
            found,
        } = self;
        match path.is_empty() {
            true => write!(f, "expected {expected}, found {found}"),
            false => write!(f, "{path}: expected {expected}, found {found}"),
        }
    }
}

/// Reads, and notes lost fields. Earlier notes of a caller are kept.
pub(super) fn collect<T>(read: impl FnOnce() -> T) -> (T, Vec<LostField>) {
    struct Restore(bool, Vec<LostField>);
    impl Drop for Restore {
        fn drop(&mut self) {
            COLLECTING.set(self.0);
            NOTES.set(std::mem::take(&mut self.1));
        }
    }
    let before = Restore(COLLECTING.replace(true), NOTES.take());
    let value = read();
    let notes = NOTES.take();
    drop(before);
    (value, notes)
}

pub(super) fn is_collecting() -> bool {
    COLLECTING.get()
}

/// How many notes there are.
pub(super) fn count() -> usize {
    NOTES.with_borrow(Vec::len)
}

/// A value of another structure: a note, or the error that ends the quick reading.
#[cold]
pub(super) fn note<E: Error>(expected: &'static str, found: &'static str) -> Result<(), E> {
    if !is_collecting() {
        return Err(path::mismatch(expected, found));
    }
    NOTES.with_borrow_mut(|notes| {
        if notes.len() < MOST {
            notes.push(LostField {
                path: String::new(),
                expected,
                found,
            });
        }
    });
    Ok(())
}

/// The same for a list that has begun, which is passed over.
pub(super) fn note_list<'de, A: SeqAccess<'de>>(
    expected: &'static str,
    mut access: A,
) -> Result<(), A::Error> {
    note(expected, "array")?;
    while access.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// The same for an object whose first name has been read.
pub(super) fn note_object<'de, A: MapAccess<'de>>(
    expected: &'static str,
    mut access: A,
) -> Result<(), A::Error> {
    note(expected, "object")?;
    access.next_value::<IgnoredAny>()?;
    while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Puts one level in front of the places that were noted since.
pub(super) fn within(since: usize, level: fmt::Arguments<'_>) {
    NOTES.with_borrow_mut(|notes| {
        let new = notes.get_mut(since..).unwrap_or_default();
        if new.is_empty() {
            return;
        }
        let level = level.to_string();
        new.iter_mut()
            .for_each(|note| note.path.insert_str(0, &level));
    });
}

/// Types of the first value that was lost itself, or one of its elements, since.
pub(super) fn first_itself(since: usize) -> Option<(&'static str, &'static str)> {
    NOTES.with_borrow(|notes| {
        let mut new = notes.get(since..).unwrap_or_default().iter();
        let found = new.find(|note| note.is_itself())?;
        Some((found.expected, found.found))
    })
}

/// Whether the value itself was lost since, and not only a part of it.
pub(super) fn is_whole(since: usize) -> bool {
    NOTES.with_borrow(|notes| {
        let mut new = notes.get(since..).unwrap_or_default().iter();
        new.any(|note| note.path.is_empty())
    })
}

/// The notes as they are shown: no dot before the first name.
pub(super) fn trimmed(mut notes: Vec<LostField>) -> Vec<LostField> {
    for note in &mut notes {
        if note.path.starts_with('.') {
            note.path.remove(0);
        }
    }
    notes
}
