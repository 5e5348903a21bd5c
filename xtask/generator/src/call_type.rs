//! What a method returns beyond a plain call: pages, and outcomes under a status of success.

use anyhow::{Context, Result, bail};
use heck::ToSnakeCase;
use huaweicloud_openapi::extension::{Outcome, PageStyle, Pagination};
use huaweicloud_openapi::reference::component;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Ident, Item, Type, parse_quote};

use crate::model::{Api, Enumeration, Field, Operation, SchemaForm};
use crate::operations::constant;
use proc_macro2::{Literal, TokenStream};

/// The type of a method's call.
pub enum CallType<'a> {
    /// `Call`.
    Plain,
    /// `PagedCall`, by `x-pagination`.
    Paged(&'a Pagination),
    /// `JudgedCall`, by `x-outcome`.
    Judged(&'a Outcome),
}

impl<'a> CallType<'a> {
    pub fn of(operation: &'a Operation) -> Self {
        match (&operation.pagination, &operation.outcome) {
            (Some(pagination), _) => Self::Paged(pagination),
            (None, Some(outcome)) => Self::Judged(outcome),
            (None, None) => Self::Plain,
        }
    }

    /// The name of the static that the session needs.
    pub fn constant(&self, operation: &Operation) -> Option<Ident> {
        let suffix = match self {
            Self::Plain => return None,
            Self::Paged(_) => "PAGING",
            Self::Judged(_) => "OUTCOME",
        };
        Some(format_ident!("{}_{suffix}", constant(operation)))
    }

    /// The session's method.
    ///
    /// # Errors
    ///
    /// When a page may have no body: lint should have refused it.
    pub fn send(&self, may_be_empty: bool) -> Result<Ident> {
        Ok(match (self, may_be_empty) {
            (Self::Plain, _) => format_ident!("send"),
            (Self::Paged(_), false) => format_ident!("send_paged"),
            (Self::Paged(_), true) => bail!("a page without a body is not supported"),
            (Self::Judged(_), false) => format_ident!("send_judged"),
            (Self::Judged(_), true) => format_ident!("send_judged_optional"),
        })
    }

    /// The type of the call, for this type of answer.
    ///
    /// # Errors
    ///
    /// When the answer lacks what the extension names: lint should have refused it.
    pub fn return_type(&self, api: &Api, operation: &Operation, answer: &Type) -> Result<Type> {
        Ok(match self {
            Self::Plain => parse_quote!(Call<#answer>),
            Self::Judged(_) => parse_quote!(huaweicloud_core::JudgedCall<#answer>),
            Self::Paged(pagination) => {
                let list = Access::find(api, answered(operation)?, &pagination.items)?;
                let element = list.element(api)?;
                parse_quote!(huaweicloud_core::PagedCall<#answer, #element>)
            }
        })
    }

    /// The static that the session needs.
    ///
    /// # Errors
    ///
    /// As [`return_type`](Self::return_type).
    pub fn definition(&self, api: &Api, operation: &Operation) -> Result<Option<Item>> {
        match self {
            Self::Plain => Ok(None),
            Self::Paged(pagination) => paging(api, operation, pagination).map(Some),
            Self::Judged(outcome) => judged(api, operation, outcome).map(Some),
        }
    }
}

/// The component of the answer.
fn answered(operation: &Operation) -> Result<&str> {
    let mut objects = operation
        .success
        .iter()
        .filter_map(|success| success.object());
    let object = objects.next();
    object.with_context(|| format!("{}: the answer is no object", operation.id))
}

/// The fields of the types that pages and outcomes read: lenient decoding must not drop them.
pub fn essential_fields(api: &Api) -> Result<Vec<(&str, &str)>> {
    let mut all = Vec::new();
    for operation in &api.operations {
        let paths: Vec<&str> = match CallType::of(operation) {
            CallType::Plain => continue,
            CallType::Judged(outcome) => vec![&outcome.field],
            CallType::Paged(pagination) => {
                let next = match &pagination.style {
                    PageStyle::Marker { next, .. } => Some(next),
                    PageStyle::Offset { .. } => None,
                };
                let optional = pagination.total.iter().chain(next);
                optional
                    .chain([&pagination.items])
                    .map(String::as_str)
                    .collect()
            }
        };
        for path in paths {
            let access = Access::find(api, answered(operation)?, path)?;
            all.extend(
                access
                    .steps
                    .iter()
                    .map(|(owner, field)| (*owner, field.name.as_str())),
            );
        }
    }
    Ok(all)
}

fn paging(api: &Api, operation: &Operation, pagination: &Pagination) -> Result<Item> {
    let answer = answered(operation)?;
    let list = Access::find(api, answer, &pagination.items)?;
    let (element, items) = (list.element(api)?, list.list());
    let path = &pagination.items;
    let answer_type = format_ident!("{answer}");
    let begin = match &pagination.style {
        PageStyle::Offset { offset, start } => {
            let start = Literal::u64_unsuffixed(*start);
            quote!(huaweicloud_core::pages::Paging::<#answer_type, #element>::offset(#offset, #start, #path, |answer| Some(&mut #items)))
        }
        PageStyle::Marker { marker, next } => {
            let next = Access::find(api, answer, next)?.value();
            quote!(huaweicloud_core::pages::Paging::<#answer_type, #element>::marker(#marker, |answer| #next.map(ToString::to_string), #path, |answer| Some(&mut #items)))
        }
    };
    let limit = pagination.limit.as_ref().map(|name| {
        let schema = operation
            .parameters
            .iter()
            .find(|parameter| parameter.name == *name);
        let schema = schema.map_or(&Value::Null, |parameter| &parameter.schema);
        let (default, largest) = (number(&schema["default"]), number(&schema["maximum"]));
        quote!(.with_limit(#name, #default, #largest))
    });
    let total = pagination.total.as_ref().map(|path| {
        let total = Access::find(api, answer, path)?.value();
        anyhow::Ok(quote!(.with_total(|answer| #total.and_then(huaweicloud_core::pages::count_of))))
    });
    let total = total.transpose()?;
    let id = pagination.id.as_ref().map(|path| {
        let component = component(list.element_schema(api));
        let component =
            component.with_context(|| format!("{}: elements have no fields", operation.id))?;
        let id = Access::find(api, component, path)?.value();
        anyhow::Ok(quote!(.with_id(|answer| #id.map(ToString::to_string))))
    });
    let id = id.transpose()?;
    let name = format_ident!("{}_PAGING", constant(operation));
    Ok(parse_quote! {
        static #name: huaweicloud_core::pages::Paging<#answer_type, #element> = #begin #limit #total #id;
    })
}

fn number(value: &Value) -> TokenStream {
    let number = match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    };
    match number {
        Some(number) => {
            let number = Literal::u64_unsuffixed(number);
            quote!(Some(#number))
        }
        None => quote!(None),
    }
}

fn judged(api: &Api, operation: &Operation, outcome: &Outcome) -> Result<Item> {
    let answer = answered(operation)?;
    let field = Access::find(api, answer, &outcome.field)?;
    let may_be_empty = operation
        .success
        .iter()
        .any(|success| success.object().is_none());
    let of_body = |value: TokenStream| match may_be_empty {
        true => quote!(answer.as_ref().and_then(|answer| #value)),
        false => value,
    };
    let code = field.value();
    let code = of_body(quote!(#code.map(ToString::to_string)));
    let good: Vec<String> = outcome.good.iter().map(wire_text).collect();
    let options = field
        .options(api)
        .map_or(&[][..], |options| &options.choices);
    let refused = options
        .iter()
        .filter(|choice| !good.contains(&wire_text(&choice.value)));
    let refused = refused.map(|choice| {
        let (value, meaning) = (wire_text(&choice.value), as_clause(&choice.description));
        quote!((#value, #meaning))
    });
    let message = outcome.message.as_ref().map(|path| {
        let message = Access::find(api, answer, path)?.value();
        let message = of_body(quote!(#message.cloned()));
        anyhow::Ok(quote!(.with_message(|answer| #message)))
    });
    let message = message.transpose()?;
    let status = Literal::u16_unsuffixed(outcome.status);
    let (name, answer) = (
        format_ident!("{}_OUTCOME", constant(operation)),
        format_ident!("{answer}"),
    );
    let answer: Type = match may_be_empty {
        true => parse_quote!(Option<#answer>),
        false => parse_quote!(#answer),
    };
    Ok(parse_quote! {
        static #name: huaweicloud_core::Outcome<#answer> =
            huaweicloud_core::Outcome::<#answer>::new(#status, |answer| #code, &[#(#good),*], &[#(#refused),*])#message;
    })
}

/// A sentence as words that can follow a semicolon.
fn as_clause(sentence: &str) -> String {
    let sentence = sentence.trim().trim_end_matches('.');
    let mut letters = sentence.chars();
    match letters.next() {
        // An abbreviation keeps its capitals.
        Some(first) if letters.as_str().starts_with(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// A value as `Display` writes it.
fn wire_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The way from an answer to one of its fields.
struct Access<'a> {
    /// The component and the field of each step.
    steps: Vec<(&'a str, &'a Field)>,
}

impl<'a> Access<'a> {
    fn find(api: &'a Api, answer: &str, path: &str) -> Result<Self> {
        let mut steps: Vec<(&str, &Field)> = Vec::new();
        let mut owner = answer.to_owned();
        for name in path.split('.') {
            let schema = api.schemas.get(&owner);
            let schema = schema.with_context(|| format!("there is no type {owner}"))?;
            let field = schema.fields().iter().find(|field| field.name == name);
            let field = field.with_context(|| format!("{owner} has no field {name}"))?;
            owner = component(&field.schema).unwrap_or_default().to_owned();
            steps.push((&schema.name, field));
        }
        Ok(Self { steps })
    }

    fn last(&self) -> &'a Value {
        static NOTHING: Value = Value::Null;
        self.steps
            .last()
            .map_or(&NOTHING, |(_, field)| &field.schema)
    }

    fn names(&self) -> Vec<Ident> {
        let names = self.steps.iter().map(|(_, field)| field_name(&field.name));
        names.collect()
    }

    /// The list, of `answer`.
    fn list(&self) -> TokenStream {
        let names = self.names();
        let (last, before) = match names.split_last() {
            Some((last, before)) => (last, before),
            None => return quote!(answer),
        };
        quote!(answer #(.#before.as_mut()?)* .#last)
    }

    /// The scalar, of `answer`, as an `Option` of a reference.
    fn value(&self) -> TokenStream {
        let names = self.names();
        let mut names = names.iter();
        let first = names.next().map(|name| quote!(answer.#name.as_ref()));
        quote!(#first #(.and_then(|inner| inner.#names.as_ref()))*)
    }

    /// The schema of the list's elements.
    fn element_schema(&self, api: &'a Api) -> &'a Value {
        let named = component(self.last()).and_then(|name| api.schemas.get(name));
        match named.map(|schema| &schema.form) {
            Some(SchemaForm::List(element)) => element,
            _ => &self.last()["items"],
        }
    }

    /// The Rust type of the list's elements.
    fn element(&self, api: &Api) -> Result<Type> {
        let items = self.element_schema(api);
        if let Some(name) = component(items) {
            let name = format_ident!("{name}");
            return Ok(parse_quote!(#name));
        }
        let text = |key: &str| items[key].as_str().unwrap_or_default();
        Ok(match (text("type"), text("format")) {
            ("string", "password") => parse_quote!(Secret),
            ("string", _) => parse_quote!(String),
            ("integer", "int32") => parse_quote!(i32),
            ("integer", _) => parse_quote!(i64),
            ("number", _) => parse_quote!(f64),
            ("boolean", _) => parse_quote!(bool),
            _ => bail!("a page's elements are {items}: name their schema as a component"),
        })
    }

    fn options(&self, api: &'a Api) -> Option<&'a Enumeration> {
        match &api.schemas.get(component(self.last())?)?.form {
            SchemaForm::Enumeration(options) => Some(options),
            _ => None,
        }
    }
}

/// The Rust name of a field.
fn field_name(name: &str) -> Ident {
    let name = name.to_snake_case();
    match syn::parse_str::<Ident>(&name) {
        Ok(ident) => ident,
        Err(_) => format_ident!("{name}_"),
    }
}
