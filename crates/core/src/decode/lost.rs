//! Notes the values of an answer that do not fit their documented types.
//!
//! An answer is first read quickly. If a value does not fit its documented type, the quick reading ends with an error.
//! Then the answer is read a second time. The second reading skips each such value, and adds a note.
//!
//! The notes are stored in a variable of the thread, because the visitors of serde cannot return them.

use super::path;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess};
use std::cell::{Cell, RefCell};
use std::fmt;

/// The largest number of notes.
const MOST: usize = 100;

thread_local! {
    /// `true` during the second reading.
    static COLLECTING: Cell<bool> = const { Cell::new(false) };
    static NOTES: RefCell<Vec<LostField>> = const { RefCell::new(Vec::new()) };
}

/// A value of an answer that does not fit its documented type. A `LostField` contains the path and the types, but not
/// the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostField {
    path: String,
    expected: &'static str,
    found: &'static str,
}

impl LostField {
    /// Returns the path of the value: documented names of fields, and positions in lists. An example is
    /// `items[3].product.id`.
    ///
    /// In place of a key of a map, the path contains `*`. For bytes after the JSON of the answer, the path is empty.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the documented JSON type. For bytes after the JSON of the answer, returns `end`.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Returns the JSON type in the body. If a number is too large for the documented integer type, or has a fraction,
    /// the type is `number`. For bytes after the JSON of the answer, returns `more`.
    pub fn found(&self) -> &'static str {
        self.found
    }

    /// Makes the note for bytes that follow the JSON of the answer.
    pub(super) fn rest() -> Self {
        Self {
            path: String::new(),
            expected: "end",
            found: "more",
        }
    }

    /// Returns whether the note is about the value that is read now. If this value is a list, the result is also `true`
    /// for a note about an element. For a note about a field of an object, the result is `false`.
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

/// Calls `read`. Returns the result of `read`, and the notes from this call. At the end, restores the notes from before
/// the call.
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

/// Returns the number of notes.
pub(super) fn count() -> usize {
    NOTES.with_borrow(Vec::len)
}

/// Handles a value that does not fit its documented type. During the second reading, this function adds a note. During
/// the first reading, it returns an error.
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

/// Like [`note`], for a list that was not read yet. This function skips the list.
pub(super) fn note_list<'de, A: SeqAccess<'de>>(
    expected: &'static str,
    mut access: A,
) -> Result<(), A::Error> {
    note(expected, "array")?;
    while access.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Like [`note`], for an object in which only the first name was read. This function skips the object.
pub(super) fn note_object<'de, A: MapAccess<'de>>(
    expected: &'static str,
    mut access: A,
) -> Result<(), A::Error> {
    note(expected, "object")?;
    access.next_value::<IgnoredAny>()?;
    while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Adds `level` at the beginning of the path of each note that has the index `since` or a higher index.
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

/// Searches the notes from index `since` to the end. Returns the types of the first note about the value itself, or
/// about an element of the value.
pub(super) fn first_itself(since: usize) -> Option<(&'static str, &'static str)> {
    NOTES.with_borrow(|notes| {
        let mut new = notes.get(since..).unwrap_or_default().iter();
        let found = new.find(|note| note.is_itself())?;
        Some((found.expected, found.found))
    })
}

/// Searches the notes from index `since` to the end. Returns whether a note is about the whole value.
pub(super) fn is_whole(since: usize) -> bool {
    NOTES.with_borrow(|notes| {
        let mut new = notes.get(since..).unwrap_or_default().iter();
        new.any(|note| note.path.is_empty())
    })
}

/// Removes the dot at the beginning of each path.
pub(super) fn trimmed(mut notes: Vec<LostField>) -> Vec<LostField> {
    for note in &mut notes {
        if note.path.starts_with('.') {
            note.path.remove(0);
        }
    }
    notes
}
