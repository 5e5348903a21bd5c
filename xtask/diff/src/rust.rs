//! Lists the public items of the generated Rust code.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use generator::surface::{is_public, subject};
use heck::ToSnakeCase;
use huaweicloud_openapi::SHARED;
use huaweicloud_openapi::name_rules::required_name;
use quote::ToTokens;
use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, Meta, PathArguments, Signature, Type, UseTree,
};

use report::files::GeneratedFile;

/// An item that callers can name in Rust, or a property of an item, such as a derived trait.
#[derive(Debug)]
pub struct Named {
    /// The module in the path of the item, such as `types`.
    pub module: String,
    /// The cargo feature that the item needs, such as `web-cli`. `None` if the item has no chapter.
    pub feature: Option<String>,
    pub owner: String,
    pub member: Option<String>,
    /// The item as a line of Rust, for people: `Device.name: Option<String>`.
    pub text: String,
    pub form: Form,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Form {
    /// A type, and whether new fields or variants of the type are compatible.
    Type { may_grow: bool },
    /// A field or a variant. If `may_grow` of its type is false, a new field or variant breaks old code.
    Part,
    /// The arguments of a function, by name and type, and the signature without arguments. If the function takes a
    /// struct `...Required`, the names of the struct's fields follow the signature.
    Function(Vec<(String, String)>, String),
    /// The attribute `#[non_exhaustive]`: callers cannot construct the struct, or match the enum without `_`.
    Forbids,
    /// The variants of an enum that derives `PartialOrd`. The order of the variants is compared.
    Order(Vec<String>),
    /// Any other item, which is compared as a line of Rust.
    Other,
}

/// The public items of a generated crate.
#[derive(Debug, Default)]
pub struct Surface {
    /// The items, by a name that is unique in the crate.
    pub items: BTreeMap<String, Named>,
    /// The chapter of the file that is being read.
    feature: Option<String>,
    /// The module and the name of each re-export (`pub use`). For `pub use types::*`, the name is `*types`.
    uses: BTreeSet<(String, String)>,
}

impl Surface {
    /// Reads the public items of generated files.
    ///
    /// # Errors
    /// If a file is not valid Rust.
    pub fn from_files(files: &[GeneratedFile]) -> Result<Surface> {
        let mut parsed = Vec::new();
        for file in files {
            if let Some(path) = file.path.strip_suffix(".rs") {
                // For an item in a file of `types/` or `operations/`, callers write only the folder: `types::Device`.
                let mut parts = path.trim_start_matches("src/generated/").split('/');
                let module = parts.next().filter(|module| *module != "mod");
                let chapter = parts
                    .next_back()
                    .filter(|file| !matches!(*file, "mod" | SHARED));
                let module = (
                    module.unwrap_or_default(),
                    chapter.map(|name| name.replace('_', "-")),
                );
                let code = syn::parse_file(&file.content).with_context(|| file.path.clone())?;
                parsed.push((module, code.items));
            }
        }
        // Callers can name the items of a private module if the crate re-exports them with `pub use`.
        let overview = parsed.iter().filter(|((module, _), _)| module.is_empty());
        let (mut private, mut open) = (BTreeSet::new(), BTreeSet::new());
        for item in overview.flat_map(|(_, items)| items) {
            match item {
                Item::Mod(item) if !is_public(&item.vis) => {
                    private.insert(item.ident.to_string());
                }
                Item::Use(item) if is_public(&item.vis) => {
                    if let UseTree::Path(path) = &item.tree {
                        open.insert(path.ident.to_string());
                    }
                }
                _ => {}
            }
        }
        let mut surface = Surface::default();
        for ((module, feature), items) in parsed {
            if !private.contains(module) || open.contains(module) {
                surface.feature = feature;
                surface.items(module, items);
            }
        }
        surface.name_mandatory_fields();
        Ok(surface)
    }

    /// Gives the arguments from a struct `...Required` the names of its fields. Adds these names to the signature,
    /// because callers write them. Removes the struct.
    fn name_mandatory_fields(&mut self) {
        let fields = self.items.keys().filter_map(|key| key.split_once('.'));
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (owner, field) in fields.filter(|(owner, _)| owner.ends_with("Required")) {
            let group = groups.entry(owner.to_owned()).or_default();
            group.push(field.to_owned());
        }
        let mut told = BTreeSet::new();
        for named in self.items.values_mut() {
            let group = required_name(&named.owner);
            if let Form::Function(arguments, around) = &mut named.form
                && arguments
                    .first()
                    .is_some_and(|(name, _)| name == "required")
                && let Some(names) = groups.get(&group)
            {
                around.push_str(&names.join(" "));
                for ((argument, _), name) in arguments.iter_mut().zip(names) {
                    argument.clone_from(name);
                }
                told.insert(group);
            }
        }
        self.items.retain(|_, named| !told.contains(&named.owner));
    }

