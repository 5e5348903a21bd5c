//! The code on its way from progenitor's output to the files of a crate.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use syn::{File, ImplItem, ImplItemFn, Item, ItemStruct};

use crate::file::print_item;

/// What the passes work on.
#[derive(Debug, Default)]
pub struct Code {
    /// The types, by the name of their component schema.
    pub types: BTreeMap<String, Type>,
    /// The client's methods, by operation id.
    pub methods: BTreeMap<String, Method>,
}

/// A type and what is implemented for it.
#[derive(Debug)]
pub struct Type {
    /// Its definition.
    pub item: ItemStruct,
    /// Its implementations, in the order of the passes that wrote them.
    pub impls: Vec<Item>,
}

/// A method of the client, and the struct of its parameters.
#[derive(Debug)]
pub struct Method {
    /// The method.
    pub function: ImplItemFn,
    /// `...Params` and its implementations; none for a method without.
    pub params: Vec<Item>,
}

impl Code {
    /// Takes progenitor's output apart, and drops what core replaces.
    ///
    /// # Errors
    ///
    /// When the output holds an item that no pass knows: a new version of
    /// progenitor, or a construct that lint should have refused.
    pub fn take_apart(file: File) -> Result<Code> {
        let mut code = Code::default();
        for item in file.items {
            match item {
                Item::Mod(module) if module.ident == "types" => {
                    for item in module.content.context("the module of types is empty")?.1 {
                        code.take_type(item)?;
                    }
                }
                Item::Impl(item) if item.trait_.is_none() => code.take_methods(item.items),
                // `use`s of progenitor-client, the client's struct, its hooks
                // and the prelude: core and lib.rs have their own.
                Item::Use(_) | Item::Struct(_) | Item::Impl(_) | Item::Mod(_) => {}
                other => bail!(
                    "progenitor wrote an item that no pass knows: {}",
                    print_item(other)
                ),
            }
        }
        Ok(code)
    }

    fn take_type(&mut self, item: Item) -> Result<()> {
        match item {
            Item::Struct(item) if matches!(item.fields, syn::Fields::Named(_)) => {
                let (name, impls) = (item.ident.to_string(), Vec::new());
                self.types.insert(name, Type { item, impls });
                Ok(())
            }
            // The errors of conversions that our types do not have.
            Item::Mod(module) if module.ident == "error" => Ok(()),
            // typify implements Default for a type without mandatory fields
            // where it cannot derive it; `derives` does so for all.
            Item::Impl(item)
                if item
                    .trait_
                    .as_ref()
                    .and_then(|(path, _)| path.segments.last())
                    .is_some_and(|last| last.ident == "Default") =>
            {
                Ok(())
            }
            other => bail!(
                "progenitor wrote a type that no pass knows: {}",
                print_item(other)
            ),
        }
    }

    fn take_methods(&mut self, items: Vec<ImplItem>) {
        for item in items {
            if let ImplItem::Fn(function) = item
                && function.sig.asyncness.is_some()
            {
                let (name, params) = (function.sig.ident.to_string(), Vec::new());
                self.methods.insert(name, Method { function, params });
            }
        }
    }
}
