//! Rust source text from syntax trees.

use syn::{File, Item};

/// A source file that holds items, and nothing before them.
pub fn file(items: Vec<Item>) -> File {
    File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    }
}

/// The text of one item, formatted.
pub fn print(item: Item) -> String {
    prettyplease::unparse(&file(vec![item]))
}
