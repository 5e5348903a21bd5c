//! Documentation comments, from the document.
//!
//! progenitor's own hold neither limits, defaults, errors nor the page.

use anyhow::Result;
use syn::Attribute;

use super::syntax::{doc, known};
use crate::call_type::CallType;
use crate::facts;
use crate::markdown::{escape, sentence};
use crate::model::{
    Choice, Content, Operation, Parameter, ParameterLocation, Schema, argument_name,
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
    for operation in &part.operations {
        if let Some(method) = code.methods.get_mut(&operation.id) {
            replace_docs(&mut method.function.attrs, doc(&method_text(operation)));
        }
    }
    Ok(())
}

fn replace_docs(attributes: &mut Vec<Attribute>, mut docs: Vec<Attribute>) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    docs.append(attributes);
    *attributes = docs;
}

/// The documentation of an enum.
pub fn enumeration(schema: &Schema) -> Vec<Attribute> {
    doc(&sentence(&schema.description))
}

/// The documentation of one option.
pub fn choice(choice: &Choice) -> Vec<Attribute> {
    let value = match choice.value.as_str() {
        Some(text) => text.to_owned(),
        None => choice.value.to_string(),
    };
    doc(&format!("`{value}`: {}", sentence(&choice.description)))
}

/// The documentation of a field that stands for a parameter.
pub fn parameter(parameter: &Parameter) -> Vec<Attribute> {
    let facts = facts::fact_lines(&parameter.schema, parameter.required);
    described(&parameter.description, &facts)
}

fn described(description: &str, facts: &[String]) -> Vec<Attribute> {
    let mut text = sentence(description);
    if !facts.is_empty() {
        text += &format!("\n\nDocumented: {}.", facts.join(", "));
    }
    doc(&text)
}

fn method_text(operation: &Operation) -> String {
    let mut parts = vec![sentence(&operation.summary)];
    if operation.description != operation.summary {
        parts.push(sentence(&operation.description));
    }
    parts.push(format!("`{} {}`", operation.method, operation.path));
    parts.push(arguments(operation));
    parts.push(file(operation));
    parts.push(layer(operation));
    parts.push(errors(operation));
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
        lines.push("- `params`: its query and header parameters.".to_owned());
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

/// What the method gives in place of a body.
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

/// What the call does beyond a plain one.
fn layer(operation: &Operation) -> String {
    let text = match CallType::from_operation(operation) {
        CallType::Plain => "",
        CallType::Paged(_) => {
            "The call gives one page. Its [`items`](huaweicloud_core::PagedCall::items) and [`pages`](huaweicloud_core::PagedCall::pages) read all pages."
        }
        CallType::Judged(_) => {
            "A refusal under a status of success is an error of the kind [`Operation`](huaweicloud_core::ErrorKind::Operation). Of a call that is [`unjudged`](huaweicloud_core::JudgedCall::unjudged), it is the plain answer."
        }
    };
    let wait = operation.waiter.as_ref().map(|waiter| match &waiter.operation {
        None => {
            " The call gives the state of now. Its [`wait`](huaweicloud_core::PolledCall::wait), [`wait_for`](huaweicloud_core::PolledCall::wait_for) and [`wait_until_gone`](huaweicloud_core::PolledCall::wait_until_gone) repeat it."
        }
        Some(_) => {
            " The call ends before what it starts. Its [`wait`](huaweicloud_core::ActionCall::wait) calls once, and waits for the end."
        }
    });
    format!("{text}{}", wait.unwrap_or_default())
        .trim()
        .to_owned()
}

fn errors(operation: &Operation) -> String {
    let documented = operation.errors.iter().map(|(status, description)| {
        format!("- {status}: {}", sentence(description).replace('\n', " "))
    });
    let documented: Vec<String> = documented.collect();
    let repeat = match operation.safe {
        true => "A call whose answer is lost is repeated: that does no harm here.",
        false => {
            "A call whose answer is lost is not repeated, because it may have been carried out."
        }
    };
    let secret = match operation.secret {
        true => " The error withholds the body, because this operation carries a secret.",
        false => "",
    };
    format!(
        "# Errors\n\nDocumented answers:\n\n{}\n\n{repeat}{secret}",
        documented.join("\n")
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
