//! Reads the files of a crate, and finds the names that each file uses from other files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::Visit;
use syn::{Attribute, Item, ItemUse, UseTree, Visibility};

/// The links between the files of a crate. The outer key is a file. The inner key is another file that this file uses,
/// and the value is the set of the used names.
pub type Links = BTreeMap<PathBuf, BTreeMap<PathBuf, BTreeSet<String>>>;

/// A module in its own file, or inside the file of another module.
#[derive(Default)]
struct Module {
    file: PathBuf,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    /// The names of the definitions in the module.
    items: BTreeSet<String>,
    /// The imports of the module: the local name, and the imported path.
    imports: BTreeMap<String, Vec<String>>,
    /// The paths of the glob imports.
    globs: Vec<Vec<String>>,
    /// The paths in the code and in the private imports.
    paths: BTreeSet<Vec<String>>,
}

#[derive(Default)]
struct Crate {
    modules: Vec<Module>,
}

/// Returns the links between the files of a crate. The function ignores unit tests, and each use of a parent module. A
/// parent module contains the code that its submodules share.
pub fn links(root: &Path) -> Links {
    let mut all = Crate::default();
    all.read(root, &folder(root), None);
    let mut links = Links::new();
    for (number, module) in all.modules.iter().enumerate() {
        for path in &module.paths {
            let found = all.find(number, path, 0);
            let Some((file, name)) = found.filter(|(file, _)| !all.is_within(number, file)) else {
                continue;
            };
            let from = links.entry(module.file.clone()).or_default();
            from.entry(file).or_default().insert(name);
        }
    }
    links
}

/// Returns the folder that contains the submodules of a file.
fn folder(file: &Path) -> PathBuf {
    let parent = file.parent().unwrap();
    match file.file_stem().unwrap().to_str().unwrap() {
        "lib" | "main" | "mod" => parent.to_owned(),
        stem => parent.join(stem),
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// Returns the path in the attribute `#[path = ".."]`.
fn given_path(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|a| a.path().is_ident("path"))?;
    match &attribute.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

impl Crate {
    /// Returns whether a module or one of its parent modules is in this file.
    fn is_within(&self, module: usize, file: &Path) -> bool {
        let up = std::iter::successors(Some(module), |number| self.modules[*number].parent);
        up.into_iter()
            .any(|number| self.modules[number].file == file)
    }

    /// Reads a file and the files of its submodules. Returns the index of the file's module in `modules`.
    fn read(&mut self, file: &Path, folder: &Path, parent: Option<usize>) -> usize {
        let text = std::fs::read_to_string(file).unwrap();
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        self.add(file, folder, parent, &parsed.items)
    }

    fn add(&mut self, file: &Path, folder: &Path, parent: Option<usize>, items: &[Item]) -> usize {
        let number = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            ..Module::default()
        });
        let mut collected = Collected::default();
        for item in items {
            match item {
                Item::Mod(module) if !is_for_tests(&module.attrs) => {
                    let name = module.ident.to_string();
                    let child = match &module.content {
                        Some((_, items)) => {
                            self.add(file, &folder.join(&name), Some(number), items)
                        }
                        None => {
                            let path = match given_path(&module.attrs) {
                                Some(path) => file.parent().unwrap().join(path),
                                None => {
                                    let plain = folder.join(format!("{name}.rs"));
                                    let own = folder.join(&name).join("mod.rs");
                                    if plain.exists() { plain } else { own }
                                }
                            };
                            self.read(&path, &self::folder(&path), Some(number))
                        }
                    };
                    self.modules[number].children.insert(name, child);
                }
                Item::Mod(_) => {}
                item => collected.visit_item(item),
            }
        }
        let module = &mut self.modules[number];
        module.items = collected.items;
        module.imports = collected.imports;
        module.globs = collected.globs;
        module.paths = collected.paths;
        number
    }

    /// Finds the item that the module `from` names with this path. Returns the file of the definition, and the name of
    /// the item. Returns `None` if the path names only a module, or if this crate does not define the item. Also
    /// returns `None` if `from` imports the first name of the path only with a glob (`*`).
    fn find(&self, from: usize, path: &[String], depth: u32) -> Option<(PathBuf, String)> {
        let (first, rest) = path.split_first()?;
        let module = &self.modules[from];
        match first.as_str() {
            "crate" => self.below(0, rest, depth),
            "self" => self.below(from, rest, depth),
            "super" => self.below(module.parent?, rest, depth),
            name if module.children.contains_key(name) || module.items.contains(name) => {
                self.below(from, path, depth)
            }
            name if depth < 10 => {
                let target = module.imports.get(name)?;
                let whole = [target.as_slice(), rest].concat();
                self.find(from, &whole, depth + 1)
            }
            _ => None,
        }
    }

    /// Like `find`, but searches for the first name of the path only in the module `from`: in its submodules,
    /// definitions and imports. A name that is not found counts as a definition of this module.
    fn below(&self, from: usize, path: &[String], depth: u32) -> Option<(PathBuf, String)> {
        // A path that ends at a module is not a link.
        let (first, rest) = path.split_first()?;
        let module = &self.modules[from];
        if first == "super" {
            return self.below(module.parent?, rest, depth);
        }
        if let Some(child) = module.children.get(first) {
            return self.below(*child, rest, depth);
        }
        if module.items.contains(first) || depth >= 10 {
            return Some((module.file.clone(), first.clone()));
        }
        if let Some(target) = module.imports.get(first) {
            let whole = [target.as_slice(), rest].concat();
            return self.find(from, &whole, depth + 1);
        }
        let through = |glob: &Vec<String>| {
            let whole = [glob.as_slice(), path].concat();
            let found = self.find(from, &whole, depth + 1)?;
            let known = self
                .modules
                .iter()
                .any(|module| module.file == found.0 && module.items.contains(&found.1));
            known.then_some(found)
        };
        let found = module.globs.iter().find_map(through);
        Some(found.unwrap_or_else(|| (module.file.clone(), first.clone())))
    }
}

