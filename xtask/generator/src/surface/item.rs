//! Removes bodies, documentation and private members from a public item.

use quote::ToTokens;
use syn::{
    Attribute, Block, Fields, FnArg, ImplItem, Item, Meta, Pat, ReceiverKind, Signature, TraitItem,
    Type, Visibility, parse_quote,
};

use crate::file::print_item;

/// A public item, ready to be sorted and printed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The name of the item. For an implementation, the name of the type.
    pub subject: String,
    /// The order of items with the same subject: a definition comes before its implementations.
    rank: usize,
    /// The Rust source of the item.
    pub text: String,
}

impl Entry {
    /// Returns the item in the form that callers see, or `None` if callers cannot use the item.
    pub fn from_item(mut item: Item) -> Option<Entry> {
        let subject = strip_item(&mut item)?;
        let rank = usize::from(matches!(item, Item::Impl(_)));
        Some(Entry {
            subject,
            rank,
            text: print_item(item),
        })
    }
}

/// Returns the visibility and the name of a type or a trait, or `None` for any other item.
pub fn defined_type(item: &Item) -> Option<(&Visibility, String)> {
    let (visibility, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    Some((visibility, name.to_string()))
}

/// Returns whether the visibility is `pub` without a restriction such as `pub(crate)`.
pub fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Keeps only the attributes that change how callers can use the item.
pub fn strip(attributes: &mut Vec<Attribute>) {
    const KEPT: [&str; 5] = ["derive", "cfg", "cfg_attr", "non_exhaustive", "deprecated"];
    attributes.retain(|attribute| {
        is_hidden(attribute) || KEPT.iter().any(|name| attribute.path().is_ident(name))
    });
}

/// Returns whether the attribute is `#[doc(hidden)]`.
pub fn is_hidden(attribute: &Attribute) -> bool {
    matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("doc") && list.tokens.to_string() == "hidden")
}

/// Keeps only the attributes `cfg`, `deprecated` and `doc(hidden)` of a field, a variant or a method.
fn strip_member(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| {
        is_hidden(attribute)
            || ["cfg", "deprecated"]
                .iter()
                .any(|name| attribute.path().is_ident(name))
    });
}

/// Removes the code that callers do not see. Returns the item's subject, or `None` if callers cannot use the item.
fn strip_item(item: &mut Item) -> Option<String> {
    let (visibility, attributes, name) = match item {
        Item::Struct(item) => {
            strip_fields(&mut item.fields);
            (&item.vis, &mut item.attrs, item.ident.to_string())
        }
        Item::Enum(item) => {
            for variant in &mut item.variants {
                strip_member(&mut variant.attrs);
                variant
                    .fields
                    .iter_mut()
                    .for_each(|field| strip_member(&mut field.attrs));
            }
            (&item.vis, &mut item.attrs, item.ident.to_string())
        }
        Item::Trait(item) => {
            item.items.iter_mut().for_each(strip_trait_member);
            (&item.vis, &mut item.attrs, item.ident.to_string())
        }
        Item::Fn(item) => {
            *item.block = no_body();
            (&item.vis, &mut item.attrs, item.sig.ident.to_string())
        }
        Item::Const(item) => {
            *item.expr = parse_quote!(_);
            (&item.vis, &mut item.attrs, item.ident.to_string())
        }
        Item::Static(item) => {
            *item.expr = parse_quote!(_);
            (&item.vis, &mut item.attrs, item.ident.to_string())
        }
        Item::Type(item) => (&item.vis, &mut item.attrs, item.ident.to_string()),
        Item::Impl(item) => return strip_implementation(item),
        Item::Macro(item) if item.attrs.iter().any(|a| a.path().is_ident("macro_export")) => {
            item.mac.tokens = Default::default();
            strip(&mut item.attrs);
            return item.ident.as_ref().map(ToString::to_string);
        }
        _ => return None,
    };
    strip(attributes);
    is_public(visibility).then_some(name)
}

/// Keeps the associated types of a trait implementation, or the public members of an inherent implementation. If an
/// inherent implementation has no public members, returns `None`.
fn strip_implementation(item: &mut syn::ItemImpl) -> Option<String> {
    strip(&mut item.attrs);
    if item.trait_.is_some() {
        // Callers use associated types, such as the item type of an iterator, or the error type of a conversion.
        item.items
            .retain(|member| matches!(member, ImplItem::Type(_)));
    } else {
        item.items.retain_mut(strip_method);
        item.items
            .sort_by_key(|member| member.to_token_stream().to_string());
        if item.items.is_empty() {
            return None;
        }
    }
    Some(subject(&item.self_ty))
}

fn strip_method(member: &mut ImplItem) -> bool {
    match member {
        ImplItem::Fn(function) if super::is_test(&function.attrs) => false,
        ImplItem::Fn(function) => {
            strip_member(&mut function.attrs);
            plain_arguments(&mut function.sig);
            function.block = no_body();
            is_public(&function.vis)
        }
        ImplItem::Const(constant) => {
            strip_member(&mut constant.attrs);
            constant.expr = parse_quote!(_);
            is_public(&constant.vis)
        }
        _ => false,
    }
}

/// Removes `mut` from arguments. Callers do not see whether a method changes its own copy of an argument.
fn plain_arguments(signature: &mut Signature) {
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Receiver(receiver) if matches!(receiver.kind, ReceiverKind::Value) => {
                receiver.mutability = None;
            }
            FnArg::Typed(argument) => {
                if let Pat::Ident(name) = argument.pat.as_mut() {
                    name.mutability = None;
                }
            }
            FnArg::Receiver(_) => {}
        }
    }
}

fn strip_trait_member(member: &mut TraitItem) {
    if let TraitItem::Fn(function) = member {
        strip_member(&mut function.attrs);
        // A provided method gets an empty body. So it still differs from a mandatory method, which has no body.
        if let Some(body) = &mut function.default {
            *body = no_body();
        }
    }
}

fn strip_fields(fields: &mut Fields) {
    let kept = match fields {
        Fields::Named(named) => &mut named.named,
        Fields::Unnamed(unnamed) => &mut unnamed.unnamed,
        Fields::Unit => return,
    };
    let all = std::mem::take(kept).into_iter();
    *kept = all.filter(|field| is_public(&field.vis)).collect();
    kept.iter_mut()
        .for_each(|field| strip_member(&mut field.attrs));
}

fn no_body() -> Block {
    parse_quote!({})
}

/// Returns the name of a type, such as `Device` for `generated::Device<T>`.
pub fn subject(of: &Type) -> String {
    match of {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|s| s.ident.to_string())
            .unwrap_or_default(),
        Type::Reference(reference) => subject(&reference.elem),
        other => other.to_token_stream().to_string(),
    }
}
