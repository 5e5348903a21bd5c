use super::at_end;

const TEXT: &str =
    "paths:\n  /a:\n    get:\n      x: 1\ncomponents:\n  schemas:\n    A:\n      y: 2\n";

#[test]
fn lines_are_inserted_at_the_end_of_the_named_mapping() {
    let text = at_end(TEXT, &["paths", "/a"], "    put: 3\n");
    assert_eq!(text, TEXT.replace("x: 1\n", "x: 1\n    put: 3\n"));
    let text = at_end(TEXT, &["paths"], "  /b: 3\n");
    assert_eq!(text, TEXT.replace("x: 1\n", "x: 1\n  /b: 3\n"));
    let text = at_end(TEXT, &["components", "schemas"], "    B: 3\n");
    assert_eq!(text, format!("{TEXT}    B: 3\n"));
}

#[test]
fn missing_keys_are_added() {
    let text = at_end(TEXT, &["components", "responses"], "    B: 3\n");
    assert_eq!(text, format!("{TEXT}  responses:\n    B: 3\n"));
    assert_eq!(
        at_end("", &["paths", "/a"], "    get: 1\n"),
        "paths:\n  /a:\n    get: 1\n"
    );
}

#[test]
fn elements_are_inserted_at_the_end_of_a_list() {
    assert_eq!(
        at_end("tags:\n- name: a\nb: 1\n", &["tags"], "- name: b\n"),
        "tags:\n- name: a\n- name: b\nb: 1\n"
    );
}
