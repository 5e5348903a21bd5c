//! Compares a field of a page with its schema in the transcript (OpenAPI YAML files), fact by fact.

use serde_json::Value;

use super::comparison::Comparison;
use super::page::{Field, FieldType, Range};
use super::view::View;

/// Compares the fields of an object. Reports fields that only the page or only the transcript has.
pub fn fields<'a>(comparison: &mut Comparison<'a>, theirs: &'a [Field], view: &View<'a>) {
    let ours = view.fields();
    for field in theirs {
        match ours.iter().find(|(name, _)| *name == field.name) {
            Some((name, own)) => compare(comparison, field, own, &own.pointer, view.requires(name)),
            None => {
                let message = format!(
                    "the transcript has no field `{}`, the page has it",
                    field.name
                );
                let home = (view.home(), field.name.as_str());
                comparison.differ("page-field", home, Some(field.line), Vec::new(), message);
            }
        }
    }
    for (name, own) in &ours {
        if !theirs.iter().any(|field| field.name == *name) {
            let message = format!("the page has no field `{name}`");
            comparison.differ(
                "page-field",
                (&own.pointer, name),
                None,
                Vec::new(),
                message,
            );
        }
    }
}

/// Compares a field and its inner fields. `pointer` is the JSON pointer of the property or parameter.
pub fn compare<'a>(
    comparison: &mut Comparison<'a>,
    field: &'a Field,
    view: &View<'a>,
    pointer: &str,
    required: bool,
) {
    comparison.pairs.push((field, view.clone()));
    let contract = comparison.page.contract;
    let found = [
        mandatory(field, required),
        kind(field, view),
        limits(field, view),
        options(field, view),
        default(field, view, contract),
    ];
    let rules = [
        "page-mandatory",
        "page-type",
        "page-limit",
        "page-option",
        "page-default",
    ];
    for (rule, found) in rules.into_iter().zip(found) {
        if let Some((message, said)) = found {
            comparison.differ(
                rule,
                (pointer, &field.name),
                Some(field.line),
                said,
                message,
            );
        }
    }
    let silent = field.values.printed.is_empty() && field.values.named.is_empty();
    if silent && ranges(view).iter().any(|range| !range.is_empty()) {
        comparison
            .unprinted
            .push((pointer.to_owned(), field.name.clone()));
    }
    if !field.fields.is_empty() {
        fields(comparison, &field.fields, &innermost(view));
    }
}

/// The message of a difference, and the words that a row of `ERRATA.md` must contain. `None` means no difference.
type Unlike = Option<(String, Vec<String>)>;

fn mandatory(field: &Field, ours: bool) -> Unlike {
    let theirs = field.mandatory.filter(|theirs| *theirs != ours)?;
    let word = |mandatory: bool| if mandatory { "mandatory" } else { "optional" };
    let (name, theirs, ours) = (&field.name, word(theirs), word(ours));
    let message = format!("`{name}` is {theirs} on the page, {ours} in the transcript");
    Some((message, Vec::new()))
}

/// Returns the schema of the innermost elements of a list or of nested lists. Returns any other schema unchanged.
pub fn innermost<'a>(view: &View<'a>) -> View<'a> {
    let list = view.kind() == Some("array");
    match view.element().filter(|_| list) {
        Some(element) => innermost(&element),
        None => view.clone(),
    }
}

fn kind(field: &Field, view: &View<'_>) -> Unlike {
    let (name, ours, words) = (
        &field.name,
        describe_schema(view),
        field.printed_type.trim(),
    );
    let bare = matches!(field.kind, FieldType::Array(_)) && !words.contains(char::is_whitespace);
    if !words.is_empty() && field.kind.innermost() == &FieldType::Unknown && !bare {
        let message = format!("the page's type of `{name}` is \"{words}\", which is unknown");
        return Some((message, vec![words.to_owned()]));
    }
    let theirs = describe(&field.kind)?;
    let long = field.kind.innermost() == &FieldType::Long;
    let wide = innermost(view).get("format").and_then(Value::as_str) == Some("int64");
    if ours.starts_with(&theirs) && (wide || !long) {
        return None;
    }
    let shown = match field.kind {
        FieldType::Long => "a long integer",
        _ => &theirs,
    };
    let message = format!("`{name}` is {shown} on the page, {ours} in the transcript");
    Some((message, vec![theirs]))
}

/// Describes a known type in words, such as `array of string`. A list with elements of an unknown type is `array`.
fn describe(kind: &FieldType) -> Option<String> {
    let word = kind.word()?;
    Some(match kind {
        FieldType::Array(element) => match describe(element) {
            Some(element) => format!("{word} of {element}"),
            None => word.to_owned(),
        },
        _ => word.to_owned(),
    })
}

fn describe_schema(view: &View<'_>) -> String {
    let word = view.kind().unwrap_or("anything");
    match view.element().filter(|_| word == "array") {
        Some(element) => format!("{word} of {}", describe_schema(&element)),
        None => word.to_owned(),
    }
}

