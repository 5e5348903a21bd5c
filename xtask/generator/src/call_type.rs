//! Writes the return types of methods, and the statics of calls that read pages, detect a refused operation, or wait.

use anyhow::{Context, Result, bail};
use huaweicloud_openapi::extension::{Gone, Outcome, PageStyle, Pagination, Waiter};
use huaweicloud_openapi::reference::component;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Ident, Item, Type, parse_quote};

use crate::model::{Api, Choice, Enumeration, Field, Operation, SchemaForm, constant, rust_name};
use proc_macro2::{Literal, TokenStream};

/// The type of the call that a method returns. For an operation with `x-waiter`, [`Wait`] changes this type.
pub enum CallType<'a> {
    /// The type `Call`.
    Plain,
    /// The type `PagedCall`, for an operation with `x-pagination`.
    Paged(&'a Pagination),
    /// The type `JudgedCall`, for an operation with `x-outcome`.
    Judged(&'a Outcome),
}

impl<'a> CallType<'a> {
    pub fn from_operation(operation: &'a Operation) -> Self {
        match (&operation.pagination, &operation.outcome) {
            (Some(pagination), _) => Self::Paged(pagination),
            (None, Some(outcome)) => Self::Judged(outcome),
            (None, None) => Self::Plain,
        }
    }

    /// Returns the names of the session's method and of the static for this call. For a plain call, returns `None`.
    pub fn layer(&self, operation: &Operation, may_be_empty: bool) -> Option<[Ident; 2]> {
        let (send, suffix) = match self {
            Self::Plain => return None,
            Self::Paged(_) if may_be_empty => ("send_paged_optional", "PAGING"),
            Self::Paged(_) => ("send_paged", "PAGING"),
            Self::Judged(_) if may_be_empty => ("send_judged_optional", "OUTCOME"),
            Self::Judged(_) => ("send_judged", "OUTCOME"),
        };
        let names = [send.to_owned(), format!("{}_{suffix}", constant(operation))];
        Some(names.map(|name| format_ident!("{name}")))
    }

    /// Returns the type of the call, for an answer of the type `answer`.
    ///
    /// # Errors
    /// Fails if the answer lacks a field that the extension names. Lint should have refused the document.
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
}

/// Returns the statics for the pages, the outcome and the wait of an operation.
///
/// # Errors
/// Fails if a field or an operation that an extension names does not exist. Lint should have refused the document.
pub fn definitions(api: &Api, operation: &Operation) -> Result<Vec<Item>> {
    let call = match CallType::from_operation(operation) {
        CallType::Plain => None,
        CallType::Paged(pagination) => Some(paging(api, operation, pagination)?),
        CallType::Judged(outcome) => Some(judged(api, operation, outcome)?),
    };
    let wait = Wait::from_operation(api, operation)?;
    let wait = wait.map(|wait| wait.definition(api, operation));
    Ok(call.into_iter().chain(wait.transpose()?).collect())
}

/// Returns the name of the component that describes the answer, or an error if no success answer is an object.
fn answered(operation: &Operation) -> Result<&str> {
    let mut objects = operation
        .success
        .iter()
        .filter_map(|success| success.object());
    let object = objects.next();
    object.with_context(|| format!("{}: the answer is not an object", operation.id))
}

/// Returns the fields that pages and outcomes need, as pairs of type name and field name. If such a field has a value
/// of a wrong type, decoding must fail.
pub fn essential_fields(api: &Api) -> Result<Vec<(&str, &str)>> {
    let mut all = Vec::new();
    for operation in &api.operations {
        let paths: Vec<&str> = match CallType::from_operation(operation) {
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
            let steps = access.steps.iter();
            all.extend(steps.map(|(owner, field)| (*owner, field.name.as_str())));
        }
    }
    Ok(all)
}

fn paging(api: &Api, operation: &Operation, pagination: &Pagination) -> Result<Item> {
    let answer = answered(operation)?;
    let list = Access::find(api, answer, &pagination.items)?;
    let (element, items) = (list.element(api)?, list.list());
    let path = &pagination.items;
    let body = Body::of(operation, answer);
    let answer_type = &body.type_;
    let items = match body.may_be_missing {
        true => quote!(answer.as_mut().map(|answer| &mut #items)),
        false => quote!(Some(&mut #items)),
    };
    let begin = match &pagination.style {
        PageStyle::Offset { offset, start } => {
            let start = Literal::u64_unsuffixed(*start);
            quote!(huaweicloud_core::pages::Paging::<#answer_type, #element>::offset(#offset, #start, #path, |answer| #items))
        }
        PageStyle::Marker { marker, next } => {
            let next = body.value(Access::find(api, answer, next)?.value());
            quote!(huaweicloud_core::pages::Paging::<#answer_type, #element>::marker(#marker, |answer| #next.map(ToString::to_string), #path, |answer| #items))
        }
    };
    let limit = limit(operation, pagination);
    let total = pagination.total.as_ref().map(|path| {
        let total = body.value(Access::find(api, answer, path)?.value());
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

/// The body of an answer. In the generated code, the body has the name `answer`.
struct Body {
    type_: Type,
    /// Whether a success can have no body.
    may_be_missing: bool,
}

impl Body {
    fn of(operation: &Operation, answer: &str) -> Self {
        let answer = format_ident!("{answer}");
        let mut successes = operation.success.iter();
        let may_be_missing = successes.any(|success| success.object().is_none());
        let type_ = match may_be_missing {
            true => parse_quote!(Option<#answer>),
            false => parse_quote!(#answer),
        };
        Self {
            type_,
            may_be_missing,
        }
    }

    /// Adapts code that reads a value from a body `answer`. If a body can be missing, the code reads from an `Option`.
    fn value(&self, value: TokenStream) -> TokenStream {
        match self.may_be_missing {
            true => quote!(answer.as_ref().and_then(|answer| #value)),
            false => value,
        }
    }
}

/// Returns the code for the size of a page: `.with_limit(name, default, largest)`.
fn limit(operation: &Operation, pagination: &Pagination) -> Option<TokenStream> {
    let name = pagination.limit.as_ref()?;
    let mut parameters = operation.parameters.iter();
    let limit = parameters.find(|parameter| parameter.name == *name);
    let schema = limit.map_or(&Value::Null, |parameter| &parameter.schema);
    let (default, largest) = (number(&schema["default"]), number(&schema["maximum"]));
    Some(quote!(.with_limit(#name, #default, #largest)))
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
    let answer_type = format_ident!("{answer}");
    let field = Access::find(api, answer, &outcome.field)?;
    let (list, of_element) = match outcome.field.split_once("[].") {
        Some((list, path)) => {
            let list = Access::find(api, answer, list)?;
            let element = component(list.element_schema(api)).unwrap_or_default();
            (
                Some(field_name(&list.steps[0].1.name)),
                Access::find(api, element, path)?.value(),
            )
        }
        None => (None, field.value()),
    };
    let body = Body::of(operation, answer);
    let good: Vec<String> = outcome.good.iter().map(wire_text).collect();
    let code = quote!(#of_element.map(ToString::to_string));
    let code = body.value(match list {
        Some(list) => {
            quote!(huaweicloud_core::Outcome::<#answer_type>::worst(answer.#list.iter().map(|answer| #code), &[#(#good),*]))
        }
        None => code,
    });
    let options = field.options(api).into_iter();
    let refused = options.flat_map(|options| &options.choices);
    let refused = refused.filter(|choice| !good.contains(&wire_text(&choice.value)));
    let refused = refused.map(with_meaning);
    let message = outcome.message.as_ref().map(|path| {
        let message = Access::find(api, answer, path)?.value();
        let message = body.value(quote!(#message.cloned()));
        anyhow::Ok(quote!(.with_message(|answer| #message)))
    });
    let message = message.transpose()?;
    let status = Literal::u16_unsuffixed(outcome.status);
    let name = format_ident!("{}_OUTCOME", constant(operation));
    let answer = body.type_;
    Ok(parse_quote! {
        static #name: huaweicloud_core::Outcome<#answer> =
            huaweicloud_core::Outcome::<#answer>::new(#status, |answer| #code, &[#(#good),*], &[#(#refused),*])#message;
    })
}

/// Returns the code of a pair: an enum value, and its meaning as a clause that can follow a semicolon.
fn with_meaning(choice: &Choice) -> TokenStream {
    let (value, meaning) = (wire_text(&choice.value), as_clause(&choice.description));
    quote!((#value, #meaning))
}

/// The extension `x-waiter`, and the operation that the client polls. For the fields that `x-waiter` names, core reads
/// the original JSON. So a wait works even if lenient decoding drops these fields.
pub struct Wait<'a> {
    waiter: &'a Waiter,
    poll: &'a Operation,
}

impl<'a> Wait<'a> {
    /// Returns the wait of an operation, or `None` if the operation has no `x-waiter`.
    ///
    /// # Errors
    /// Fails if the extension names an operation that does not exist. Lint should have refused the document.
    pub fn from_operation(api: &'a Api, operation: &'a Operation) -> Result<Option<Self>> {
        let Some(waiter) = &operation.waiter else {
            return Ok(None);
        };
        let poll = waiter.operation.as_ref().unwrap_or(&operation.id);
        let poll = api.operations.iter().find(|other| other.id == *poll);
        let poll = poll.context("the polled operation does not exist")?;
        Ok(Some(Self { waiter, poll }))
    }

    pub fn polls_itself(&self) -> bool {
        self.waiter.operation.is_none()
    }

    /// Returns the component that has the state, and the path to the state in this component.
    fn state(&self, api: &'a Api) -> Result<(&'a str, Access<'a>)> {
        let mut holder = answered(self.poll)?;
        if let Some(list) = &self.waiter.list {
            let list = Access::find(api, holder, list)?;
            holder = component(list.element_schema(api)).context("a polled list has no fields")?;
        }
        Ok((holder, Access::find(api, holder, &self.waiter.field)?))
    }

    /// Returns the type of the call with a wait. `plain` is the type of the call without the wait.
    ///
    /// # Errors
    /// Fails if an answer lacks a field that the extension names. Lint should have refused the document.
    pub fn return_type(&self, api: &Api, plain: &Type, answer: &Type) -> Result<Type> {
        let (holder, state) = self.state(api)?;
        let holder = format_ident!("{holder}");
        if self.polls_itself() {
            let state = rust_type(state.last())?;
            return Ok(parse_quote!(huaweicloud_core::PolledCall<#answer, #state>));
        }
        let mut sources = self.waiter.ids.iter().chain(&self.waiter.key);
        let gives = match self.waiter.gone {
            Some(Gone::Success) => "Gone",
            _ if sources.any(|(_, source)| source.contains("[]")) => "All",
            _ => "One",
        };
        let gives = format_ident!("{gives}");
        let gives = quote!(huaweicloud_core::wait::#gives<#holder>);
        Ok(parse_quote!(huaweicloud_core::ActionCall<#plain, #gives>))
    }

    fn definition(&self, api: &Api, operation: &Operation) -> Result<Item> {
        let (name, waiter) = (format_ident!("{}_WAITER", constant(operation)), self.waiter);
        let (field, success) = (&waiter.field, waiter.success.iter().map(wire_text));
        let options = self.state(api)?.1.options(api);
        let failure = waiter.failure.iter().map(|value| {
            let mut choices = options.into_iter().flat_map(|options| &options.choices);
            let known = choices.find(|choice| choice.value == *value);
            let value = wire_text(value);
            known.map_or(quote!((#value, "")), with_meaning)
        });
        let poll = (!self.polls_itself()).then(|| {
            let (poll, ids) = (constant(self.poll), &waiter.ids);
            let ids = ids.iter().map(|(name, source)| quote!((#name, #source)));
            quote!(.with_poll(&operations::#poll, &[#(#ids),*]))
        });
        let element = waiter.list.iter().zip(&waiter.key);
        let element = element.map(|(list, (key, source))| {
            let pages = self.poll.pagination.iter().map(|pagination| {
                let limit = limit(self.poll, pagination);
                let pages = match &pagination.style {
                    PageStyle::Offset { offset, start } => {
                        let start = Literal::u64_unsuffixed(*start);
                        quote!(offset(#offset, #start))
                    }
                    PageStyle::Marker { marker, next } => quote!(marker(#marker, #next)),
                };
                quote!(.with_pages(huaweicloud_core::wait::PagesOfPoll::#pages #limit))
            });
            quote!(.with_element(#list, #key, #source) #(#pages)*)
        });
        let gone =
            matches!(waiter.gone, Some(Gone::Success)).then(|| quote!(.with_gone_as_success()));
        let seconds = |time: Option<u64>| time.map(Literal::u64_unsuffixed);
        let interval = seconds(waiter.interval).map(|seconds| quote!(.with_interval(#seconds)));
        let settle = seconds(waiter.settle).map(|seconds| quote!(.with_settle(#seconds)));
        Ok(parse_quote! {
            static #name: huaweicloud_core::wait::Waiter =
                huaweicloud_core::wait::Waiter::new(#field, &[#(#success),*], &[#(#failure),*]) #poll #(#element)* #gone #interval #settle;
        })
    }
}

/// Changes a sentence so that it can follow a semicolon.
fn as_clause(sentence: &str) -> String {
    let sentence = sentence.trim().trim_end_matches('.');
    let mut letters = sentence.chars();
    match letters.next() {
        // A word such as `ID` keeps its first capital letter.
        Some(first) if letters.as_str().starts_with(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// Returns a value as a string without quotation marks.
fn wire_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The path to a field, from an answer or from a list element.
struct Access<'a> {
    /// Each step has the name of a component, and a field of this component.
    steps: Vec<(&'a str, &'a Field)>,
}

impl<'a> Access<'a> {
    fn find(api: &'a Api, answer: &str, path: &str) -> Result<Self> {
        let mut steps: Vec<(&str, &Field)> = Vec::new();
        let mut owner = answer.to_owned();
        for name in path.split('.') {
            let schema = api.schemas.get(&owner);
            let schema = schema.with_context(|| format!("there is no type {owner}"))?;
            let plain = name.trim_end_matches("[]");
            let field = schema.fields().iter().find(|field| field.name == plain);
            let field = field.with_context(|| format!("{owner} has no field {plain}"))?;
            let target = match plain == name {
                true => &field.schema,
                false => element_schema(api, &field.schema),
            };
            owner = component(target).unwrap_or_default().to_owned();
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

    /// Returns the code that reads the list from `answer`.
    fn list(&self) -> TokenStream {
        let names = self.names();
        let (last, before) = match names.split_last() {
            Some((last, before)) => (last, before),
            None => return quote!(answer),
        };
        quote!(answer #(.#before.as_mut()?)* .#last)
    }

    /// Returns the code that reads the scalar from `answer`, as an `Option` of a reference.
    fn value(&self) -> TokenStream {
        let names = self.names();
        let mut names = names.iter();
        let first = names.next().map(|name| quote!(answer.#name.as_ref()));
        quote!(#first #(.and_then(|inner| inner.#names.as_ref()))*)
    }

    fn element_schema(&self, api: &'a Api) -> &'a Value {
        element_schema(api, self.last())
    }

    fn element(&self, api: &Api) -> Result<Type> {
        rust_type(self.element_schema(api))
    }
    fn options(&self, api: &'a Api) -> Option<&'a Enumeration> {
        match &api.schemas.get(component(self.last())?)?.form {
            SchemaForm::Enumeration(options) => Some(options),
            _ => None,
        }
    }
}

fn element_schema<'a>(api: &'a Api, list: &'a Value) -> &'a Value {
    let named = component(list).and_then(|name| api.schemas.get(name));
    match named.map(|schema| &schema.form) {
        Some(SchemaForm::List(element)) => element,
        _ => &list["items"],
    }
}

/// Returns the Rust type of a scalar or a component.
fn rust_type(items: &Value) -> Result<Type> {
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
        _ => bail!("{items} has no Rust type: define a component for this schema"),
    })
}

fn field_name(name: &str) -> Ident {
    format_ident!("{}", rust_name(name))
}
