//! Methods that build a request and hand it to the session.
//!
//! What they give is a call that has not begun, so none of them is `async`: a state machine less to compile for each. The session fills in
//! the project, signs each attempt and repeats what may be repeated, so nothing of progenitor's own tail is left.

use anyhow::{Context, Result};
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, PathArguments, ReturnType, Signature, Type, TypePath, TypeReference,
    parse_quote,
};

use super::params::is_argument;
use crate::model::{Content, Operation, Parameter, ParameterLocation, argument_name};
use crate::{Code, Part, operations};

/// The path parameter that the session knows.
const PROJECT: &str = "project_id";

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for operation in &part.operations {
        let method = code
            .methods
            .get_mut(&operation.id)
            .context("progenitor left the operation out")?;
        let function = &mut method.function;
        take_project(&mut function.sig);
        Plain.visit_signature_mut(&mut function.sig);
        function.sig.generics = syn::Generics::default();
        let answer = answer(operation, &function.sig).with_context(|| operation.id.clone())?;
        function.sig.asyncness = None;
        function.sig.output = parse_quote!(-> Call<#answer>);
        // A program compiles the methods that it calls, and a service crate none.
        function.attrs.push(parse_quote!(#[inline]));
        function.block = body(operation);
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

/// Drops lifetimes that elision gives back, and the path of progenitor's module.
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

/// What the method answers: the body, no body, or either.
fn answer(operation: &Operation, signature: &Signature) -> Result<Type> {
    if !has_body(operation) {
        return Ok(parse_quote!(()));
    }
    let mut body = documented(signature).context("progenitor gives no body for the answer")?;
    Plain.visit_type_mut(&mut body);
    Ok(match may_be_empty(operation) {
        true => parse_quote!(Option<#body>),
        false => body,
    })
}

/// The type of the body in progenitor's `Result<ResponseValue<Body>, Error<..>>`: a component, a list, a map or a scalar.
fn documented(signature: &Signature) -> Option<Type> {
    let ReturnType::Type(_, output) = &signature.output else {
        return None;
    };
    argument(argument(output)?).cloned()
}

/// The first type argument: `A` of `path::Name<A, B>`.
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

fn has_body(operation: &Operation) -> bool {
    let mut success = operation.success.iter();
    success.any(|success| success.content != Content::Empty)
}

fn may_be_empty(operation: &Operation) -> bool {
    let mut success = operation.success.iter();
    success.any(|success| success.content == Content::Empty)
}

fn send(operation: &Operation) -> syn::Ident {
    match (has_body(operation), may_be_empty(operation)) {
        (true, false) => format_ident!("send"),
        (true, true) => format_ident!("send_optional"),
        (false, _) => format_ident!("send_empty"),
    }
}

fn body(operation: &Operation) -> syn::Block {
    let (constant, send) = (operations::constant(operation), send(operation));
    let parts = operation.parameters.iter().filter_map(part);
    let json = operation.body.iter().map(|_| quote!(.json(body)));
    let request = quote!(Request::new(&operations::#constant)#(#parts)*#(#json)*);
    parse_quote!({
        let request = #request;
        self.session.#send(request)
    })
}

fn part(parameter: &Parameter) -> Option<proc_macro2::TokenStream> {
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
    Some(match parameter.required {
        true => quote!(.#method(#wire, &#argument)),
        false => quote!(.#method(#wire, &params.#argument)),
    })
}
