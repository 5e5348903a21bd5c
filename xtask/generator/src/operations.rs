//! A constant for each operation, and one for the service.

use quote::{format_ident, quote};
use rayon::prelude::*;
use syn::{Ident, Item, parse_quote};

use super::{GeneratedFile, file};
use crate::model::{Api, Operation, Server};

/// The module's name.
pub const MODULE: &str = "operations";

/// The module of the constants.
pub fn file(api: &Api) -> GeneratedFile {
    let constants = api.operations.par_iter();
    let constants = constants.map(definition);
    let text =
        file::print(before(api)) + &constants.collect::<String>() + &file::print(vec![list(api)]);
    let title = "What is known of each operation before it is called.";
    file::of_text(api, MODULE, title, &text)
}

/// What stands before the operations.
fn before(api: &Api) -> Vec<Item> {
    vec![
        parse_quote! {
            use huaweicloud_core::http::Method;
        },
        parse_quote! {
            use huaweicloud_core::{Operation, Retry, Server, Service};
        },
        service(api),
    ]
}

fn list(api: &Api) -> Item {
    let all = api.operations.iter().map(constant);
    parse_quote! {
        /// Every operation of the service, in the document's order.
        pub static ALL: &[&Operation] = &[#(&#all),*];
    }
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

/// Written as text: no line of it is ever folded, and there are as many as there are operations.
fn definition(operation: &Operation) -> String {
    let Operation {
        id,
        official_id,
        method,
        path,
        authenticated,
        secret,
        ..
    } = operation;
    let constant = constant(operation);
    let retry = if operation.safe { "Safe" } else { "Unsafe" };
    let success = operation.success.iter();
    let success: Vec<String> = success.map(|success| success.status.to_string()).collect();
    let success = success.join(", ");
    let page = operation.page.as_ref().map_or("", |page| page.url.as_str());
    format!(
        "/// `{method} {path}`
pub static {constant}: Operation = Operation {{
    id: {id:?},
    official_id: {official_id:?},
    service: &SERVICE,
    method: Method::{method},
    path: {path:?},
    retry: Retry::{retry},
    secret: {secret},
    authenticated: {authenticated},
    success: &[{success}],
    page: {page:?},
}};
"
    )
}
