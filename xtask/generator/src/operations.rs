//! Writes the methods of the client, a static for each operation, and a static for the service.

use quote::quote;
use syn::{File, Item, parse_quote};

use super::{GeneratedFile, Part, file};
use crate::model::{Api, Chapter, Operation, Server, constant};
use crate::passes::docs;

pub const MODULE: &str = "operations";

/// Returns the parent module of the chapters' modules, with the static of the service.
pub fn overview(api: &Api) -> GeneratedFile {
    let (service, constants) = (service(api), api.operations.iter().map(constant));
    let chapters = api.operations.iter().map(|operation| &operation.chapter);
    let modules = file::chapters(&api.chapters.iter().map(Some).collect::<Vec<_>>());
    let items: File = parse_quote! {
        use huaweicloud_core::{Operation, Server, Service};

        #(#modules)*

        #service

        /// Every operation of the service whose chapter is a feature that is on, in the document's order.
        pub static ALL: &[&Operation] = &[#(#[cfg(feature = #chapters)] &#constants),*];
    };
    file::module(
        api,
        &format!("{MODULE}/mod"),
        &docs::shared(api),
        items.items,
    )
}

/// Returns the module of a chapter: the methods of its operations, a static for each operation, and `layers`.
///
/// `layers` are the statics that the module `call_type` defines for pages, refused operations and waits.
pub fn of_chapter(
    part: &Part<'_>,
    chapter: &Chapter,
    methods: Item,
    layers: Vec<Item>,
) -> GeneratedFile {
    let imports: File = parse_quote! {
        use huaweicloud_core::http::Method;
        #[allow(unused_imports, reason = "every module of operations has the same imports")]
        use huaweicloud_core::{Call, Operation, Request, Retry, Secret};

        use super::SERVICE;
        #[allow(unused_imports, reason = "every module of operations has the same imports")]
        use crate::types::*;
        use crate::{Client, operations};
    };
    let items = imports.items.into_iter().chain([methods]).collect();
    let constants = part
        .operations
        .iter()
        .map(|operation| definition(operation));
    let text = file::print(items) + &constants.collect::<String>() + &file::print(layers);
    let name = format!("{MODULE}/{}", part.module());
    file::of_text(part.api, &name, &chapter.description, &text)
}

fn service(api: &Api) -> Item {
    let (name, title) = (&api.service, &api.title);
    let servers = api.servers.iter().map(server);
    let hints = (!api.hints.is_empty()).then(|| quote!(.with_hints(super::errors::HINTS)));
    parse_quote! {
        /// The service and where it is reached.
        pub static SERVICE: Service = Service::new(#name, #title).with_servers(&[#(#servers),*])#hints;
    }
}

fn server(server: &Server) -> proc_macro2::TokenStream {
    let Server {
        cloud,
        url,
        regions,
    } = server;
    quote!(Server::new(#cloud, #url).with_regions(&[#(#regions),*]))
}

/// Returns the code of an operation's static. The code is a string, because its lines are short and need no formatting.
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
    let line = |said: bool, call: &str| {
        if said {
            format!("\n        {call}")
        } else {
            String::new()
        }
    };
    let secret = line(*secret, ".with_secrets()");
    let open = line(!authenticated, ".without_credentials()");
    let page = operation.page.as_ref().map_or("", |page| page.url.as_str());
    let page = line(!page.is_empty(), &format!(".with_page({page:?})"));
    format!(
        "/// `{method} {path}`
pub static {constant}: Operation =
    Operation::new(&SERVICE, {id:?}, Method::{method}, {path:?})
        .with_official_id({official_id:?})
        .with_retry(Retry::{retry})
        .with_success(&[{success}]){secret}{open}{page};
"
    )
}
