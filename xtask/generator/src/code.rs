//! Splits the output of progenitor into types and methods. The passes then change these types and methods.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use syn::{File, ImplItem, ImplItemFn, Item, ItemStruct};

use crate::file::print_item;

#[derive(Debug, Default)]
pub struct Code {
    /// The types, by the names of their component schemas.
    pub types: BTreeMap<String, Type>,
    /// The methods of the client, by operation id.
    pub methods: BTreeMap<String, Method>,
}

#[derive(Debug)]
pub struct Type {
    pub item: ItemStruct,
    /// The implementations and, if needed, the struct `...Required`, in the order in which the passes added them.
    pub impls: Vec<Item>,
}

/// A method of the client, and the struct of its parameters.
#[derive(Debug)]
pub struct Method {
    pub function: ImplItemFn,
    /// The struct `...Params` and the items that belong to it. If the method has no such struct, the list is empty.
    pub params: Vec<Item>,
}

impl Code {
    /// Splits the output of progenitor into types and methods. Drops items that the generated files do not use.
    ///
    /// # Errors
    /// Fails if the output has an item that no pass expects. The cause is a new version of progenitor or a gap in lint.
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
                // These are the imports of progenitor-client, the client's struct, its hooks and the prelude. The
                // generated files do not use these items.
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
            // This module has the errors of conversions. Our types do not have these conversions.
            Item::Mod(module) if module.ident == "error" => Ok(()),
            // progenitor implements `Default` only if it cannot derive `Default`. The pass `derives` adds `Default`.
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
