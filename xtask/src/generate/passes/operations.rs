//! A constant for each operation, and one for the service.

use anyhow::Result;
use quote::{format_ident, quote};
use syn::{Ident, Item, parse_quote};

use crate::generate::Code;
use crate::model::{Api, Operation, Server};

pub fn apply(code: &mut Code, api: &Api) -> Result<()> {
    code.operations.push(service(api));
    code.operations.extend(api.operations.iter().map(item));
    let all = api.operations.iter().map(constant);
    code.operations.push(parse_quote! {
        /// Every operation of the service, in the document's order.
        pub static ALL: &[&Operation] = &[#(&#all),*];
    });
    Ok(())
}

/// `SHOW_DEVICE`.
pub fn constant(operation: &Operation) -> Ident {
    format_ident!("{}", operation.id.to_uppercase())
}

fn service(api: &Api) -> Item {
    let (name, title) = (&api.service, &api.title);
    let servers = api.servers.iter().map(server);
    let hints = if api.hints.is_empty() {
        quote!(&[])
    } else {
        quote!(super::errors::HINTS)
    };
    parse_quote! {
        /// The service and where it is reached.
        pub static SERVICE: Service = Service {
            name: #name,
            title: #title,
            servers: &[#(#servers),*],
            hints: #hints,
        };
    }
}

fn server(server: &Server) -> proc_macro2::TokenStream {
    let Server {
        cloud,
        url,
        regions,
    } = server;
    quote!(Server { cloud: #cloud, url: #url, regions: &[#(#regions),*] })
}

fn item(operation: &Operation) -> Item {
    let doc = format!(" `{} {}`", operation.method, operation.path);
    let constant = constant(operation);
    let Operation {
        id,
        official_id,
        path,
        authenticated,
        secret,
        ..
    } = operation;
    let method = format_ident!("{}", operation.method);
    let retry = if operation.safe {
        format_ident!("Safe")
    } else {
        format_ident!("Unsafe")
    };
    let success = operation
        .success
        .iter()
        .map(|success| proc_macro2::Literal::u16_unsuffixed(success.status));
    let page = operation.page.as_ref().map_or("", |page| page.url.as_str());
    parse_quote! {
        #[doc = #doc]
        pub static #constant: Operation = Operation {
            id: #id,
            official_id: #official_id,
            service: &SERVICE,
            method: Method::#method,
            path: #path,
            retry: Retry::#retry,
            secret: #secret,
            authenticated: #authenticated,
            success: &[#(#success),*],
            page: #page,
        };
    }
}