fn limits(field: &Field, view: &View<'_>) -> Unlike {
    let (ours, values) = (ranges(view), &field.values);
    // If the field has no limits with labels (`Maximum: 64`), one range in its description must agree with the schema.
    let strict = !values.printed.is_empty();
    let wanted = if strict {
        vec![values.printed]
    } else {
        values.named.clone()
    };
    let first = *wanted.first()?;
    let agrees = |theirs: &Range| ours.iter().any(|ours| fits(ours, theirs, strict));
    if wanted.iter().any(agrees) {
        return None;
    }
    // A row of `ERRATA.md` must contain the first range in `wanted`, and each range in `named` that does not agree.
    let besides = values.named.iter();
    let besides = besides.filter(|range| !agrees(range) && **range != first);
    let said = std::iter::once(&first).chain(besides);
    let said: Vec<String> = said.map(Range::to_string).collect();
    let shown = said.join(" and ");
    let ours = ours.iter().find(|range| !range.is_empty());
    let ours = ours.copied().unwrap_or_default();
    let message = format!(
        "the limits of `{}` are {shown} on the page, {ours} in the transcript",
        field.name
    );
    Some((message, said))
}

fn fits(ours: &Range, theirs: &Range, strict: bool) -> bool {
    let same = |ours, theirs: Option<i128>| ours == theirs || (theirs.is_none() && !strict);
    same(ours.from, theirs.from) && same(ours.to, theirs.to)
}

/// Returns the ranges of a schema: of the value, the length, or the number of elements. For a list, also returns the
/// ranges of its elements, because the limits on a page can be for the list or for the elements.
pub fn ranges(view: &View<'_>) -> Vec<Range> {
    let range = |from: &str, to: &str| Range {
        from: view.limit(from),
        to: view.limit(to),
    };
    match view.kind() {
        Some("string") => vec![range("minLength", "maxLength")],
        Some("array") => {
            let inner = view.element().map(|element| ranges(&element));
            let mut ranges = inner.unwrap_or_default();
            ranges.push(range("minItems", "maxItems"));
            ranges
        }
        Some("integer" | "number") => vec![range("minimum", "maximum")],
        _ => vec![Range::default()],
    }
}

/// Returns the options (enum values) of a schema. For a list, returns the options of its elements.
pub fn options_of(view: &View<'_>) -> Vec<String> {
    let inner = innermost(view);
    let listed = inner.get("enum").and_then(Value::as_array);
    listed.into_iter().flatten().map(text_of).collect()
}

fn options(field: &Field, view: &View<'_>) -> Unlike {
    let (name, ours) = (&field.name, options_of(view));
    if !matches!(innermost(view).kind(), Some("string" | "integer")) {
        return None;
    }
    let theirs: Vec<&String> = field
        .values
        .options
        .iter()
        .map(|choice| &choice.value)
        .collect();
    let missing: Vec<String> = theirs
        .iter()
        .filter(|value| !ours.contains(value))
        .map(|value| (*value).clone())
        .collect();
    // If the page lists no options for the field, each option that the description contains counts as listed.
    let listed = |option: &&String| {
        if theirs.is_empty() {
            field.says(option)
        } else {
            theirs.contains(option)
        }
    };
    let further: Vec<String> = ours
        .iter()
        .filter(|option| !listed(option))
        .cloned()
        .collect();
    // If a description has no option, bold word or colon, it can refer to another page. So no option counts as missing.
    let announces = field.values.bold || field.description.contains([':', '：']);
    let (lacks, more) = (missing.join(", "), further.join(", "));
    let message = match (theirs.is_empty(), missing.is_empty(), further.is_empty()) {
        (_, true, true) => return None,
        (true, ..) if further.len() == ours.len() && !announces => return None,
        (true, ..) => format!("the page does not name the options {more} of `{name}`"),
        _ if ours.is_empty() => {
            format!("the page lists the options {lacks} of `{name}`, the transcript lists none")
        }
        (_, true, _) => format!("the page does not list the options {more} of `{name}`"),
        (_, _, true) => format!("the transcript lacks the options {lacks} of `{name}`"),
        _ => {
            format!("options of `{name}`: the transcript lacks {lacks}, the page lacks {more}")
        }
    };
    Some((message, [missing, further].concat()))
}

fn default(field: &Field, view: &View<'_>, contract: bool) -> Unlike {
    let (name, ours) = (&field.name, view.get("default").map(text_of));
    let message = match (&field.values.default, &ours) {
        (Some(theirs), Some(ours)) if theirs.eq_ignore_ascii_case(ours) => return None,
        (Some(theirs), Some(ours)) => {
            format!("the default of `{name}` is `{theirs}` on the page, `{ours}` in the transcript")
        }
        (Some(theirs), None) => {
            format!("the default of `{name}` is `{theirs}` on the page, the transcript has none")
        }
        (None, Some(ours)) if !contract && !field.says_default(ours) => {
            format!("the page names no default of `{name}`, the transcript has `{ours}`")
        }
        _ => return None,
    };
    Some((message, field.values.default.iter().cloned().collect()))
}

/// Returns a value as pages print it: a string without quotes, and any other value as JSON.
pub fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
