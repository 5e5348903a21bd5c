//! Writes documentation comments from the document.
//!
//! progenitor's own comments lack the limits, the defaults, the errors and the documentation page.

use std::collections::BTreeMap;

use anyhow::Result;
use heck::ToUpperCamelCase;
use syn::Attribute;

use super::syntax::{doc, known};
use crate::call_type::CallType;
use crate::facts;
use crate::markdown::{escape, sentence};
use crate::model::{
    Api, Choice, Content, Operation, Parameter, ParameterLocation, Schema, argument_name,
};
use crate::{Code, Part};

pub fn apply(code: &mut Code, part: &Part<'_>) -> Result<()> {
    for (name, ty) in &mut code.types {
        let schema = part.schema(name)?;
        replace_docs(&mut ty.item.attrs, doc(&sentence(&schema.description)));
        for (field, known) in known(&mut ty.item, schema) {
            let mandatory = known.required && schema.direction.sent();
            let docs = described(
                &known.description,
                &facts::fact_lines(&known.schema, mandatory),
            );
            replace_docs(&mut field.attrs, docs);
        }
    }
    let shared = shared_errors(part.api);
    for operation in &part.operations {
        if let Some(method) = code.methods.get_mut(&operation.id) {
            replace_docs(
                &mut method.function.attrs,
                doc(&method_text(operation, &shared)),
            );
        }
    }
    Ok(())
}

fn replace_docs(attributes: &mut Vec<Attribute>, mut docs: Vec<Attribute>) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    docs.append(attributes);
    *attributes = docs;
}

/// Returns the documentation of an enum.
pub fn enumeration(schema: &Schema) -> Vec<Attribute> {
    doc(&sentence(&schema.description))
}

/// Returns the documentation of a variant of an enum.
pub fn choice(choice: &Choice) -> Vec<Attribute> {
    let value = match choice.value.as_str() {
        Some(text) => text.to_owned(),
        None => choice.value.to_string(),
    };
    doc(&format!("`{value}`: {}", sentence(&choice.description)))
}

/// Returns the documentation of the struct field that contains a parameter.
pub fn parameter(parameter: &Parameter) -> Vec<Attribute> {
    let facts = facts::fact_lines(&parameter.schema, parameter.required);
    described(&parameter.description, &facts)
}

fn described(description: &str, facts: &[String]) -> Vec<Attribute> {
    let text = sentence(description);
    match facts.is_empty() {
        true => doc(&text),
        false => doc(&format!("{text} ({})", facts.join(", "))),
    }
}

