//! Copies the services of product templates to the models of products.

use serde_json::{Value, json};

use super::super::Call;
use super::super::link::{masked, numbers};
use super::parts::{Above, Part, SERVICE, TEMPLATE};
use super::written::{CREATED, UPDATED, put_new, remove_with_parts, sign};
use crate::answer::Answer;
use crate::problem::Problem;
use crate::store::records::numbered;
use crate::store::{Fields, IndexKey, Item, Page, Product, Query, Writer};

/// Copies a part with all its inner parts to a new parent. `known` contains the parts that the new parent already has.
///
/// If one of these parts has the name of `source`, the function copies the values of `source` to this part. All other
/// parts in `known` stay unchanged. `kind` is the value of `Item::kind` for the copy. `besides` contains further fields
/// of the copy, such as `product_id`.
fn copy(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    part: &Part,
    source: &Item,
    (kind, known, besides): (&str, &[Item], Value),
) -> Result<(), Problem> {
    let mut fields = Fields::from(besides);
    for name in part.fields.iter().copied().chain([part.name]) {
        if !source.fields[name].is_null() {
            fields.set(name, source.fields[name].clone());
        }
    }
    sign(call, part, &mut fields, &[UPDATED]);
    let named = |item: &&Item| item.fields[part.name] == source.fields[part.name];
    let target = match known.iter().find(named) {
        Some(item) => {
            let mut all = item.fields.clone();
            all.add(fields);
            let id = all[part.id].as_u64().unwrap_or_default();
            call.put_link_item(writer, kind, id, all.to_json())?
        }
        None => {
            sign(call, part, &mut fields, &[CREATED]);
            put_new(call, writer, part, kind, fields)?
        }
    };
    let number = |item: &Item| item.fields[part.id].as_u64().unwrap_or_default();
    for inner in part.parts {
        let above = Above::Item(part.kind.to_owned(), number(&target));
        let kind = inner.kind(&above);
        let known = writer.list(&call.items(&kind)?)?;
        for source in writer.list(&call.items(&inner.below(number(source)))?)? {
            let to = (kind.as_str(), known.as_slice(), inner.fields_above(&above));
            copy(call, writer, inner, &source, to)?;
        }
    }
    Ok(())
}

/// Copies the services of a product template to the model of a product. If a service of the template has the status 2,
/// the function deletes the product's service with the same name, as documented.
pub(crate) fn apply_template(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    template: u64,
    product: u64,
) -> Result<(), Problem> {
    call.link_item(TEMPLATE.kind, template, |key| writer.get(key))?;
    let services = |owner| call.that_name(SERVICE.kind, owner);
    let known = writer.list(&services(("product_id", product))?)?;
    for source in writer.list(&services(("product_template_id", template))?)? {
        if source.fields["status"] == json!(2) {
            let named = |own: &&Item| own.fields[SERVICE.name] == source.fields[SERVICE.name];
            if let Some(own) = known.iter().find(named) {
                remove_with_parts(call, writer, &SERVICE, own)?;
            }
            continue;
        }
        let to = (
            SERVICE.kind,
            known.as_slice(),
            json!({"product_id": product}),
        );
        copy(call, writer, &SERVICE, &source, to)?;
    }
    Ok(())
}

/// Synchronizes products with the template that the request names.
///
/// If the request names no template, each product gets the services of the template from which the product was created.
/// In this case, the function returns an error for a product that was created without a template.
pub(super) fn sync_products(call: &Call<'_>) -> Result<Answer, Problem> {
    let body = &call.values.body;
    let products = call.state.store.write(|writer| {
        let mut products = Vec::new();
        for id in numbers(&body["product_ids"]) {
            let key = numbered(&call.state.tenant.instance_id, id);
            let none = Problem::NoSuchResource { id: id.to_string() };
            let product: Product = writer.get(&key)?.ok_or(none)?;
            let template = body["template_id"].as_u64().or(product.template);
            let reason = "must not be null for a product without a template";
            let template = template.ok_or_else(|| Problem::invalid("template_id", reason))?;
            apply_template(call, writer, template, id)?;
            products.push(product);
        }
        Ok::<_, Problem>(products)
    })?;
    let page = Page {
        total: u64::try_from(products.len()).unwrap_or(u64::MAX),
        records: products,
    };
    let list = call.page(page, |product| {
        masked(&product.fields, &product.authentication)
    });
    Ok(Answer::ok(Value::Object(list)))
}

/// Synchronizes templates to all products that were created from these templates.
///
/// The answer is the last template that the request names. The documentation does not say which template the answer
/// shows.
pub(super) fn sync_template(call: &Call<'_>) -> Result<Answer, Problem> {
    let last = call.state.store.write(|writer| {
        let mut last = Value::Null;
        for id in numbers(&call.values.body["template_ids"]) {
            let template = call.link_item(TEMPLATE.kind, id, |key| writer.get(key))?;
            let own = Query::default().with(&Product::BY_TEMPLATE, IndexKey::new(&json!(id)));
            for product in writer.list::<Product>(&own)? {
                let product = product.fields["id"].as_u64().unwrap_or_default();
                apply_template(call, writer, id, product)?;
            }
            last = template.fields.to_json();
        }
        Ok::<_, Problem>(last)
    })?;
    Ok(Answer::ok(last))
}
