//! White space: prettyplease leaves none between items.

/// Blank lines between the items of a file and the methods of an `impl`.
pub fn blank_lines(source: &str) -> String {
    let mut spaced = String::with_capacity(source.len() + source.len() / 16);
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let next = lines.peek().copied().unwrap_or("}");
        if ends_item(line, next) {
            spaced.push('\n');
        }
    }
    spaced
}

/// True between two items: after the end of the one, before the next, whose
/// documentation and attributes belong to it.
fn ends_item(line: &str, next: &str) -> bool {
    let of_file = line == "}" || (line.ends_with(';') && !line.starts_with(' '));
    let of_impl = line == "    }";
    (of_file && next != "}" && !one_group(line, next)) || (of_impl && next != "}")
}

/// Imports stand together, and so do modules.
fn one_group(line: &str, next: &str) -> bool {
    let starts = |line: &str, words: [&str; 2]| words.iter().any(|word| line.starts_with(word));
    let attribute = next.starts_with("#[");
    [["use ", "pub use "], ["mod ", "pub mod "]]
        .into_iter()
        .any(|words| starts(line, words) && (starts(next, words) || attribute))
}

#[cfg(test)]
mod tests {
    use super::blank_lines;

    #[test]
    fn items_and_methods_stand_apart() {
        let source = "use a;\nuse b;\nstruct A {\n    b: u8,\n}\nimpl A {\n    fn a() {\n    }\n    fn b() {\n    }\n}\n";
        let spaced = "use a;\nuse b;\n\nstruct A {\n    b: u8,\n}\n\nimpl A {\n    fn a() {\n    }\n\n    fn b() {\n    }\n}\n";
        assert_eq!(blank_lines(source), spaced);
    }
}
