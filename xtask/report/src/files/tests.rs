use super::*;

fn wanted(content: &str) -> Vec<GeneratedFile> {
    vec![GeneratedFile {
        path: "src/generated/mod.rs".to_owned(),
        content: content.to_owned(),
    }]
}

#[test]
fn a_missing_file_is_fresh_after_writing() {
    let root = tempfile::tempdir().unwrap();
    let files = compare(root.path(), "dcs", wanted("a")).unwrap();
    assert_eq!(files[0].state, State::Stale(None));
    update(root.path(), &files[0]).unwrap();
    let files = compare(root.path(), "dcs", wanted("a")).unwrap();
    assert_eq!(files[0].state, State::Fresh);
}

#[test]
fn a_file_with_unwanted_content_is_stale_and_the_state_contains_this_content() {
    let root = tempfile::tempdir().unwrap();
    update(
        root.path(),
        &compare(root.path(), "dcs", wanted("a")).unwrap()[0],
    )
    .unwrap();
    let files = compare(root.path(), "dcs", wanted("b")).unwrap();
    assert_eq!(files[0].state, State::Stale(Some("a".to_owned())));
}

#[test]
fn an_obsolete_file_is_removed() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("crates/dcs/src/generated");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("old.rs"), "").unwrap();
    let files = compare(root.path(), "dcs", wanted("a")).unwrap();
    assert_eq!(files[1].state, State::Obsolete);
    update(root.path(), &files[1]).unwrap();
    assert!(!folder.join("old.rs").exists());
}

#[test]
fn a_file_that_is_not_utf_8_is_stale() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("crates/dcs/src/generated");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mod.rs"), [0xff, 0xfe]).unwrap();
    assert_eq!(
        compare(root.path(), "dcs", wanted("a")).unwrap()[0].state,
        State::Stale(None)
    );
}

#[cfg(unix)]
#[test]
fn all_users_can_read_a_written_file() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let files = compare(root.path(), "dcs", wanted("a")).unwrap();
    update(root.path(), &files[0]).unwrap();
    let metadata = fs::metadata(root.path().join(&files[0].path)).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o644);
}