fn method_text(operation: &Operation, shared: &BTreeMap<u16, &str>) -> String {
    let mut parts = vec![sentence(&operation.summary)];
    if operation.description != operation.summary {
        parts.push(sentence(&operation.description));
    }
    parts.push(format!("`{} {}`", operation.method, operation.path));
    parts.push(arguments(operation));
    parts.push(file(operation));
    parts.push(layer(operation));
    parts.push(errors(operation, shared).trim_end().to_owned());
    parts.push(origin(operation));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn arguments(operation: &Operation) -> String {
    let is_grouped = operation.grouped_parameters().next().is_some();
    let positional = operation.parameters.iter().filter(|parameter| {
        parameter.name != "project_id"
            && (parameter.location == ParameterLocation::Path || !is_grouped)
    });
    let mut lines: Vec<String> = positional.map(argument).collect();
    if is_grouped {
        let name = operation.id.to_upper_camel_case();
        lines.push(format!(
            "- `params`: the query and header parameters, as `{name}Params`."
        ));
    }
    if let Some(body) = &operation.body {
        lines.push(format!("- `body`: {}", sentence(&body.description)));
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("# Arguments\n\n{}", lines.join("\n"))
    }
}

fn argument(parameter: &Parameter) -> String {
    let name = &argument_name(parameter);
    let facts = facts::fact_lines(&parameter.schema, false);
    let facts = if facts.is_empty() {
        String::new()
    } else {
        format!(" ({})", facts.join(", "))
    };
    let text = sentence(&parameter.description);
    format!("- `{name}`: {}{facts}", text.replace('\n', " "))
}

/// Returns the sentence about the answer if the answer is a file. Otherwise, returns an empty string.
fn file(operation: &Operation) -> String {
    let contents = operation.success.iter().map(|success| &success.content);
    let types = contents.filter_map(|content| match content {
        Content::File(media_type) => Some(media_type),
        _ => None,
    });
    let told = types.map(|media_type| {
        format!(
            "The answer is a file, `{media_type}`: see [`Download`](huaweicloud_core::Download)."
        )
    });
    told.collect()
}

/// Returns the sentences about pages, refusals and waits. If there are none, returns an empty string.
fn layer(operation: &Operation) -> String {
    let id = &operation.id;
    let call = match CallType::from_operation(operation) {
        CallType::Plain => String::new(),
        CallType::Paged(_) => format!(
            "`{id}` returns a [`PagedCall`](huaweicloud_core::PagedCall). Await it to get one page, or call [`items`](huaweicloud_core::PagedCall::items) or [`pages`](huaweicloud_core::PagedCall::pages) to read all pages."
        ),
        CallType::Judged(_) => format!(
            "If the service refuses `{id}` with a success status, the call fails with the kind [`Operation`](huaweicloud_core::ErrorKind::Operation). The method [`unjudged`](huaweicloud_core::JudgedCall::unjudged) of the call turns this check off."
        ),
    };
    let wait = operation.waiter.as_ref().map(|waiter| match &waiter.operation {
        None => format!(
            " `{id}` returns the present state. The methods [`wait`](huaweicloud_core::PolledCall::wait), [`wait_for`](huaweicloud_core::PolledCall::wait_for) and [`wait_until_gone`](huaweicloud_core::PolledCall::wait_until_gone) of the call poll the state until the wait ends."
        ),
        Some(_) => format!(
            " The answer of `{id}` can arrive before the action has ended. The method [`wait`](huaweicloud_core::ActionCall::wait) of the call sends the request, and waits for the end of the action."
        ),
    });
    format!("{call}{}", wait.unwrap_or_default())
        .trim()
        .to_owned()
}

/// Returns the documentation that the methods of a service share, such as the meanings of statuses.
pub fn shared(api: &Api) -> String {
    let meanings = shared_errors(api).into_iter();
    let meanings = meanings.map(|(status, description)| error_line(status, description));
    format!(
        "The operations of the service: one static variable for each operation.

# Errors

The documentation of each method lists the documented error statuses of its operation. The statuses have these meanings:

{}

[`ErrorKind`](huaweicloud_core::ErrorKind) lists the other failures of a call.

# Repeats

If the answer of a safe operation is lost, the client sends the request again. If the answer of another operation is lost, the call
returns an error, because the service has possibly executed the operation.

# Secrets

If the request or the answer of an operation can contain a secret, its errors do not contain the body of the answer.",
        meanings.collect::<Vec<_>>().join("\n")
    )
}

/// Returns the most frequent meaning of each status.
fn shared_errors(api: &Api) -> BTreeMap<u16, &str> {
    let mut uses: BTreeMap<(u16, &str), usize> = BTreeMap::new();
    for (status, description) in api.operations.iter().flat_map(|it| &it.errors) {
        *uses.entry((*status, description)).or_default() += 1;
    }
    let mut uses: Vec<_> = uses.into_iter().collect();
    uses.sort_by_key(|(_, count)| *count);
    uses.into_iter().map(|(meaning, _)| meaning).collect()
}

fn error_line(status: u16, description: &str) -> String {
    format!("- {status}: {}", sentence(description).replace('\n', " "))
}

fn errors(operation: &Operation, shared: &BTreeMap<u16, &str>) -> String {
    let id = &operation.id;
    let statuses: Vec<_> = operation.errors.iter().map(|it| it.0.to_string()).collect();
    let documented = match statuses.is_empty() {
        true => format!("No error status of `{id}` is documented."),
        false => format!(
            "The documented error statuses of `{id}` are [{}](crate::operations#errors).",
            statuses.join(", ")
        ),
    };
    let repeat = match operation.safe {
        true => " The operation is [safe to repeat](crate::operations#repeats).",
        false => " The operation is [not safe to repeat](crate::operations#repeats).",
    };
    let secret = match operation.secret {
        true => " Its errors [do not contain the body](crate::operations#secrets).",
        false => "",
    };
    let own = operation.errors.iter();
    let own = own.filter(|(status, text)| shared.get(status).is_none_or(|known| known != text));
    let own: Vec<_> = own
        .map(|(status, text)| error_line(*status, text))
        .collect();
    format!(
        "# Errors\n\n{documented}{repeat}{secret}\n\n{}",
        own.join("\n")
    )
}

fn origin(operation: &Operation) -> String {
    match &operation.page {
        Some(page) => format!(
            "Source: [{}]({}), {}.",
            escape(&page.title),
            page.url,
            page.date
        ),
        None => format!("Source: {}", sentence(&operation.source)),
    }
}
