#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::{Document, Edit};

#[test]
fn the_returned_edit_reverses_the_change() {
    let tree = json!({"a": {"x/y": 1, "z": 2}, "b": [1, 2]});
    let edits = [
        Edit::Set {
            pointer: "/a/z".into(),
            value: json!([]),
        },
        Edit::Rename {
            pointer: "/a/x~1y".into(),
            to: "w".into(),
        },
        Edit::Remove {
            pointer: "/a/x~1y".into(),
        },
        Edit::Remove {
            pointer: "/b/0".into(),
        },
        Edit::Insert {
            pointer: "/b/2".into(),
            at: 2,
            value: json!(3),
        },
        Edit::Insert {
            pointer: "/a/new".into(),
            at: 1,
            value: json!(3),
        },
    ];
    for edit in edits {
        let mut changed = tree.clone();
        let back = edit.apply(&mut changed).unwrap();
        assert_ne!(changed.to_string(), tree.to_string(), "{edit:?}");
        back.apply(&mut changed).unwrap();
        assert_eq!(changed.to_string(), tree.to_string(), "{edit:?}");
    }
}

#[test]
fn an_impossible_removal_changes_nothing() {
    let mut tree = json!({"a": {"b": 1}, "c": [1]});
    let before = tree.clone();
    for pointer in ["/x", "/a/x", "/a/b/c", "/c/1", ""] {
        let edit = Edit::Remove {
            pointer: pointer.into(),
        };
        assert_eq!(edit.apply(&mut tree), None, "{pointer}");
    }
    assert_eq!(tree, before);
}

#[test]
fn an_edit_updates_the_positions_of_the_nodes() {
    let text = b"a:\n  b: 1\n  c: 2\nd:\n  - 1\n  - 2\n".to_vec();
    let mut document = Document::from_files("demo", vec![("demo.yaml".to_owned(), text)]).unwrap();
    document
        .edit(&Edit::Rename {
            pointer: "/a/b".into(),
            to: "x".into(),
        })
        .unwrap();
    document
        .edit(&Edit::Remove {
            pointer: "/d/0".into(),
        })
        .unwrap();
    document
        .edit(&Edit::Insert {
            pointer: "/a/new".into(),
            at: 0,
            value: json!(1),
        })
        .unwrap();
    let line = |pointer| document.place(pointer).line;
    assert_eq!(
        [line("/a/x"), line("/a/c"), line("/d/0"), line("/a/new")],
        [2, 3, 6, 1]
    );
}