    fn items(&mut self, module: &str, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Struct(item) if is_public(&item.vis) => {
                    let name = item.ident.to_string();
                    let hidden = item.fields.iter().any(|field| !is_public(&field.vis));
                    self.of_type(module, "struct", &name, &item.attrs, hidden);
                    self.fields(module, &name, &item.fields);
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    let name = item.ident.to_string();
                    let ordered = self.of_type(module, "enum", &name, &item.attrs, false);
                    let variants = item.variants.iter().map(|it| it.ident.to_string());
                    let variants: Vec<String> = variants.collect();
                    for variant in &item.variants {
                        let text = format!("{name}::{}", variant.to_token_stream());
                        let member = variant.ident.to_string();
                        let key = format!("{name}::{member}");
                        let fields = variant.fields.to_token_stream().to_string();
                        let text = match fields.is_empty() {
                            true => key.clone(),
                            false => tidy(&text),
                        };
                        self.add(module, key, &name, Some(member), text, Form::Part);
                    }
                    if ordered {
                        let text = format!("order of {name}: {}", variants.join(" < "));
                        let key = format!("order of {name}");
                        self.add(module, key, &name, None, text, Form::Order(variants));
                    }
                }
                Item::Fn(item) if is_public(&item.vis) => self.function(module, "", &item.sig),
                Item::Const(item) if is_public(&item.vis) => {
                    self.constant(module, &item.ident.to_string(), &item.ty);
                }
                Item::Static(item) if is_public(&item.vis) => {
                    self.constant(module, &item.ident.to_string(), &item.ty);
                }
                Item::Trait(item) if is_public(&item.vis) => {
                    let name = item.ident.to_string();
                    let text = tidy(&item.to_token_stream().to_string());
                    self.add(module, name.clone(), &name, None, text, Form::Other);
                }
                Item::Type(item) if is_public(&item.vis) => {
                    let name = item.ident.to_string();
                    let text = format!("type {name} = {}", print(&item.ty));
                    self.add(module, name.clone(), &name, None, text, Form::Other);
                }
                Item::Impl(item) => self.implementation(module, item),
                Item::Mod(item) => {
                    let inner = item.ident.to_string();
                    let items = item.content.map(|(_, items)| items);
                    self.items(&inner, items.unwrap_or_default());
                }
                Item::Use(item) if is_public(&item.vis) => self.imports(module, "", &item.tree),
                _ => {}
            }
        }
    }

    fn add(
        &mut self,
        module: &str,
        key: String,
        owner: &str,
        member: Option<String>,
        text: String,
        form: Form,
    ) {
        let named = Named {
            module: module.to_owned(),
            feature: self.feature.clone(),
            owner: owner.to_owned(),
            member,
            text,
            form,
        };
        self.items.insert(key, named);
    }

    /// Adds the type, its derives and its `#[non_exhaustive]`. Returns whether the type derives `PartialOrd`.
    fn of_type(
        &mut self,
        module: &str,
        word: &str,
        name: &str,
        attributes: &[Attribute],
        hidden: bool,
    ) -> bool {
        let is_closed = |attribute: &Attribute| attribute.path().is_ident("non_exhaustive");
        let forbids = attributes.iter().any(is_closed);
        let text = format!("{word} {name}");
        let may_grow = forbids || hidden;
        let form = Form::Type { may_grow };
        self.add(module, name.to_owned(), name, None, text, form);
        if forbids {
            let text = format!("#[non_exhaustive] {name}");
            self.add(module, text.clone(), name, None, text, Form::Forbids);
        }
        let mut ordered = false;
        for attribute in attributes {
            let Meta::List(list) = &attribute.meta else {
                continue;
            };
            let tokens = list.tokens.to_string();
            if list.path.is_ident("derive") {
                for derived in tokens.split(',').map(tidy) {
                    ordered |= derived == "PartialOrd";
                    let text = format!("{name} derives {derived}");
                    self.add(module, text.clone(), name, None, text, Form::Other);
                }
            } else if list.path.is_ident("cfg_attr") && tokens.contains("derive") {
                let text = format!("{name} has {}", tidy(&tokens));
                self.add(module, text.clone(), name, None, text, Form::Other);
            }
        }
        ordered
    }

    fn fields(&mut self, module: &str, name: &str, fields: &Fields) {
        for (index, field) in fields.iter().enumerate() {
            if is_public(&field.vis) {
                let member = field.ident.as_ref().map(ToString::to_string);
                let member = member.unwrap_or_else(|| index.to_string());
                let key = format!("{name}.{member}");
                let text = format!("{key}: {}", print(&field.ty));
                self.add(module, key, name, Some(member), text, Form::Part);
            }
        }
    }

    fn constant(&mut self, module: &str, name: &str, of: &Type) {
        let text = format!("const {name}: {}", print(of));
        let owner = name.to_lowercase();
        self.add(
            module,
            format!("const {name}"),
            &owner,
            None,
            text,
            Form::Other,
        );
    }

    fn implementation(&mut self, module: &str, item: syn::ItemImpl) {
        let of = print(&item.self_ty);
        let owner = subject(&item.self_ty);
        if let Some((of_trait, _)) = &item.trait_ {
            let text = format!("impl {} for {of}", print(of_trait));
            self.add(module, text.clone(), &owner, None, text, Form::Other);
            return;
        }
        for member in item.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    self.function(module, &owner, &function.sig);
                }
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    self.constant(module, &constant.ident.to_string(), &constant.ty);
                }
                _ => {}
            }
        }
    }

    /// Adds a function. A method of the client belongs to its operation, and the setter `with_x` to the field `x`.
    fn function(&mut self, module: &str, owner: &str, signature: &Signature) {
        let name = signature.ident.to_string();
        let arguments = signature.inputs.iter().flat_map(arguments);
        let arguments: Vec<(String, String)> = arguments.collect();
        let mut around = signature.clone();
        around.inputs.clear();
        let around = tidy(&around.to_token_stream().to_string());
        let listed = print(&signature.inputs);
        let listed = listed.trim_end_matches(',');
        let of = if owner.is_empty() { "" } else { "::" };
        let back = signature.output.to_token_stream().to_string();
        let text = format!("{owner}{of}{name}({listed}) {}", tidy(&back));
        let (subject, member) = match owner {
            "" | "Client" => (name.as_str(), None),
            owner => (owner, Some(name.trim_start_matches("with_").to_owned())),
        };
        let member = member.filter(|member| member != "new");
        let key = format!("{owner}::{name}()");
        let form = Form::Function(arguments, around);
        self.add(module, key, subject, member, text.trim().to_owned(), form);
    }

    fn imports(&mut self, module: &str, from: &str, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.imports(module, &path.ident.to_string(), &path.tree),
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.imports(module, from, tree)),
            UseTree::Name(name) => self.brings(module, name.ident.to_string()),
            UseTree::Rename(name) => self.brings(module, name.rename.to_string()),
            UseTree::Glob(_) => self.brings(module, format!("*{from}")),
        }
    }

    fn brings(&mut self, module: &str, name: String) {
        self.uses.insert((module.to_owned(), name));
    }

    /// Returns whether callers can also name the item in `module`, because `module` re-exports the item.
    pub fn reaches(&self, module: &str, named: &Named) -> bool {
        let has = |name: &str| self.uses.contains(&(module.to_owned(), name.to_owned()));
        has(&named.owner) || has(&format!("*{}", named.module))
    }
}

