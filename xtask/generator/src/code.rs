//! The code between progenitor's output and the files of a crate.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use syn::{File, ImplItem, ImplItemFn, Item, ItemStruct};

use crate::file::print_item;

/// The input and output of the passes.
#[derive(Debug, Default)]
pub struct Code {
    /// The types, by the name of their component schema.
    pub types: BTreeMap<String, Type>,
    /// The client's methods, by operation id.
    pub methods: BTreeMap<String, Method>,
}

/// A type and its implementations.
#[derive(Debug)]
pub struct Type {
    /// Its definition.
    pub item: ItemStruct,
    /// Its implementations, in the order of the passes.
    pub impls: Vec<Item>,
}

/// A method of the client, and the struct of its parameters.
#[derive(Debug)]
pub struct Method {
    /// The method.
    pub function: ImplItemFn,
    /// `...Params` and its implementations. It is empty if the method has none.
    pub params: Vec<Item>,
}

impl Code {
    /// Splits progenitor's output, and drops the parts that core replaces.
    ///
    /// # Errors
    /// If the output has an item that no pass knows. Then progenitor has a new version, or lint has missed a construct.
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
                // `use`s of progenitor-client, the client's struct, its hooks and the prelude. Core and lib.rs have their
                // own.
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
            // Errors of conversions that our types do not have.
            Item::Mod(module) if module.ident == "error" => Ok(()),
            // typify implements Default only if it cannot derive it. The pass `derives` derives it for all types.
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
