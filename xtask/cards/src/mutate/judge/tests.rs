use super::{difference, holds};

#[test]
fn words_are_whole() {
    assert!(holds("request tags[] maxLength 32", "tags"));
    assert!(holds("200 example \"a b\"", "\"a b\""));
    assert!(!holds("request tags[] maxLength 32", "tag"));
    assert!(!holds("request tags[] maxLength 32", "3"));
    assert!(!holds("request tags", ""));
}

#[test]
fn a_line_that_moves_does_not_differ() {
    let card = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let (before, after) = (card(&["a", "b", "b"]), card(&["b", "a", "c"]));
    assert_eq!(difference(&before, &after), (vec!["b"], vec!["c"]));
}
