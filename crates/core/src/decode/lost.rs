//! The values of an answer that could not be kept.
//!
//! An answer is first read quickly. The first value of another structure ends that. Then it is read once more, and each
//! such value is skipped and noted here. The notes belong to this thread, because serde's visitors have no place for
//! them.

use super::path;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess};
use std::cell::{Cell, RefCell};
use std::fmt;

/// The largest number of notes.
const MOST: usize = 100;

thread_local! {
    /// Separate from the notes, because it is read for each object of an answer.
    static COLLECTING: Cell<bool> = const { Cell::new(false) };
    static NOTES: RefCell<Vec<LostField>> = const { RefCell::new(Vec::new()) };
}

/// A value of an answer that does not fit its documented type: its place and types, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostField {
    path: String,
    expected: &'static str,
    found: &'static str,
}

impl LostField {
    /// The place: the documented names of the fields and the positions in lists, `items[3].product.id`. Keys of a map
    /// are `*`. Empty for bytes after the answer's JSON.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The documented JSON type.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The JSON type in the body. It is `number` for an integer that is too large, or has a fraction.
    pub fn found(&self) -> &'static str {
        self.found
    }

    /// The bytes after the JSON.
    pub(super) fn rest() -> Self {
        Self {
            path: String::new(),
            expected: "end",
            found: "more",
        }
    }

    /// Whether this is the whole value. If the value is a list, one of its elements counts, too.
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

/// The number of notes.
pub(super) fn count() -> usize {
    NOTES.with_borrow(Vec::len)
}

/// Handles a value of another structure: it makes a note, or the error that ends the quick reading.
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

/// The same for a list that has begun. The list is skipped.
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

/// Adds one level before the places of the notes since then.
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

/// The types of the first note since then about the value itself, or about one of its elements.
pub(super) fn first_itself(since: usize) -> Option<(&'static str, &'static str)> {
    NOTES.with_borrow(|notes| {
        let mut new = notes.get(since..).unwrap_or_default().iter();
        let found = new.find(|note| note.is_itself())?;
        Some((found.expected, found.found))
    })
}

/// Whether the whole value was lost since then, and not only a part of it.
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
