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
fn a_full_stop_is_added_only_if_a_sentence_needs_one() {
    assert_eq!(sentence("Device ID"), "Device ID.");
    assert_eq!(sentence("Device ID."), "Device ID.");
    assert_eq!(sentence(""), "");
}