/// The content of a module without its submodules.
#[derive(Default)]
struct Collected {
    items: BTreeSet<String>,
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    paths: BTreeSet<Vec<String>>,
    /// Whether the visitor is inside an item. Other modules cannot use definitions inside an item.
    within: bool,
}

impl Collected {
    fn import(&mut self, tree: &UseTree, before: &mut Vec<String>, exported: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before, exported);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, exported);
                }
            }
            UseTree::Glob(_) => self.globs.push(before.clone()),
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.import_one(&name, &name, before, exported);
            }
            UseTree::Rename(rename) => {
                let (name, there) = (rename.rename.to_string(), rename.ident.to_string());
                self.import_one(&name, &there, before, exported);
            }
        }
    }

    fn import_one(&mut self, name: &str, there: &str, before: &[String], exported: bool) {
        // `use crate::sign::{self}` imports the name `sign`.
        let name = match name {
            "self" => before.last().cloned().unwrap_or_default(),
            name => name.to_owned(),
        };
        let path = match there {
            "self" => before.to_vec(),
            there => [before, &[there.to_owned()]].concat(),
        };
        // A module that only re-exports a name does not use the name.
        if !exported {
            self.paths.insert(path.clone());
        }
        if path != [name.clone()] {
            self.imports.insert(name, path);
        }
    }

    /// Adds the paths in a macro call. `syn` does not parse the content of a macro call. So each sequence of names with
    /// `::` between them counts as a path.
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        let mut row: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end_of_row(&mut row);
                    }
                    row.push(name.to_string());
                    colons = 0;
                }
                proc_macro2::TokenTree::Punct(point) if point.as_char() == ':' => colons += 1,
                proc_macro2::TokenTree::Group(group) => {
                    self.end_of_row(&mut row);
                    self.tokens(group.stream());
                    colons = 0;
                }
                _ => {
                    self.end_of_row(&mut row);
                    colons = 0;
                }
            }
        }
        self.end_of_row(&mut row);
    }

    fn end_of_row(&mut self, row: &mut Vec<String>) {
        if !row.is_empty() {
            self.paths.insert(std::mem::take(row));
        }
    }
}

impl<'ast> Visit<'ast> for Collected {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Const(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
            Item::Static(item) => (&item.attrs, Some(&item.ident)),
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
            Item::Impl(item) => (&item.attrs, None),
            Item::Use(item) => (&item.attrs, None),
            _ => return syn::visit::visit_item(self, item),
        };
        if is_for_tests(attributes) {
            return;
        }
        if let (false, Some(name)) = (self.within, name) {
            self.items.insert(name.to_string());
        }
        let outside = std::mem::replace(&mut self.within, true);
        syn::visit::visit_item(self, item);
        self.within = outside;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let exported = !matches!(item.vis, Visibility::Inherited);
        self.import(&item.tree, &mut Vec::new(), exported);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        self.paths.insert(names.collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        self.tokens(called.tokens.clone());
    }

    /// The path in `pub(in crate::network)` does not count as a use of a name.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}
