//! Tests that the store syncs the folder of a new database file. Without this sync, a power cut could remove the file.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::tempdir;

use crate::store::Store;
use crate::store::open::sync_folder;

/// Returns the names of all files in the folder of a file.
fn names(file: &Path) -> Vec<String> {
    let folder = fs::read_dir(file.parent().expect("a folder")).expect("readable");
    let name = |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<_> = folder
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_folder_is_synced_once_after_the_rename() {
    for (start, named) in [(None, "data"), (Some("data"), "data"), (None, "link")] {
        let folder = tempdir().expect("a folder");
        let file = folder.path().canonicalize().expect("a path").join("data");
        if let Some(start) = start {
            fs::write(file.with_file_name(start), "").expect("an empty file");
        }
        let path = file.with_file_name(named);
        #[cfg(unix)]
        if named == "link" {
            std::os::unix::fs::symlink("data", &path).expect("a link");
        }
        let synced = RefCell::new(Vec::<PathBuf>::new());
        let store = Store::make(&path, |moved| {
            assert!(moved.metadata()?.len() > 0, "renamed before the sync");
            assert!(!names(moved).iter().any(|name| name.contains("unfinished")));
            synced.borrow_mut().push(moved.to_owned());
            sync_folder(moved)
        });
        store.map(drop).expect("made");
        let moved = synced.into_inner();
        assert_eq!(moved.len(), 1, "once: {moved:?}");
        let real = moved[0].canonicalize().expect("a path");
        assert_eq!(real, path.canonicalize().expect("a path"));
    }
}

#[test]
fn a_failed_sync_is_an_error_but_the_file_is_complete() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("data");
    let failed = Store::make(&file, |_| Err(io::Error::other("the disk is gone")));
    let reason = failed.err().expect("an error");
    assert!(reason.contains("the disk is gone"), "{reason}");
    assert_eq!(names(&file), ["data"]);
    Store::open(Some(&file)).expect("a whole file");
}

#[test]
fn only_an_existing_folder_can_be_synced() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("data");
    sync_folder(&file).expect("synced");
    sync_folder(Path::new("data")).expect("the current folder");
    #[cfg(unix)]
    sync_folder(&file.join("data")).expect_err("there is no such folder");
}
