//! Functions that read the fields of a part from the request, and that store and remove parts.

use super::super::Call;
use super::parts::{COMMAND, Part, TOPIC};
use crate::problem::Problem;
use crate::store::{Fields, Item, Writer};

/// Returns the fields of the part from the request, with their names in the answer.
pub(super) fn given(call: &Call<'_>, part: &Part) -> Fields {
    let body = &call.values.body;
    let mut fields = Fields::default();
    call.take_over(&mut fields, part.fields);
    if part.kind == COMMAND.kind {
        fields.set(part.name, body["name"].clone());
    }
    if part.kind == TOPIC.kind {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let slash = match body["with_prefix_slash"].as_bool() {
            Some(false) => "",
            _ => "/",
        };
        let topic = format!("{slash}{}/${{deviceId}}/{}", text("version"), text("name"));
        fields.set(part.name, topic);
    }
    fields
}

pub(super) const CREATED: (&str, &str) = ("created_user", "created_datetime");
pub(super) const UPDATED: (&str, &str) = ("last_updated_user", "last_updated_datetime");

/// Sets the fields `names` to the user and the time of the request. If answers do not show these fields for the part,
/// the function does nothing.
pub(super) fn sign(call: &Call<'_>, part: &Part, fields: &mut Fields, names: &[(&str, &str)]) {
    if part.is_signed {
        for (user, time) in names {
            fields.set(user, call.user_field());
            fields.set(time, call.state.clock.now_ms());
        }
    }
}

/// Gives a new part its number, and stores the part.
pub(super) fn put_new(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    part: &Part,
    kind: &str,
    mut fields: Fields,
) -> Result<Item, Problem> {
    let id = writer.next_id(part.kind)?;
    fields.set(part.id, id);
    call.put_link_item(writer, kind, id, fields.to_json())
}

/// Removes an item and all items below it.
pub(super) fn remove_with_parts(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    part: &Part,
    item: &Item,
) -> Result<(), Problem> {
    let id = item.fields[part.id].as_u64().unwrap_or_default();
    for inner in part.parts {
        for item in writer.list(&call.items(&inner.below(id))?)? {
            remove_with_parts(call, writer, inner, &item)?;
        }
    }
    call.remove_link_item(writer, &item.kind, &item.fields[part.id])
}
