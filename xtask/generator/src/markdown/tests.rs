use super::{escape, sentence};

#[test]
fn brackets_and_tags_are_escaped_outside_of_code() {
    assert_eq!(escape("a [b] <c> `[d]`"), r"a \[b\] \<c\> `[d]`");
}

#[test]
fn an_unclosed_backtick_is_escaped() {
    assert_eq!(
        escape("the character ` and <b>"),
        r"the character \` and \<b>"
    );
}

#[test]
fn a_sentence_ends_with_one_full_stop() {
    assert_eq!(sentence("Device ID"), "Device ID.");
    assert_eq!(sentence("Device ID."), "Device ID.");
    assert_eq!(sentence(""), "");
}
