//! Writes methods that build a request and give the request to the session.
//!
//! A method returns a call that has not begun. So no method is `async`, and the compiler makes no state machine. The
//! session replaces progenitor's code for sending: it adds the project and the credentials, and decides about retries.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, PathArguments, ReturnType, Signature, Type, TypePath, TypeReference,
    parse_quote,
};

use super::params::is_argument;
use super::syntax;
use crate::call_type::{CallType, Wait};
use crate::model::{
    Api, Content, Operation, Parameter, ParameterLocation, RequestBody, SchemaForm, argument_name,
    constant,
};
use crate::{Code, Part};

/// The path parameter that the session adds.
const PROJECT: &str = "project_id";

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for operation in &part.operations {
        let method = code
            .methods
            .get_mut(&operation.id)
            .context("progenitor omitted the operation")?;
        let function = &mut method.function;
        take_project(&mut function.sig);
        // If the operation has no body, an argument with the name `body` is an ordinary parameter.
        let documented = operation.body.as_ref();
        let json = documented.and_then(|body| body_argument(body, &mut function.sig));
        Plain.visit_signature_mut(&mut function.sig);
        function.sig.generics = syn::Generics::default();
        let answered = Answered::from_operation(operation, part.api);
        let answer = answer(answered, &function.sig).with_context(|| operation.id.clone())?;
        function.sig.asyncness = None;
        let mut call =
            CallType::from_operation(operation).return_type(part.api, operation, &answer)?;
        let wait = Wait::from_operation(part.api, operation)?;
        if let Some(wait) = &wait {
            call = wait.return_type(part.api, &call, &answer)?;
        }
        function.sig.output = parse_quote!(-> #call);
        // With `#[inline]`, a program compiles only the methods that it calls, and a service crate compiles no methods.
        function.attrs.push(parse_quote!(#[inline]));
        function.block = body(operation, answered, json, wait)?;
    }
    Ok(())
}

fn take_project(signature: &mut Signature) {
    let all: Vec<FnArg> = std::mem::take(&mut signature.inputs).into_iter().collect();
    signature.inputs = all
        .into_iter()
        .filter(|argument| !is_argument(argument, PROJECT))
        .collect();
}

/// Removes lifetimes that the compiler can infer, and the path of progenitor's module `types`.
struct Plain;

impl VisitMut for Plain {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_receiver_mut(&mut self, receiver: &mut syn::Receiver) {
        *receiver = parse_quote!(&self);
    }

    fn visit_type_path_mut(&mut self, path: &mut TypePath) {
        if path
            .path
            .segments
            .first()
            .is_some_and(|segment| segment.ident == "types")
        {
            path.path.segments = path.path.segments.iter().skip(1).cloned().collect();
        }
        visit_mut::visit_type_path_mut(self, path);
    }
}

/// If the argument `body` is a list or a file, changes its type. Returns the code that adds `body` to the request, or
/// `None` if the method has no argument `body`.
fn body_argument(documented: &RequestBody, signature: &mut Signature) -> Option<TokenStream> {
    let mut arguments = signature.inputs.iter_mut();
    let FnArg::Typed(body) = arguments.find(|argument| is_argument(argument, "body"))? else {
        return None;
    };
    if let Some(part) = &documented.file {
        body.ty = parse_quote!(&huaweicloud_core::Upload);
        return Some(quote!(.upload(#part, body)));
    }
    let Type::Reference(reference) = body.ty.as_mut() else {
        return Some(quote!(.json(&body)));
    };
    if let Some(element) = syntax::argument(&reference.elem, "Vec") {
        *reference.elem = parse_quote!([#element]);
    }
    Some(quote!(.json(body)))
}

/// The content of an operation's answer.
#[derive(Clone, Copy)]
struct Answered {
    form: Form,
    /// Whether a success can have no body.
    may_be_empty: bool,
}

#[derive(Clone, Copy)]
enum Form {
    Nothing,
    /// JSON with documented field names.
    Object,
    /// Any other JSON.
    Open,
    File,
}

impl Answered {
    fn from_operation(operation: &Operation, api: &Api) -> Self {
        let contents = || operation.success.iter().map(|success| &success.content);
        let content = contents().find(|content| **content != Content::Empty);
        let names_fields = |content: &Content| {
            let schema = content.component().and_then(|name| api.schemas.get(name));
            schema.is_some_and(|schema| matches!(schema.form, SchemaForm::Object(_)))
        };
        let form = match content {
            None => Form::Nothing,
            Some(Content::File(_)) => Form::File,
            Some(content) if names_fields(content) => Form::Object,
            Some(_) => Form::Open,
        };
        let may_be_empty = contents().any(|content| *content == Content::Empty);
        Self { form, may_be_empty }
    }

    /// Returns the name of the session's method for this answer.
    fn send(self) -> syn::Ident {
        let optional = if self.may_be_empty { "_optional" } else { "" };
        match self.form {
            Form::Nothing => format_ident!("send_empty"),
            Form::Object => format_ident!("send{optional}"),
            Form::Open => format_ident!("send_open{optional}"),
            Form::File => format_ident!("download{optional}"),
        }
    }
}

/// Returns the answer type of the method: the body, `()`, or an `Option` of the body.
fn answer(answered: Answered, signature: &Signature) -> Result<Type> {
    let body = match answered.form {
        Form::Nothing => return Ok(parse_quote!(())),
        Form::File => parse_quote!(huaweicloud_core::Download),
        Form::Object | Form::Open => {
            let body = documented(signature);
            let mut body = body.context("progenitor gives no body for the answer")?;
            Plain.visit_type_mut(&mut body);
            body
        }
    };
    Ok(match answered.may_be_empty {
        true => parse_quote!(Option<#body>),
        false => body,
    })
}

/// Returns the type `Body` in progenitor's `Result<ResponseValue<Body>, Error<..>>`.
fn documented(signature: &Signature) -> Option<Type> {
    let ReturnType::Type(_, output) = &signature.output else {
        return None;
    };
    argument(argument(output)?).cloned()
}

/// Returns the first type argument, such as `A` of `path::Name<A, B>`.
fn argument(of: &Type) -> Option<&Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(first) => Some(first),
        _ => None,
    })
}

fn body(
    operation: &Operation,
    answered: Answered,
    json: Option<TokenStream>,
    wait: Option<Wait<'_>>,
) -> Result<syn::Block> {
    let constant = constant(operation);
    let call_type = CallType::from_operation(operation);
    let is_object = matches!(answered.form, Form::Object);
    if !is_object && !matches!(call_type, CallType::Plain) {
        let id = &operation.id;
        bail!("{id}: pages and outcomes need an answer that is an object");
    }
    let (send, layer) = match call_type.layer(operation, answered.may_be_empty) {
        None => (answered.send(), None),
        Some([send, layer]) => (send, Some(layer)),
    };
    let layer = layer.into_iter();
    let grouped: Vec<&str> = operation
        .grouped_parameters()
        .map(|parameter| parameter.name.as_str())
        .collect();
    let parts = operation.parameters.iter();
    let parts = parts.filter_map(|it| part(it, grouped.contains(&it.name.as_str())));
    let request = quote!(Request::new(&operations::#constant)#(#parts)*#json);
    let waiter = format_ident!("{constant}_WAITER");
    let call = match wait {
        None => quote!(self.session.#send(request #(, &#layer)*)),
        Some(wait) if wait.polls_itself() && (!is_object || answered.may_be_empty) => bail!(
            "{}: an operation that polls itself needs an object as the only answer",
            operation.id
        ),
        Some(wait) if wait.polls_itself() => quote!(self.session.send_polled(request, &#waiter)),
        Some(_) => {
            quote!(self.session.send_action(request, &#waiter, |session, request| session.#send(request #(, &#layer)*)))
        }
    };
    Ok(parse_quote!({
        let request = #request;
        #call
    }))
}

fn part(parameter: &Parameter, grouped: bool) -> Option<TokenStream> {
    let (wire, argument) = (
        &parameter.name,
        format_ident!("{}", argument_name(parameter)),
    );
    let method = match parameter.location {
        ParameterLocation::Path if parameter.name == PROJECT => return None,
        ParameterLocation::Path => return Some(quote!(.path(#wire, #argument))),
        ParameterLocation::Query => format_ident!("query"),
        ParameterLocation::Header => format_ident!("header"),
    };
    let params = grouped.then(|| quote!(params.));
    let value = quote!(&#params #argument);
    Some(match parameter.joined {
        true => quote!(.#method(#wire, &huaweicloud_core::Joined(#value))),
        false => quote!(.#method(#wire, #value)),
    })
}
