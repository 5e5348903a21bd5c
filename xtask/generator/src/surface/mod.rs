//! Reads the public Rust API of a crate from its sources.
//!
//! The result shows reviewers the public items, without bodies and documentation. The items are sorted, so their order
//! in the code has no effect. Private modules are listed too, because `pub use` can refer to their items.

mod features;
mod item;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::{Attribute, Item, ItemMod, ItemUse, Meta};

use item::{Entry, strip};
pub use item::{is_public, subject};

use crate::file::print_item;

/// Returns the public API of the crate in `folder` (which has `Cargo.toml` and `src/lib.rs`), with its features first.
///
/// # Errors
/// Fails if a source file cannot be read or is not Rust, or cargo does not find the crate.
pub fn surface(folder: &Path) -> Result<String> {
    let source = folder.join("src");
    let mut found = Found::default();
    let root = Module {
        path: "crate".to_owned(),
        heading: "mod crate".to_owned(),
        children: source.clone(),
    };
    root.read_file(&source.join("lib.rs"), &mut found)?;
    Ok(features::features(folder)? + &found.render())
}

/// The items of all modules that have been read.
#[derive(Default)]
struct Found {
    /// For each module path: the heading, the public imports (`pub use`) and the other public items of the module.
    modules: BTreeMap<String, (String, Vec<String>, Vec<Entry>)>,
    /// The modules that define a type, by the name of the type. The flag says whether the type is public in the module.
    types: BTreeMap<String, BTreeMap<String, bool>>,
}

impl Found {
    fn render(self) -> String {
        let types = self.types;
        let mut parts = Vec::new();
        for (path, (heading, mut uses, mut entries)) in self.modules {
            // An implementation for a private type is private, too.
            entries.retain(|entry| !is_private(types.get(&entry.subject), &path));
            uses.sort();
            entries.sort();
            let texts = entries.into_iter().map(|entry| entry.text);
            let lines: String = uses.into_iter().chain(texts).collect();
            let indented: String = lines.lines().map(|line| format!("    {line}\n")).collect();
            if !indented.is_empty() {
                parts.push(format!("{heading}\n{indented}"));
            }
        }
        parts.join("\n")
    }
}

/// Returns whether a type is private, as seen from the module at `path`. If the module has a type with this name, only
/// that type counts. Otherwise, the type counts as private if all types with this name are private.
fn is_private(definitions: Option<&BTreeMap<String, bool>>, path: &str) -> bool {
    definitions.is_some_and(|definitions| match definitions.get(path) {
        Some(public) => !public,
        None => !definitions.values().any(|public| *public),
    })
}

/// A module that has not been read yet.
struct Module {
    path: String,
    heading: String,
    /// The folder of the submodules.
    children: PathBuf,
}

impl Module {
    fn read_file(&self, file: &Path, into: &mut Found) -> Result<()> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let parsed =
            syn::parse_file(&text).with_context(|| format!("{} is not Rust", file.display()))?;
        self.read_items(parsed.items, into)
    }

    fn read_items(&self, items: Vec<Item>, into: &mut Found) -> Result<()> {
        let (mut uses, mut entries) = (Vec::new(), Vec::new());
        for item in items {
            if let Some((visibility, name)) = item::defined_type(&item) {
                let public = is_public(visibility);
                let definitions = into.types.entry(name).or_default();
                definitions.insert(self.path.clone(), public);
            }
            match item {
                Item::Mod(module) if is_test(&module.attrs) => {}
                Item::Mod(module) => self.read_module(module, into)?,
                Item::Use(item) if is_public(&item.vis) => uses.push(print_use(item)),
                other => entries.extend(Entry::from_item(other)),
            }
        }
        let part = (self.heading.clone(), uses, entries);
        into.modules.insert(self.path.clone(), part);
        Ok(())
    }

    fn read_module(&self, module: ItemMod, into: &mut Found) -> Result<()> {
        let path = format!("{}::{}", self.path, module.ident);
        let inner = Module {
            heading: heading(&module, &path),
            children: self.children.join(module.ident.to_string()),
            path,
        };
        match module.content {
            Some((_, items)) => inner.read_items(items, into),
            None => inner.read_file(&self.file_of(&module.ident)?, into),
        }
    }

    fn file_of(&self, name: &syn::Ident) -> Result<PathBuf> {
        let flat = self.children.join(format!("{name}.rs"));
        let nested = self.children.join(name.to_string()).join("mod.rs");
        let found = [flat, nested].into_iter().find(|path| path.is_file());
        found.with_context(|| {
            format!(
                "module {name} has no file below {}",
                self.children.display()
            )
        })
    }
}

fn heading(module: &ItemMod, path: &str) -> String {
    let visibility = if is_public(&module.vis) { "pub " } else { "" };
    let conditions: String = module.attrs.iter().filter_map(condition).collect();
    format!("{conditions}{visibility}mod {path}")
}

/// Returns the source code of an attribute `#[cfg(...)]` or `#[doc(hidden)]`, and `None` for any other attribute.
fn condition(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => Some(format!("#[cfg({})] ", list.tokens)),
        _ if item::is_hidden(attribute) => Some("#[doc(hidden)] ".to_owned()),
        _ => None,
    }
}

/// Returns whether a `#[cfg(..)]` contains `test` outside of quotation marks. So the name of a feature does not count.
fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |condition: String| condition.split('"').step_by(2).any(|p| p.contains("test"));
    attributes.iter().filter_map(condition).any(is_test)
}

fn print_use(mut item: ItemUse) -> String {
    strip(&mut item.attrs);
    print_item(Item::Use(item))
}