impl Surface {
    /// Returns whether the item belongs to a type that `self` contains.
    pub fn has_owner(&self, named: &Named) -> bool {
        self.items.get(&named.owner).is_some_and(Named::is_type)
    }
}

impl Named {
    pub fn is_type(&self) -> bool {
        matches!(self.form, Form::Type { .. })
    }

    pub fn is_method(&self) -> bool {
        matches!(self.form, Form::Function(..)) && self.text.starts_with("Client::")
    }
}

/// Returns the name and the type of an argument. A struct `...Required` gives one argument `required` for each field.
fn arguments(argument: &FnArg) -> Vec<(String, String)> {
    let typed = match argument {
        FnArg::Receiver(receiver) => return vec![("self".to_owned(), print(receiver))],
        FnArg::Typed(typed) => typed,
    };
    let name = print(&typed.pat).to_snake_case();
    let path = match typed.ty.as_ref() {
        Type::Path(path) if name == "required" => path.path.segments.last(),
        _ => None,
    };
    match path.map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(types)) => {
            let types = types.args.iter();
            types.map(|of| (name.clone(), print(of))).collect()
        }
        _ => vec![(name, print(&typed.ty))],
    }
}

fn print(tokens: &impl ToTokens) -> String {
    tidy(&tokens.to_token_stream().to_string())
}

/// Formats tokens with the usual spaces.
fn tidy(text: &str) -> String {
    let mut text = text.trim().to_owned();
    let spaces = [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :", ":"),
        ("' ", "'"),
    ];
    for (from, to) in spaces {
        text = text.replace(from, to);
    }
    text.replace("->", " -> ")
        .replace("  ", " ")
        .trim()
        .to_owned()
}
